"""Earning, as members do it: daily, weekly, work, crime, robbery."""

import random

from database.economy import MOST_COINS
from utils.events import CoinsEarned, CoinsSpent


class Luck(random.Random):
    """Chance that falls as the test says: every chance comes true, or none; ranges give their least or most."""

    def __init__(self, *, good: bool) -> None:
        super().__init__()
        self.good = good

    def randrange(self, *limits):
        return 0 if self.good else limits[-1] - 1

    def randint(self, low, high):
        return low if self.good else high

    def choice(self, options):
        return options[0]


def stamp(moment, style):
    return f"<t:{int(moment.timestamp())}:{style}>"


async def set_all(town, **settings):
    for name, value in settings.items():
        await town.says(town.admin, f"!config set {name.replace('_', '-')} {value}")


# --- daily and weekly ----------------------------------------------------------------------------------------


async def test_days_in_a_row(town, purse):
    said = await town.says(town.ann, "!daily")
    assert said.splitlines()[0] == "You get 🪙 350 and have 🪙 450 in hand."
    assert said.splitlines()[1].startswith("Your streak: **1 day**, your best: **1**. It lives until <t:")
    assert said.splitlines()[2].startswith("Next time: <t:")
    assert await town.redeliver() is None
    await town.wait(hours=19, minutes=59)
    early = await town.says(town.ann, "!daily")
    assert early.splitlines()[0].startswith("You had your daily coins already: the next are there <t:")
    assert await purse.of(town.ann) == (450, 0)
    await town.restart(clean=False)
    await town.wait(seconds=61)
    said = await town.says(town.ann, "!daily")
    assert said.splitlines()[0] == "You get 🪙 350, and 🪙 25 for your streak. You have 🪙 825 in hand."
    assert "**2 days**" in said
    await town.wait(hours=48, seconds=5)
    lost = (await town.says(town.ann, "!daily")).splitlines()
    assert lost[0] == "You get 🪙 350 and have 🪙 1,175 in hand."
    assert lost[1] == "Your streak of 2 days has ended; a new one begins."
    assert lost[2].startswith("Your streak: **1 day**, your best: **2**.")
    assert [(news.kind, news.amount) for news in town.sent(CoinsEarned)] == [
        ("daily", 350), ("daily", 375), ("daily", 350)
    ]  # fmt: skip


async def test_too_early_says_exactly_when(town, purse):
    at = town.now
    await town.says(town.ann, "!daily")
    await town.wait(hours=1)
    early = (await town.says(town.ann, "!daily")).splitlines()
    possible, until = at.timestamp() + 20 * 3600, at.timestamp() + 48 * 3600
    shown = int(early[0].split("<t:")[1].split(":")[0])
    assert shown - possible <= 1
    assert abs(int(early[1].split("<t:")[1].split(":")[0]) - until) <= 1
    await set_all(town, daily_cooldown="59m")
    assert "**2 days**" in await town.says(town.ann, "!daily"), "a shorter wait holds at once"
    await set_all(town, daily_cooldown="25h")
    await town.wait(hours=21)
    assert "already" in await town.says(town.ann, "!daily"), "and a longer one, too"
    await set_all(town, daily_amount=0, weekly_amount=0)
    assert await town.says(town.ann, "!daily") == "There are no daily coins in this server."
    assert await town.says(town.ann, "!weekly") == "There are no weekly coins in this server."


async def test_the_bonus_of_a_streak_has_a_ceiling(town, purse):
    await set_all(town, streak_bonus=30, streak_bonus_most=40, daily_amount=1, daily_cooldown="10s")
    for bonus in (0, 30, 40, 40):
        before, _bank = await purse.of(town.ann)
        await town.says(town.ann, "!daily")
        assert (await purse.of(town.ann))[0] - before == 1 + bonus
        await town.wait(seconds=11)


