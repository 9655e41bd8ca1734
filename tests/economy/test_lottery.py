"""The lottery: tickets, one draw, refunds, and what a crash or a refusal leaves to be told."""

import asyncio
import random
from datetime import timedelta
from fractions import Fraction
from importlib import import_module

import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st

from cogs.economy.games.pots import prize, returned
from cogs.economy.lottery.rules import drawn, holder_of
from cogs.economy.lottery.settings import HOUSE_SHARE, INTERVAL, MOST_TICKETS
from database.economy import MOST_COINS, Cause
from database.lottery import Holder

holders_of_tickets = st.lists(st.integers(1, 40), min_size=1, max_size=8).map(
    lambda counts: [Holder(100 + place, count) for place, count in enumerate(counts)]
)


# --- the rules


@given(holders=holders_of_tickets)
def test_every_ticket_is_as_likely_as_any_other(holders):
    sold = sum(holder.tickets for holder in holders)
    owners = [holder_of(holders, ticket) for ticket in range(sold)]
    assert {holder: owners.count(holder.user_id) for holder in holders} == {h: h.tickets for h in holders}
    with pytest.raises(ValueError, match="no such ticket"):
        holder_of(holders, sold)


@given(holders=holders_of_tickets, seed=st.integers())
def test_the_draw_takes_one_of_all_tickets(holders, seed):
    sold = sum(holder.tickets for holder in holders)
    assert drawn(holders, random.Random(seed)) == holder_of(holders, random.Random(seed).randrange(sold))


@given(pot=st.integers(1, 10**15), percent=st.integers(0, 100))
def test_the_house_keeps_its_share_rounded_down(pot, percent):
    kept = pot - prize(pot, percent)
    assert kept <= Fraction(pot * percent, 100) < kept + 1
    assert 1 - Fraction(prize(pot, percent), pot) <= 1 - returned(percent)


# --- in a town


