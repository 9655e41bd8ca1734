"""Looking over a guild's coins: the ledger by filters, and what it says about the economy as a whole."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from database.economy_records import Account, Cause, Entry, OperationRecord, account_of, entry_of
from database.manager import DatabaseManager, Row
from database.placeholders import placeholders
from database.values import moment

BATCH: Final = 500  # entries read at once


@dataclass(frozen=True, slots=True)
class LedgerFilter:
    """Which entries are wanted; what is None isn't asked for."""

    user_id: int | None = None
    kinds: tuple[str, ...] | None = None
    since: datetime | None = None
    until: datetime | None = None
    actor_id: int | None = None


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """An entry with the operation that it belongs to."""

    entry: Entry
    operation: OperationRecord
    reversed_by: int | None


@dataclass(frozen=True, slots=True)
class GameThen:
    """What became of a game or a lottery."""

    status: str
    """open, refunded, or over: settled or drawn."""
    payout: int


@dataclass(frozen=True, slots=True)
class Holdings:
    """What the members of a guild have, without those who are known to have left."""

    accounts: int
    cash: int
    bank: int
    median: int
    top_one: int
    """What the richest has."""
    top_ten: int
    top_tenth: int
    """What the richest tenth of all accounts has together, rounded up to whole accounts."""
    of_the_gone: int
    """What lies in the accounts of those who left."""
    at_stake: int
    """In games that are open."""

    @property
    def total(self) -> int:
        """In hand and in the bank."""
        return self.cash + self.bank


@dataclass(frozen=True, slots=True)
class Flow:
    """What one kind of entries brought and took in a time."""

    kind: str
    created: int
    destroyed: int
    """Not below zero."""
    handed_on: int
    """Got from other members."""


