"""Erasing somebody's standings: the counts that ranks are found by change with them."""

from database.personal_data import Eraser, ErasureRequest
from database.personal_tables import Erasure
from database.standing_changes import Change
from database.standing_values import Standing


class StandingsEraser(Eraser):
    """Erases from `standings` and `recent_standings`, in a change of each guild's book."""

    turn = 20
    leaves = Erasure.DELETE

    async def hold(self, request: ErasureRequest) -> None:
        """Hold the book of each guild with something of theirs, in the order of the guilds."""
        for guild_id in await self._guilds(request):
            await self.db.execute(
                "INSERT INTO level_books (guild_id, changes) VALUES ($1, 1) ON CONFLICT (guild_id)"
                " DO UPDATE SET changes = level_books.changes + 1",
                guild_id,
            )

    async def erase(self, request: ErasureRequest) -> bool:
        """Let them have nothing, so that they are counted nowhere, and delete what is left."""
        for guild_id in await self._guilds(request):
            await Change(self.db, guild_id).put([Standing(request.user_id)])
            for table in ("standings", "recent_standings"):
                await self.db.execute(
                    f"DELETE FROM {table} WHERE guild_id = $1 AND user_id = $2", guild_id, request.user_id
                )
        return False

    async def _guilds(self, request: ErasureRequest) -> list[int]:
        rows = await self.db.fetchall(
            "SELECT guild_id FROM standings WHERE user_id = $1"
            " UNION SELECT guild_id FROM recent_standings WHERE user_id = $1 ORDER BY guild_id",
            request.user_id,
        )
        return [row["guild_id"] for row in rows if request.guild_id in {None, row["guild_id"]}]
