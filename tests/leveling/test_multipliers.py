"""Multipliers of XP, and XP for coins."""

from contextlib import suppress
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.leveling.multipliers import multiplied
from cogs.leveling.multiplying.rules import MOST_IN_A_GUILD, parse_percent
from database.standings import StandingsStore
from database.xp_multipliers import XpMultiplier
from tests.moderation.deeds import database_fails
from tests.support.town import Town
from utils import events
from utils.events import CoinsEarned

# --- rules


@given(percent=st.integers(0, 1_000))
def test_a_percentage_is_read_in_each_form(percent):
    factor = f"{percent // 100}.{percent % 100:02}"
    for text in (f"{percent}%", f"{percent} %", f"{factor}x", f"x{factor}", f"{factor.replace('.', ',')} X", factor):
        assert parse_percent(text) == percent
    assert parse_percent(str(percent)) == (percent if percent > 10 else percent * 100)


@given(text=st.text(max_size=20))
def test_anything_else_is_refused(text):
    with suppress(ValueError):
        assert 0 <= parse_percent(text) <= 1_000


@pytest.mark.parametrize(
    "text", ["", "-1", "-50%", "1001%", "11x", "9999999", "1.005", "12.5%", "two", "2xx", "∞", "1/2"]
)
def test_what_is_no_multiplier(text):
    with pytest.raises(ValueError):
        parse_percent(text)


@given(xp=st.integers(0, 10**15), percents=st.lists(st.integers(0, 1_000), max_size=4))
def test_rounding_happens_once(xp, percents):
    exact = Fraction(xp)
    for percent in percents:
        exact = exact * percent / 100
    assert abs(multiplied(xp, percents) - exact) <= Fraction(1, 2)
    assert multiplied(xp, [100, *percents, 100]) == multiplied(xp, percents)


# --- what staff does


async def test_multipliers_come_and_go(town: Town):
    assert "there are no multipliers" in await town.says(town.ann, "!xp multiplier")
    said = await town.says(town.admin, "!xp multiplier set server 2x for 2d")
    assert said.startswith("XP counts **200%** for the whole server, until <t:")
    assert "XP counts **50%**" in await town.says(town.admin, f"!xp multiplier set {town.general.mention} 50%")
    assert "XP counts **150%**" in await town.says(
        town.admin, "!xp multiplier set @Member 1.5 until 2026-12-24 18:00"
    )
    gone = town.role("Gone")
    assert gone.mention in await town.says(town.admin, "!xp multiplier set Gone 300")
    await town.delete_role(gone)
    listed = await town.says(town.bob, "!xp multipliers list")
    assert "**200%** for the whole server" in listed
    assert f"**300%** for a deleted role (`{gone.id}`)" in listed
    await town.restart()
    await town.wait(days=2)
    listed = await town.says(town.bob, "!xp multiplier")
    assert "the whole server" not in listed
    assert f"**50%** for {town.general.mention}" in listed
    said = await town.says(town.admin, f"!xp multiplier remove {gone.id}")
    assert said == f"There is no multiplier for a deleted role (`{gone.id}`) any more."
    assert "any more" in await town.says(town.admin, "!xp multiplier remove Member")
    assert "There is no multiplier for this." in await town.says(town.admin, "!xp multiplier remove @Member")
    assert "There is no multiplier for this." in await town.says(town.admin, "!xp multiplier remove server")


async def test_what_staff_may_not_say(town: Town):
    town.role("general")
    for words, answer in (
        ("set nowhere 2x", "neither a channel nor a role"),
        ("set #nowhere 2x", "can't find a fitting channel"),
        ("set @nobody 2x", "has no role"),
        ("set general 2x", "There is a channel and a role of this name."),
        ("set server 2000%", "from 0% to 1,000%"),
        ("set server lots", "isn't a multiplier"),
        ("set server 2x for ages", "ages"),
        ("set server 2x until 2020-01-01", "over already"),
        ("remove #nowhere", "can't find a fitting channel"),
        (f"remove {'9' * 19}", ""),
    ):
        assert answer in await town.says(town.admin, f"!xp multiplier {words}")
    assert "You need" in await town.says(town.ann, "!xp multiplier set server 10x")
    assert "You need" in await town.says(town.ann, "!xp multiplier remove server")
    multipliers = town.bot.get_cog("Chat").multipliers
    for number in range(MOST_IN_A_GUILD):
        await town.as_bot(multipliers.put(XpMultiplier(town.guild.id, "role", 10**17 + number, 120)))
    assert "there may be 50 multipliers" in await town.says(town.admin, "!xp multiplier set server 2x")
    assert "XP counts" not in await town.says(town.admin, "!xp multiplier")
    await town.says(town.admin, f"!xp multiplier remove {10**17}")
    assert "XP counts" in await town.says(town.admin, "!xp multiplier set everyone 2x")


# --- XP for coins


async def earn(town: Town, person, amount: int, kind: str = "work") -> None:
    async def news() -> None:
        events.publish(town.bot, CoinsEarned(town.guild.id, person.id, amount, kind, 1))

    await town.as_bot(news())


async def test_coins_bring_xp(town: Town):
    async def xp(person) -> int:
        return (await StandingsStore(town.db).get(town.guild.id, person.id)).xp

    await earn(town, town.ann, 10_000)
    assert "coin-xp" in await town.says(town.admin, "!config set coin-xp 10")
    assert "Choose one of" in await town.says(town.admin, "!config set coin-xp-kinds work winnings")
    assert "Choose one of" in await town.says(town.admin, "!config set coin-xp-kinds level_up")
    for kind in ("level_up", "winnings", "chat", "work"):
        await earn(town, town.ann, 505, kind)
    await earn(town, town.ann, 1)
    await town.says(town.admin, "!config set no-xp-roles Moderator")
    await earn(town, town.moderator, 500)
    with database_fails(town, "INSERT INTO level_books"):
        await town.wait(seconds=6)
    await town.wait(seconds=6)
    assert (await xp(town.ann), await xp(town.moderator)) == (51, 0)
    await earn(town, town.ann, 1_000, "daily")
    await town.restart()
    assert await xp(town.ann) == 151
    # A level that is reached without a channel is told in the one that was chosen.
    place = town.channel("levels")
    await town.says(town.admin, f"!config set level-up-channel {place.mention}")
    await earn(town, town.bob, 10**15, "weekly")
    (said,) = await town.wait(seconds=6)
    assert said.channel_id == place.id
    await town.says(town.admin, "!feature disable leveling")
    before = await xp(town.bob)
    await earn(town, town.bob, 10_000)
    await town.wait(seconds=6)
    assert await xp(town.bob) == before == 10**14