async def test_a_week(town, purse):
    said = await town.says(town.ann, "!weekly")
    assert said.splitlines()[0] == "You get 🪙 2,000 and have 🪙 2,100 in hand."
    assert abs(int(said.split("<t:")[1].split(":")[0]) - (town.now.timestamp() + 7 * 86_400)) <= 2
    await set_all(town, weekly_cooldown="2h")
    await town.wait(hours=1)
    assert "You had your weekly coins already" in await town.says(town.ann, "!weekly")
    await town.wait(hours=1)
    await town.says(town.ann, "!weekly")
    assert await purse.of(town.ann) == (4100, 0)


async def test_a_full_account_claims_nothing(town, purse):
    await purse.give(town.ann, MOST_COINS - 200)
    assert "more than you can hold" in await town.says(town.ann, "!daily")
    await town.says(town.ann, f"!pay {town.bob.mention} 1k")
    assert "Your streak: **1 day**" in await town.says(town.ann, "!daily")


async def test_of_two_claims_at_once_one_is_paid(town, purse):
    for command, kind in {"daily": "daily", "weekly": "weekly", "work": "work"}.items():
        for _time in range(3):
            town.env.backend.create_message(town.general.id, town.ann.id, f"!{command}")
        await town.settle()
        assert [one for one, _amount in await purse.entries(town.ann)].count(kind) == 1
    assert len(town.messages()) == 9


# --- work and crime ------------------------------------------------------------------------------------------


async def test_work_and_crime(town, purse):
    town.bot.chance = Luck(good=False)
    said = await town.says(town.ann, "!work")
    assert said.splitlines()[:2] == [
        "You sort the books that came back to the library and are paid 🪙 250.",
        "You have 🪙 350 in hand.",
    ]
    assert "can work again" in await town.says(town.ann, "!work")
    await set_all(town, crime_fine_most=340)
    said = await town.says(town.ann, "!crime")
    assert said.splitlines()[:2] == [
        "You climb through the window of the police station by mistake. That costs you 🪙 340.",
        "You have 🪙 10 in hand.",
    ]
    assert "lie low" in await town.says(town.ann, "!crime")
    await town.wait(hours=4)
    assert "costs you 🪙 10." in await town.says(town.ann, "!crime")
    await town.wait(hours=4)
    assert "nothing in your pockets" in await town.says(town.ann, "!crime")
    await town.wait(hours=4)
    town.bot.chance = Luck(good=True)
    await set_all(town, crime_least=77)
    assert "You make 🪙 77." in await town.says(town.ann, "!crime")
    assert "are paid 🪙 10" in await town.says(town.ann, "!work")
    assert await purse.entries(town.ann) == [
        ("opening", 100), ("work", 250), ("fine", -340), ("fine", -10), ("crime", 77), ("work", 10)
    ]  # fmt: skip
    assert [(news.kind, news.amount) for news in town.sent(CoinsSpent)] == [("fine", 340), ("fine", 10)]


async def test_cooldowns_lists_what_is_possible(town, purse):
    await town.says(town.ann, "!work")
    at = town.now
    listed = (await town.says(town.ann, "!cooldowns")).embed.description.splitlines()
    assert listed[:2] == ["`!daily`: now", "`!weekly`: now"]
    assert listed[2].startswith("`!work`: <t:")
    assert abs(int(listed[2].split(":")[2]) - (at.timestamp() + 4 * 3600)) <= 2
    assert listed[3:] == ["`!crime`: now", "`!rob`: now"]
    await town.says(town.ann, "!daily")
    assert "Your streak: **1 day**" in await town.says(town.ann, "!cds")


# --- robbery -------------------------------------------------------------------------------------------------


