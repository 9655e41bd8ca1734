"""XP for talking in voice channels."""

import pytest

from database.standings import StandingsStore
from tests.moderation.deeds import database_fails
from tests.support.town import Town
from utils.events import LevelUp


@pytest.fixture
def voice(town: Town):
    """A voice channel."""
    return town.guild.channel("voice")


async def minutes(town: Town, *people, guild=None) -> list[int]:
    """How many minutes count for each; the XP has to fit."""
    standings = await StandingsStore(town.db).get_many((guild or town.guild).id, [one.id for one in people])
    for one in standings.values():
        assert one.xp == 5 * one.voice_minutes
    return [standings[one.id].voice_minutes for one in people]


async def tells(town: Town, event: str) -> None:
    """discord.py tells something of the only shard's connection, which no simulated one breaks."""

    async def tell() -> None:
        town.bot.dispatch(event, 0)

    await town.as_bot(tell())


async def sessions(town: Town) -> set[int]:
    """Who has a session in the database."""
    return {row["user_id"] for row in await town.db.fetchall("SELECT * FROM voice_sessions")}


async def test_talking_brings_xp_each_minute(town: Town, voice):
    store, guild_id = StandingsStore(town.db), town.guild.id
    await town.goes_into(voice, town.ann)
    await town.wait(minutes=10)  # nobody hears her
    assert await sessions(town) == set()
    await town.goes_into(voice, town.bob)
    await town.wait(minutes=20, seconds=10)
    assert await minutes(town, town.ann, town.bob) == [20, 20]
    assert await sessions(town) == {town.ann.id, town.bob.id}
    (level,) = [one for one in town.sent(LevelUp) if one.user_id == town.ann.id]
    assert (level.old_level, level.new_level) == (0, 1)
    today = town.now.date()
    assert (await store.recent(guild_id, "day", today, town.ann.id)).voice_minutes == 20
    assert (await store.recent(guild_id, "week", today, town.bob.id)).xp == 100
    await town.hangs_up(town.bob)
    await town.wait(minutes=30)
    assert await minutes(town, town.ann, town.bob) == [20, 20]
    assert await sessions(town) == set()


async def test_parts_of_minutes_add_up(town: Town, voice):
    other = town.guild.handle.create_voice_channel("Lounge") and town.guild.channel("Lounge")
    await town.goes_into(voice, town.ann, town.bob)
    await town.wait(seconds=50)
    await town.change_voice(town.ann, self_mute=True)
    await town.wait(minutes=5)
    await town.change_voice(town.ann, self_mute=False)
    await town.wait(seconds=50)
    await town.goes_into(other, town.ann, town.bob)
    await town.wait(seconds=50)
    await town.hangs_up(town.ann)
    await town.wait(seconds=10)
    assert await minutes(town, town.ann, town.bob) == [2, 2]


@pytest.mark.parametrize("flag", ["mute", "deaf", "self_mute", "self_deaf", "suppress"])
async def test_who_hears_or_speaks_not_is_no_company(town: Town, voice, flag):
    await town.goes_into(voice, town.ann, town.bob, town.admin)
    await town.wait(minutes=2)
    await town.change_voice(town.bob, **{flag: True})
    await town.wait(minutes=2)  # Ann and Ada go on
    await town.change_voice(town.admin, **{flag: True})
    await town.wait(minutes=2)  # nobody does
    await town.change_voice(town.bob, **{flag: False})
    await town.wait(minutes=2, seconds=6)
    assert await minutes(town, town.ann, town.bob, town.admin) == [6, 4, 4]


