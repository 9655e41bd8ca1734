"""Who is away from the keyboard, and who mentioned them meanwhile."""

from dataclasses import dataclass
from datetime import datetime

from database.manager import DatabaseManager
from database.values import moment


@dataclass(frozen=True, slots=True)
class Away:
    """Somebody who is away in a guild, and what they say of it; the text may be empty."""

    guild_id: int
    user_id: int
    text: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Mention:
    """A message that mentioned somebody who was away."""

    message_id: int
    channel_id: int
    author_id: int
    at: datetime


class AwayStore:
    """The tables `away_members` and `away_mentions`."""

    def __init__(self, db: DatabaseManager) -> None:
        self.db = db

    async def all(self, guild_id: int | None = None) -> list[tuple[Away, int]]:
        """Everybody who is away, or those of one guild, for who keeps them in memory; with their mentions' number."""
        where, values = ("", ()) if guild_id is None else (" WHERE away_members.guild_id = $1", (guild_id,))
        rows = await self.db.fetchall(
            "SELECT away_members.*, (SELECT COUNT(*) FROM away_mentions WHERE"
            " away_mentions.guild_id = away_members.guild_id AND away_mentions.user_id = away_members.user_id)"
            f" AS mentions FROM away_members{where}",
            *values,
        )
        found = []
        for row in rows:
            since = moment(row["since"])
            assert since is not None
            found.append((Away(row["guild_id"], row["user_id"], row["text"], since), row["mentions"]))
        return found

    async def begin(self, away: Away) -> None:
        """Let somebody be away, in place of what was; mentions of the last time are forgotten."""
        async with self.db.transaction():
            await self.db.execute(
                "INSERT INTO away_members (guild_id, user_id, text, since) VALUES ($1, $2, $3, $4)"
                " ON CONFLICT (guild_id, user_id) DO UPDATE SET text = excluded.text, since = excluded.since",
                away.guild_id, away.user_id, away.text, away.since,
            )  # fmt: skip
            await self.forget_mentions(away.guild_id, away.user_id)

    async def end(self, away: Away) -> None:
        """Somebody is back. Who mentioned them is kept; if they went away again since, that stays."""
        await self.db.execute(
            "DELETE FROM away_members WHERE guild_id = $1 AND user_id = $2 AND since = $3",
            away.guild_id, away.user_id, away.since,
        )  # fmt: skip

    async def forget_mentions(self, guild_id: int, user_id: int) -> None:
        """Forget who mentioned somebody."""
        await self.db.execute("DELETE FROM away_mentions WHERE guild_id = $1 AND user_id = $2", guild_id, user_id)

    async def mention(self, away: Away, mention: Mention) -> None:
        """Keep that a message mentioned somebody who is away; once."""
        await self.db.execute(
            "INSERT INTO away_mentions (guild_id, user_id, message_id, channel_id, author_id, mentioned_at)"
            " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
            away.guild_id, away.user_id, mention.message_id, mention.channel_id, mention.author_id, mention.at,
        )  # fmt: skip

    async def mentions(self, guild_id: int, user_id: int) -> list[Mention]:
        """Which messages mentioned somebody the last time they were away, the first one first."""
        rows = await self.db.fetchall(
            "SELECT * FROM away_mentions WHERE guild_id = $1 AND user_id = $2 ORDER BY mentioned_at, message_id",
            guild_id, user_id,
        )  # fmt: skip
        found = []
        for row in rows:
            at = moment(row["mentioned_at"])
            assert at is not None
            found.append(Mention(row["message_id"], row["channel_id"], row["author_id"], at))
        return found
