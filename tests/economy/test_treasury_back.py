"""Taking operations back, and beginning an economy anew."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cogs.economy.games.casino import Casino
from cogs.economy.games.coinflip import COINFLIP
from cogs.economy.treasury.rules import begun_anew, taken, taken_back
from database.economy import Account, Cause, Entry, Posting, transfer
from database.wagers import WagersStore
from tests.economy.test_treasury import agrees
from tests.support.ledger import prove
from tests.support.town import Town

english = pytest.mark.town(languages=("en",))

coins = st.integers(0, 1_000)
accounts = st.builds(lambda cash, bank: Account(1, 7, cash, bank), coins, coins)
NOW = None
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # machines may be busy


def changed(account: Account, postings) -> tuple[int, int]:
    """What is left in hand and in the bank; no pocket may be overdrawn on the way."""
    pockets = {"cash": account.cash, "bank": account.bank}
    for posting in postings:
        assert posting.user_id == account.user_id
        pockets[posting.pocket] += posting.amount
        assert pockets[posting.pocket] >= 0
    return pockets["cash"], pockets["bank"]


# --- rules


@unhurried
@given(accounts, coins)
def test_taking_takes_what_is_there(account: Account, wanted: int):
    cash, bank = changed(account, taken(account, wanted))
    assert account.total - cash - bank == min(wanted, account.total)
    assert bank == account.bank or cash == 0


@unhurried
@given(accounts, coins)
def test_beginning_anew(account: Account, opening: int):
    assert changed(account, begun_anew(account, opening)) == (opening, 0)


@unhurried
@given(accounts, coins)
def test_restoring_after_a_reset_is_exact(account: Account, opening: int):
    """Pocket by pocket, whatever somebody had and whatever they begin anew with."""
    entries = [
        Entry(1, 7, number, 1, posting.pocket, posting.amount, 0, "reset", None, NOW)
        for number, posting in enumerate(begun_anew(account, opening))
        if posting.amount
    ]
    anew = Account(1, 7, opening)
    back = taken_back(entries, {7: anew})
    assert changed(anew, back.postings) == (account.cash, account.bank)
    assert not back.missing


@unhurried
@given(accounts, st.lists(st.tuples(st.sampled_from(["cash", "bank"]), st.integers(-300, 300).filter(bool))))
def test_an_operation_and_its_opposite(account: Account, changes):
    """Whatever an operation did, its opposite restores the total, or says exactly what is missing."""
    entries = [
        Entry(1, 7, number, 1, pocket, amount, 0, "pay", None, NOW) for number, (pocket, amount) in enumerate(changes)
    ]
    back = taken_back(entries, {7: account})
    cash, bank = changed(account, back.postings)
    wanted = account.total - sum(entry.amount for entry in entries)
    missing = back.missing.get(7, 0)
    assert cash + bank - missing == wanted
    assert missing == max(0, -wanted)


# --- revert


async def test_a_payment_by_its_number_and_by_reply(town: Town, purse):
    await town.says(town.ann, "!pay @bob 60")
    said = town.last_said
    deposited = await town.says(town.bob, "!deposit 130")
    question = await town.says(town.admin, "!economy revert", reply_to=said)
    assert f"- {town.ann.mention}: 🪙 +60\n- {town.bob.mention}: 🪙 -60" in question
    reaction = await town.press(town.admin, question, "Yes")
    assert reaction.reply == "**#1** is taken back. That's operation **#3**."
    assert (await purse.of(town.ann), await purse.of(town.bob)) == ((100, 0), (0, 100))
    for words in ("revert 1", "revert"):
        assert "was taken back already, by **#3**" in await town.says(town.admin, f"!economy {words}", reply_to=said)
    # What took back is an operation like others.
    await agrees(town, town.admin, "!economy revert #3")
    assert (await purse.of(town.ann), await purse.of(town.bob)) == ((40, 0), (30, 130))
    await agrees(town, town.admin, "!economy revert", reply_to=deposited)
    assert await purse.of(town.bob) == (160, 0)
    assert await prove(town.db, town.guild.id) == 200
    assert await town.says(town.ann, "!economy revert 2") is not None
    assert await purse.of(town.bob) == (160, 0)


async def test_each_kind(town: Town, purse):
    """What an operation of any kind did to coins is undone by taking it back."""
    kinds = ("daily", "work", "fine", "rob", "pay", "purchase", "sale", "chat", "level_up", "give", "take", "set")
    await purse.give(town.ann, 400, pocket="bank")
    await purse.give(town.bob, 400)
    numbers = [await town.as_bot(done(town, purse, kind)) for kind in kinds]
    before = [await purse.of(town.ann), await purse.of(town.bob)]
    for number in numbers:
        reply = await agrees(town, town.admin, f"!economy revert {number}")
        assert f"**#{number}** is taken back" in reply
    assert sum(await purse.of(town.ann)) == 500
    assert sum(await purse.of(town.bob)) == 500
    assert before != [await purse.of(town.ann), await purse.of(town.bob)]
    assert await prove(town.db, town.guild.id) == 1000


async def done(town: Town, purse, kind: str) -> int:
    """An operation of some kind."""
    async with purse.bank.operation(town.guild.id, kind, Cause("test")) as operation:
        if kind in {"pay", "rob"}:
            await operation.post(*transfer(town.ann.id, town.bob.id, 30))
        else:
            sign = -1 if kind in {"fine", "purchase", "take"} else 1
            await operation.post(Posting(town.ann.id, sign * 20), Posting(town.bob.id, sign * 7))
    return int(operation.number)


async def test_games(town: Town, purse):
    town.bot.chance = random.Random(1)
    casino = Casino(purse.bank)
    await town.says(town.ann, "hello")
    ctx = await town.bot.get_context(town.last_said)
    wager = await town.as_bot(casino.open(ctx, COINFLIP, 70))
    assert "a bet of a game that is still open" in await town.says(town.admin, "!economy revert 1")
    await town.wait(seconds=1)
    assert await town.as_bot(casino.settle(wager, 100))
    question = await town.says(town.admin, "!economy revert 1")
    assert "Only the bet is given back" in question
    await town.press(town.admin, question, "Yes")
    await agrees(town, town.admin, "!economy revert 2")
    assert await purse.of(town.ann) == (100, 0)
    # A game that was called off gave the bet back by itself.
    await town.says(town.ann, "hello")
    ctx = await town.bot.get_context(town.last_said)
    wager = await town.as_bot(casino.open(ctx, COINFLIP, 70))
    await town.wait(seconds=1)
    assert await town.as_bot(casino.refund(wager))
    assert "given back already" in await town.says(town.admin, "!economy revert 5")
    # A game that was over at once is one operation.
    await town.says(town.ann, "!coinflip 10")
    await agrees(town, town.admin, "!economy revert 7")
    assert await purse.of(town.ann) == (100, 0)
    await prove(town.db, town.guild.id)


async def test_purchases(town: Town, purse):
    await town.says(town.admin, "!shop add collectable Hat 20")
    await town.says(town.ann, "!buy Hat")
    assert await purse.of(town.ann) == (80, 0)
    number = await town.db.fetchval("SELECT MAX(number) FROM operations")
    await town.db.execute(
        "INSERT INTO deliveries (guild_id, operation, user_id, item, quantity, begun_at)"
        " VALUES ($1, $2, $3, 1, 1, $4)",
        town.guild.id, number, town.ann.id, town.now,
    )  # fmt: skip
    assert "still being handed over" in await town.says(town.admin, f"!economy revert {number}")
    await town.db.execute("DELETE FROM deliveries")
    question = await town.says(town.admin, f"!economy revert {number}")
    assert "Only coins come back" in question
    # Two of the staff think the same at once: it is done once, and the second one is told.
    second = await town.says(town.owner, f"!economy revert {number}")
    assert "is taken back" in (await town.press(town.admin, question, "Yes")).reply
    assert f"was taken back already, by **#{number + 1}**" in (await town.press(town.owner, second, "Yes")).reply
    assert await purse.of(town.ann) == (100, 0)
    await prove(town.db, town.guild.id)


async def test_start_balances_stay(town: Town, purse):
    async def open_only():
        async with purse.bank.operation(town.guild.id, "give", Cause("test")) as operation:
            await operation.post(Posting(town.ann.id, 100, kind="opening"))

    await town.as_bot(open_only())
    assert "start balances" in await town.says(town.admin, "!economy revert 1")


# --- reset and restore


async def everything(town: Town) -> list[object]:
    """All that a reset takes: balances, claims and items."""
    tables = {
        "accounts": "user_id, cash, bank", "claims": "user_id, kind, claimed_at, streak, best_streak, times",
        "inventory": "user_id, item, quantity", "purchases": "user_id, item, quantity",
    }  # fmt: skip
    return [
        [tuple(row.values()) for row in await town.db.fetchall(f"SELECT {columns} FROM {table} ORDER BY {columns}")]
        for table, columns in tables.items()
    ]


async def given_riches(town: Town, purse) -> None:
    """Somebody with coins, a streak and items, and somebody who is poor."""
    await purse.give(town.ann, 900)
    await purse.give(town.ann, 5_000, pocket="bank")
    await purse.give(town.bob, -60)
    await town.says(town.ann, "!daily")
    for user in (town.ann, town.bob):
        for table in ("inventory", "purchases"):
            await town.db.execute(
                f"INSERT INTO {table} (guild_id, user_id, item, quantity) VALUES ($1, $2, 3, 4)",
                town.guild.id, user.id,
            )  # fmt: skip


async def test_everybody_begins_anew_and_has_it_back(town: Town, purse):
    await given_riches(town, purse)
    before = await everything(town)
    assert "2 accounts begin anew." in (await agrees(town, town.admin, "!economy reset"))
    number = await town.db.fetchval("SELECT MAX(number) FROM operations")
    assert await everything(town) == [[(town.ann.id, 100, 0), (town.bob.id, 100, 0)], [], [], []]
    assert "A reset is taken back by `economy restore`" in await town.says(town.admin, f"!economy revert {number}")
    question = await town.says(town.admin, f"!economy restore {number}")
    assert "happened since" not in question
    second = await town.says(town.owner, f"!economy restore {number}")
    assert "is back." in (await town.press(town.admin, question, "Yes")).reply
    assert "brought back already" in (await town.press(town.owner, second, "Yes")).reply
    assert await everything(town) == before
    assert "brought back already" in await town.says(town.admin, f"!economy restore {number}")
    await prove(town.db, town.guild.id)


async def test_what_came_since_a_reset_comes_on_top(town: Town, purse):
    await given_riches(town, purse)
    rich = sum(await purse.of(town.ann))
    await agrees(town, town.admin, "!economy reset")
    number = await town.db.fetchval("SELECT MAX(number) FROM operations")
    await town.says(town.ann, "!pay @bob 100")
    await purse.give(town.bob, -200)
    await town.says(town.bob, "!daily")
    await purse.give(town.bob, -sum(await purse.of(town.bob)))
    question = await town.says(town.admin, f"!economy restore {number}")
    assert "4 operations happened since" in question
    reply = (await town.press(town.admin, question, "Yes")).reply
    assert "1 member has spent of the start balance" in reply
    assert (sum(await purse.of(town.ann)), await purse.of(town.bob)) == (rich - 100, (0, 0))
    assert await town.db.fetchval("SELECT COUNT(*) FROM claims WHERE kind = 'daily'") == 2
    await prove(town.db, town.guild.id)


async def test_one_member_begins_anew(town: Town, purse):
    await given_riches(town, purse)
    before = await everything(town)
    casino = Casino(purse.bank)
    ctx = await town.bot.get_context(town.last_said)
    wager = await town.as_bot(casino.open(ctx, COINFLIP, 70))
    assert "begins anew" in (await agrees(town, town.admin, "!economy reset @ann"))
    assert await purse.of(town.ann) == (100, 0)
    assert await purse.of(town.bob) == (40, 0)
    assert not await town.as_bot(casino.settle(wager, 500))
    number = await town.db.fetchval("SELECT MAX(number) FROM operations")
    await agrees(town, town.admin, f"!economy restore {number}")
    assert await everything(town) == before
    assert "nothing to reset" in (await agrees(town, town.admin, "!economy reset @olivia"))
    await prove(town.db, town.guild.id)


async def test_a_reset_of_one_who_plays_against_another(town: Town, purse):
    """Both get their stakes back: who is left has nobody to play against."""
    wagers = WagersStore(town.db)

    async def begin():
        async with purse.bank.operation(town.guild.id, "bet", Cause("test")) as operation:
            for person in (town.ann, town.bob):
                await wagers.open(operation, person.id, "duel", 30, match_id=5)
                await operation.post(Posting(person.id, -30))
            await wagers.open(operation, town.moderator.id, "duel", 30, match_id=6)
            await operation.post(Posting(town.moderator.id, -30))

    await town.as_bot(begin())
    await agrees(town, town.admin, "!economy reset @ann")
    assert [await purse.of(one) for one in (town.ann, town.bob, town.moderator)] == [(100, 0), (100, 0), (70, 0)]
    await prove(town.db, town.guild.id)


@english
async def test_a_reset_calls_the_lottery_off(town: Town, purse):
    await town.says(town.ann, "!lottery buy 1")
    assert await purse.of(town.ann) != (100, 0)
    await agrees(town, town.admin, "!economy reset")
    assert await purse.of(town.ann) == (100, 0)
    assert await town.db.fetchval("SELECT status FROM lotteries") == "refunded"
    assert "given back already" in await town.says(town.admin, "!economy revert 1")
