"""The rules of automod, and what they found."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from database.ids import new_id
from database.manager import DatabaseManager, Row
from database.values import json_value, moment


@dataclass(frozen=True, slots=True)
class AutomodRule:
    """A rule as it is stored. `mode` is observe, on or off; `clauses` says what it looks for and does."""

    guild_id: int
    number: int
    name: str
    mode: str
    clauses: dict[str, list[Any]]
    hits: int = 0


@dataclass(frozen=True, slots=True)
class AutomodHit:
    """A rule fitted a message. `matched` is gone after a while; `done` says whether it acted, or only watched."""

    id: int
    guild_id: int
    rule_number: int
    rule_name: str
    trigger: str
    matched: str | None
    user_id: int
    channel_id: int
    message_id: int
    at: datetime
    done: bool
    case_number: int | None = None


class AutomodStore:
    """The tables `automod_rules`, `automod_numbers` and `automod_hits`."""

    def __init__(self, db: DatabaseManager) -> None:
        self.db = db

    # --- rules

    async def all(self) -> list[AutomodRule]:
        """Every guild's rules, for who keeps them in memory."""
        return [_rule(row) for row in await self.db.fetchall("SELECT * FROM automod_rules ORDER BY guild_id, number")]

    async def of(self, guild_id: int) -> list[AutomodRule]:
        """A guild's rules, the oldest first."""
        rows = await self.db.fetchall("SELECT * FROM automod_rules WHERE guild_id = $1 ORDER BY number", guild_id)
        return [_rule(row) for row in rows]

    async def add(
        self, guild_id: int, name: str, mode: str, clauses: dict[str, list[Any]], *, most: int
    ) -> AutomodRule | None:
        """Keep a rule under the guild's next number; None if one is called so or there are `most`."""
        async with self.db.transaction():
            # The number first: it lets those who add at once come one after the other.
            number = await self.db.fetchval(
                "INSERT INTO automod_numbers (guild_id, last) VALUES ($1, 1)"
                " ON CONFLICT (guild_id) DO UPDATE SET last = automod_numbers.last + 1 RETURNING last",
                guild_id,
            )
            if await self.db.fetchval("SELECT COUNT(*) FROM automod_rules WHERE guild_id = $1", guild_id) >= most:
                return None
            added = await self.db.execute(
                "INSERT INTO automod_rules (guild_id, number, name, mode, clauses) VALUES ($1, $2, $3, $4, $5)"
                " ON CONFLICT DO NOTHING",
                guild_id, number, name, mode, clauses,
            )  # fmt: skip
        return AutomodRule(guild_id, number, name, mode, clauses) if added == 1 else None

    async def change(self, rule: AutomodRule) -> bool:
        """Store a rule's name, mode and clauses; False if it is gone."""
        changed = await self.db.execute(
            "UPDATE automod_rules SET name = $3, mode = $4, clauses = $5 WHERE guild_id = $1 AND number = $2",
            rule.guild_id, rule.number, rule.name, rule.mode, rule.clauses,
        )  # fmt: skip
        return changed == 1

    async def remove(self, guild_id: int, number: int) -> bool:
        """Delete a rule; what it found is kept. False if it is gone."""
        changed = await self.db.execute(
            "DELETE FROM automod_rules WHERE guild_id = $1 AND number = $2", guild_id, number
        )
        return changed == 1

    async def replace(self, guild_id: int, rules: Sequence[AutomodRule]) -> None:
        """Let these be all of a guild's rules. Joins the caller's transaction."""
        async with self.db.transaction():
            await self.db.execute("DELETE FROM automod_rules WHERE guild_id = $1", guild_id)
            for rule in rules:
                await self.add(guild_id, rule.name, rule.mode, rule.clauses, most=len(rules))

    # --- what they found

    async def found(self, hits: Sequence[AutomodHit]) -> None:
        """Write hits down, and count them with their rules."""
        async with self.db.transaction():
            await self.db.executemany(
                "INSERT INTO automod_hits (id, guild_id, rule_number, rule_name, trigger_kind, matched, user_id,"
                " channel_id, message_id, found_at, done, case_number)"
                " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT DO NOTHING",
                [
                    (
                        hit.id, hit.guild_id, hit.rule_number, hit.rule_name, hit.trigger, hit.matched, hit.user_id,
                        hit.channel_id, hit.message_id, hit.at, hit.done, hit.case_number,
                    )
                    for hit in hits
                ],
            )  # fmt: skip
            await self.db.executemany(
                "UPDATE automod_rules SET hits = hits + 1 WHERE guild_id = $1 AND number = $2",
                [(hit.guild_id, hit.rule_number) for hit in hits],
            )

    async def hits(
        self, guild_id: int, *, rule_number: int | None = None, message_id: int | None = None, limit: int
    ) -> list[AutomodHit]:
        """What was found, the latest first; by one rule or in one message, if given."""
        rows = await self.db.fetchall(
            "SELECT * FROM automod_hits WHERE guild_id = $1"
            " AND (CAST($2 AS BIGINT) IS NULL OR rule_number = $2)"
            " AND (CAST($3 AS BIGINT) IS NULL OR message_id = $3) ORDER BY id DESC LIMIT $4",
            guild_id, rule_number, message_id, limit,
        )  # fmt: skip
        return [_hit(row) for row in rows]

    async def forget(self, *, texts_before: datetime, hits_before: datetime) -> None:
        """Let go of what people wrote, and of hits as such, where that is older."""
        await self.db.execute(
            "UPDATE automod_hits SET matched = NULL WHERE found_at < $1 AND matched IS NOT NULL", texts_before
        )
        await self.db.execute("DELETE FROM automod_hits WHERE found_at < $1", hits_before)


def new_hit_id() -> int:
    """An id for a hit: later ones are larger."""
    return new_id()


def _rule(row: Row) -> AutomodRule:
    return AutomodRule(
        row["guild_id"], row["number"], row["name"], row["mode"], json_value(row["clauses"]), row["hits"]
    )


def _hit(row: Row) -> AutomodHit:
    found_at = moment(row["found_at"])
    assert found_at is not None
    return AutomodHit(
        row["id"], row["guild_id"], row["rule_number"], row["rule_name"], row["trigger_kind"], row["matched"],
        row["user_id"], row["channel_id"], row["message_id"], found_at, bool(row["done"]), row["case_number"],
    )  # fmt: skip
