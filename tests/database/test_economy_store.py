"""The bank: whatever is done to it, its rules hold; what the tables refuse by themselves; what is told."""

# ruff: noqa: PT012 - what an operation raises is raised by its whole block

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from database.claims import ClaimsStore
from database.economy import (
    AT_ONCE,
    MOST_COINS,
    Account,
    AlreadyDone,
    BankRefusal,
    Cause,
    EconomyStore,
    NewOperation,
    NotEnough,
    Operation,
    Posting,
    Shortfall,
    TooMuch,
    transfer,
)
from database.errors import ConstraintViolated, DatabaseError
from database.manager import DatabaseManager
from database.wagers import WagersStore
from tests.support.ledger import prove

NOW = datetime(2026, 1, 1, tzinfo=UTC)
OPENING = 100
TOWN = 1
ANN, BOB, CID = 1, 2, 3

guilds = count(1000)
"""A new one for each example that hypothesis tries on the same database."""


class Refused(Exception):
    """What a step of a play refuses by itself."""


class Broken(Exception):
    """An error at the end of a step."""


def new(kind: str = "test", cause: int | None = None, **fields: Any) -> NewOperation:
    about = {"guild_id": TOWN, "actor_id": None, "at": NOW, "opening": OPENING, **fields}
    return NewOperation(kind=kind, cause=Cause("message", cause), **about)


@pytest.fixture
def store(db: DatabaseManager) -> EconomyStore:
    return EconomyStore(db)


async def post(store: EconomyStore, *postings: Posting, **fields: Any) -> Operation:
    async with store.operation(new(**fields)) as operation:
        await operation.post(*postings)
    return operation


# --- any play, beside a bank on paper


@dataclass(frozen=True)
class Step:
    """Something that somebody does. `message` is its cause: two steps of one message are one delivered twice."""

    kind: str
    user: int
    other: int
    amount: int
    message: int
    breaks: bool


@dataclass
class Paper:
    """The same bank in dictionaries, where steps are done one after the other."""

    cash: dict[int, int] = field(default_factory=dict)
    bank: dict[int, int] = field(default_factory=dict)
    stakes: dict[int, int] = field(default_factory=dict)
    players: dict[int, int] = field(default_factory=dict)
    claims: dict[int, int] = field(default_factory=dict)
    done: set[tuple[str, int, int]] = field(default_factory=set)

    def copy(self) -> "Paper":
        return Paper(*(value.copy() for value in vars(self).values()))

    def move(self, pocket: dict[int, int], user: int, amount: int) -> None:
        if user not in self.cash:
            self.cash[user], self.bank[user] = OPENING, 0
        pocket[user] += amount
        if pocket[user] < 0 or self.cash[user] + self.bank[user] > MOST_COINS:
            raise Refused

    def do(self, step: Step, wager: int) -> None:
        """Do a step; `wager` is the game that it begins or is about. After `Refused` the paper is of no use."""
        cause = (step.kind, step.message, step.user)
        if cause in self.done or step.breaks:
            raise Refused
        self.done.add(cause)
        match step.kind:
            case "pay":
                self.move(self.cash, step.user, -step.amount)
                self.move(self.cash, step.other, step.amount)
            case "deposit":
                self.move(self.cash, step.user, -step.amount)
                self.move(self.bank, step.user, step.amount)
            case "withdraw":
                self.move(self.bank, step.user, -step.amount)
                self.move(self.cash, step.user, step.amount)
            case "give":
                self.move(self.cash, step.user, step.amount)
            case "take":
                self.move(self.bank, step.user, -step.amount)
            case "daily":
                self.claims[step.user] = self.claims.get(step.user, 0) + 1
                self.move(self.cash, step.user, 50)
            case "bet":
                if step.user in self.players.values():
                    raise Refused
                self.move(self.cash, step.user, -step.amount)
                self.players[wager], self.stakes[wager] = step.user, step.amount
            case _:
                self.do_in_game(step, wager)

    def do_in_game(self, step: Step, wager: int) -> None:
        if wager not in self.stakes or (step.kind == "raise" and self.stakes[wager] + step.amount > MOST_COINS):
            raise Refused
        if step.kind == "raise":
            self.move(self.cash, step.user, -step.amount)
            self.stakes[wager] += step.amount
            return
        del self.players[wager]
        stake = self.stakes.pop(wager)
        self.move(self.cash, step.user, step.amount if step.kind == "winnings" else stake)


