"""Whether the bot is there: ping, about, a bare mention; and that a message counts once."""

import asyncio
import logging
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import discord
import pytest

from tests.support.places import Person
from tests.support.town import Town
from utils.cog import Cog
from utils.commands import command
from utils.context import Context
from utils.i18n import PSEUDO, _, current_language
from utils.version import VERSION

pytestmark = pytest.mark.engines("sqlite")
english = pytest.mark.town(languages=("en",))


class Slow(Cog):
    """Commands that take their time, count, and stop the bot."""

    feature = "slow"
    count = 0
    stopped_after = None

    @command()
    async def labour(self, ctx: Context, seconds: float) -> None:
        """Work for a while."""
        await asyncio.sleep(seconds)
        await ctx.info(_("Done."))

    @command()
    async def fail(self, ctx: Context, seconds: float) -> None:
        """Fail after a while."""
        await asyncio.sleep(seconds)
        raise discord.ClientException

    @command()
    async def counted(self, ctx: Context) -> None:
        """Count."""
        type(self).count += 1
        await ctx.info(_("{n}.").format(n=type(self).count))

    @command()
    async def halt(self, ctx: Context) -> None:
        """Stop the bot."""
        self.spawn_free(self.bot.stop())

    def spawn_free(self, coroutine) -> None:
        type(self).stopping = asyncio.get_running_loop().create_task(coroutine)

    @command()
    async def tongue(self, ctx: Context) -> None:
        """Say which language is spoken."""
        await ctx.send(f"`{current_language()}`")


@pytest.fixture(autouse=True)
def fresh():
    Slow.count = 0


async def test_ping(town: Town):
    assert (await town.says(town.ann, "!ping")).startswith("Pong! ")
    assert (await town.dm(town.ann, "!PING")).startswith("Pong! ")
    assert (await town.says(town.ann, "!  ping")).startswith("Pong! ")


async def test_about(town: Town):
    town.new_guild("Village")
    await town.settle()
    await town.wait(hours=3)
    for alias in ("about", "info", "invite", "version", "uptime"):
        answer = await town.says(town.ann, f"!{alias}")
        assert answer.startswith("About Hearth")
    assert VERSION in answer.fields["Version"]
    assert answer.fields["Running since"] == f"<t:{int((town.now - timedelta(hours=3)).timestamp())}:R>"
    assert answer.fields["Servers"] == "2"


async def test_the_invitation_asks_for_just_what_commands_need(town: Town):
    link = (await town.says(town.ann, "!about")).fields["Invite me"].split("(")[1].rstrip(")")
    query = parse_qs(urlsplit(link).query)
    assert query["client_id"] == [str(town.bot.application_id)]
    assert query["scope"] == ["bot"]
    asked = discord.Permissions(int(query["permissions"][0]))
    assert asked.send_messages
    assert asked.embed_links
    assert asked.ban_members, "`ban` says so by the kind of its cases"
    assert asked.view_audit_log, "a cog says so that listens"
    assert not asked.administrator
    assert not asked.manage_webhooks, "nothing needs that"


@pytest.mark.parametrize("exclamation", ["", "!"])
async def test_a_bare_mention_tells_the_prefixes(town: Town, exclamation: str):
    mention = f"<@{exclamation}{town.bot.user.id}>"
    assert await town.says(town.ann, mention) == "My commands start with `!` here; try `!help`."
    await town.says(town.admin, "!prefix add ??")
    assert await town.says(town.ann, f"{mention}  ") == "My commands start with `??` and `!` here; try `??help`."
    assert await town.dm(town.ann, mention) == "My commands start with `!` here; try `!help`."
    await town.says(town.admin, "!prefix remove ??")
    await town.says(town.admin, "!prefix remove !")
    assert "a mention of me" in await town.says(town.ann, mention)
    assert await town.says(town.ann, f"I like {mention}") is None


@pytest.mark.engines("sqlite")
async def test_a_bare_mention_is_ignored_where_commands_are(town: Town):
    mention = town.bot.user.mention
    await town.says(town.admin, "!config set ignored-channels #bots-corner")
    assert await town.says(town.ann, mention, channel=town.bots_corner) is None
    assert await town.says(town.admin, mention, channel=town.bots_corner)
    assert await town.says(town.developer, mention, channel=town.bots_corner)


@pytest.mark.engines("sqlite")
async def test_a_bare_mention_where_the_bot_may_not_speak_is_no_bug(town: Town):
    await town.take_permission(town.general, "send_messages")
    assert await town.says(town.ann, town.bot.user.mention) is None
    assert town.bot.error_reports.all() == []


async def test_a_message_that_comes_twice_counts_once(town: Town):
    await town.as_bot(town.bot.add_cog(Slow(town.bot)))
    assert await town.says(town.ann, "!counted") == "1."
    first = town.last_said
    assert await town.redeliver() is None
    assert await town.says(town.ann, "!counted") == "2."
    assert await town.redeliver(first) is None, "also later"
    await town.says(town.ann, town.guild.live.me.mention)
    assert await town.redeliver() is None
    await town.says(town.admin, "!config set suggestions on")
    assert "Did you mean" in await town.says(town.ann, "!cuonted")
    assert await town.redeliver() is None


