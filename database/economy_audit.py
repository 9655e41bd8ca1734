"""The proof of the books: whether every balance is what the ledger makes of it, and every operation is whole.

Each step is one statement over some hundreds of accounts or some thousands of operations: it sees one moment of the
database, so operations may go on meanwhile, and it is done by the database, so the bot may go on, too.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Final

from database.manager import DatabaseManager, Row
from database.values import LARGEST_INTEGER

ACCOUNTS_AT_ONCE: Final = 200
OPERATIONS_AT_ONCE: Final = 5_000
MOST_BREAKS: Final = 10
"""Named of one kind in one step; whoever looks for more looks into the database."""


@dataclass(frozen=True, slots=True)
class Break:
    """A place where the books don't add up."""

    kind: str
    """What is wrong; cogs/economy/treasury/auditing.py has a sentence for each."""
    guild_id: int
    user_id: int | None = None
    entry: int | None = None
    operation: int | None = None
    expected: int | None = None
    found: int | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """What one step looked at, and found."""

    accounts: int = 0
    entries: int = 0
    operations: int = 0
    breaks: tuple[Break, ...] = ()


class AuditStore:
    """Accounts, ledger and operations, and what games and lotteries hold, as an auditor reads them."""

    def __init__(self, db: DatabaseManager) -> None:
        self.db = db

    async def guilds(self) -> list[int]:
        """Every guild that has any of the books."""
        found: set[int] = set()
        for table in ("operation_numbers", "accounts", "operations", "ledger"):
            # From one to the next along the index: these tables have many rows for each guild.
            rows = await self.db.fetchall(
                f"WITH RECURSIVE guilds (id) AS (SELECT MIN(guild_id) FROM {table} UNION ALL"
                f" SELECT (SELECT MIN(guild_id) FROM {table} WHERE guild_id > guilds.id) FROM guilds"
                " WHERE guilds.id IS NOT NULL) SELECT id FROM guilds WHERE id IS NOT NULL"
            )
            found.update(row["id"] for row in rows)
        return sorted(found)

    async def steps(self, guild_id: int) -> AsyncIterator[Step]:
        """Go through all of a guild's books."""
        after = 0
        while after < LARGEST_INTEGER:
            until = await self._last_of_next(guild_id, after)
            yield await self._accounts(guild_id, after, until)
            after = until
        last = int(await self.db.fetchval("SELECT last FROM operation_numbers WHERE guild_id = $1", guild_id) or 0)
        for start in range(0, last, OPERATIONS_AT_ONCE):
            yield await self._operations(guild_id, start, min(start + OPERATIONS_AT_ONCE, last))
        held = (*await self._stakes(guild_id), *await self._tickets(guild_id))
        yield Step(breaks=(*await self._beyond(guild_id), *held))

    # --- accounts

    async def _last_of_next(self, guild_id: int, after: int) -> int:
        """The last of the next accounts, so that whatever lies between two of them is looked at, too."""
        found = await self.db.fetchval(
            "SELECT user_id FROM accounts WHERE guild_id = $1 AND user_id > $2 ORDER BY user_id LIMIT 1 OFFSET $3",
            guild_id, after, ACCOUNTS_AT_ONCE - 1,
        )  # fmt: skip
        return LARGEST_INTEGER if found is None else int(found)

    async def _accounts(self, guild_id: int, after: int, until: int) -> Step:
        """Look at accounts, and the ledger of these people."""
        counted = await self.db.fetchone(
            "SELECT (SELECT COUNT(*) FROM accounts"
            " WHERE guild_id = $1 AND user_id > $2 AND user_id <= $3) AS accounts, (SELECT COUNT(*) FROM ledger"
            " WHERE guild_id = $1 AND user_id > $2 AND user_id <= $3) AS entries",
            guild_id, after, until,
        )  # fmt: skip
        assert counted is not None
        chains = await self._rows(
            "SELECT * FROM (SELECT user_id, entry, operation, balance,"
            " COALESCE(LAG(entry) OVER (PARTITION BY user_id ORDER BY entry), 0) + 1 AS next_entry,"
            " COALESCE(LAG(balance) OVER (PARTITION BY user_id, pocket ORDER BY entry), 0) + amount AS next_balance"
            " FROM ledger WHERE guild_id = $1 AND user_id > $2 AND user_id <= $3) AS chain"
            " WHERE entry <> next_entry OR balance <> next_balance ORDER BY user_id, entry LIMIT $4",
            guild_id, after, until, MOST_BREAKS,
        )  # fmt: skip
        # One row for each who has an account or entries; what an account says beside what the ledger says.
        totals = await self._rows(
            "SELECT * FROM (SELECT user_id, SUM(cash) AS cash, SUM(bank) AS bank, SUM(entries) AS entries,"
            " SUM(ledger_cash) AS ledger_cash, SUM(ledger_bank) AS ledger_bank,"
            " SUM(ledger_entries) AS ledger_entries, SUM(known) AS known FROM (SELECT user_id, cash, bank, entries,"
            " 0 AS ledger_cash, 0 AS ledger_bank, 0 AS ledger_entries, 1 AS known"
            " FROM accounts WHERE guild_id = $1 AND user_id > $2 AND user_id <= $3"
            " UNION ALL SELECT user_id, 0, 0, 0, CASE WHEN pocket = 'cash' THEN amount ELSE 0 END,"
            " CASE WHEN pocket = 'bank' THEN amount ELSE 0 END, 1, 0"
            " FROM ledger WHERE guild_id = $1 AND user_id > $2 AND user_id <= $3) AS sides"
            " GROUP BY user_id) AS totals WHERE known = 0 OR entries <> ledger_entries"
            " OR cash <> ledger_cash OR bank <> ledger_bank ORDER BY user_id LIMIT $4",
            guild_id, after, until, MOST_BREAKS,
        )  # fmt: skip
        breaks = [*(_of_chain(guild_id, row) for row in chains), *(_of_account(guild_id, row) for row in totals)]
        return Step(accounts=int(counted["accounts"]), entries=int(counted["entries"]), breaks=tuple(breaks))

    # --- operations

    async def _operations(self, guild_id: int, after: int, until: int) -> Step:
        """Look at operations: that none is missing, and that what goes from one to another arrives."""
        count = int(
            await self.db.fetchval(
                "SELECT COUNT(*) FROM operations WHERE guild_id = $1 AND number > $2 AND number <= $3",
                guild_id, after, until,
            )
        )  # fmt: skip
        breaks: list[Break] = []
        if count != until - after:
            holes = await self._rows(
                "SELECT * FROM (SELECT number, COALESCE(LAG(number) OVER (ORDER BY number), $2) + 1 AS expected FROM"
                " (SELECT number FROM operations WHERE guild_id = $1 AND number > $2 AND number <= $3"
                " UNION ALL SELECT CAST($3 AS BIGINT) + 1) AS numbers) AS chain"
                " WHERE number <> expected ORDER BY number LIMIT $4",
                guild_id, after, until, MOST_BREAKS,
            )  # fmt: skip
            breaks += [Break("hole", guild_id, operation=int(row["expected"])) for row in holes]
        lone = await self._rows(
            "SELECT user_id, entry, operation FROM ledger l"
            " WHERE guild_id = $1 AND operation > $2 AND operation <= $3 AND NOT EXISTS"
            " (SELECT 1 FROM operations o WHERE o.guild_id = l.guild_id AND o.number = l.operation)"
            " ORDER BY operation, user_id, entry LIMIT $4",
            guild_id, after, until, MOST_BREAKS,
        )  # fmt: skip
        breaks += [Break("lone", guild_id, row["user_id"], row["entry"], row["operation"]) for row in lone]
        # Between two people as a pair, whoever of them is named first.
        unbalanced = await self._rows(
            "SELECT operation, user_id, other_id, SUM(amount) AS amount FROM (SELECT operation, amount,"
            " CASE WHEN user_id < counterparty_id THEN user_id ELSE counterparty_id END AS user_id,"
            " CASE WHEN user_id < counterparty_id THEN counterparty_id ELSE user_id END AS other_id"
            " FROM ledger WHERE guild_id = $1 AND operation > $2 AND operation <= $3"
            " AND counterparty_id IS NOT NULL) AS pairs"
            " GROUP BY operation, user_id, other_id HAVING SUM(amount) <> 0"
            " ORDER BY operation, user_id, other_id LIMIT $4",
            guild_id, after, until, MOST_BREAKS,
        )  # fmt: skip
        breaks += [
            Break("unbalanced", guild_id, row["user_id"], operation=row["operation"], found=int(row["amount"]))
            for row in unbalanced
        ]
        return Step(operations=count, breaks=tuple(breaks))

    async def _beyond(self, guild_id: int) -> list[Break]:
        """Operations, and entries of such, with a number that was never given out."""
        rows = await self._rows(
            "WITH given AS"
            " (SELECT COALESCE((SELECT last FROM operation_numbers WHERE guild_id = $1), 0) AS last)"
            " SELECT number FROM operations"
            " WHERE guild_id = $1 AND (number < 1 OR number > (SELECT last FROM given))"
            " UNION SELECT operation FROM ledger"
            " WHERE guild_id = $1 AND (operation < 1 OR operation > (SELECT last FROM given))"
            " ORDER BY number LIMIT $2",
            guild_id, MOST_BREAKS,
        )  # fmt: skip
        return [Break("count", guild_id, operation=row["number"]) for row in rows]

    async def _stakes(self, guild_id: int) -> list[Break]:
        """Open games whose stake was never taken from an account; what is at stake now was bet since they began."""
        rows = await self._rows(
            "SELECT * FROM (SELECT w.user_id, w.stake, COALESCE((SELECT -SUM(l.amount) FROM ledger l"
            " WHERE l.guild_id = w.guild_id AND l.user_id = w.user_id AND l.written_at >= w.opened_at"
            " AND l.kind = 'bet'), 0) AS bet FROM wagers w WHERE w.guild_id = $1 AND w.status = 'open') AS stakes"
            " WHERE stake <> bet ORDER BY user_id LIMIT $2",
            guild_id, MOST_BREAKS,
        )  # fmt: skip
        return [
            Break("stake", guild_id, row["user_id"], expected=int(row["stake"]), found=int(row["bet"]))
            for row in rows
        ]

    async def _tickets(self, guild_id: int) -> list[Break]:
        """Tickets of the open lottery that weren't paid. The one before may have sold some in the same moment."""
        rows = await self._rows(
            "SELECT * FROM (SELECT t.user_id, t.tickets * o.price AS price, COALESCE((SELECT -SUM(l.amount)"
            " FROM ledger l WHERE l.guild_id = o.guild_id AND l.user_id = t.user_id AND l.written_at >= o.opened_at"
            " AND l.kind = 'lottery_ticket'), 0) AS paid"
            " FROM lotteries o JOIN lottery_tickets t ON t.lottery_id = o.id"
            " WHERE o.guild_id = $1 AND o.status = 'open') AS tickets WHERE price > paid ORDER BY user_id LIMIT $2",
            guild_id, MOST_BREAKS,
        )  # fmt: skip
        return [
            Break("ticket", guild_id, row["user_id"], expected=int(row["price"]), found=int(row["paid"]))
            for row in rows
        ]

    async def _rows(self, sql: str, *values: Any) -> list[Row]:
        return await self.db.fetchall(sql, *values)


def _of_chain(guild_id: int, row: Row) -> Break:
    if row["entry"] != row["next_entry"]:
        return Break(
            "entry", guild_id, row["user_id"], row["entry"], row["operation"], row["next_entry"], row["entry"]
        )
    return Break(
        "balance", guild_id, row["user_id"], row["entry"], row["operation"], row["next_balance"], row["balance"]
    )


def _of_account(guild_id: int, row: Row) -> Break:
    if not row["known"]:
        return Break("orphan", guild_id, row["user_id"], found=int(row["ledger_entries"]))
    if row["entries"] != row["ledger_entries"]:
        return Break(
            "entries", guild_id, row["user_id"], expected=int(row["ledger_entries"]), found=int(row["entries"])
        )
    pocket = "cash" if row["cash"] != row["ledger_cash"] else "bank"
    return Break("account", guild_id, row["user_id"], expected=int(row[f"ledger_{pocket}"]), found=int(row[pocket]))
