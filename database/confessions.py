"""What members confessed: when and who, but not the text."""

from dataclasses import dataclass
from datetime import datetime

from database.blocks import Blocking
from database.manager import Row
from database.values import moment


@dataclass(frozen=True, slots=True)
class Confession:
    """A confession."""

    id: int
    guild_id: int
    number: int
    user_id: int | None
    """None after so long that it was forgotten."""
    posted_at: datetime
    channel_id: int
    message_id: int | None


class ConfessionsStore(Blocking):
    """The tables `confessions`, `confession_reports`, `confession_agreements` and `confession_blocks`."""

    blocks = "confession_blocks"

    async def begin(
        self, confession_id: int, guild_id: int, user_id: int, channel_id: int, at: datetime
    ) -> Confession | None:
        """Give a confession its number, before it is posted; None if it has one already."""
        return _maybe(
            await self.db.fetchone(
                "INSERT INTO confessions (id, guild_id, number, user_id, posted_at, channel_id)"
                " VALUES ($1, $2, (SELECT COALESCE(MAX(number), 0) + 1 FROM confessions WHERE guild_id = $2),"
                " $3, $4, $5) ON CONFLICT (id) DO NOTHING RETURNING *",
                confession_id, guild_id, user_id, at, channel_id,
            )
        )  # fmt: skip

    async def posted(self, confession_id: int, message_id: int) -> None:
        """Keep which message it is."""
        await self.db.execute("UPDATE confessions SET message_id = $2 WHERE id = $1", confession_id, message_id)

    async def drop(self, confession_id: int) -> None:
        """Forget a confession that couldn't be posted."""
        await self.db.execute("DELETE FROM confessions WHERE id = $1", confession_id)

    async def get(self, confession_id: int) -> Confession | None:
        """A confession by its id."""
        return _maybe(await self.db.fetchone("SELECT * FROM confessions WHERE id = $1", confession_id))

    async def numbered(self, guild_id: int, number: int) -> Confession | None:
        """A server's confession by its number."""
        return _maybe(
            await self.db.fetchone(
                "SELECT * FROM confessions WHERE guild_id = $1 AND number = $2", guild_id, number
            )
        )  # fmt: skip

    async def latest_at(self, guild_id: int, user_id: int) -> datetime | None:
        """When somebody confessed last."""
        return moment(
            await self.db.fetchval(
                "SELECT MAX(posted_at) FROM confessions WHERE guild_id = $1 AND user_id = $2", guild_id, user_id
            )
        )

    async def forget_who(self, before: datetime) -> int:
        """Forget who wrote what was posted before a moment; how many there were."""
        return await self.db.execute(
            "UPDATE confessions SET user_id = NULL WHERE user_id IS NOT NULL AND posted_at < $1", before
        )

    async def report(self, confession_id: int, user_id: int) -> int | None:
        """Note that somebody reports a confession; how many have, None if they did before."""
        async with self.db.transaction():
            changed = await self.db.execute(
                "INSERT INTO confession_reports (confession_id, user_id) VALUES ($1, $2) ON CONFLICT DO NOTHING",
                confession_id, user_id,
            )  # fmt: skip
            if not changed:
                return None
            return int(
                await self.db.fetchval(
                    "SELECT COUNT(*) FROM confession_reports WHERE confession_id = $1", confession_id
                )
            )

    async def take_back_report(self, confession_id: int, user_id: int) -> None:
        """Forget a report that nobody could be told of, so that it can be made again."""
        await self.db.execute(
            "DELETE FROM confession_reports WHERE confession_id = $1 AND user_id = $2", confession_id, user_id
        )

    async def agree(self, guild_id: int, user_id: int, at: datetime) -> None:
        """Keep that somebody knows who can see that it was they."""
        await self.db.execute(
            "INSERT INTO confession_agreements (guild_id, user_id, agreed_at) VALUES ($1, $2, $3)"
            " ON CONFLICT DO NOTHING",
            guild_id, user_id, at,
        )  # fmt: skip

    async def agreed(self, guild_id: int, user_id: int) -> bool:
        """Whether somebody knows."""
        found = await self.db.fetchval(
            "SELECT 1 FROM confession_agreements WHERE guild_id = $1 AND user_id = $2", guild_id, user_id
        )
        return found is not None


def _maybe(row: Row | None) -> Confession | None:
    if row is None:
        return None
    posted_at = moment(row["posted_at"])
    assert posted_at is not None
    return Confession(
        row["id"], row["guild_id"], row["number"], row["user_id"], posted_at, row["channel_id"], row["message_id"]
    )