class ReportsStore:
    """The tables of the economy, as staff looks at them. Nothing is changed here."""

    def __init__(self, db: DatabaseManager) -> None:
        self.db = db

    # --- the ledger

    async def lines(
        self, guild_id: int, wanted: LedgerFilter, *, limit: int, before: Entry | None = None
    ) -> list[LedgerLine]:
        """The entries that fit, the newest operation first; those behind `before` if given."""
        where, values = _conditions(guild_id, wanted)
        if before is not None:
            start = len(values) + 1
            where += f" AND (l.operation, l.user_id, l.entry) < ({placeholders(3, first=start)})"
            values += [before.operation, before.user_id, before.entry]
        rows = await self.db.fetchall(
            "SELECT l.*, o.kind AS operation_kind, o.cause_kind, o.cause_id, o.actor_id, o.subject, o.reason,"
            " o.happened_at, o.reverses, r.number AS reversed_by FROM ledger l"
            " JOIN operations o ON o.guild_id = l.guild_id AND o.number = l.operation"
            " LEFT JOIN operations r ON r.guild_id = l.guild_id AND r.reverses = l.operation"
            f" WHERE {where} ORDER BY l.operation DESC, l.user_id DESC, l.entry DESC LIMIT ${len(values) + 1}",
            *values, limit,
        )  # fmt: skip
        return [_line(row) for row in rows]

    async def all_lines(self, guild_id: int, wanted: LedgerFilter) -> AsyncIterator[list[LedgerLine]]:
        """All entries that fit, batch by batch."""
        before = None
        while batch := await self.lines(guild_id, wanted, limit=BATCH, before=before):
            yield batch
            before = batch[-1].entry

    async def count(self, guild_id: int, wanted: LedgerFilter) -> int:
        """How many entries fit."""
        where, values = _conditions(guild_id, wanted)
        # Who did it stands with the operation; for nothing else each entry's operation is looked up.
        join = " JOIN operations o ON o.guild_id = l.guild_id AND o.number = l.operation"
        by = join if wanted.actor_id is not None else ""
        return int(await self.db.fetchval(f"SELECT COUNT(*) FROM ledger l{by} WHERE {where}", *values))

    # --- operations that may be taken back

    async def numbers_by_cause(self, guild_id: int, cause_id: int) -> list[int]:
        """The operations that a message or click brought about."""
        rows = await self.db.fetchall(
            "SELECT number FROM operations WHERE guild_id = $1 AND cause_id = $2 ORDER BY number", guild_id, cause_id
        )
        return [row["number"] for row in rows]

    async def reversed_by(self, guild_id: int, number: int) -> int | None:
        """The operation that took this one back."""
        found: int | None = await self.db.fetchval(
            "SELECT number FROM operations WHERE guild_id = $1 AND reverses = $2", guild_id, number
        )
        return found

    async def game_of(self, guild_id: int, user_id: int, at: datetime) -> GameThen | None:
        """The game that somebody's coins went into at a moment, unless it was over in the same moment."""
        return _game(
            await self.db.fetchone(
                "SELECT status, payout FROM wagers WHERE guild_id = $1 AND user_id = $2 AND opened_at <= $3"
                " AND (settled_at IS NULL OR settled_at > $3) ORDER BY opened_at DESC LIMIT 1",
                guild_id, user_id, at,
            )
        )  # fmt: skip

    async def lottery_of(self, guild_id: int, at: datetime) -> GameThen | None:
        """The lottery that tickets were bought for at a moment."""
        return _game(
            await self.db.fetchone(
                "SELECT status, prize AS payout FROM lotteries WHERE guild_id = $1 AND opened_at <= $2"
                " AND (ended_at IS NULL OR ended_at >= $2) ORDER BY opened_at DESC LIMIT 1",
                guild_id, at,
            )
        )  # fmt: skip

    async def is_on_its_way(self, guild_id: int, number: int) -> bool:
        """Whether something that an operation bought has yet to be handed over."""
        found = await self.db.fetchval(
            "SELECT 1 FROM deliveries WHERE guild_id = $1 AND operation = $2", guild_id, number
        )
        return found is not None

    async def operations_since(self, guild_id: int, number: int) -> int:
        """How many operations there were after this one."""
        last = await self.db.fetchval("SELECT last FROM operation_numbers WHERE guild_id = $1", guild_id)
        return int(last or number) - number

    async def accounts(self, guild_id: int, *, after: int = 0, limit: int = BATCH) -> list[Account]:
        """Accounts in the order of their owners, also of those who left."""
        rows = await self.db.fetchall(
            "SELECT guild_id, user_id, cash, bank, entries FROM accounts"
            " WHERE guild_id = $1 AND user_id > $2 ORDER BY user_id LIMIT $3",
            guild_id, after, limit,
        )  # fmt: skip
        return [account_of(row) for row in rows]

    async def entries_of(
        self, guild_id: int, number: int, kind: str, *, after: int = 0, people: int = BATCH
    ) -> list[Entry]:
        """What an operation changed under a kind, of the next so many people: all of theirs."""
        rows = await self.db.fetchall(
            "SELECT * FROM ledger WHERE guild_id = $1 AND operation = $2 AND kind = $3 AND user_id IN"
            " (SELECT DISTINCT user_id FROM ledger WHERE guild_id = $1 AND operation = $2 AND kind = $3"
            " AND user_id > $4 ORDER BY user_id LIMIT $5) ORDER BY user_id, entry",
            guild_id, number, kind, after, people,
        )  # fmt: skip
        return [entry_of(row) for row in rows]

    # --- health

    async def holdings(self, guild_id: int) -> Holdings:
        """Who has how much."""
        sums = await self.db.fetchone(
            "SELECT COUNT(*) AS accounts, COALESCE(SUM(cash), 0) AS cash, COALESCE(SUM(bank), 0) AS bank"
            " FROM accounts WHERE guild_id = $1 AND present",
            guild_id,
        )
        assert sums is not None
        count = int(sums["accounts"])
        return Holdings(
            accounts=count,
            cash=int(sums["cash"]),
            bank=int(sums["bank"]),
            median=await self._median(guild_id, count),
            top_one=await self._richest(guild_id, 1),
            top_ten=await self._richest(guild_id, 10),
            top_tenth=await self._richest(guild_id, -(-count // 10)),
            of_the_gone=await self._sum(
                "SELECT SUM(cash + bank) FROM accounts WHERE guild_id = $1 AND NOT present", guild_id
            ),
            at_stake=await self._sum(
                "SELECT COALESCE((SELECT SUM(stake) FROM wagers WHERE guild_id = $1 AND status = 'open'), 0)"
                " + COALESCE((SELECT SUM(t.tickets * o.price) FROM lotteries o"
                " JOIN lottery_tickets t ON t.lottery_id = o.id WHERE o.guild_id = $1 AND o.status = 'open'), 0)",
                guild_id,
            ),
        )

    async def flows(self, guild_id: int, since: datetime) -> list[Flow]:
        """What each kind of entries created, destroyed and handed on since a moment.

        What a member moves between their own pockets is neither: it is summed up for each operation first.
        """
        rows = await self.db.fetchall(
            "SELECT kind, SUM(CASE WHEN own AND amount > 0 THEN amount ELSE 0 END) AS created,"
            " SUM(CASE WHEN own AND amount < 0 THEN -amount ELSE 0 END) AS destroyed,"
            " SUM(CASE WHEN NOT own AND amount > 0 THEN amount ELSE 0 END) AS handed_on FROM ("
            " SELECT kind, counterparty_id IS NULL AS own, SUM(amount) AS amount FROM ledger"
            " WHERE guild_id = $1 AND written_at >= $2"
            " GROUP BY operation, user_id, kind, counterparty_id IS NULL) AS moves"
            " GROUP BY kind ORDER BY kind",
            guild_id, since,
        )  # fmt: skip
        return [Flow(row["kind"], int(row["created"]), int(row["destroyed"]), int(row["handed_on"])) for row in rows]

    async def _median(self, guild_id: int, count: int) -> int:
        rows = await self.db.fetchall(
            "SELECT cash + bank AS total FROM accounts WHERE guild_id = $1 AND present"
            " ORDER BY (cash + bank) DESC, user_id LIMIT $2 OFFSET $3",
            guild_id, 2 - count % 2, max(0, (count - 1) // 2),
        )  # fmt: skip
        return sum(int(row["total"]) for row in rows) // len(rows) if rows else 0

    async def _richest(self, guild_id: int, count: int) -> int:
        return await self._sum(
            "SELECT SUM(total) FROM (SELECT cash + bank AS total FROM accounts WHERE guild_id = $1 AND present"
            " ORDER BY (cash + bank) DESC, user_id LIMIT $2) AS richest",
            guild_id, count,
        )  # fmt: skip

    async def _sum(self, sql: str, *values: Any) -> int:
        return int(await self.db.fetchval(sql, *values) or 0)


def _conditions(guild_id: int, wanted: LedgerFilter) -> tuple[str, list[Any]]:
    conditions: list[str] = ["l.guild_id = $1"]
    values: list[Any] = [guild_id]

    def add(condition: str, value: Any) -> None:
        values.append(value)
        conditions.append(condition.format(f"${len(values)}"))

    if wanted.user_id is not None:
        add("l.user_id = {}", wanted.user_id)
    if wanted.since is not None:
        add("l.written_at >= {}", wanted.since)
    if wanted.until is not None:
        add("l.written_at < {}", wanted.until)
    if wanted.actor_id is not None:
        add("o.actor_id = {}", wanted.actor_id)
    if wanted.kinds is not None:
        conditions.append(f"l.kind IN ({placeholders(len(wanted.kinds), first=len(values) + 1)})")
        values.extend(wanted.kinds)
    return " AND ".join(conditions), values


def _game(row: Row | None) -> GameThen | None:
    return None if row is None else GameThen(row["status"], row["payout"] or 0)


def _line(row: Row) -> LedgerLine:
    happened_at = moment(row["happened_at"])
    assert happened_at is not None
    operation = OperationRecord(
        row["guild_id"], row["operation"], row["operation_kind"], Cause(row["cause_kind"], row["cause_id"]),
        row["actor_id"], row["subject"], row["reason"], happened_at, row["reverses"],
    )  # fmt: skip
    return LedgerLine(entry_of(row), operation, row["reversed_by"])
