"""How the bank finds things when there are very many: along an index, as both engines' own plans say."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import pytest_asyncio

from database.claims import ClaimsStore
from database.economy import Account, Cause, EconomyStore, NewOperation, Posting
from database.manager import DatabaseManager, Row
from database.wagers import WagersStore

NOW = datetime(2026, 1, 1, tzinfo=UTC)
KEY = "the primary key"


class Listening(DatabaseManager):
    """Remembers what was asked last."""

    async def fetchall(self, sql: str, *args: Any) -> list[Row]:
        self.asked = sql, args
        return await super().fetchall(sql, *args)

    async def fetchone(self, sql: str, *args: Any) -> Row | None:
        self.asked = sql, args
        return await super().fetchone(sql, *args)

    async def fetchval(self, sql: str, *args: Any) -> Any:
        self.asked = sql, args
        return await super().fetchval(sql, *args)


@pytest_asyncio.fixture
async def listening(migrated_url: str) -> AsyncIterator[Listening]:
    async with Listening(migrated_url, pool_min=1) as database:
        yield database


Asked = Callable[[EconomyStore, WagersStore, ClaimsStore], Awaitable[object]]
# What is asked, of which table, along which index, and by which of its columns as SQLite writes them.
ASKED: dict[str, tuple[Asked, str, str, str]] = {
    "an account": (lambda bank, *_: bank.account(1, 2), "accounts", KEY, "(guild_id=? AND user_id=?)"),
    "a history": (
        lambda bank, *_: bank.history(1, 2, limit=10), "ledger", KEY, "(guild_id=? AND user_id=? AND entry<?)"
    ),
    "an operation": (lambda bank, *_: bank.get_operation(1, 2), "operations", KEY, "(guild_id=? AND number=?)"),
    "operations": (lambda bank, *_: bank.operations(1, [2, 3]), "operations", KEY, "(guild_id=? AND number=?)"),
    "what an operation changed": (
        lambda bank, *_: bank.entries_of(1, 2), "ledger", "ledger_by_operation", "(guild_id=? AND operation=?)"
    ),
    "who has most": (lambda bank, *_: bank.richest(1, limit=10), "accounts", "accounts_by_wealth", "(guild_id=?)"),
    "a place": (
        lambda bank, *_: bank.rank(Account(1, 2, 3)), "accounts", "accounts_by_wealth", "(guild_id=? AND <expr>>?)"
    ),
    "how many have any": (lambda bank, *_: bank.count(1), "accounts", "accounts_by_wealth", "(guild_id=?)"),
    "who is thought to be away": (
        lambda bank, *_: bank.mark(1, [2, 3], present=True), "accounts", KEY, "(guild_id=? AND user_id=?)"
    ),
    "a game": (lambda _, wagers, __: wagers.get(1), "wagers", KEY, "(id=?)"),
    "an open game": (
        lambda _, wagers, __: wagers.open_of(1, 2), "wagers", "wagers_open", "(guild_id=? AND user_id=?)"
    ),
    "what was left open": (
        lambda _, wagers, __: wagers.left_open([1, 2], NOW), "wagers", "wagers_open", "(guild_id=?)"
    ),
    "how somebody fared": (
        lambda _, wagers, __: wagers.records(1, 2), "wagers", "wagers_by_player", "(guild_id=? AND user_id=?)"
    ),
    "how everybody fared": (lambda _, wagers, __: wagers.records(1), "wagers", "wagers_by_player", "(guild_id=?)"),
    "a claim": (lambda *stores: stores[2].last(1, 2, "x"), "claims", KEY, "(guild_id=? AND user_id=? AND kind=?)"),
}  # fmt: skip
SORTED = {"what was left open", "how everybody fared"}
"""Few enough to be sorted; all else is found in the order in which it is wanted."""


async def plan(db: Listening, ask: Asked) -> str:
    """How the engine carries out a question."""
    await ask(EconomyStore(db), WagersStore(db), ClaimsStore(db))
    sql, args = db.asked
    if db.dialect == "sqlite":
        return "\n".join(row["detail"] for row in await db.fetchall(f"EXPLAIN QUERY PLAN {sql}", *args))
    async with db.transaction():  # so few rows are read faster without an index: here it's about what could be used
        await db.execute("SET LOCAL enable_seqscan = off")
        await db.execute("SET LOCAL enable_bitmapscan = off")
        return "\n".join(row["QUERY PLAN"] for row in await db.fetchall(f"EXPLAIN {sql}", *args))


async def test_along_an_index(listening: Listening) -> None:
    async with EconomyStore(listening).operation(NewOperation(1, "give", Cause("test"), None, NOW)) as operation:
        await operation.post(Posting(2, 3))
    for what, (ask, table, index, columns) in ASKED.items():
        steps = await plan(listening, ask)
        if listening.dialect == "sqlite":
            name = f"sqlite_autoindex_{table}_1" if index == KEY else index
            assert f"{name} {columns}" in steps, f"{what}: {steps}"
            assert "COVERING" in steps or table != "wagers" or "fared" not in what, f"{what}: {steps}"
            assert "TEMP B-TREE" not in steps or what in SORTED, f"{what}: {steps}"
        else:
            name = f"{table}_pkey" if index == KEY else index
            assert f"using {name} " in steps, f"{what}: {steps}"
