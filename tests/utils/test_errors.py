"""From an exception to the answer, through real conversations with a cog that does everything wrong."""

import logging
import re

import discord
import pytest
import pytest_asyncio
from discord.ext import commands

from database.errors import DatabaseUnavailable
from tests.support.town import Town
from tests.support.wrong import SECRET, Wrong
from utils import errors
from utils.cog import Cog
from utils.commands import command
from utils.context import Context
from utils.errors import Silent, UserError
from utils.i18n import _
from utils.setting_types import SettingError
from utils.time import TimeError

sqlite = pytest.mark.engines("sqlite")


@pytest_asyncio.fixture
async def wrong(town: Town) -> Town:
    """The town, with a cog that does everything wrong."""
    await town.as_bot(town.bot.add_cog(Wrong(town.bot)))
    return town


# --- The table ----------------------------------------------------------------------------------------------


@sqlite
async def test_each_row_of_the_table_answers(wrong: Town):
    town = wrong
    await town.take_permission(town.bots_corner, "send_messages")
    await town.take_permission(town.general, "manage_webhooks")
    trouble = _("Discord has trouble at the moment; try again in a minute.")
    usage = "Usage: `!half <number>`\nExample: `!half 2`"
    await town.says(town.bob, "!once")
    await town.says(town.bob, "!nap")
    conversations = {
        Silent: ("!vanish", None),
        UserError: ("!broke", "You have no coins."),
        SettingError: ("!misset", "That's no prefix."),
        TimeError: ("!when tea", "I can't read “tea” as a duration. Write it like `10m`, `1h30m` or `2 days`."),
        commands.CommandNotFound: ("!nothing", None),
        commands.MissingPermissions: (
            "!rule",
            "You need the permission **Manage Server** and **Ban Members** for this.",
        ),
        commands.BotMissingPermissions: (
            "!hook",
            f"I need the permission **Manage Webhooks** in {town.general.mention} for this.",
        ),
        commands.NotOwner: ("!own", None),
        commands.NoPrivateMessage: ("dm !local", "This works in a server only."),
        commands.PrivateMessageOnly: ("!whisper", "This works in direct messages only."),
        commands.CommandOnCooldown: (
            "!once",
            f"Not so fast: you can use this again <t:{int(town.now.timestamp()) + 60}:R>.",
        ),
        commands.MaxConcurrencyReached: ("!nap", "This is running already; wait until it has finished."),
        commands.DisabledCommand: ("!asleep", None),
        commands.MissingRequiredArgument: ("!half", f"Something is missing: `number`.\n{usage}"),
        commands.TooManyArguments: ("!half 2 3", f"That's more than this command takes.\n{usage}"),
        commands.ArgumentParsingError: (
            '!half "2',
            f'A quotation mark is missing its partner; write `\\"` for a quotation mark that is just text.\n{usage}',
        ),
        commands.BadLiteralArgument: (
            "!drink milk",
            'Choose one of `tea` or `coffee`.\nUsage: `!drink <"tea"|"coffee">`\nExample: `!drink tea`',
        ),
        commands.BadUnionArgument: ("!meet nobody", "I don't understand `nobody`.\nUsage: `!meet <whom>`"),
        commands.BadArgument: ("!half x", f"I don't understand `x`.\n{usage}"),
        commands.CheckFailure: ("!barred", "You can't use this here."),
        discord.Forbidden: (
            f"!shout {town.bots_corner.id}",
            "Discord doesn't let me do this: a permission or a role position is in the way (Missing Permissions).",
        ),
        discord.NotFound: ("!forget", "Discord doesn't know that any more; was it deleted meanwhile?"),
        discord.DiscordServerError: ("!stumble", trouble),
        DatabaseUnavailable: ("!offline", "I can't reach my database at the moment; try again in a minute."),
    }
    assert set(conversations) == set(errors.ANSWERS), "each row has its conversation"
    for text, expected in conversations.values():
        says = town.dm if text.startswith("dm ") else town.says
        assert await says(town.bob, text.removeprefix("dm ")) == expected, text


@sqlite
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("!toggle perhaps", "I don't understand `perhaps`.\nUsage: `!toggle <switch>`"),
        ("!grab 7", "I don't understand `7`.\nUsage: `!grab <number>`"),
        ("!greet nobody", "I don't understand `nobody`.\nUsage: `!greet <member>`"),
        ("!half `x`", "I don't understand `ˋxˋ`.\nUsage: `!half <number>`\nExample: `!half 2`"),
        ("!bake", "You can't use this here."),
    ],
)
async def test_no_sentence_of_discord_py_reaches_people(wrong: Town, text: str, expected: str):
    assert await wrong.says(wrong.ann, text) == expected