async def test_a_robbery_moves_what_is_in_hand(town, purse):
    town.bot.chance = Luck(good=True)
    await set_all(town, rob_share_least=25, rob_cooldown="2h", rob_immunity="3h", rob_own_minimum=100)
    await purse.give(town.bob, 900)
    await purse.give(town.bob, 9000, pocket="bank")
    said = await town.says(town.ann, f"!rob {town.bob.mention}")
    assert said.splitlines()[0] == f"You rob {town.bob.mention} of 🪙 250 and have 🪙 350 in hand."
    assert not said.pings - {town.ann.id}
    assert await town.redeliver() is None
    assert await purse.of(town.bob) == (750, 9000)
    assert "next robbery" in await town.says(town.ann, f"!rob {town.bob.mention}")
    # The immunity is the victim's, against everybody, and costs the next robber nothing.
    await town.restart(clean=False)
    town.bot.chance = Luck(good=True)
    assert "robbed not long ago" in await town.says(town.admin, f"!rob {town.bob.mention}")
    await purse.give(town.moderator, 900)
    assert "You rob" in await town.says(town.admin, f"!rob {town.moderator.mention}")
    await town.wait(hours=2)
    assert "robbed not long ago" in await town.says(town.ann, f"!rob {town.bob.mention}")
    await town.wait(hours=1)
    assert "You rob" in await town.says(town.ann, f"!rob {town.bob.mention}")
    assert town.sent(CoinsEarned) == []


async def test_of_two_robbers_at_once_one_gets_away(town, purse):
    town.bot.chance = Luck(good=True)
    await set_all(town, rob_own_minimum=0)
    await purse.give(town.bob, 900)
    for who in (town.ann, town.admin):
        town.env.backend.create_message(town.general.id, who.id, f"!rob {town.bob.mention}")
    await town.settle()
    said = town.messages()
    assert sum("You rob" in one for one in said) == sum("robbed not long ago" in one for one in said) == 1
    assert await purse.of(town.bob) == (900, 0)


async def test_whom_one_cannot_rob_costs_no_cooldown(town, purse):
    town.bot.chance = Luck(good=True)
    await purse.give(town.bob, 99)  # with what everybody begins with, one less than the least
    for target, answer in {
        town.bob.mention: f"{town.bob.mention} has less than 🪙 200 in hand: that isn't worth it.",
        town.ann.mention: "You can't rob yourself.",
        town.bot.user.mention: "Bots have no coins.",
        town.outsider("zoe").mention: "isn't in this server",
        "everyone": "can't find",
        "🪙" * 300: "can't find",
    }.items():
        assert answer in await town.says(town.ann, f"!rob {target}")
    await purse.give(town.bob, 1)
    await purse.give(town.ann, 149)  # one less than the least that a robber needs
    poor = "To rob somebody you need 🪙 250 in hand, for the fine if you are caught; you have 🪙 249."
    assert await town.says(town.ann, f"!rob {town.bob.mention}") == poor
    await purse.give(town.ann, 1)
    await set_all(town, rob_safe_roles="Member")
    await town.give_role(town.bob, "Member")
    assert "role that can't be robbed" in await town.says(town.ann, f"!rob {town.bob.mention}")
    await town.take_role(town.bob, "Member")
    await purse.give(town.bob, MOST_COINS - 200)
    await purse.give(town.ann, MOST_COINS - 250)
    assert "more than you can hold" in await town.says(town.ann, f"!rob {town.bob.mention}")
    await town.says(town.ann, f"!pay {town.admin.mention} 10k")
    await set_all(town, rob_share_least=0, rob_share_most=0)
    await purse.give(town.bob, -(MOST_COINS - 200))
    assert f"You rob {town.bob.mention} of 🪙 1 " in await town.says(town.ann, f"!rob {town.bob.mention}")


async def test_a_failed_robbery_costs_a_fine(town, purse):
    town.bot.chance = Luck(good=False)
    await set_all(town, rob_own_minimum=0)
    await purse.give(town.bob, 900)
    said = await town.says(town.ann, f"!rob {town.bob.mention}")
    assert said.splitlines()[0] == f"{town.bob.mention} notices you: you pay a fine of 🪙 100 and have 🪙 0 in hand."
    await town.wait(hours=24)
    said = await town.says(town.ann, f"!rob {town.bob.mention}")
    assert "nothing in your pockets" in said
    assert await purse.of(town.bob) == (1000, 0)
    town.bot.chance = Luck(good=True)
    assert "You rob" in await town.says(town.admin, f"!rob {town.bob.mention}"), "nobody took anything before"