class Play:
    """A guild in which steps are done, and what should have become of them."""

    def __init__(self, db: DatabaseManager) -> None:
        self.db = db
        self.guild_id = next(guilds)
        self.store, self.wagers, self.claims = EconomyStore(db), WagersStore(db), ClaimsStore(db)
        self.paper = Paper()
        self.games: dict[int, int] = {}
        """Each player's last game when these steps began: what a button knows that is pressed late."""

    async def all_at_once(self, steps: list[Step]) -> None:
        """Do some steps at once. They must come out as if done one by one, in the order of their numbers."""
        self.games.update((user, wager) for wager, user in self.paper.players.items())
        results = await asyncio.gather(*(self.do(step) for step in steps))
        for number, step, wager in sorted((done for done in results if done), key=lambda done: done[0]):
            assert number == len(self.paper.done) + 1
            self.paper.do(step, wager)
        if results == [None]:
            with pytest.raises(Refused):
                self.paper.copy().do(steps[0], self.games.get(steps[0].user, 0))

    async def do(self, step: Step) -> tuple[int, Step, int] | None:
        """Do a step: its number, itself and the game that it was about; None if it was refused."""
        about = new(step.kind, step.message, guild_id=self.guild_id, actor_id=step.user)
        try:
            async with self.store.operation(about) as operation:
                wager = await self.inside(operation, step)
                if step.breaks:
                    raise Broken
        except (BankRefusal, Refused, Broken, ConstraintViolated):
            return None
        return operation.number, step, wager

    async def inside(self, operation: Operation, step: Step) -> int:
        wager = self.games.get(step.user, 0)
        match step.kind:
            case "pay":
                await operation.post(*transfer(step.user, step.other, step.amount))
            case "deposit":
                await operation.post(Posting(step.user, -step.amount), Posting(step.user, step.amount, "bank"))
            case "withdraw":
                await operation.post(Posting(step.user, -step.amount, "bank"), Posting(step.user, step.amount))
            case "give":
                await operation.post(Posting(step.user, step.amount))
            case "take":
                await operation.post(Posting(step.user, -step.amount, "bank"))
            case "daily":
                await self.claims.write(operation, step.user, "daily")
                await operation.post(Posting(step.user, 50))
            case "bet":
                opened = await self.wagers.open(operation, step.user, "dice", step.amount)
                if opened is None:
                    raise Refused
                await operation.post(Posting(step.user, -step.amount))
                return opened.id
            case _:
                await self.in_game(operation, step, wager)
        return wager

    async def in_game(self, operation: Operation, step: Step, wager: int) -> None:
        if step.kind == "raise":
            found = await self.wagers.add_stake(wager, step.amount)
            coming = Posting(step.user, -step.amount, kind="bet")
        elif step.kind == "winnings":
            found = await self.wagers.settle(wager, step.amount, NOW)
            coming = Posting(step.user, step.amount)
        else:
            found = await self.wagers.refund(wager, NOW)
            coming = Posting(step.user, found.stake if found else 0)
        if found is None:
            raise Refused
        await operation.post(coming)

    async def check(self) -> None:
        """Compare with the paper, and prove the ledger."""
        accounts = await self.store.richest(self.guild_id, limit=100)
        assert {one.user_id: one.cash for one in accounts} == self.paper.cash
        assert {one.user_id: one.bank for one in accounts} == self.paper.bank
        claims = {user: await self.claims.last(self.guild_id, user, "daily") for user in self.paper.claims}
        assert {user: claim.times for user, claim in claims.items() if claim} == self.paper.claims
        coins = await prove(self.db, self.guild_id)
        assert coins == sum(sum(some.values()) for some in (self.paper.cash, self.paper.bank, self.paper.stakes))


KINDS = ("pay", "pay", "deposit", "withdraw", "give", "take", "daily", "bet", "raise", "winnings", "bet_refund")
AMOUNTS = (1, 7, 60, OPENING, OPENING + 1, 10**6, MOST_COINS - OPENING, MOST_COINS)
PEOPLE = (ANN, BOB, CID)


@st.composite
def steps(draw: st.DrawFn) -> Step:
    user = draw(st.sampled_from(PEOPLE))
    return Step(
        kind=draw(st.sampled_from(KINDS)),
        user=user,
        other=draw(st.sampled_from([one for one in PEOPLE if one != user])),
        amount=draw(st.sampled_from(AMOUNTS)),
        message=draw(st.integers(1, 60)),
        breaks=draw(st.integers(0, 9)) == 9,
    )


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(steps(), min_size=1, max_size=4), min_size=6, max_size=10))
async def test_any_play_keeps_the_rules(db: DatabaseManager, moves: list[list[Step]]) -> None:
    play = Play(db)
    for at_once in moves:
        await play.all_at_once(at_once)
    await play.check()


