"""Members' levels, for features that ask for one without knowing who counts them."""

from collections.abc import Awaitable, Callable

LevelSource = Callable[[int, int], Awaitable[int]]
"""Takes the ids of a guild and a user, and gives the level that this member has."""


class Levels:
    """The service `bot.levels`: a feature that counts levels registers itself here as long as it is loaded."""

    def __init__(self) -> None:
        self._source: LevelSource | None = None

    @property
    def are_counted(self) -> bool:
        """Whether any feature counts levels at the moment."""
        return self._source is not None

    def register(self, source: LevelSource) -> None:
        """Ask this from now on, in place of any before."""
        self._source = source

    def withdraw(self, source: LevelSource) -> None:
        """Ask it no longer; one that took its place stays."""
        if self._source == source:
            self._source = None

    async def of(self, guild_id: int, user_id: int) -> int | None:
        """The level of a member; None when nobody counts levels."""
        return None if self._source is None else await self._source(guild_id, user_id)
