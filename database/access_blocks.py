"""Whom the bot doesn't listen to: in one server, or anywhere, and in which servers it isn't."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from database.manager import DatabaseManager, Row
from database.values import moment


@dataclass(frozen=True, slots=True)
class ServerBlock:
    """Somebody who isn't listened to in a server. `blocked_by` is None for the bot's own doing."""

    guild_id: int
    user_id: int
    blocked_by: int | None
    blocked_at: datetime
    until: datetime | None = None
    reason: str | None = None


Kind = Literal["user", "guild"]
"""What is blocked everywhere."""


@dataclass(frozen=True, slots=True)
class BotBlock:
    """A person who isn't listened to anywhere, or a server that the bot isn't in."""

    kind: Kind
    id: int
    blocked_by: int
    blocked_at: datetime
    reason: str | None = None


class AccessBlocksStore:
    """The tables `server_blocks`, `blocked_users` and `blocked_guilds`."""

    def __init__(self, db: DatabaseManager) -> None:
        self.db = db

    # --- in one server

    async def of_servers(self, now: datetime) -> list[ServerBlock]:
        """Every server's blocks that aren't over, for who keeps them in memory; those that are over are deleted."""
        await self.db.execute("DELETE FROM server_blocks WHERE ends_at <= $1", now)
        return [_server_block(row) for row in await self.db.fetchall("SELECT * FROM server_blocks")]

    async def block(self, one: ServerBlock) -> None:
        """Listen to somebody no more in a server; what was so before is replaced."""
        await self.db.execute(
            "INSERT INTO server_blocks (guild_id, user_id, blocked_by, blocked_at, ends_at, reason)"
            " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (guild_id, user_id) DO UPDATE SET"
            " blocked_by = excluded.blocked_by, blocked_at = excluded.blocked_at, ends_at = excluded.ends_at,"
            " reason = excluded.reason",
            one.guild_id, one.user_id, one.blocked_by, one.blocked_at, one.until, one.reason,
        )  # fmt: skip

    async def unblock(self, guild_id: int, user_id: int) -> None:
        """Listen to somebody again."""
        await self.db.execute("DELETE FROM server_blocks WHERE guild_id = $1 AND user_id = $2", guild_id, user_id)

    # --- everywhere

    async def everywhere(self) -> list[BotBlock]:
        """All people and servers that the bot keeps away from."""
        return [
            *[
                _bot_block("user", row["user_id"], row)
                for row in await self.db.fetchall("SELECT * FROM blocked_users")
            ],
            *[
                _bot_block("guild", row["guild_id"], row)
                for row in await self.db.fetchall("SELECT * FROM blocked_guilds")
            ],
        ]

    async def block_everywhere(self, one: BotBlock) -> bool:
        """Keep away from a person or a server; False if it is so already."""
        statement = (
            "INSERT INTO blocked_users (user_id, blocked_by, blocked_at, reason) VALUES ($1, $2, $3, $4)"
            if one.kind == "user"
            else "INSERT INTO blocked_guilds (guild_id, blocked_by, blocked_at, reason) VALUES ($1, $2, $3, $4)"
        )
        changed = await self.db.execute(
            f"{statement} ON CONFLICT DO NOTHING", one.id, one.blocked_by, one.blocked_at, one.reason
        )
        return changed == 1

    async def unblock_everywhere(self, one: BotBlock) -> None:
        """Keep away no longer."""
        if one.kind == "user":
            await self.db.execute("DELETE FROM blocked_users WHERE user_id = $1", one.id)
        else:
            await self.db.execute("DELETE FROM blocked_guilds WHERE guild_id = $1", one.id)


def _server_block(row: Row) -> ServerBlock:
    blocked_at = moment(row["blocked_at"])
    assert blocked_at is not None
    return ServerBlock(
        row["guild_id"], row["user_id"], row["blocked_by"], blocked_at, moment(row["ends_at"]), row["reason"]
    )


def _bot_block(kind: Kind, blocked_id: int, row: Row) -> BotBlock:
    blocked_at = moment(row["blocked_at"])
    assert blocked_at is not None
    return BotBlock(kind, blocked_id, row["blocked_by"], blocked_at, row["reason"])