# --- what the tables refuse by themselves

ACCOUNT = "INSERT INTO accounts (guild_id, user_id, cash, bank, entries) VALUES (1, $1, $2, $3, $4)"
ENTRY = (
    "INSERT INTO ledger (guild_id, user_id, entry, operation, pocket, amount, balance, kind, counterparty_id,"
    " written_at) VALUES (1, $1, $2, 1, $3, $4, $5, 'pay', $6, 0)"
)
OPERATION = (
    "INSERT INTO operations (guild_id, number, kind, cause_kind, cause_id, actor_id, happened_at, reverses)"
    " VALUES (1, $1, 'pay', 'message', $2, $3, 0, $4)"
)
WAGER = (
    "INSERT INTO wagers (id, guild_id, user_id, game, stake, status, payout, opened_at, settled_at)"
    " VALUES ($1, 1, $2, 'dice', $3, $4, $5, 0, $6)"
)
CLAIM = "INSERT INTO claims (guild_id, user_id, kind, claimed_at, streak) VALUES (1, $1, 'daily', 0, $2)"
REFUSED = [
    ("an overdraft", "UPDATE accounts SET cash = cash - 101 WHERE user_id = $1", (ANN,)),
    ("an overdraft of the bank", "UPDATE accounts SET bank = bank - 1 WHERE user_id = $1", (ANN,)),
    ("too much in hand", "UPDATE accounts SET cash = $2 WHERE user_id = $1", (ANN, MOST_COINS + 1)),
    ("too much in the bank", "UPDATE accounts SET bank = $2 WHERE user_id = $1", (ANN, MOST_COINS + 1)),
    ("too much together", "UPDATE accounts SET bank = $2 WHERE user_id = $1", (ANN, MOST_COINS - 99)),
    ("a new account below zero", ACCOUNT, (CID, -1, 0, 1)),
    ("an account without an entry", ACCOUNT, (CID, 1, 0, 0)),
    ("an account twice", ACCOUNT, (ANN, 1, 0, 1)),
    ("an entry twice", ENTRY, (ANN, 1, "cash", 1, 1, None)),
    ("an entry without a number", ENTRY, (ANN, 0, "cash", 1, 1, None)),
    ("an entry of nothing", ENTRY, (ANN, 2, "cash", 0, 1, None)),
    ("an entry that ends below zero", ENTRY, (ANN, 2, "cash", -101, -1, None)),
    ("an entry that ends too high", ENTRY, (ANN, 2, "cash", 1, MOST_COINS + 1, None)),
    ("an entry that takes too much", ENTRY, (ANN, 2, "cash", -MOST_COINS - 1, 0, None)),
    ("a pocket that doesn't exist", ENTRY, (ANN, 2, "shoe", 1, 1, None)),
    ("a payment to oneself", ENTRY, (ANN, 2, "cash", -1, 99, ANN)),
    ("a number twice", OPERATION, (1, None, None, None)),
    ("a message twice", OPERATION, (2, 7, ANN, None)),
    ("a timer twice", OPERATION, (3, 8, None, None)),
    ("a reversal of itself", OPERATION, (3, None, None, 3)),
    ("a reversal of what comes later", OPERATION, (3, None, None, 4)),
    ("a second reversal", OPERATION, (3, None, None, 1)),
    ("a bet of nothing", WAGER, (11, BOB, 0, "open", None, None)),
    ("a bet of less", WAGER, (11, BOB, -5, "open", None, None)),
    ("a bet that is too high", WAGER, (11, BOB, MOST_COINS + 1, "open", None, None)),
    ("a second open game", WAGER, (11, ANN, 5, "open", None, None)),
    ("an open game with a payout", WAGER, (11, BOB, 5, "open", 5, None)),
    ("an open game with an end", WAGER, (11, BOB, 5, "open", None, 1)),
    ("a settled game without a payout", WAGER, (11, BOB, 5, "settled", None, 1)),
    ("a settled game without an end", WAGER, (11, BOB, 5, "settled", 5, None)),
    ("a payout below zero", WAGER, (11, BOB, 5, "settled", -1, 1)),
    ("a payout that is too high", WAGER, (11, BOB, 5, "settled", MOST_COINS + 1, 1)),
    ("a refunded game with a payout", WAGER, (11, BOB, 5, "refunded", 5, 1)),
    ("another status", WAGER, (11, BOB, 5, "lost", None, 1)),
    ("a streak of nothing", CLAIM, (ANN, 0)),
]  # fmt: skip


