"""XP for messages."""

import asyncio
import copy
import random

import discord

from database.standing_values import Standing
from database.standings import StandingsStore
from tests.moderation.deeds import database_fails
from tests.support.places import Channel
from tests.support.town import Town

MORE = ("apples", "the moon is out", "who plays tonight?", "thanks a lot", "no idea", "brb, food", "what a match!")
"""Texts that have nothing in common."""


async def of(town: Town, person) -> Standing:
    """What is in the database."""
    return await StandingsStore(town.db).get(town.guild.id, person.id)


async def now_of(town: Town, person) -> Standing:
    """What somebody has, with what is still in memory."""
    leveling = town.bot.get_cog("Chat").leveling
    return await town.as_bot(leveling.standing(town.guild.id, person.id))


async def brings_ten(town: Town) -> None:
    for words in ("xp-least 10", "xp-most 10"):
        assert await town.says(town.admin, f"!config set {words}") is not None


async def test_chatting_brings_xp_once_a_minute(town: Town):
    with town.sql_statements() as statements:
        await town.says(town.ann, "good morning")
    assert statements == []
    await town.says(town.ann, "how is everybody today?")
    await town.wait(seconds=6)
    assert 15 <= (await of(town, town.ann)).xp <= 25
    await town.wait(seconds=52)
    await town.says(town.ann, "nobody here yet")
    assert 15 <= (await now_of(town, town.ann)).xp <= 25
    await town.wait(seconds=3)
    await town.says(town.ann, "anyone there at all")
    await town.restart()
    ann = await of(town, town.ann)
    assert 30 <= ann.xp <= 50
    assert ann.messages == 4
    assert await town.bot.levels.of(town.guild.id, town.ann.id) == 0
    recent = [
        await StandingsStore(town.db).recent(town.guild.id, period, town.now.date(), town.ann.id)
        for period in ("day", "week")
    ]
    assert {(one.xp, one.messages) for one in recent} == {(ann.xp, 4)}
    await town.says(town.ann, "before a crash")
    await town.restart(clean=False)
    assert await of(town, town.ann) == ann  # the last few seconds are lost, and nothing else


async def test_what_is_not_counted(town: Town):
    quiet, words = town.channel("quiet"), iter(MORE * 9)
    club = town.guild.handle.create_category("Club")
    town.guild.handle.create_text_channel("lounge", category=club)
    lounge, hall = town.guild.channel("lounge"), town.general
    await town.as_bot(quiet.live.create_thread(name="aside", type=discord.ChannelType.public_thread))
    aside = Channel(town, quiet.handle.threads[0], town.guild)
    muted = town.role("Muted")
    town.role("Fans")

    async def counts(text: str | None = None, channel: Channel = hall) -> bool:
        """Whether Ann's message counts; afterwards she has said other things since."""
        before = (await now_of(town, town.ann)).messages
        await town.says(town.ann, text or next(words), channel=channel)
        return (await now_of(town, town.ann)).messages > before

    async def sets(*settings: str) -> None:
        for one in settings:
            assert await town.says(town.admin, f"!config {one}") is not None

    assert await counts("have you seen my keys?")
    for text in ("!ping", "!nonsense", "ok", "  k ", "Have you seen my keys", "have you seen my keyss?!"):
        assert not await counts(text), text
    await town.dm(town.ann, "hello you")
    await sets("set xp-repeats on", "set xp-shortest 0")
    assert await counts("have you seen my keys?")
    assert await counts("k")
    before = (await now_of(town, town.ann)).messages
    await town.redeliver()
    assert (await now_of(town, town.ann)).messages == before
    robot = town.outsider("robot", bot=True)
    town.guild.handle.add_member(robot.handle)
    await town.says(robot, "beep beep beep")
    hook = town.guild.handle.create_webhook(hall.handle, "News")
    await hook.send("read all about it")
    await town.settle()
    known = [row["user_id"] for row in await town.db.fetchall("SELECT user_id FROM standings")]
    assert known == [town.ann.id]

    await sets(f"set no-xp-channels {quiet.mention}")
    assert [await counts(channel=one) for one in (quiet, aside, lounge, hall)] == [False, False, True, True]
    await sets(f"set no-xp-channels {club.id}")
    assert [await counts(channel=one) for one in (quiet, aside, lounge, hall)] == [True, True, False, True]
    await sets(f"set only-xp-channels {quiet.mention} {club.id}")
    assert [await counts(channel=one) for one in (quiet, aside, lounge, hall)] == [True, True, False, False]
    await sets("reset no-xp-channels", "reset only-xp-channels", "set no-xp-roles Muted", "set only-xp-roles Fans")
    assert not await counts()
    await town.give_role(town.ann, "Fans")
    assert await counts()
    await town.give_role(town.ann, "Muted")
    assert not await counts()
    await town.delete_role(muted)
    assert await counts()
    await town.says(town.admin, "!feature disable leveling")
    await town.says(town.ann, "is this thing on?")
    await town.says(town.admin, "!feature enable leveling")
    before = (await now_of(town, town.ann)).messages
    assert await counts()
    assert (await now_of(town, town.ann)).messages == before + 1


