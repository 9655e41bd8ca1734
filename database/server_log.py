"""What the server log keeps to show what was: bodies of messages for a day, and members as they were seen last."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from discord.utils import as_chunks, time_snowflake

from database.manager import DatabaseManager, Row
from database.placeholders import placeholders
from database.values import json_value, moment


@dataclass(frozen=True, slots=True)
class Body:
    """What a message says: its text, and its files as names with sizes. Not shown: its author is left out."""

    channel_id: int
    author_id: int
    is_shown: bool
    text: str
    files: tuple[str, ...] = ()


class MessageBodiesStore:
    """The table `message_bodies`."""

    def __init__(self, db: DatabaseManager) -> None:
        self.db = db

    async def keep(self, guild_id: int, bodies: Mapping[int, Body]) -> None:
        """Keep what messages say now, by their ids."""
        await self.db.executemany(
            "INSERT INTO message_bodies (message_id, guild_id, channel_id, author_id, is_shown, text, files)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7)"
            " ON CONFLICT (message_id) DO UPDATE SET author_id = excluded.author_id, is_shown = excluded.is_shown,"
            " text = excluded.text, files = excluded.files",
            [
                (message_id, guild_id, body.channel_id, body.author_id, body.is_shown, body.text, list(body.files))
                for message_id, body in sorted(bodies.items())
            ],
        )

    async def get(self, guild_id: int, message_ids: Iterable[int]) -> dict[int, Body]:
        """What is known of these messages, by their ids."""
        found: dict[int, Body] = {}
        for some in as_chunks(sorted(set(message_ids)), 100):
            rows = await self.db.fetchall(
                "SELECT * FROM message_bodies WHERE guild_id = $1"
                f" AND message_id IN ({placeholders(len(some), first=2)})",
                guild_id,
                *some,
            )
            found |= {row["message_id"]: _body(row) for row in rows}
        return found

    async def forget(self, message_ids: Iterable[int]) -> None:
        """Forget deleted messages."""
        await self.db.executemany(
            "DELETE FROM message_bodies WHERE message_id = $1", [(one,) for one in sorted(set(message_ids))]
        )

    async def forget_before(self, moment: datetime) -> int:
        """Forget what was written before a moment, which a message's id tells; how many there were."""
        return await self.db.execute("DELETE FROM message_bodies WHERE message_id < $1", time_snowflake(moment))

    async def forget_beyond(self, guild_id: int, most: int) -> int:
        """Forget all but the newest of a guild; how many there were."""
        return await self.db.execute(
            "DELETE FROM message_bodies WHERE guild_id = $1 AND message_id <="
            " (SELECT message_id FROM message_bodies WHERE guild_id = $1 ORDER BY message_id DESC LIMIT 1 OFFSET $2)",
            guild_id, most,
        )  # fmt: skip

    async def forget_guild(self, guild_id: int) -> None:
        """Forget all of a guild."""
        await self.db.execute("DELETE FROM message_bodies WHERE guild_id = $1", guild_id)


def _body(row: Row) -> Body:
    return Body(
        row["channel_id"], row["author_id"], bool(row["is_shown"]), row["text"], tuple(json_value(row["files"]))
    )


@dataclass(frozen=True, slots=True)
class SeenMember:
    """A member as they were seen: when they joined, their roles, their name and the key of their avatar."""

    joined_at: datetime | None
    role_ids: tuple[int, ...]
    name: str
    avatar: str | None


class SeenMembersStore:
    """The table `seen_members`."""

    def __init__(self, db: DatabaseManager) -> None:
        self.db = db

    async def see(self, guild_id: int, seen: Mapping[int, SeenMember]) -> dict[int, SeenMember]:
        """Note how members are now; how those who were known were before."""
        async with self.db.transaction():
            before = await self._of(guild_id, sorted(seen))
            await self.db.executemany(
                "INSERT INTO seen_members (guild_id, user_id, joined_at, role_ids, name, avatar)"
                " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (guild_id, user_id) DO UPDATE SET"
                " joined_at = excluded.joined_at, role_ids = excluded.role_ids, name = excluded.name,"
                " avatar = excluded.avatar",
                [
                    (guild_id, user_id, one.joined_at, list(one.role_ids), one.name, one.avatar)
                    for user_id, one in sorted(seen.items())
                ],
            )
        return before

    async def change_roles(self, guild_id: int, user_id: int, given: Iterable[int], taken: Iterable[int]) -> None:
        """Note that a known member was given and taken roles."""
        async with self.db.transaction():
            known = (await self._of(guild_id, [user_id])).get(user_id)
            if known is not None:
                roles = sorted((set(known.role_ids) | set(given)) - set(taken))
                await self.db.execute(
                    "UPDATE seen_members SET role_ids = $3 WHERE guild_id = $1 AND user_id = $2",
                    guild_id, user_id, roles,
                )  # fmt: skip

    async def of(self, guild_id: int, user_ids: Iterable[int]) -> dict[int, SeenMember]:
        """How members were seen last, by their ids."""
        return await self._of(guild_id, sorted(set(user_ids)))

    async def forget(self, guild_id: int, user_ids: Iterable[int]) -> None:
        """Forget who left."""
        await self.db.executemany(
            "DELETE FROM seen_members WHERE guild_id = $1 AND user_id = $2",
            [(guild_id, user_id) for user_id in sorted(set(user_ids))],
        )

    async def forget_guild(self, guild_id: int) -> None:
        """Forget everybody of a guild."""
        await self.db.execute("DELETE FROM seen_members WHERE guild_id = $1", guild_id)

    async def _of(self, guild_id: int, user_ids: Sequence[int]) -> dict[int, SeenMember]:
        found: dict[int, SeenMember] = {}
        for some in as_chunks(user_ids, 100):
            rows = await self.db.fetchall(
                f"SELECT * FROM seen_members WHERE guild_id = $1 AND user_id IN ({placeholders(len(some), first=2)})",
                guild_id,
                *some,
            )
            found |= {row["user_id"]: _seen(row) for row in rows}
        return found


def _seen(row: Row) -> SeenMember:
    return SeenMember(moment(row["joined_at"]), tuple(json_value(row["role_ids"])), row["name"], row["avatar"])


class ServerLogTroublesStore:
    """The table `server_log_troubles`: channels that the log can't write in, and somebody was told so."""

    def __init__(self, db: DatabaseManager) -> None:
        self.db = db

    async def all(self) -> set[int]:
        """The channels."""
        return {row["channel_id"] for row in await self.db.fetchall("SELECT channel_id FROM server_log_troubles")}

    async def add(self, guild_id: int, channel_id: int) -> bool:
        """Note one; False if it is noted already."""
        return bool(
            await self.db.execute(
                "INSERT INTO server_log_troubles (guild_id, channel_id) VALUES ($1, $2) ON CONFLICT DO NOTHING",
                guild_id, channel_id,
            )
        )  # fmt: skip

    async def remove(self, guild_id: int, channel_id: int) -> None:
        """It works again."""
        await self.db.execute(
            "DELETE FROM server_log_troubles WHERE guild_id = $1 AND channel_id = $2", guild_id, channel_id
        )
