"""Roles for reaching a level: which there are, who got which from the bot, and whose are to be looked at."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from database.manager import DatabaseManager, Row
from database.placeholders import placeholders
from database.values import moment

EVERYBODY: Final = 0
"""In place of a user's id: the roles of everybody in a guild are to be looked at."""
AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Reward:
    """A role for reaching a level. `powers` are the powerful permissions that staff agreed to give away with it."""

    guild_id: int
    role_id: int
    level: int
    powers: int = 0
    in_trouble: bool = False


@dataclass(frozen=True, slots=True)
class Grant:
    """A role that the bot gave somebody who joined then; not yet `given` if only Discord knows."""

    user_id: int
    role_id: int
    joined_at: datetime | None
    given: bool


@dataclass(frozen=True, slots=True)
class Due:
    """Somebody whose roles are to be looked at. `changes` is another number whenever there is another reason."""

    guild_id: int
    user_id: int
    changes: int
    tries: int
    timer_id: int | None


class LevelRewardsStore:
    """The table `level_rewards`."""

    def __init__(self, db: DatabaseManager) -> None:
        self.db = db

    async def all(self) -> list[Reward]:
        """Every guild's, for who keeps them in memory; the lowest level first."""
        rows = await self.db.fetchall("SELECT * FROM level_rewards ORDER BY guild_id, level, role_id")
        return [_reward(row) for row in rows]

    async def of(self, guild_id: int) -> list[Reward]:
        """A guild's, the lowest level first."""
        rows = await self.db.fetchall(
            "SELECT * FROM level_rewards WHERE guild_id = $1 ORDER BY level, role_id", guild_id
        )
        return [_reward(row) for row in rows]

    async def put(self, reward: Reward, most: int) -> bool:
        """Write one down, in place of the same role's before; False if the guild would have more than `most`."""
        changed = await self.db.execute(
            "INSERT INTO level_rewards (guild_id, role_id, level, powers, in_trouble)"
            " SELECT $1::bigint, $2::bigint, $3::bigint, $4::bigint, $5::boolean"
            " WHERE (SELECT COUNT(*) FROM level_rewards WHERE guild_id = $1 AND role_id <> $2) < $6"
            " ON CONFLICT (guild_id, role_id) DO UPDATE"
            " SET level = excluded.level, powers = excluded.powers, in_trouble = excluded.in_trouble",
            reward.guild_id, reward.role_id, reward.level, reward.powers, reward.in_trouble, most,
        )  # fmt: skip
        return bool(changed)

    async def remove(self, guild_id: int, role_id: int) -> bool:
        """Forget one; whether there was one."""
        removed = await self.db.execute(
            "DELETE FROM level_rewards WHERE guild_id = $1 AND role_id = $2", guild_id, role_id
        )
        return bool(removed)

    async def mark(self, guild_id: int, role_id: int, *, in_trouble: bool) -> bool:
        """Write down whether the bot can give one; False if that is known."""
        changed = await self.db.execute(
            "UPDATE level_rewards SET in_trouble = $3 WHERE guild_id = $1 AND role_id = $2 AND in_trouble <> $3",
            guild_id, role_id, in_trouble,
        )  # fmt: skip
        return bool(changed)


