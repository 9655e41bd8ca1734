"""The audit finds whatever doesn't add up, and nothing where all does."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest

from database import economy_audit
from database.economy import Cause, EconomyStore, NewOperation, Posting, transfer
from database.economy_audit import AuditStore, Break
from database.lottery import LotteryStore
from database.manager import DatabaseManager
from database.wagers import WagersStore

NOW = datetime(2026, 1, 1, tzinfo=UTC)
GUILD, OTHER = 1, 2
PEOPLE = range(11, 18)


async def given_books(db: DatabaseManager) -> None:
    """Two guilds with people who have coins in both pockets, payments, an open game and a lottery."""
    store, wagers, lotteries = EconomyStore(db), WagersStore(db), LotteryStore(db)
    for guild_id in (GUILD, OTHER):
        for step, user_id in enumerate(PEOPLE):
            at = NOW + timedelta(minutes=step)
            async with store.operation(NewOperation(guild_id, "give", Cause("test"), None, at, opening=100)) as one:
                await one.post(Posting(user_id, 50), Posting(user_id, 30, "bank"), Posting(user_id, -20))
            async with store.operation(NewOperation(guild_id, "pay", Cause("test"), None, at, opening=100)) as one:
                await one.post(*transfer(user_id, 99, 5))
        async with store.operation(
            NewOperation(guild_id, "bet", Cause("test"), 11, NOW + timedelta(hours=1))
        ) as one:  # fmt: skip
            await wagers.open(one, 11, "coinflip", 25)
            await one.post(Posting(11, -25))
        async with store.operation(
            NewOperation(guild_id, "lottery_ticket", Cause("test"), 12, NOW + timedelta(hours=1))
        ) as one:  # fmt: skip
            opened = await lotteries.open(
                one, price=5, house_percent=5, draws_at=NOW + timedelta(days=1), timer_id=1, lottery_id=guild_id,
                channel_id=1,
            )  # fmt: skip
            await lotteries.add_tickets(opened.id, 12, 4, 1)
            await one.post(Posting(12, -20))


async def breaks(db: DatabaseManager, guild_id: int = GUILD) -> list[Break]:
    return [one async for step in AuditStore(db).steps(guild_id) for one in step.breaks]


@pytest.fixture(autouse=True)
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many steps for few rows, so that what lies at their edges is found, too."""
    monkeypatch.setattr(economy_audit, "ACCOUNTS_AT_ONCE", 3)
    monkeypatch.setattr(economy_audit, "OPERATIONS_AT_ONCE", 4)


async def test_books_that_add_up(db: DatabaseManager):
    await given_books(db)
    assert await AuditStore(db).guilds() == [GUILD, OTHER]
    steps = [step async for step in AuditStore(db).steps(GUILD)]
    assert [one for step in steps for one in step.breaks] == []
    assert sum(step.accounts for step in steps) == len(PEOPLE) + 1
    assert sum(step.operations for step in steps) == 2 * len(PEOPLE) + 2
    assert sum(step.entries for step in steps) == await db.fetchval(
        "SELECT COUNT(*) FROM ledger WHERE guild_id = 1"
    )  # fmt: skip
    assert await breaks(db, 3) == []
    await db.execute("UPDATE ledger SET guild_id = 3 WHERE guild_id = 2 AND kind = 'bet'")
    assert await AuditStore(db).guilds() == [GUILD, OTHER, 3]


TAMPERED = [
    ("UPDATE accounts SET cash = cash + 1 WHERE guild_id = 1 AND user_id = 13", {"account"}),
    ("UPDATE accounts SET bank = bank - 1 WHERE guild_id = 1 AND user_id = 17", {"account"}),
    ("UPDATE accounts SET entries = 99 WHERE guild_id = 1 AND user_id = 13", {"entries"}),
    ("DELETE FROM accounts WHERE guild_id = 1 AND user_id = 13", {"orphan"}),
    ("DELETE FROM accounts WHERE guild_id = 1", {"orphan"}),
    ("INSERT INTO accounts (guild_id, user_id, cash, bank, entries) VALUES (1, 9, 5, 0, 1)", {"entries"}),
    (
        "UPDATE ledger SET amount = amount + 1 WHERE guild_id = 1 AND user_id = 13 AND entry = 2",
        {"balance", "account"},
    ),
    ("UPDATE ledger SET balance = balance + 1 WHERE guild_id = 1 AND user_id = 13 AND entry = 2", {"balance"}),
    ("UPDATE ledger SET pocket = 'bank' WHERE guild_id = 1 AND user_id = 13 AND entry = 4", {"balance", "account"}),
    ("DELETE FROM ledger WHERE guild_id = 1 AND user_id = 13 AND entry = 5", {"entries", "unbalanced"}),
    ("DELETE FROM ledger WHERE guild_id = 1 AND user_id = 13 AND entry = 2", {"entry", "balance", "entries"}),
    ("UPDATE ledger SET entry = 9 WHERE guild_id = 1 AND user_id = 13 AND entry = 5", {"entry"}),
    ("UPDATE ledger SET counterparty_id = 14 WHERE guild_id = 1 AND user_id = 13 AND entry = 5", {"unbalanced"}),
    ("DELETE FROM operations WHERE guild_id = 1 AND number = 4", {"hole", "lone"}),
    ("DELETE FROM operations WHERE guild_id = 1 AND number = 5", {"hole", "lone"}),
    ("DELETE FROM operations WHERE guild_id = 1 AND number = 15", {"hole", "lone"}),
    ("UPDATE operation_numbers SET last = 14 WHERE guild_id = 1", {"count"}),
    ("UPDATE operation_numbers SET last = 17 WHERE guild_id = 1", {"hole"}),
    ("DELETE FROM operation_numbers WHERE guild_id = 1", {"count"}),
    ("UPDATE ledger SET operation = 77 WHERE guild_id = 1 AND user_id = 11 AND kind = 'bet'", {"count"}),
    ("UPDATE wagers SET stake = 26 WHERE guild_id = 1", {"stake"}),
    ("UPDATE ledger SET kind = 'give' WHERE guild_id = 1 AND kind = 'bet'", {"stake"}),
    ("UPDATE lottery_tickets SET tickets = 5 WHERE lottery_id = 1", {"ticket"}),
    ("UPDATE ledger SET kind = 'give' WHERE guild_id = 1 AND kind = 'lottery_ticket'", {"ticket"}),
]


class _TakenBackError(Exception):
    """Raised so that what was tampered with is as before."""


async def test_whatever_was_tampered_with_is_found(db: DatabaseManager):
    await given_books(db)
    for tampering, found in TAMPERED:
        with suppress(_TakenBackError):
            async with db.transaction():
                assert await db.execute(tampering) > 0
                assert {one.kind for one in await breaks(db)} == found, tampering
                assert await breaks(db, OTHER) == []
                raise _TakenBackError
    assert await breaks(db) == []


async def test_a_break_says_where(db: DatabaseManager):
    await given_books(db)
    await db.execute("UPDATE ledger SET balance = 7 WHERE guild_id = 1 AND user_id = 13 AND entry = 5")
    await db.execute("UPDATE accounts SET bank = 31 WHERE guild_id = 1 AND user_id = 14")
    assert await breaks(db) == [
        Break("balance", GUILD, 13, entry=5, operation=6, expected=125, found=7),
        Break("account", GUILD, 14, expected=30, found=31),
    ]
