"""The bank under commands: what is kept when something in an operation is wrong, and games that end all the same."""

import pytest

from cogs.economy.games.casino import Casino
from cogs.economy.games.coinflip import COINFLIP
from database.economy import MOST_COINS, Cause, Posting


async def opened(town, purse, person, stake: int):
    """A game that a crash is going to leave open."""
    await town.says(person, "hello")
    ctx = await town.bot.get_context(town.last_said)
    return await town.as_bot(Casino(purse.bank).open(ctx, COINFLIP, stake))


async def test_a_game_that_cannot_be_refunded_keeps_no_other_from_it(town, purse):
    """Ann's books were tampered with, Bob's account is all but full, and Mona's is as it should be."""
    for person in (town.ann, town.bob, town.moderator):
        await opened(town, purse, person, 100)
    await town.bot.db.execute("UPDATE accounts SET entries = 1 WHERE user_id = $1", town.ann.id)
    await purse.give(town.bob, MOST_COINS - 30)
    await town.wait(seconds=1)
    await town.restart(clean=False)
    await town.wait(seconds=1)
    assert [await purse.of(person) for person in (town.ann, town.bob, town.moderator)] == [
        (0, 0), (MOST_COINS, 0), (100, 0),
    ]  # fmt: skip
    await town.bot.db.execute("UPDATE accounts SET entries = 2 WHERE user_id = $1", town.ann.id)
    await town.wait(days=1)  # it is looked for once a day
    assert await purse.of(town.ann) == (100, 0)


async def test_a_kind_that_nobody_knows_takes_all_of_it_back(town, purse):
    async def misspell():
        async with purse.bank.operation(town.guild.id, "give", Cause("test")) as operation:
            await operation.post(Posting(town.ann.id, 5, kind="giev"))

    with pytest.raises(KeyError):
        await town.as_bot(misspell())
    assert await purse.entries(town.ann) == []