async def test_what_the_tables_refuse(db: DatabaseManager, store: EconomyStore) -> None:
    await post(store, Posting(ANN, 1), opening=99, cause=7, actor_id=ANN, kind="pay")
    async with store.operation(new("pay", 8, reverses=1)) as operation:
        await WagersStore(db).open(operation, ANN, "dice", 1)
        await operation.post(Posting(ANN, -1, kind="bet"))
        await operation.post(Posting(ANN, 1))
    for what, sql, values in REFUSED:
        try:
            await db.execute(sql, *values)
        except ConstraintViolated:
            continue
        pytest.fail(f"{what} was not refused")
    await db.execute(OPERATION, 3, 7, BOB, None)  # the same by somebody else
    await db.execute(WAGER, 12, BOB, MOST_COINS, "settled", 0, 1)


async def test_nobody_pays_themselves(db: DatabaseManager, store: EconomyStore) -> None:
    with pytest.raises(ConstraintViolated):
        await post(store, *transfer(ANN, ANN, 5))
    assert await prove(db, TOWN) == 0


# --- what is done once, or not at all


async def test_a_failure_leaves_nothing_and_no_hole(db: DatabaseManager, store: EconomyStore) -> None:
    await post(store, Posting(ANN, 5))
    for error in (Broken, KeyError, asyncio.CancelledError):
        with pytest.raises(error):
            async with store.operation(new(cause=1)) as operation:
                await operation.post(*transfer(ANN, BOB, 50))
                await ClaimsStore(db).write(operation, ANN, "daily")
                assert await WagersStore(db).open(operation, ANN, "dice", 5)
                raise error
    with pytest.raises(NotEnough):
        await post(store, Posting(BOB, 1), Posting(ANN, -106), cause=1)
    with pytest.raises(TooMuch):
        await post(store, Posting(BOB, -1), Posting(ANN, MOST_COINS), cause=1)
    assert await store.account(TOWN, BOB) is None
    assert await ClaimsStore(db).last(TOWN, ANN, "daily") is None
    assert await WagersStore(db).open_of(TOWN, ANN) is None
    assert (await post(store, *transfer(ANN, BOB, 50), cause=1)).number == 2
    assert await prove(db, TOWN) == 205


async def test_one_cause_does_the_same_once(db: DatabaseManager, store: EconomyStore) -> None:
    async def gives(**about: Any) -> bool:
        try:
            await post(store, Posting(ANN, 1), **{"kind": "give", "cause": 7, "actor_id": ANN, **about})
        except AlreadyDone:
            return False
        return True

    assert await gives()
    assert not await gives()
    assert not await gives(subject="another", at=datetime(2026, 1, 2, tzinfo=UTC))
    for other in ({"kind": "take"}, {"cause": 8}, {"actor_id": BOB}, {"actor_id": None}, {"guild_id": 2}):
        assert await gives(**other)
        assert not await gives(**other)
    assert await gives(cause=None)
    assert await gives(cause=None)
    assert await gives(cause=9, reverses=1)
    assert not await gives(cause=10, reverses=1)
    assert await prove(db, TOWN) == OPENING + 8
    assert await prove(db, 2) == OPENING + 1


async def test_an_operation_is_a_transaction_of_its_own(db: DatabaseManager, store: EconomyStore) -> None:
    await post(store, Posting(ANN, 1))
    for outer in (store.operation(new()), db.transaction()):
        async with outer:
            with pytest.raises(DatabaseError, match="of its own"):
                async with store.operation(new(guild_id=2)):
                    pass
            with pytest.raises(DatabaseError, match="of its own"):
                await store.mark(TOWN, [ANN], present=False)
    assert (await post(store, Posting(ANN, 1), guild_id=2)).number == 1


# --- what is told


async def test_all_who_fall_short_are_named(store: EconomyStore) -> None:
    await post(store, Posting(ANN, -70), Posting(ANN, 10, "bank"))
    with pytest.raises(NotEnough) as refusal:
        await post(
            store, Posting(ANN, -20), Posting(ANN, -20), Posting(ANN, 5), Posting(BOB, -101), Posting(CID, -100),
            Posting(ANN, -11, "bank"),
        )  # fmt: skip
    assert refusal.value.shortfalls == (
        Shortfall(ANN, "cash", 30, 40), Shortfall(BOB, "cash", 100, 101), Shortfall(ANN, "bank", 10, 11),
    )  # fmt: skip
    with pytest.raises(TooMuch) as excess:
        await post(store, Posting(ANN, 1), Posting(BOB, MOST_COINS - 99))
    assert excess.value.user_id == BOB