async def test_bots_are_not_heard(town: Town):
    robot = Person(town, town.env.create_user("robot", bot=True), town.guild)
    await town.join(robot)
    assert await town.says(robot, "!ping") is None
    assert await town.says(robot, town.guild.live.me.mention) is None
    assert await town.says(town.ann, "ping") is None
    assert len((await town.says(town.ann, "!ping")).replies) == 1


# --- Languages ----------------------------------------------------------------------------------------------


@english
async def test_a_members_language_goes_before_the_servers(town: Town):
    await town.as_bot(town.bot.add_cog(Slow(town.bot)))
    assert await town.says(town.ann, "!tongue") == "`en`"
    await town.says(town.admin, "!config set language de")
    assert await town.says(town.ann, "!tongue") == "`de`"
    assert await town.dm(town.ann, "!tongue") == "`en`", "direct messages are in no server"
    await town.as_bot(town.bot.user_settings.set_language(town.ann.id, "en"))
    assert await town.says(town.ann, "!tongue") == "`en`"
    assert await town.says(town.bob, "!tongue") == "`de`"
    await town.restart()
    await town.as_bot(town.bot.add_cog(Slow(town.bot)))
    assert await town.says(town.ann, "!tongue") == "`en`"
    assert await town.says(town.bob, "!tongue") == "`de`"


@pytest.mark.town(languages=("en",), default_language=PSEUDO)
async def test_the_operators_language_is_the_default(town: Town):
    await town.as_bot(town.bot.add_cog(Slow(town.bot)))
    assert await town.says(town.ann, "!tongue") == f"`{PSEUDO}`"
    assert await town.dm(town.ann, "!tongue") == f"`{PSEUDO}`"
    await town.says(town.admin, "!config set language en")
    assert await town.says(town.ann, "!tongue") == "`en`"


@english
async def test_two_people_at_once_each_hear_their_own(town: Town):
    await town.as_bot(town.bot.add_cog(Slow(town.bot)))
    await town.as_bot(town.bot.user_settings.set_language(town.ann.id, "de"))
    await town.says(town.ann, "!labour 2")
    await town.says(town.bob, "!labour 1")
    assert await town.says(town.bob, "!tongue") == "`en`"
    first, second = await town.wait(seconds=3)
    assert (first, second) == ("Done.", "Done."), "not translated, as no catalogue has it"
    assert "Discord" in await town.says(town.ann, "!ping")
    assert await town.says(town.ann, "!tongue") == "`de`"


# --- The end ------------------------------------------------------------------------------------------------


@english
async def test_a_stop_lets_running_commands_finish(town: Town):
    await town.as_bot(town.bot.add_cog(Slow(town.bot)))
    await town.says(town.ann, "!labour 5")
    await town.says(town.developer, "!halt")
    assert not town.bot.is_closed()
    assert await town.says(town.ann, "!ping") is None, "no new ones"
    assert await town.wait(seconds=6) == ("Done.",)
    assert town.bot.is_closed()


@english
async def test_what_fails_while_stopping_is_still_told(town: Town):
    town.expect_errors()
    await town.as_bot(town.bot.add_cog(Slow(town.bot)))
    await town.says(town.ann, "!fail 5")
    await town.says(town.developer, "!halt")
    (told,) = await town.wait(seconds=6)
    assert told.startswith("Something went wrong on my side.")


@english
async def test_a_stop_does_not_wait_for_ever(town: Town, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.WARNING, "hearth")
    await town.as_bot(town.bot.add_cog(Slow(town.bot)))
    await town.says(town.ann, "!labour 3600")
    await town.as_bot(town.bot.stop(grace_seconds=0))
    assert town.bot.is_closed()
    assert "1 commands did not finish in time" in caplog.text


@english
async def test_whoever_closes_second_waits_for_what_cogs_write_down(town: Town):
    written = asyncio.Event()

    class Writing(Cog):
        feature = "writing"

        async def cog_unload(self) -> None:
            for _row in range(100):
                await self.bot.db.fetchval("SELECT COUNT(*) FROM timers")
            written.set()

    await town.as_bot(town.bot.add_cog(Writing(town.bot)))

    async def close_and_look() -> bool:
        await town.bot.close()
        return written.is_set()

    async def close_twice() -> list[bool]:
        return await asyncio.gather(close_and_look(), close_and_look())

    assert await town.as_bot(close_twice()) == [True, True]


async def test_the_owner_shuts_down_after_a_question(town: Town):
    question = await town.says(town.developer, "!shutdown")
    assert question.startswith("Stop the bot?")
    await town.press(town.developer, question, "No")
    assert town.last() == "I stay."
    assert "Pong" in await town.says(town.ann, "!ping")
    question = await town.says(town.developer, "!shutdown")
    await town.press(town.developer, question, "Yes")
    assert town.last() == "Good-bye."
    assert town.bot.is_closed()