class LevelGrantsStore:
    """The table `level_grants`."""

    def __init__(self, db: DatabaseManager) -> None:
        self.db = db

    async def of_many(self, guild_id: int, user_ids: Sequence[int]) -> dict[int, list[Grant]]:
        """What each of these people (up to a thousand) was given; who got nothing is left out."""
        if not user_ids:
            return {}
        rows = await self.db.fetchall(
            "SELECT user_id, role_id, joined_at, given FROM level_grants WHERE guild_id = $1"
            f" AND user_id IN ({placeholders(len(user_ids), first=2)}) ORDER BY user_id, role_id",
            guild_id, *user_ids,
        )  # fmt: skip
        found: defaultdict[int, list[Grant]] = defaultdict(list)
        for row in rows:
            grant = Grant(row["user_id"], row["role_id"], moment(row["joined_at"]), bool(row["given"]))
            found[grant.user_id].append(grant)
        return dict(found)

    async def holders_below(self, guild_id: int, xp: int) -> list[int]:
        """Who was given anything and has less XP than that."""
        rows = await self.db.fetchall(
            "SELECT DISTINCT g.user_id FROM level_grants g LEFT JOIN standings s"
            " ON s.guild_id = g.guild_id AND s.user_id = g.user_id"
            " WHERE g.guild_id = $1 AND COALESCE(s.xp, 0) < $2 ORDER BY g.user_id",
            guild_id, xp,
        )  # fmt: skip
        return [row["user_id"] for row in rows]

    async def begin(self, guild_id: int, user_id: int, role_id: int, joined_at: datetime | None) -> None:
        """Write down that Discord is asked to give somebody a role, before it is."""
        await self.db.execute(
            "INSERT INTO level_grants (guild_id, user_id, role_id, joined_at, given) VALUES ($1, $2, $3, $4, FALSE)"
            " ON CONFLICT (guild_id, user_id, role_id) DO UPDATE SET joined_at = excluded.joined_at, given = FALSE",
            guild_id, user_id, role_id, joined_at,
        )  # fmt: skip

    async def confirm(self, guild_id: int, user_id: int, role_id: int) -> None:
        """Write down that Discord did."""
        await self.db.execute(
            "UPDATE level_grants SET given = TRUE WHERE guild_id = $1 AND user_id = $2 AND role_id = $3",
            guild_id, user_id, role_id,
        )  # fmt: skip

    async def forget(self, guild_id: int, user_id: int, role_ids: Iterable[int]) -> None:
        """Forget that somebody was given these roles."""
        await self.db.executemany(
            "DELETE FROM level_grants WHERE guild_id = $1 AND user_id = $2 AND role_id = $3",
            [(guild_id, user_id, role_id) for role_id in role_ids],
        )

    async def forget_role(self, guild_id: int, role_id: int) -> None:
        """Forget who was given a role that isn't there any more."""
        await self.db.execute("DELETE FROM level_grants WHERE guild_id = $1 AND role_id = $2", guild_id, role_id)


class LevelRoleDuesStore:
    """The table `level_role_dues`."""

    def __init__(self, db: DatabaseManager) -> None:
        self.db = db

    async def put(self, guild_id: int, user_ids: Iterable[int]) -> None:
        """Write down whose roles are to be looked at; who had to wait needn't any more."""
        await self.db.executemany(
            "INSERT INTO level_role_dues (guild_id, user_id, changes) VALUES ($1, $2, 1)"
            " ON CONFLICT (guild_id, user_id) DO UPDATE SET changes = level_role_dues.changes + 1, tries = 0",
            [(guild_id, user_id) for user_id in sorted(set(user_ids))],  # in one order: two could block each other
        )

    async def of(self, guild_id: int, user_ids: Sequence[int]) -> list[Due]:
        """Those of these people whose roles are to be looked at."""
        if not user_ids:
            return []
        rows = await self.db.fetchall(
            "SELECT * FROM level_role_dues WHERE guild_id = $1"
            f" AND user_id IN ({placeholders(len(user_ids), first=2)}) ORDER BY user_id",
            guild_id, *user_ids,
        )  # fmt: skip
        return [Due(**row) for row in rows]

    async def guilds(self) -> list[int]:
        """The ids of guilds in which anybody's are."""
        return [row["guild_id"] for row in await self.db.fetchall("SELECT DISTINCT guild_id FROM level_role_dues")]

    async def all(self, guild_id: int) -> list[int]:
        """The ids of all in a guild whose roles are to be looked at."""
        rows = await self.db.fetchall(
            "SELECT user_id FROM level_role_dues WHERE guild_id = $1 ORDER BY user_id", guild_id
        )
        return [row["user_id"] for row in rows]

    async def settle(self, due: Due) -> bool:
        """Say that they were looked at; False if there was another reason meanwhile."""
        removed = await self.db.execute(
            "DELETE FROM level_role_dues WHERE guild_id = $1 AND user_id = $2 AND changes = $3",
            due.guild_id, due.user_id, due.changes,
        )  # fmt: skip
        return bool(removed)

    async def wait(self, due: Due, timer_id: int | None) -> bool:
        """Say that they are looked at again after a timer; False if there was another reason meanwhile."""
        changed = await self.db.execute(
            "UPDATE level_role_dues SET tries = tries + 1, timer_id = $4"
            " WHERE guild_id = $1 AND user_id = $2 AND changes = $3",
            due.guild_id, due.user_id, due.changes, timer_id,
        )  # fmt: skip
        return bool(changed)


def _reward(row: Row) -> Reward:
    return Reward(row["guild_id"], row["role_id"], row["level"], row["powers"], bool(row["in_trouble"]))