async def test_what_is_refused_can_be_done_in_part(store: EconomyStore) -> None:
    async with store.operation(new()) as operation:
        with pytest.raises(TooMuch):
            await operation.post(Posting(BOB, 1), Posting(ANN, MOST_COINS))
        await operation.post(Posting(ANN, MOST_COINS - OPENING))
    account = await store.account(TOWN, ANN)
    assert account is not None
    assert account.total == MOST_COINS
    assert await store.account(TOWN, BOB) is None


async def test_an_account_is_opened_once(db: DatabaseManager, store: EconomyStore) -> None:
    async with store.operation(new()) as operation:
        assert await operation.account(ANN) == Account(TOWN, ANN, cash=OPENING)
        await operation.post(Posting(ANN, 0))
        assert await store.account(TOWN, ANN) is None
        await operation.post(Posting(ANN, -OPENING))
        await operation.post(Posting(ANN, 3, "bank"))
    await post(store, Posting(ANN, 1), opening=999)
    await post(store, Posting(BOB, 4, "bank"), opening=0)
    history = [(one.kind, one.pocket, one.amount, one.balance) for one in await store.history(TOWN, ANN, limit=9)]
    assert history == [
        ("test", "cash", 1, 1), ("test", "bank", 3, 3), ("test", "cash", -100, 0), ("opening", "cash", 100, 100),
    ]  # fmt: skip
    assert len(await store.history(TOWN, BOB, limit=9)) == 1
    assert await prove(db, TOWN) == 8


async def test_the_ledger_is_read_page_by_page(store: EconomyStore) -> None:
    for number in range(1, 8):
        await post(store, *transfer(ANN, BOB, number), cause=number, actor_id=ANN, subject="x", reason="why")
    first = await store.history(TOWN, ANN, limit=3)
    second = await store.history(TOWN, ANN, limit=3, before=first[-1].entry)
    rest = await store.history(TOWN, ANN, limit=9, before=second[-1].entry)
    assert [entry.amount for entry in (*first, *second, *rest)] == [-7, -6, -5, -4, -3, -2, -1, 100]
    done = await store.get_operation(TOWN, 4)
    assert done is not None
    assert (done.cause, done.actor_id, done.subject, done.reason, done.at) == (
        Cause("message", 4),
        ANN,
        "x",
        "why",
        NOW,
    )
    assert await store.operations(TOWN, [4, 99]) == {4: done}
    assert await store.operations(TOWN, []) == {}
    assert await store.get_operation(2, 4) is None
    assert [(one.user_id, one.amount, one.counterparty_id) for one in await store.entries_of(TOWN, 4)] == [
        (ANN, -4, BOB), (BOB, 4, ANN),
    ]  # fmt: skip


async def test_who_has_most(store: EconomyStore) -> None:
    await post(store, Posting(4, 5), Posting(3, 5, "bank"), Posting(2, 9), Posting(1, 1), Posting(5, 5), opening=0)
    await post(store, Posting(6, 99), guild_id=2)

    async def ranked() -> list[int]:
        found = [await store.richest(TOWN, limit=2, offset=offset) for offset in (0, 2, 4)]
        people = [account for page in found for account in page]
        assert [await store.rank(account) for account in people] == list(range(1, len(people) + 1))
        assert await store.count(TOWN) == len(people)
        return [account.user_id for account in people]

    assert await ranked() == [2, 3, 4, 5, 1]
    assert await store.mark(TOWN, [3, 2, 77], present=False) == 2
    assert await store.mark(TOWN, [3], present=False) == 0
    assert await ranked() == [4, 5, 1]
    away = await store.account(TOWN, 3)
    assert away is not None
    assert await store.rank(away) == 1  # where they would be
    await post(store, Posting(3, 1))
    assert await ranked() == [4, 5, 1]
    assert await store.mark(TOWN, [3, 2], present=True) == 2
    assert await ranked() == [2, 3, 4, 5, 1]
    assert await store.mark(TOWN, [], present=True) == 0


async def test_a_whole_server_at_once(db: DatabaseManager, store: EconomyStore) -> None:
    people = range(1, AT_ONCE + 2)
    await post(store, *(Posting(person, 1) for person in people), kind="give")
    await post(store, *(Posting(person, -101) for person in reversed(people)), kind="take")
    assert await store.mark(TOWN, list(people), present=False) == len(people)
    assert await prove(db, TOWN) == 0
