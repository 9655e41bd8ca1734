"""Telling of new levels."""

import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.leveling.announcing.rules import Told, is_due
from cogs.leveling.curves import Curve
from cogs.leveling.settings import CURVE
from database.level_rewards import Reward
from tests.moderation.deeds import database_fails
from tests.support.town import Town
from utils.events import CoinsEarned, LevelUp, publish

LEVELS = st.integers(0, 1_000)
english = pytest.mark.town(languages=("en",))

# --- rules


@given(old=LEVELS, new=LEVELS, every=st.integers(1, 1_000))
def test_every_nth_level(old, new, every):
    assert is_due(old, new, every, ()) == any(level % every == 0 for level in range(old + 1, new + 1))


@given(old=LEVELS, new=LEVELS, rewards=st.sets(LEVELS, max_size=5))
def test_levels_that_bring_a_role(old, new, rewards):
    assert is_due(old, new, 0, rewards) == bool(rewards & set(range(old + 1, new + 1)))


@given(reached=st.lists(st.integers(1, 30), min_size=1, max_size=20))
def test_each_level_is_told_once(reached):
    told, heard, level = Told(), [], 0
    for new in reached:
        start = told.from_level(1, 2, min(level, new))
        if is_due(start, new, 1, ()):
            heard += range(start + 1, new + 1)
            told.remember(1, 2, new)
        level = new
    assert heard == list(range(1, max(reached) + 1))
    assert told.from_level(1, 3, 0) == 0
    told.forget_guild(1)
    assert told.from_level(1, 2, 0) == 0


# --- telling


async def quick(town: Town, *settings: str) -> None:
    """A message brings 1,000 XP here, which is level 4."""
    for words in ("xp-least 1000", "xp-most 1000", *settings):
        assert await town.says(town.admin, f"!config set {words}") is not None
    await town.wait(minutes=2)


async def reward(town: Town, role: discord.Role, level: int) -> None:
    roles = town.bot.get_cog("Rewards").roles
    await roles.store.put(Reward(town.guild.id, role.id, level), 10)
    await roles.load_guild(town.guild.id)


async def test_a_new_level_is_told_where_it_is_reached(town: Town):
    await quick(town)
    corner = town.bots_corner
    assert await town.says(town.ann, "good morning", channel=corner) is None
    (said,) = await town.wait(seconds=6)
    assert said == f"🎉 {town.ann.mention} has reached level **4**."
    assert (said.channel_id, said.pings) == (corner.id, frozenset())
    await town.deletes(town.ann)
    await town.wait(minutes=2)
    await town.says(town.ann, "a level that I had before")
    assert await town.wait(seconds=6) == ()
    await town.says(town.admin, "!xp set ann 0")  # by staff: then it is news again
    await town.wait(minutes=2)
    await town.says(town.ann, "and now anew")
    (said,) = await town.wait(seconds=6)
    assert "level **4**" in said
    # Two at once, one of whom wants to hear nothing; a place where the bot may not write; nothing at all.
    await town.wait(minutes=2)
    assert await town.says(town.ann, "!levelups off") == "Your new levels aren't told here."
    await town.restart()
    await town.says(town.ann, "nobody hears of this")
    await town.says(town.bob, "but of this")
    (said,) = await town.wait(seconds=6)
    assert town.bob.mention in said
    assert await town.says(town.ann, "!levelups") == "Your new levels aren't told here."
    assert await town.says(town.ann, "!levelups on") == "Your new levels are told here."
    assert "neither `on` nor `off`" in await town.says(town.ann, "!levelups perhaps")
    await town.take_permission(corner, "send_messages", of=town.guild.me)
    await town.wait(minutes=2)
    await town.says(town.ann, "where the bot may not write", channel=corner)
    assert await town.wait(seconds=6) == ()
    await town.says(town.admin, "!config set level-up off")
    await town.wait(minutes=2)
    await town.says(town.ann, "and when nobody wants it")
    assert await town.wait(seconds=6) == ()