async def test_a_deleted_message_loses_what_it_brought(town: Town):
    await brings_ten(town)
    await town.says(town.ann, MORE[0])
    await town.deletes(town.ann)  # before it was written
    await town.says(town.bob, MORE[1])
    await town.wait(seconds=6)
    assert await of(town, town.ann) == Standing(town.ann.id)
    assert await of(town, town.bob) == Standing(town.bob.id, 10, 1)
    await town.deletes(town.bob)
    await town.wait(seconds=62)
    assert await of(town, town.bob) == Standing(town.bob.id)
    for text in MORE[1:4]:
        await town.says(town.ann, text)
        await town.wait(seconds=61)
    assert await of(town, town.ann) == Standing(town.ann.id, 30, 3)
    await town.says(town.moderator, f"!purge 2 {town.ann.mention}")
    assert await now_of(town, town.ann) == Standing(town.ann.id, 10, 1)
    await town.says(town.ann, MORE[4])
    await town.wait(minutes=10, seconds=1)
    await town.deletes(town.ann)  # that is no farming any more
    assert (await now_of(town, town.ann)).xp == 20


async def test_how_much_a_message_brings(town: Town):
    await town.says(town.admin, "!config set xp-least 30")  # above the most: from 25 to 30 then
    await town.says(town.admin, "!config set xp-cooldown 10s")
    for number, text in enumerate(MORE):
        before = (await now_of(town, town.ann)).xp
        await town.says(town.ann, text)
        assert 25 <= (await now_of(town, town.ann)).xp - before <= 30, number
        await town.wait(seconds=11)
    await brings_ten(town)
    for words in ("server 2x for 1h", f"{town.general.mention} 150%", "Member 3x", "Moderator 500%"):
        await town.says(town.admin, f"!xp multiplier set {words}")
    await town.give_role(town.ann, "Member")
    corner = town.bots_corner

    async def brings(text: str, channel=None) -> int:
        before = (await now_of(town, town.ann)).xp
        await town.says(town.ann, text, channel=channel)
        after = (await now_of(town, town.ann)).xp
        await town.wait(seconds=11)
        return after - before

    assert await brings("server, channel and role") == 10 * 2 * 3 * 3 // 2
    assert await brings("no channel of its own", corner) == 60
    await town.says(town.admin, "!shop add boost Rush 10 50% 10m")
    await town.says(town.ann, "!buy rush", channel=corner)
    assert "50% more XP" in await town.says(town.ann, "!use rush", channel=corner)
    assert await brings("now a boost as well", corner) == 90
    await town.restart()
    assert await brings("which a restart doesn't end", corner) == 90
    await town.wait(minutes=61)
    assert await brings("all that had an end is over", corner) == 30


async def test_what_brings_nothing_lets_nobody_wait(town: Town):
    await brings_ten(town)
    await town.says(town.admin, f"!xp multiplier set {town.bots_corner.mention} 0%")
    await town.says(town.ann, MORE[0], channel=town.bots_corner)
    assert (await now_of(town, town.ann)).messages == 1
    await town.says(town.ann, MORE[1])
    await town.says(town.ann, MORE[2])
    assert await now_of(town, town.ann) == Standing(town.ann.id, 10, 3)