async def test_where_and_who(town: Town, voice):
    """Bots are no company; the channel for who is away, and what no XP is set for, bring nothing."""
    bot = town.outsider("robot", bot=True)
    town.guild.handle.add_member(bot.handle)
    town.guild.handle.create_voice_channel("Away")
    await town.set_afk_channel(town.guild.channel("Away"))
    await town.goes_into(voice, town.ann, bot)
    await town.wait(minutes=3)
    await town.goes_into(town.guild.channel("Away"), town.ann, town.bob)
    await town.wait(minutes=3)
    assert await minutes(town, town.ann, town.bob, bot) == [0, 0, 0]
    await town.goes_into(voice, town.ann, town.bob)
    await town.says(town.admin, f"!config set no-xp-channels {voice.mention}")
    await town.wait(minutes=3)
    assert await minutes(town, town.ann, town.bob) == [0, 0]
    await town.says(town.admin, "!config reset no-xp-channels")
    quiet = town.role("Quiet")
    await town.give_role(town.bob, quiet)
    await town.says(town.admin, "!config set no-xp-roles Quiet")
    await town.wait(minutes=13)  # his roles are asked for after ten minutes
    ann, bob = await minutes(town, town.ann, town.bob)
    assert ann >= 12 > 11 >= bob
    await town.says(town.admin, "!config set voice-xp 0")
    await town.wait(minutes=5)
    await town.says(town.admin, "!config reset voice-xp")
    await town.says(town.admin, "!feature disable leveling")
    await town.wait(minutes=5)
    assert await sessions(town) == set()
    (before,) = await minutes(town, town.ann)
    assert before <= 13
    await town.says(town.admin, "!feature enable leveling")
    await town.set_afk_channel(voice)
    await town.wait(minutes=5)
    assert await minutes(town, town.ann) == [before]


async def test_a_restart_neither_loses_nor_doubles(town: Town, voice):
    await town.goes_into(voice, town.ann, town.bob)
    await town.goes_into(voice, town.moderator)
    await town.wait(seconds=150)
    await town.restart()
    assert await minutes(town, town.ann, town.bob) == [2, 2]
    await town.wait(seconds=30)
    await town.wait(minutes=1, seconds=6)
    assert await minutes(town, town.ann, town.bob) == [3, 3]
    await town.wait(seconds=24)
    with town.not_listening():
        await town.hangs_up(town.moderator)
        await town.wait(seconds=45)
    await town.restart(clean=False)  # killed between two writings
    assert await sessions(town) == {town.ann.id, town.bob.id, town.moderator.id}
    await town.wait(minutes=1, seconds=6)
    assert await sessions(town) == {town.ann.id, town.bob.id}
    ann, bob = await minutes(town, town.ann, town.bob)
    assert ann == bob
    assert ann in {5, 6}


async def test_after_a_long_time_away(town: Town, voice):
    await town.goes_into(voice, town.ann, town.bob)
    await town.wait(minutes=2, seconds=6)
    await town._stop_bot()
    await town.wait(minutes=11)
    await town.restart(clean=False)
    await town.wait(minutes=2, seconds=6)
    assert await minutes(town, town.ann, town.bob) == [4, 4]


async def test_an_outage_of_the_guild(town: Town, voice):
    """Who leaves while nothing is heard doesn't earn on."""
    await town.goes_into(voice, town.ann, town.bob, town.moderator)
    await town.wait(minutes=2, seconds=6)
    await town.goes_away(town.guild)
    with town.not_listening():
        await town.hangs_up(town.moderator)
    await town.wait(minutes=3)
    assert await minutes(town, town.ann, town.bob, town.moderator) == [2, 2, 2]
    await town.is_there_again(town.guild)
    await town.wait(minutes=1, seconds=6)
    assert await minutes(town, town.ann, town.bob, town.moderator) == [6, 6, 2]
    await tells(town, "shard_disconnect")
    await town.wait(minutes=20)
    assert await minutes(town, town.ann, town.bob) == [6, 6]
    await tells(town, "shard_resumed")
    await town.wait(minutes=1, seconds=6)
    assert await minutes(town, town.ann, town.bob) == [7, 7]


async def test_the_database_is_away(town: Town, voice):
    await town.goes_into(voice, town.ann, town.bob)
    with database_fails(town, "level_books"):
        await town.wait(minutes=15)
        await town.hangs_up(town.ann)
        await town.goes_into(voice, town.ann)
    await town.wait(minutes=1, seconds=12)
    ann, bob = await minutes(town, town.ann, town.bob)
    assert (ann, bob) == (16, 16)
    assert len(await town.db.fetchall("SELECT * FROM level_batches")) > 0


async def test_two_guilds(town: Town, voice):
    other = town.new_guild("Village", members=[town.ann, town.bob, town.moderator])
    other.handle.create_voice_channel("voice")
    await town.goes_into(voice, town.ann, town.bob)
    await town.goes_into(other.channel("voice"), town.moderator, town.admin) if False else None
    await town.wait(minutes=2, seconds=6)
    assert await minutes(town, town.ann, town.bob) == [2, 2]
    assert await minutes(town, town.ann, town.bob, guild=other) == [0, 0]
