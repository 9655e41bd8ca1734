"""From an exception to the answer, through real conversations with a cog that does everything wrong."""

import asyncio
import logging
import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, Literal

import discord
import pytest
import pytest_asyncio
from discord.ext import commands

from database.errors import DatabaseUnavailable
from tests.support.town import Town
from utils import errors
from utils.checks import acting_on, bot_requires, handling_role, owner_only, requires
from utils.cog import Cog
from utils.commands import command, example, group
from utils.context import Context
from utils.converters import GuildMember, RoleConverter
from utils.errors import Silent, UserError
from utils.i18n import _
from utils.setting_types import SettingError
from utils.time import TimeError, parse_duration
from utils.views import OwnedView

sqlite = pytest.mark.engines("sqlite")
english = pytest.mark.town(languages=("en",))

SECRET = "what-only-the-traceback-says"


class Wrong(Cog):
    """Commands that go wrong, each in its own way."""

    feature = "wrong"

    # --- what the member did

    @command()
    async def broke(self, ctx: Context) -> None:
        """Fail for the member's mistake."""
        raise UserError(_("You have no coins."))

    @command()
    async def misset(self, ctx: Context) -> None:
        """Fail as a setting that doesn't fit."""
        raise SettingError(_("That's no prefix."))

    @command()
    async def vanish(self, ctx: Context) -> None:
        """Fail without a word."""
        raise Silent

    @command(ignore_extra=False)
    @example("2")
    async def half(self, ctx: Context, number: int) -> None:
        """Halve a number."""
        await ctx.info(_("{n} it is.").format(n=number // 2))

    @command()
    @example("tea")
    async def drink(self, ctx: Context, what: Literal["tea", "coffee"]) -> None:
        """Drink."""

    @command()
    async def meet(self, ctx: Context, whom: discord.Member | discord.Role) -> None:
        """Meet somebody."""

    @command()
    async def toggle(self, ctx: Context, switch: bool) -> None:
        """Toggle."""

    @command()
    async def pick(self, ctx: Context, number: commands.Range[int, 1, 6]) -> None:
        """Pick a number."""

    @command()
    async def greet(self, ctx: Context, member: discord.Member) -> None:
        """Invite somebody, as discord.py finds them."""

    @command()
    async def when(self, ctx: Context, *, words: str) -> None:
        """Read a time without a converter."""
        parse_duration(words)

    # --- who may, and where

    @command()
    @requires(manage_guild=True, ban_members=True)
    async def rule(self, ctx: Context) -> None:
        """Rule the server."""

    @command()
    @bot_requires(manage_webhooks=True)
    async def hook(self, ctx: Context) -> None:
        """Make a webhook."""

    @command()
    @owner_only()
    async def own(self, ctx: Context) -> None:
        """Own the bot."""

    @command()
    @commands.guild_only()
    async def local(self, ctx: Context) -> None:
        """Work in a server only."""

    @command()
    @commands.dm_only()
    async def whisper(self, ctx: Context) -> None:
        """Work in direct messages only."""

    @command()
    @commands.check(lambda ctx: False)
    async def barred(self, ctx: Context) -> None:
        """Refuse everybody."""

    @command()
    @commands.has_role("Baker")
    async def bake(self, ctx: Context) -> None:
        """Only for bakers."""

    @command(enabled=False)
    async def asleep(self, ctx: Context) -> None:
        """Do nothing at all."""

    @command()
    async def act(self, ctx: Context, *, member: GuildMember) -> None:
        """Act on somebody."""
        acting_on(ctx, member)
        await ctx.success(_("Done."))

    @command()
    async def hand(self, ctx: Context, *, role: RoleConverter) -> None:
        """Hand out a role."""
        handling_role(ctx, role)
        await ctx.success(_("Done."))

    # --- what Discord says

    @command()
    async def shout(self, ctx: Context, channel_id: int) -> None:
        """Speak in another channel."""
        channel = ctx.bot.get_channel(channel_id)
        assert isinstance(channel, discord.TextChannel)
        await channel.send(_("Hello!"))

    @command()
    async def tell(self, ctx: Context) -> None:
        """Speak in direct messages."""
        await ctx.author.send(_("Hello!"))

    @command()
    async def forget(self, ctx: Context) -> None:
        """Delete a message twice."""
        message = await ctx.send(_("Hello!"))
        await message.delete()
        await message.delete()

    @command()
    async def stumble(self, ctx: Context) -> None:
        """Ask what Discord can't answer now."""
        response: Any = SimpleNamespace(status=503, reason="Service Unavailable")
        raise discord.DiscordServerError(response, "upstream connect error")

    @command()
    async def offline(self, ctx: Context) -> None:
        """Ask a database that is away."""
        raise DatabaseUnavailable

    # --- our bugs

    @command()
    async def crash(self, ctx: Context, depth: int = 0) -> None:
        """Fail for nobody's mistake."""
        if depth:
            await self.crash(ctx, depth - 1)
        raise ZeroDivisionError(SECRET)

    @command()
    @commands.check(lambda ctx: 1 // 0 == 1)
    async def crashcheck(self, ctx: Context) -> None:
        """Fail in a check."""

    @command()
    async def buttons(self, ctx: Context) -> None:
        """Show buttons that fail."""
        view = OwnedView(self.bot, ctx.author.id)
        for number, error in enumerate(BUTTON_ERRORS, start=1):
            view.add_item(_Failing(f"{number}", error))
        await ctx.show(discord.Embed(description=_("Press one.")), view=view)

    @Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Fail in a listener."""
        if message.content == "crash the listener":
            raise ZeroDivisionError(SECRET)

    # --- cooldowns

    @command()
    @commands.cooldown(1, 60, commands.BucketType.user)
    async def once(self, ctx: Context, number: int = 1) -> None:
        """Halve a number, once a minute."""
        await ctx.info(_("{n} it is.").format(n=4 // number))

    @command()
    @commands.cooldown(2, 60, commands.BucketType.user)
    async def twice(self, ctx: Context, number: int = 1) -> None:
        """Halve a number, twice a minute."""
        await ctx.info(_("{n} it is.").format(n=4 // number))

    @command(cooldown_after_parsing=True)
    @commands.cooldown(2, 60, commands.BucketType.user)
    async def parsed(self, ctx: Context, number: int = 1) -> None:
        """Halve a number, twice a minute; mistyping is free."""
        await ctx.info(_("{n} it is.").format(n=4 // number))

    @command()
    @commands.cooldown(2, 60, commands.BucketType.user)
    @commands.max_concurrency(1, commands.BucketType.user)
    async def nap(self, ctx: Context) -> None:
        """Sleep for ten seconds, twice a minute."""
        await asyncio.sleep(10)
        await ctx.info(_("Good morning!"))

    @group()
    @commands.cooldown(1, 60, commands.BucketType.user)
    async def bread(self, ctx: Context) -> None:
        """Think of bread."""

    @bread.command(name="cut")
    @commands.cooldown(1, 60, commands.BucketType.user)
    async def cut_bread(self, ctx: Context, slices: int) -> None:
        """Cut bread."""
        await ctx.info(_("{n} slices.").format(n=slices))


BUTTON_ERRORS: tuple[Callable[[], Exception], ...] = (
    lambda: ZeroDivisionError(SECRET),
    lambda: UserError(_("You have no coins.")),
    lambda: SettingError(_("That's no prefix.")),
    DatabaseUnavailable,
    Silent,
)


class _Failing(discord.ui.Button[OwnedView]):
    def __init__(self, label: str, error: Callable[[], Exception]) -> None:
        super().__init__(label=label)
        self.error = error

    async def callback(self, interaction: discord.Interaction) -> None:
        raise self.error()


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
        ("!pick 7", "I don't understand `7`.\nUsage: `!pick <number>`"),
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
        f"{town.guild.live.default_role.mention} can't be given or taken: Discord or an app manages it."
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
    report = wrong.bot.error_reports.find(id_in(await wrong.says(wrong.ann, "!crashcheck")))
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


# --- Cooldowns ----------------------------------------------------------------------------------------------


@sqlite
async def test_a_mistyped_or_failed_use_is_given_back(wrong: Town):
    town = wrong
    town.expect_errors()
    await town.says(town.ann, "!once tea")
    await town.says(town.ann, "!once 0")  # our bug: division by zero
    assert await town.says(town.ann, "!once") == "4 it is."
    assert "Not so fast" in await town.says(town.ann, "!once")
    assert "Not so fast" in await town.says(town.ann, "!once"), "being refused gives nothing back"
    await town.wait(seconds=61)
    assert await town.says(town.ann, "!once") == "4 it is."


@sqlite
async def test_just_one_use_is_given_back(wrong: Town):
    town = wrong
    assert await town.says(town.ann, "!twice") == "4 it is."
    await town.says(town.ann, "!twice tea")
    await town.says(town.ann, "!twice tea")
    assert await town.says(town.ann, "!twice 2") == "2 it is."
    assert "Not so fast" in await town.says(town.ann, "!twice")


@sqlite
async def test_what_took_no_use_gives_none_back(wrong: Town):
    town = wrong
    await town.says(town.ann, "!parsed")
    await town.says(town.ann, "!parsed tea")
    assert await town.says(town.ann, "!parsed") == "4 it is."
    assert "Not so fast" in await town.says(town.ann, "!parsed"), "mistyping took no use"

    await town.says(town.ann, "!nap")
    assert "running already" in await town.says(town.ann, "!nap")
    await town.wait(seconds=10)
    await town.says(town.ann, "!nap")
    await town.wait(seconds=10)
    assert "Not so fast" in await town.says(town.ann, "!nap"), "being busy took no use"


@sqlite
async def test_a_subcommand_gets_its_own_use_back(wrong: Town):
    town = wrong
    await town.says(town.ann, "!bread")
    await town.says(town.ann, "!bread cut many")
    assert await town.says(town.ann, "!bread cut 2") == "2 slices."
    assert "Not so fast" in await town.says(town.ann, "!bread cut 2")
    assert "Not so fast" in await town.says(town.ann, "!bread")


@sqlite
async def test_the_checks_of_a_command_keep_their_order(wrong: Town):
    """discord.py turns them around each time it makes a cog: the second refusal would come before the first."""
    for _again in range(2):
        assert await wrong.dm(wrong.ann, "!rule") == "This works in a server only."
        await wrong.as_bot(wrong.bot.remove_cog("Wrong"))
        await wrong.as_bot(wrong.bot.add_cog(Wrong(wrong.bot)))
    assert await wrong.dm(wrong.ann, "!config") == "This works in a server only."