async def test_a_thousand_messages_in_a_minute(town: Town):
    """One award, all of them counted, nothing asked of the database, also while gains are being written."""
    await brings_ten(town)
    heard: list[discord.Message] = []
    town.bot.chat_hearers.append(heard.append)
    await town.says(town.ann, "the first of many")
    chance, chat = random.Random(6), town.bot.get_cog("Chat")

    def again(number: int) -> discord.Message:
        message = copy.copy(heard[0])
        message.id, message.content = heard[0].id + number, chance.randbytes(20).hex()
        return message

    messages = [again(number) for number in range(1, 1_000)]
    with town.sql_statements() as statements:
        for message in messages[:500]:
            chat.hear(message)
    assert statements == []

    async def hear_the_rest() -> None:
        writing = asyncio.ensure_future(chat.writer.write())
        for message in messages[500:]:
            chat.hear(message)
            if message.id % 100 == 0:
                await asyncio.sleep(0)
        await writing

    await town.as_bot(hear_the_rest())
    assert await now_of(town, town.ann) == Standing(town.ann.id, 10, 1_000)


async def test_while_the_database_is_away(town: Town):
    await brings_ten(town)
    await town.says(town.ann, MORE[0])
    with database_fails(town, "level_books", "level_batches"):
        await town.wait(seconds=61)
        await town.says(town.ann, MORE[1])
        await town.says(town.bob, MORE[2])
        await town.wait(seconds=6)
    await town.wait(seconds=12)
    assert await of(town, town.ann) == Standing(town.ann.id, 20, 2)
    assert await of(town, town.bob) == Standing(town.bob.id, 10, 1)


async def test_unloaded_and_sent_away(town: Town):
    """What was gathered is written whatever ends the writing, also of a guild that the bot has left."""
    await brings_ten(town)
    await town.says(town.ann, MORE[0])
    chat = town.bot.get_cog("Chat")

    async def unload_while_writing() -> None:
        await asyncio.gather(chat.writer.write(), town.bot.features.unload("leveling"))

    await town.as_bot(unload_while_writing())
    assert await of(town, town.ann) == Standing(town.ann.id, 10, 1)
    await town.says(town.ann, "nobody counts this")
    assert await town.bot.levels.of(town.guild.id, town.ann.id) is None
    await town.restart()
    await town.says(town.ann, MORE[1])
    await town.kick_bot_from(town.guild)
    await town.wait(minutes=2)
    assert await of(town, town.ann) == Standing(town.ann.id, 20, 2)


async def test_a_bug_in_what_is_told_of_levels_stays_there(town: Town):
    """Others are told all the same, and the gains are written."""
    town.expect_errors()
    for setting in ("xp-least", "xp-most"):
        await town.says(town.admin, f"!config set {setting} 1000")
    leveling, told = town.bot.get_cog("Chat").leveling, []

    def fails(_moves):
        raise ZeroDivisionError

    leveling.watchers[:] = [fails, told.extend]
    await town.says(town.ann, MORE[0])
    await town.wait(seconds=6)
    [move] = told
    assert (move.user_id, move.old_level, move.earned, move.channel_id) == (town.ann.id, 0, True, town.general.id)
    assert any("ZeroDivisionError" in text for text in town.errors)
    assert await of(town, town.ann) == Standing(town.ann.id, 1_000, 1)


async def test_cogs_that_come_back(town: Town):
    """As after a reload whose setup failed: gains are written, roles given and cards drawn as before."""
    await town.says(town.admin, "!config set xp-most 1000")
    await town.says(town.admin, "!config set xp-least 1000")
    regulars = town.role("Regulars")
    await town.says(town.admin, "!levels reward add 1 Regulars")
    await town.says(town.ann, MORE[0])

    async def out_and_in() -> None:
        cogs = town.bot.features.cogs_of("leveling")
        for cog in cogs:
            await town.bot.remove_cog(cog.qualified_name)
        for cog in cogs:
            await town.bot.add_cog(cog)

    await town.as_bot(out_and_in())
    assert await of(town, town.ann) == Standing(town.ann.id, 1_000, 1)
    await town.says(town.bob, MORE[1])
    await town.wait(seconds=20)
    assert await of(town, town.bob) == Standing(town.bob.id, 1_000, 1)
    assert regulars.name in town.bob.role_names
    assert regulars.name in town.ann.role_names  # who was due when the cogs went
    assert (await town.says(town.bob, "!rank")).files