@sqlite
async def test_closed_direct_messages_are_named(wrong: Town):
    wrong.close_dms(wrong.ann)
    assert await wrong.says(wrong.ann, "!tell") == (
        "I can't send you direct messages: your privacy settings or a block stop me."
    )


@sqlite
async def test_the_role_in_the_way_is_named(wrong: Town):
    town = wrong
    moderator, admin = town.guild.role("Moderator"), town.guild.role("Admin")
    answer = await town.says(town.moderator, "!act ada")
    assert answer == (
        f"You can't act on {town.admin.mention}: their role {admin.mention} is not below yours, {moderator.mention}."
    )
    await town.put_bot_below("Moderator")
    mine = town.guild.live.me.top_role.mention
    assert await town.says(town.admin, "!act mona") == (
        f"I can't act on {town.moderator.mention}: their role {moderator.mention} is not below mine, {mine}. "
        "Move my role up in Server Settings, Roles."
    )
    assert await town.says(town.admin, "!act olivia") == (
        f"{town.owner.mention} owns this server; nobody can act on them."
    )
    assert await town.says(town.admin, "!act ada") == "You can't do this to yourself."
    assert await town.says(town.admin, "!act Hearth") == "I won't do this to myself."
    assert await town.says(town.admin, "!act ann") == "Done."
    assert await town.says(town.moderator, "!hand Admin") == (
        f"You can't give or take {admin.mention}: it is not below your role, {moderator.mention}."
    )
    assert await town.says(town.admin, "!hand Moderator") == (
        f"I can't give or take {moderator.mention}: it is not below my role, {mine}. "
        "Move my role up in Server Settings, Roles."
    )
    assert await town.says(town.admin, "!hand @everyone") == (
        "`@\u200beveryone` can't be given or taken: Discord or an app manages it."
    )
    assert await town.says(town.admin, "!hand Member") == "Done."


# --- Our bugs -----------------------------------------------------------------------------------------------


def id_in(text: str | None) -> str:
    found = re.search(r"written down as `([0-9a-f]{6})`", text or "")
    assert found, text
    return found[1]


@sqlite
async def test_an_unexpected_error_has_an_id_for_the_log_and_the_owner(wrong: Town, caplog: pytest.LogCaptureFixture):
    town = wrong
    town.expect_errors()
    answer = await town.says(town.ann, "!crash")
    assert answer == f"Something went wrong on my side. It is written down as `{id_in(answer)}`."
    assert SECRET not in answer
    (record,) = [record for record in caplog.records if getattr(record, "error_id", None) == id_in(answer)]
    assert record.exc_info
    assert SECRET in str(record.exc_info[1])
    assert record.levelno == logging.ERROR

    assert await town.says(town.ann, f"!traceback {id_in(answer)}") is None, "the owner's alone"
    assert town.messages(town.ann) == []
    assert await town.says(town.developer, f"!traceback {id_in(answer)}") == "I've sent it to you."
    sent = town.last(town.developer)
    assert sent.startswith(f"Error `{id_in(answer)}` in crash\n```py\nTraceback")
    assert f"ZeroDivisionError: {SECRET}" in sent
    assert f"`{id_in(answer)}`" in await town.says(town.developer, "!traceback")
    assert await town.dm(town.developer, f"!traceback {id_in(answer)}") == sent, "in direct messages, just that"
    assert await town.says(town.developer, "!traceback 000000") == "I know no error of that id; the log may have it."


@sqlite
async def test_a_traceback_too_long_for_a_message_is_a_file(wrong: Town):
    town = wrong
    town.expect_errors()
    answer = await town.says(town.ann, "!crash 30")
    await town.says(town.developer, f"!traceback {id_in(answer)}")
    assert [file.filename for file in town.last(town.developer).files] == ["traceback.txt"]


@sqlite
async def test_the_owner_with_closed_direct_messages_hears_why(wrong: Town):
    town = wrong
    town.expect_errors()
    answer = await town.says(town.ann, "!crash")
    town.close_dms(town.developer)
    assert await town.says(town.developer, f"!traceback {id_in(answer)}") == (
        "I can't send you direct messages; open yours for this server and try again."
    )
    assert SECRET not in town.transcript().split("traceback")[-1]


@sqlite
async def test_an_error_in_a_check_is_told_as_well(wrong: Town):
    wrong.expect_errors()
    report_id = id_in(await wrong.says(wrong.ann, "!crashcheck"))
    report = wrong.bot.error_reports.find(report_id)
    assert wrong.bot.error_reports.find(report_id.upper()) is report
    assert report is not None
    assert "ZeroDivisionError" in report.traceback


