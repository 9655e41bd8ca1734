"""XP for talking in voice channels."""

import discord
import pytest

from cogs.leveling.voice.cog import Spoken
from database.standing_values import Gain
from database.standings import StandingsStore
from database.xp_multipliers import XpMultiplier
from tests.moderation.deeds import database_fails
from tests.support.town import Town
from utils.events import LevelUp
from utils.gathering import Batch


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


async def test_who_is_muted_is_no_company(town: Town, voice):
    await town.goes_into(voice, town.ann, town.bob, town.admin)
    await town.wait(minutes=2)
    await town.change_voice(town.bob, deaf=True)
    await town.wait(minutes=2)  # Ann and Ada go on
    await town.change_voice(town.admin, self_mute=True)
    await town.wait(minutes=2)  # nobody does
    await town.change_voice(town.bob, deaf=False)
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
    await town.goes_into(voice, town.ann, town.bob, town.moderator)
    await town.wait(seconds=150)
    await town.restart()
    assert await minutes(town, town.ann, town.bob) == [2, 2]
    await town.wait(seconds=96)
    assert await minutes(town, town.ann, town.bob) == [3, 3]
    await town.wait(seconds=27)
    with town.not_listening():
        await town.hangs_up(town.moderator)
        await town.restart(clean=False)  # a kill while the fourth minute is in memory
    assert await minutes(town, town.ann, town.bob) == [3, 3]
    assert await sessions(town) == {town.ann.id, town.bob.id, town.moderator.id}
    await town.wait(seconds=66)
    assert await minutes(town, town.ann, town.bob, town.moderator) == [5, 5, 3]
    assert await sessions(town) == {town.ann.id, town.bob.id}
    await town.as_bot(town.bot.features.reload("leveling"))
    await town.wait(seconds=81)
    assert await minutes(town, town.ann, town.bob) == [6, 6]
    await town.hangs_up(town.ann, town.bob)
    await town.restart()
    assert await minutes(town, town.ann, town.bob) == [7, 7]


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
    assert await minutes(town, town.ann, town.bob) == [16, 16]
    cog = town.bot.get_cog("Talking")
    again = Batch(7, town.guild.id, {town.ann.id: Spoken(Gain(xp=20, voice_minutes=4), voice.id, None)})
    for _ in range(2):  # it may be written although the connection broke before anybody heard of it
        await town.as_bot(cog._write(again))
    assert await minutes(town, town.ann) == [20]
    assert await sessions(town) == {town.bob.id}


async def test_multipliers_and_where_a_level_was_reached(town: Town, voice):
    cog, told = town.bot.get_cog("Talking"), []
    cog.leveling.watchers.append(told.extend)
    for one in (
        XpMultiplier(town.guild.id, "channel", voice.id, 300),
        XpMultiplier(town.guild.id, "role", town.role("Fan").id, 150),
    ):
        await town.as_bot(cog.multipliers.put(one))
    await town.give_role(town.ann, "Fan")
    await town.goes_into(voice, town.ann, town.bob)
    await town.wait(minutes=5, seconds=6)
    found = await StandingsStore(town.db).get_many(town.guild.id, [town.ann.id, town.bob.id])
    assert (found[town.ann.id].xp, found[town.bob.id].xp) == (5 * 23, 5 * 15)
    assert [(one.user_id, one.channel_id, one.earned) for one in told] == [(town.ann.id, voice.id, True)]


async def test_two_guilds_and_who_goes_for_good(town: Town, voice):
    cleo, dan = town.outsider("cleo"), town.outsider("dan")
    other = town.new_guild("Village", members=[cleo, dan, town.bob])
    other.handle.create_voice_channel("voice")
    await town.goes_into(voice, town.ann, town.bob)
    await town.goes_into(other.channel("voice"), cleo, dan)
    await town.wait(minutes=2, seconds=6)
    assert await minutes(town, town.ann, town.bob) == [2, 2]
    assert await minutes(town, cleo, dan, town.bob, guild=other) == [2, 2, 0]
    with town.not_listening():
        await town.hangs_up(town.ann)  # whom nobody finds any more, so that discord.py tells of nothing
    await town.leave(town.ann)
    await town.wait(minutes=2)
    assert await minutes(town, town.ann, town.bob) == [2, 2]
    await town.wait(minutes=1)
    await town.kick_bot_from(other)
    await town.wait(seconds=6)
    assert await minutes(town, cleo, dan, guild=other) == [5, 5]
    assert await sessions(town) == set()
    await town.wait(minutes=3)
    assert await minutes(town, cleo, dan, guild=other) == [5, 5]


async def test_nobody_knows_who_they_are(town: Town, voice, monkeypatch):
    """After a restart Discord doesn't answer for a while; their time counts all the same, and a bot's doesn't."""
    robot = town.outsider("robot", bot=True)
    town.guild.handle.add_member(robot.handle)
    await town.goes_into(voice, town.ann, town.bob, robot)
    await town.wait(minutes=1, seconds=6)
    asked = discord.Guild.query_members

    async def silent(*_, **__):
        raise TimeoutError

    monkeypatch.setattr(discord.Guild, "query_members", silent)
    await town.restart()
    await town.wait(minutes=3)
    assert await minutes(town, town.ann, town.bob) == [1, 1]
    monkeypatch.setattr(discord.Guild, "query_members", asked)
    await town.wait(minutes=2, seconds=6)
    assert await minutes(town, town.ann, town.bob, robot) == [6, 6, 0]
    await town.delete_channel(voice)
    await town.wait(minutes=2)
    assert await minutes(town, town.ann, town.bob) == [6, 6]


async def test_categories_and_guilds_that_go_while_the_bot_is_away(town: Town, voice):
    cleo, dan = town.outsider("cleo"), town.outsider("dan")
    other = town.new_guild("Village", members=[cleo, dan])
    other.handle.create_voice_channel("voice")
    town.guild.handle.create_category("Silence")
    await town.says(town.admin, "!config set no-xp-channels Silence")
    await town.goes_into(other.channel("voice"), cleo, dan)
    await town.goes_into(voice, town.ann, town.bob)
    await town.wait(minutes=1, seconds=6)
    await town.move_channel(voice, town.guild.channel("Silence"))
    await town.wait(minutes=3)
    await town.move_channel(voice, None)
    await town.wait(minutes=1, seconds=6)
    assert await minutes(town, town.ann, town.bob) == [2, 2]
    await town.hangs_up(town.ann)
    with town.not_listening():
        await town.kick_bot_from(other)
        await town.restart()
    await town.wait(seconds=6)
    assert await minutes(town, cleo, dan, guild=other) == [5, 5]
    assert await sessions(town) == set()
