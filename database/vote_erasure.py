"""Erasing somebody's votes.

Where voting goes on they go, or whoever votes anew would count twice; what is decided stays as it was decided.
"""

from typing import ClassVar

from database.personal_data import Eraser, ErasureRequest

_GOES_ON = (
    ("poll_votes", "poll_id", "polls", "closed_at IS NULL"),
    ("suggestion_votes", "suggestion_id", "suggestions", "status IN ('open', 'considered')"),
)
"""Tables of votes, the column with what is voted on, its table, and whether voting goes on."""


class VotesEraser(Eraser):
    """Erases from `poll_votes` and `suggestion_votes`."""

    turn: ClassVar[int] = 40

    async def hold(self, request: ErasureRequest) -> None:
        """Nothing: whoever votes changes their own row."""

    async def erase(self, request: ErasureRequest) -> bool:
        """Delete or anonymise."""
        for votes, column, subjects, goes_on in _GOES_ON:
            here = (
                ""
                if request.guild_id is None
                else f" AND {column} IN (SELECT id FROM {subjects} WHERE guild_id = $2)"
            )
            guild = [] if request.guild_id is None else [request.guild_id]
            await self.db.execute(
                f"DELETE FROM {votes} WHERE user_id = $1{here}"
                f" AND {column} IN (SELECT id FROM {subjects} WHERE {goes_on})",
                request.user_id, *guild,
            )  # fmt: skip
            await self.db.execute(
                f"UPDATE {votes} SET user_id = ${len(guild) + 2} WHERE user_id = $1{here}",
                request.user_id, *guild, request.stand_in,
            )  # fmt: skip
        return False