@sqlite
async def test_an_error_in_a_button_is_told_to_who_pressed(wrong: Town):
    town = wrong
    town.expect_errors()
    answer = await town.says(town.ann, "!buttons")
    said = (await town.press(town.ann, answer, "1")).reply
    assert said.ephemeral
    assert SECRET in town.bot.error_reports.find(id_in(said)).traceback
    assert (await town.press(town.ann, answer, "2")).reply == "You have no coins."
    assert (await town.press(town.ann, answer, "3")).reply == "That's no prefix."
    assert "my database" in (await town.press(town.ann, answer, "4")).reply
    assert (await town.press(town.ann, answer, "5")).reply == "You can't use this here."
    assert len(town.bot.error_reports.all()) == 1, "a mistake is no bug"


@sqlite
async def test_an_error_in_a_listener_is_kept_for_the_owner(wrong: Town):
    wrong.expect_errors()
    assert await wrong.says(wrong.ann, "crash the listener") is None
    (report,) = wrong.bot.error_reports.all()
    assert SECRET in report.traceback
    assert f"`{report.id}`" in await wrong.says(wrong.developer, "!traceback")


@sqlite
async def test_a_cog_that_handles_an_error_is_asked_alone(town: Town):
    class Handles(Cog):
        feature = "handles"

        @command()
        async def broke(self, ctx: Context) -> None:
            """Fail."""
            raise UserError(_("You have no coins."))

        @broke.error
        async def handle(self, ctx: Context, error: commands.CommandError) -> None:
            await ctx.info(_("Never mind."))

    class HandlesAll(Cog):
        feature = "handles"

        @command()
        async def misset(self, ctx: Context) -> None:
            """Fail."""
            raise UserError(_("You have no coins."))

        async def cog_command_error(self, ctx: Context, error: commands.CommandError) -> None:
            await ctx.info(_("Never mind either."))

    await town.as_bot(town.bot.add_cog(Handles(town.bot)))
    await town.as_bot(town.bot.add_cog(HandlesAll(town.bot)))
    assert (await town.says(town.ann, "!broke")).replies == ("Never mind.",)
    assert (await town.says(town.ann, "!misset")).replies == ("Never mind either.",)


# --- Not being able to say it -------------------------------------------------------------------------------


@sqlite
async def test_the_handler_survives_a_channel_it_can_not_speak_in(wrong: Town):
    await wrong.take_permission(wrong.general, "send_messages")
    assert await wrong.says(wrong.ann, "!broke") is None
    assert await wrong.says(wrong.ann, "!ping") is None
    assert wrong.errors == []
    await wrong.give_permission(wrong.general, "send_messages")
    assert await wrong.says(wrong.ann, "!broke") == "You have no coins."


@sqlite
async def test_the_handler_survives_trouble_at_discord(wrong: Town):
    wrong.refuse("POST", "/channels/*/messages", status=500, times=None)
    assert await wrong.says(wrong.ann, "!broke") is None
    assert wrong.errors == []


# --- Unknown commands ---------------------------------------------------------------------------------------


@sqlite
async def test_unknown_commands_are_silent_until_suggestions_are_on(wrong: Town):
    town = wrong
    assert await town.says(town.ann, "!pign") is None
    await town.says(town.admin, "!config set suggestions on")
    assert await town.says(town.ann, "!pign") == "Did you mean `!ping`?"
    assert await town.says(town.ann, "!Brok") == "Did you mean `!broke`?"
    assert await town.says(town.ann, "!!!") is None
    assert await town.says(town.ann, "!xyzzyx") is None
    assert await town.says(town.ann, "!tracebakc") is None, "what they may not run isn't suggested"
    assert await town.says(town.developer, "!tracebakc") == "Did you mean `!traceback`?"
    assert await town.dm(town.ann, "!pign") is None


@sqlite
async def test_the_checks_of_a_command_keep_their_order(wrong: Town):
    """discord.py turns them around each time it makes a cog: the second refusal would come before the first."""
    for _again in range(2):
        assert await wrong.dm(wrong.ann, "!rule") == "This works in a server only."
        await wrong.as_bot(wrong.bot.remove_cog("Wrong"))
        await wrong.as_bot(wrong.bot.add_cog(Wrong(wrong.bot)))
    assert await wrong.dm(wrong.ann, "!config") == "This works in a server only."


@sqlite
async def test_what_one_feature_gets_wrong_in_chat_keeps_no_other_from_hearing(town: Town):
    town.expect_errors()
    heard: list[str] = []

    def fail(message: discord.Message) -> None:
        raise RuntimeError(message.content)

    def hear(message: discord.Message) -> None:
        heard.append(message.content)

    town.bot.chat_hearers[:0] = [fail, hear]
    await town.says(town.ann, "good morning")
    assert heard == ["good morning"]
    assert "RuntimeError: good morning" in town.bot.error_reports.all()[0].traceback
