"""Who may use which commands where, as servers set it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from database.manager import DatabaseManager, Row
from database.values import moment


@dataclass(frozen=True, slots=True)
class PermissionRule:
    """One rule.

    `subject` is `command:` or `feature:` and a name; `target_kind` is `person`, `role`, `channel`, `category` or
    `server`, whose id the target's is.
    """

    guild_id: int
    subject: str
    target_kind: str
    target_id: int
    allows: bool
    set_by: int
    set_at: datetime


class PermissionRulesStore:
    """The table `permission_rules`."""

    def __init__(self, db: DatabaseManager) -> None:
        self.db = db

    async def all(self) -> list[PermissionRule]:
        """Every server's rules, for who keeps them in memory."""
        return [_rule(row) for row in await self.db.fetchall("SELECT * FROM permission_rules")]

    async def of_guild(self, guild_id: int) -> list[PermissionRule]:
        """The rules of one server."""
        rows = await self.db.fetchall("SELECT * FROM permission_rules WHERE guild_id = $1", guild_id)
        return [_rule(row) for row in rows]

    async def set(self, rules: Iterable[PermissionRule]) -> None:
        """Keep rules; each takes the place of the one about the same for the same target."""
        await self.db.executemany(
            "INSERT INTO permission_rules (guild_id, subject, target_kind, target_id, allows, set_by, set_at)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7)"
            " ON CONFLICT (guild_id, subject, target_id) DO UPDATE SET target_kind = excluded.target_kind,"
            " allows = excluded.allows, set_by = excluded.set_by, set_at = excluded.set_at",
            [
                (rule.guild_id, rule.subject, rule.target_kind, rule.target_id, rule.allows, rule.set_by, rule.set_at)
                for rule in rules
            ],
        )

    async def remove(self, rules: Iterable[PermissionRule]) -> None:
        """Delete rules."""
        await self.db.executemany(
            "DELETE FROM permission_rules WHERE guild_id = $1 AND subject = $2 AND target_id = $3",
            [(rule.guild_id, rule.subject, rule.target_id) for rule in rules],
        )

    async def replace(self, guild_id: int, rules: Sequence[PermissionRule]) -> None:
        """Let a server have these rules and no others; joins the caller's transaction."""
        async with self.db.transaction():
            await self.db.execute("DELETE FROM permission_rules WHERE guild_id = $1", guild_id)
            await self.set(rules)


def _rule(row: Row) -> PermissionRule:
    set_at = moment(row["set_at"])
    assert set_at is not None
    return PermissionRule(
        row["guild_id"], row["subject"], row["target_kind"], row["target_id"], bool(row["allows"]), row["set_by"],
        set_at,
    )  # fmt: skip