class Ticket(random.Random):
    """Chance that draws the ticket of that number."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number

    def randrange(self, start, stop=None, step=1):
        return min(self.number, start - 1)


def held_first(*people):
    """Those people in the order in which their tickets are numbered."""
    return sorted(people, key=lambda person: person.id)


async def set_to(town, setting, value, guild=None):
    guild_id = (guild or town.guild).id
    await town.as_bot(town.bot.guild_settings.set(guild_id, setting, value, changed_by=None))


@pytest_asyncio.fixture
async def soon(town):
    """A lottery is drawn ten minutes after its first ticket."""
    await set_to(town, INTERVAL, timedelta(minutes=10))


async def test_tickets_are_bought_and_one_wins(town, purse, soon):
    assert "No lottery is open. The first ticket, for 🪙 50, opens one" in await town.says(town.ann, "!lottery")
    await purse.give(town.ann, 400)
    await purse.give(town.bob, 400)
    bought = await town.says(town.ann, "!lottery buy 3")
    assert "You buy 3 tickets for 🪙 150, and have 3 of 3 now: 100%" in bought
    assert "You buy 1 ticket for 🪙 50, and have 1 of 4 now: 25%" in await town.says(town.bob, "!lottery buy")
    await town.restart(clean=False)
    assert await town.redeliver() is None
    shown = await town.says(town.ann, "!lotto")
    assert (shown.fields["Pot"], shown.fields["The winner gets"]) == ("🪙 200", "🪙 190")
    assert (shown.fields["Yours"], shown.fields["Your chance"]) == ("3 tickets", "75%")
    assert shown.fields["Sold"] == "4 tickets of 2 players"
    # A price and a share that are changed now hold from the next one on.
    await set_to(town, HOUSE_SHARE, 50)
    town.bot.chance = Ticket(3 if held_first(town.ann, town.bob)[1] == town.bob else 0)
    (heard,) = await town.wait(minutes=10)
    assert heard == f"🎟️ {town.bob.mention} wins the lottery: 🪙 190! Their chance was 25%."
    assert not heard.pings
    assert await purse.of(town.bob) == (500 - 50 + 190, 0)
    assert await purse.entries(town.ann) == [("opening", 100), ("give", 400), ("lottery_ticket", -150)]
    assert f"{town.bob.mention} won 🪙 190" in await town.says(town.ann, "!lottery")
    assert await town.wait(minutes=25) == ()


async def test_what_cant_be_bought(town, purse):
    await set_to(town, MOST_TICKETS, 3)
    assert "You have 🪙 100 in hand, and need 🪙 150." in await town.says(town.ann, "!lottery buy 3")
    await purse.give(town.ann, 10_000)
    for count in ("0", "-1", "one", "1.5", "99999999999999999", "🎟️"):
        assert "amount" in await town.says(town.ann, f"!lottery buy {count}") or count.startswith("99")
    assert "You have 0 tickets and can buy only 3 more." in await town.says(town.ann, "!lottery buy 4")
    assert "You buy 3 tickets" in await town.says(town.ann, "!lottery buy all")
    assert "You have 3 tickets; more aren't allowed." in await town.says(town.ann, "!lottery buy")
    await town.says(town.admin, "!config set game-lottery off")
    assert "Lottery is switched off in this server." in await town.says(town.bob, "!lottery buy")
    assert (await purse.of(town.ann))[0] == 10_100 - 150
    assert (await purse.of(town.bob))[0] == 100


async def test_one_player_gets_everything_back(town, purse, soon):
    await town.says(town.ann, "!lottery buy 2")
    assert await purse.of(town.ann) == (0, 0)
    (heard,) = await town.wait(minutes=10)
    assert "it takes two players. The only one has the coins back." in heard
    assert await purse.of(town.ann) == (100, 0)
    assert "No lottery is open" in await town.says(town.ann, "!lottery")


async def test_who_left_does_not_win_and_another_is_drawn(town, purse, soon):
    first, second = held_first(town.ann, town.bob)
    await town.says(first, "!lottery buy")
    await town.says(second, "!lottery buy")
    await town.leave(first)
    town.bot.chance = Ticket(0)
    (heard,) = await town.wait(minutes=10)
    assert second.mention in heard
    assert await purse.of(second) == (50 + 95, 0)
    assert await purse.of(first) == (50, 0)


async def test_a_winner_whose_account_is_full_gets_what_fits(town, purse, soon):
    first, second = held_first(town.ann, town.bob)
    await town.says(first, "!lottery buy")
    await town.says(second, "!lottery buy")
    await purse.give(first, MOST_COINS - 60, pocket="bank")
    town.bot.chance = Ticket(0)
    (heard,) = await town.wait(minutes=10)
    assert first.mention in heard
    assert sum(await purse.of(first)) == MOST_COINS


async def test_all_have_left(town, purse, soon):
    for person in (town.ann, town.bob):
        await town.says(person, "!lottery buy")
        await town.leave(person)
    (heard,) = await town.wait(minutes=10)
    assert "all players have their coins back" in heard
    assert await purse.of(town.ann) == await purse.of(town.bob) == (100, 0)


async def test_a_crash_before_the_telling_draws_once_and_tells_once(town, purse, soon):
    await town.says(town.ann, "!lottery buy")
    await town.says(town.bob, "!lottery buy")
    town.refuse("POST", "/channels/*/messages", status=503, times=None)
    town.bot.chance = Ticket(0)
    await town.wait(minutes=10)
    after = await purse.of(held_first(town.ann, town.bob)[0])
    assert after == (50 + 95, 0)
    await town.restart(clean=False)
    town.refuse_no_more()
    town.bot.chance = Ticket(1)
    (heard,) = await town.wait(minutes=5)
    assert held_first(town.ann, town.bob)[0].mention in heard
    assert await purse.of(held_first(town.ann, town.bob)[0]) == after
    assert await town.wait(minutes=25) == ()


async def test_it_is_told_in_the_chosen_channel_else_where_the_last_ticket_was_bought(town, purse, soon):
    await town.says(town.admin, "!config set lottery-channel #bots-corner")
    await town.says(town.ann, "!lottery buy")
    await town.says(town.bob, "!lottery buy")
    (heard,) = await town.wait(minutes=10)
    assert heard.channel_id == town.bots_corner.id
    await town.delete_channel(town.bots_corner)
    await town.says(town.ann, "!lottery buy")
    await town.says(town.bob, "!lottery buy")
    (heard,) = await town.wait(minutes=10)
    assert heard.channel_id == town.general.id


async def test_admins_draw_early_and_call_it_off(town, purse, soon):
    assert "You need the permission" in await town.says(town.ann, "!lottery draw")
    assert "No lottery is open." in await town.says(town.admin, "!lottery draw")
    await town.says(town.ann, "!lottery buy")
    await town.says(town.bob, "!lottery buy")
    answers = (await town.says(town.admin, "!lottery draw")).replies
    await town.wait(seconds=5)
    assert "The lottery is over" in answers[0]
    assert "wins the lottery: 🪙 95!" in town.last()
    assert await town.redeliver() is None
    await town.says(town.ann, "!lottery buy")
    before = await purse.of(town.ann)
    question = await town.says(town.admin, "!lottery cancel")
    reaction = await town.press(town.admin, question, "Yes")
    assert "called off" in reaction.reply
    assert await purse.of(town.ann) == (before[0] + 50, 0)
    assert "No lottery is open." in await town.says(town.admin, "!lottery cancel")
    assert await town.wait(minutes=25) == ()


async def test_coins_come_back_where_the_economy_is_switched_off(town, purse, soon):
    await town.says(town.ann, "!lottery buy")
    await town.says(town.bob, "!lottery buy")
    assert "off" in await town.says(town.admin, "!feature disable economy")
    assert await town.wait(minutes=10) == ()
    assert await purse.of(town.ann) == await purse.of(town.bob) == (100, 0)


@pytest.mark.parametrize("is_over", [False, True])
async def test_a_guild_the_bot_comes_back_to_after_months(town, purse, is_over):
    guild = town.new_guild("Village", members=[town.ann, town.bob])
    general = guild.channel("general")
    await town.settle()
    await set_to(town, INTERVAL, timedelta(minutes=10), guild)
    await town.says(town.ann, "!lottery buy", channel=general)
    await town.says(town.bob, "!lottery buy", channel=general)
    draws = town.bot.get_cog("Lottery").draws
    store = draws.store
    lottery = await store.open_in(guild.id)
    await town.kick_bot_from(guild)
    if is_over:  # and only not told
        await town.as_bot(draws.refund(lottery, Cause("test", 1), told=False))
    await town.as_bot(town.bot.timers.cancel(lottery.timer_id))  # as the timers do for guilds long gone
    await town.wait(minutes=20)
    await town.invite_bot_to(guild)
    await town.wait(seconds=5)
    last = await store.get(lottery.id)
    assert (last.prize, last.told) == (None if is_over else 95, True)


async def test_no_ticket_is_sold_when_its_time_is_over(town, purse, soon):
    await town.says(town.ann, "!lottery buy")
    await town.says(town.bob, "!lottery buy")
    lottery = await town.bot.get_cog("Lottery").draws.store.open_in(town.guild.id)
    await town.as_bot(town.bot.timers.cancel(lottery.timer_id))
    assert await town.wait(minutes=11) == ()
    assert "The lottery is being drawn" in await town.says(town.ann, "!lottery buy")
    await town.wait(seconds=5)
    assert "wins the lottery" in town.last()
    assert sum([(await purse.of(person))[0] for person in (town.ann, town.bob)]) == 195


async def test_a_ticket_that_is_sold_during_the_draw_is_in_it(town, purse):
    await town.says(town.ann, "!lottery buy")
    await town.says(town.bob, "!lottery buy")
    draws = town.bot.get_cog("Lottery").draws
    lottery = await draws.store.open_in(town.guild.id)
    seen = await draws.store.holders(lottery.id)
    await town.says(town.admin, "!lottery buy")
    with pytest.raises(import_module("cogs.economy.lottery.draws").SoldMeanwhile):  # as it is now, if reloaded
        await town.as_bot(draws.finish(lottery, Cause("test", 1), None, seen, town.ann.id))
    assert (await draws.store.open_in(town.guild.id)) is not None
    assert (await town.as_bot(draws.draw(lottery, Cause("test", 1)))).prize == 143


async def test_draws_and_a_refund_at_once_end_it_once(town, purse, soon):
    await town.says(town.ann, "!lottery buy")
    await town.says(town.bob, "!lottery buy")
    draws = town.bot.get_cog("Lottery").draws
    lottery = await draws.store.open_in(town.guild.id)
    first, second, third = (Cause("test", number) for number in range(3))
    ends = await town.as_bot(
        _all_of(draws.draw(lottery, first), draws.refund(lottery, second), draws.draw(lottery, third))
    )
    assert len({(end.status, end.winner_id, end.prize) for end in ends}) == 1
    coins = [(await purse.of(person))[0] for person in (town.ann, town.bob)]
    assert sum(coins) == (200 if ends[0].status == "refunded" else 195)
    await town.wait(minutes=10)


async def _all_of(*works):
    return await asyncio.gather(*works)