async def test_a_channel_for_new_levels_that_breaks(town: Town):
    place = town.channel("levels")
    await quick(town, "level-up channel", f"level-up-channel {place.mention}", "xp-cooldown 1s")
    words = (f"{word} is a word" for word in ("mountain", "river", "cucumber", "zebra", "quiz", "hippo", "jam"))

    async def level_up() -> list[str]:
        await town.says(town.ann, next(words))
        return list(await town.wait(seconds=7))

    (said,) = await level_up()
    assert said.channel_id == place.id
    await town.take_permission(place, "send_messages", of=town.guild.me)
    (told,) = await level_up()
    assert told.channel_id == town.owner.dm.id
    assert f"I may not write in the channel for new levels, {place.mention}" in told
    await town.restart()
    assert await level_up() == []  # the owner knows
    await town.give_permission(place, "send_messages", of=town.guild.me)
    (said,) = await level_up()
    assert said.channel_id == place.id
    await town.delete_channel(place)
    (told,) = await level_up()
    assert "The channel for new levels was deleted" in told
    assert await level_up() == []
    with database_fails(town, "level_up_silences"):
        assert await level_up() == []


@english
async def test_a_message_of_the_servers_own(town: Town):
    template = "{member} aka {name}: {old_level} to {level}, {xp} XP in {server} for {roles} {x} @everyone"
    assert "nothing to put in place of `{x}`" in await town.says(
        town.admin, f"!config set level-up-message {template}"
    )
    role = town.role("Regular", below="Admin")
    await reward(town, role, 3)
    await quick(
        town, f"level-up-message {template.replace(' {x}', '')}", "level-up-ping on", "level-up-delete-after 20",
        "level-up-every 0",
    )  # fmt: skip
    await town.rename(town.ann, "**Ann**")
    await town.says(town.ann, "good morning")
    (said,) = await town.wait(seconds=6)
    assert said == (f"{town.ann.mention} aka \\*\\*Ann\\*\\*: 0 to 4, 1,000 XP in Town for {role.mention} @everyone")
    assert (said.pings, said.pings_everyone) == ({town.ann.id}, False)
    await town.restart(clean=False)
    assert town.now_of(said) is not None
    await town.wait(seconds=21)
    assert town.now_of(said) is None
    await town.wait(minutes=1)
    await town.says(town.ann, "another level without a role")
    assert await town.wait(seconds=6) == ()


async def test_new_levels_by_direct_message(town: Town):
    await quick(town, "level-up dm")
    role = town.role("Regular", below="Admin")
    await reward(town, role, 3)
    town.close_dms(town.bob)
    for person in (town.ann, town.bob):
        await town.says(person, "good morning")
    (said,) = await town.wait(seconds=6)
    assert said.channel_id == town.ann.dm.id
    assert said == "🎉 You have reached level **4** in Town. It brings you Regular."
    await town.wait(minutes=1)
    await town.says(town.ann, "a level that brings nothing")
    (said,) = await town.wait(seconds=6)
    assert said == "🎉 You have reached level **6** in Town."


async def test_what_is_written_last(town: Town):
    """When the bot stops, gains are still counted by the server's curve, and the levels they bring are told."""
    await quick(town, "coin-xp 100")

    async def take(curve: Curve) -> None:
        await town.as_bot(town.bot.guild_settings.set(town.guild.id, CURVE, curve, changed_by=None))

    async def earn() -> None:
        publish(town.bot, CoinsEarned(town.guild.id, town.bob.id, 1_000, "work", 1))

    await take(Curve("step", (5_000,)))
    await town.as_bot(earn())
    await town.says(town.ann, "good morning")
    await town.restart()
    assert town.sent(LevelUp) == []
    await take(Curve("step", (600,)))
    await town.says(town.ann, "good evening")
    await town.restart()
    assert town.last() == f"🎉 {town.ann.mention} has reached level **3**."
    assert [(event.old_level, event.new_level) for event in town.sent(LevelUp)] == [(1, 3)]
