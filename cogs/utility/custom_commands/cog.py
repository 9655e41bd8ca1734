"""`customcommand`: commands that a server makes itself."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Annotated, Final, cast

import discord
from discord.ext import commands

from cogs.utility.custom_commands import rules, texts
from cogs.utility.custom_commands.rules import Details
from cogs.utility.custom_commands.section import CustomCommandsSection
from cogs.utility.custom_commands.service import IN_MEMORY, CustomCommand, CustomCommands
from database.custom_commands import CustomCommandRow
from database.ids import new_id
from utils import checks
from utils.arguments import as_bad_argument
from utils.bot import Hearth
from utils.cog import Cog
from utils.commands import example, group
from utils.context import Context, GuildContext
from utils.converters import (
    NOTHING,
    BoundedText,
    Duration,
    RoleConverter,
    TextChannelConverter,
    parse_colour,
    parse_text,
)
from utils.errors import UserError, as_user_error
from utils.formatting import MESSAGE_LIMIT, code, truncate
from utils.i18n import _, format_list
from utils.invoking import MadeHere
from utils.people import named
from utils.shared_memory import Part
from utils.time import human_duration

LINES_A_PAGE: Final = 20


class NewName(commands.Converter[str]):
    """A name that a command may get: one that no command of the bot has."""

    async def convert(self, ctx: Context, argument: str) -> str:  # type: ignore[override]
        """Raise `BadArgument` if none may."""
        with as_bad_argument():
            name = rules.read_name(argument)
        if ctx.bot.get_command(name) is not None:
            raise commands.BadArgument(_("I have a command {name} of my own.").format(name=code(name)))
        others = [finder for finder in ctx.bot.command_finders if finder is not ctx.cog]
        if ctx.guild is not None and any(finder.knows(ctx.guild.id, name) for finder in others):
            sentence = _("There is an alias {name} already; remove it first.")
            raise commands.BadArgument(sentence.format(name=code(name)))
        return name


class Existing(commands.Converter[CustomCommand]):
    """A command that this server made."""

    async def convert(self, ctx: Context, argument: str) -> CustomCommand:  # type: ignore[override]
        """Raise `BadArgument` if there is none of this name."""
        assert isinstance(ctx.cog, CustomCommandsCog)
        assert ctx.guild is not None
        prefix = ctx.clean_prefix
        found = ctx.cog.commands.find(ctx.guild.id, argument.removeprefix(prefix))
        if found is None:
            name = code(truncate(argument, rules.NAME_LIMIT))
            raise commands.BadArgument(_("This server has no command {name} of its own.").format(name=name))
        return found


class OrNone(commands.Converter[object]):
    """What another converter takes, or a word such as `off`, for None."""

    def __init__(self, converter: commands.Converter[object]) -> None:
        self.converter = converter

    async def convert(self, ctx: Context, argument: str) -> object:  # type: ignore[override]
        """Raise what the other converter raises."""
        if argument.casefold() in NOTHING | {"0"}:
            return None
        return await self.converter.convert(ctx, argument)


Made = Annotated[CustomCommand, Existing]
Name = Annotated[str, NewName]
Text = Annotated[str, BoundedText(MESSAGE_LIMIT)]
LONGEST_COOLDOWN: Final = timedelta(seconds=rules.MOST_COOLDOWN_SECONDS)


class CustomCommandsCog(Cog, name="CustomCommands"):
    """Commands that a server makes itself."""

    def __init__(self, bot: Hearth) -> None:
        super().__init__(bot)
        self.commands = CustomCommands(self)
        self.sections = (CustomCommandsSection(self),)
        self.in_memory = (Part(IN_MEMORY, self.commands.read),)

    async def cog_load(self) -> None:
        """Read the commands, and begin to be asked for what isn't a command of the bot."""
        await self.commands.load()
        self.bot.command_finders.append(self)

    async def cog_unload(self) -> None:
        """Be asked no more, and write the uses that were counted."""
        self.bot.command_finders.remove(self)
        await self.commands.writer.write_the_last()

    async def forget_person(self, user_id: int, guild_id: int | None) -> None:
        """Read anew who made what."""
        await self.commands.load()

    async def forget_guild(self, guild_id: int) -> None:
        """Know no commands of it."""
        self.commands.forget_guild(guild_id)

    def find(self, ctx: Context) -> MadeHere | None:
        """What to run for a message, if the server has a command of that name."""
        assert ctx.guild is not None
        found = self.commands.find(ctx.guild.id, ctx.invoked_with or "")
        if found is None or not self._is_on(ctx, ctx.guild):
            return None
        return MadeHere(found.row.name, partial(self.commands.run, cast("GuildContext", ctx), found))

    def knows(self, guild_id: int, name: str) -> bool:
        """Whether a server made a command of this name."""
        return self.commands.find(guild_id, name) is not None

    def stands_for(self, guild_id: int, name: str) -> None:
        """Nothing: what a server makes is a command of its own."""

    async def about(self, ctx: Context, name: str) -> str | None:
        """That it is a command of the server's own, if it works here for this person."""
        if name.casefold() not in await self.names(ctx):
            return None
        return _("{command} is a command that this server made itself.").format(
            command=code(f"{ctx.clean_prefix}{name.casefold()}")
        )

    async def names(self, ctx: Context) -> list[str]:
        """What all the server's commands are called that work here for this person."""
        assert ctx.guild is not None
        if not self._is_on(ctx, ctx.guild):
            return []
        made = [one for one in self.commands.of(ctx.guild.id) if self.commands.works(cast("GuildContext", ctx), one)]
        return [name for one in made for name in one.names]

    # --- commands

    @group(aliases=["customcommands", "cc"])
    @commands.guild_only()
    @example("")
    async def customcommand(self, ctx: GuildContext) -> None:
        """Show the commands that this server made itself."""
        made = self.commands.of(ctx.guild.id)
        if not made:
            raise UserError(
                _("This server has no commands of its own; who manages it makes one with `{command}`.").format(
                    command=f"{ctx.clean_prefix}customcommand add"
                )
            )
        await ctx.paginate_lines(
            [texts.line(one, ctx.clean_prefix) for one in made],
            most_lines=LINES_A_PAGE,
            title=_("Commands of this server"),
        )

    @customcommand.command(name="list")
    @example("")
    async def customcommand_list(self, ctx: GuildContext) -> None:
        """Show the commands that this server made itself."""
        await self.customcommand(ctx)

    @customcommand.command(name="add", aliases=["create"])
    @checks.requires(manage_guild=True)
    @example("hello Hello {user}, welcome to {server}!", "coin {random:heads|tails}")
    async def customcommand_add(self, ctx: GuildContext, name: Name, *, text: Text) -> None:
        """Make a command that answers with a text.

        Filled in are `{user}` and `{mention}` (who uses it), `{server}`, `{channel}`, `{members}` (how many there
        are), `{args}` (all that is written behind the command), `{1}` to `{9}` (its words), and
        `{random:red|green|blue}` (one of these by chance). It never notifies anybody. The other commands in here
        give it an embed, a cooldown, a required role, channels and aliases.
        """
        _checked(rules.check_text, text)
        _check_no_files(ctx)
        if len(self.commands.of(ctx.guild.id)) >= rules.MOST_COMMANDS:
            raise UserError(_("This server has no room for more commands; delete some first."))
        details = Details(text=text).stored()
        row = CustomCommandRow(new_id(), ctx.guild.id, name, details, ctx.author.id, ctx.message.created_at)
        if not await self.commands.add(row):
            raise _taken(name)
        await ctx.success(_("{command} works now.").format(command=code(f"{ctx.clean_prefix}{name}")))

    @customcommand.command(name="edit", aliases=["text"])
    @checks.requires(manage_guild=True)
    @example("hello Hi {user}!", "hello")
    async def customcommand_edit(self, ctx: GuildContext, command: Made, *, text: str = "") -> None:
        """Change a command's text; without one, it answers with its embed alone."""
        text = _checked(lambda typed: rules.check_text(parse_text(typed, MESSAGE_LIMIT, 0)), text)
        _check_no_files(ctx)
        await self._change(ctx, command, lambda details: replace(details, text=text))

    @customcommand.command(name="embed")
    @checks.requires(manage_guild=True)
    @example("hello title Welcome", "hello colour #ff8800", "hello image https://example.org/cat.png", "hello title")
    async def customcommand_embed(self, ctx: GuildContext, command: Made, key: str, *, value: str = "") -> None:
        """Set a part of a command's embed, or take it away.

        The parts are `title`, `description`, `colour`, `footer`, `image` and `thumbnail`, the last two as addresses
        of pictures. Without a value a part is taken away.
        """
        key = _checked(rules.read_embed_key, key)
        value = _checked(lambda typed: _embed_value(key, typed), value) if value.strip() else ""
        await self._change(ctx, command, lambda details: replace(details, embed=_with(details.embed, key, value)))

    @customcommand.command(name="cooldown")
    @checks.requires(manage_guild=True)
    @example("hello 30s", "hello off")
    async def customcommand_cooldown(
        self,
        ctx: GuildContext,
        command: Made,
        *,
        duration: Annotated[timedelta | None, OrNone(Duration(maximum=LONGEST_COOLDOWN))],
    ) -> None:
        """Set how long a member waits until they can use a command again: up to a day, or `off`."""
        seconds = 0 if duration is None else int(duration.total_seconds())
        await self._change(ctx, command, lambda details: replace(details, cooldown_seconds=seconds))

    @customcommand.command(name="role")
    @checks.requires(manage_guild=True)
    @example("hello @Member", "hello none")
    async def customcommand_role(
        self, ctx: GuildContext, command: Made, *, role: Annotated[discord.Role | None, OrNone(RoleConverter())]
    ) -> None:
        """Set which role a command needs, or `none`."""
        role_id = None if role is None or role.is_default() else role.id
        await self._change(ctx, command, lambda details: replace(details, role_id=role_id))

    @customcommand.command(name="channels", aliases=["channel"])
    @checks.requires(manage_guild=True)
    @example("hello #general #bots", "hello")
    async def customcommand_channels(
        self, ctx: GuildContext, command: Made, *channels: Annotated[discord.TextChannel, TextChannelConverter]
    ) -> None:
        """Set in which channels a command works; without any, in all."""
        ids = tuple(dict.fromkeys(channel.id for channel in channels))
        if len(ids) > rules.MOST_CHANNELS:
            raise UserError(_("That's too many: {most} at most.").format(most=rules.MOST_CHANNELS))
        await self._change(ctx, command, lambda details: replace(details, channel_ids=ids))

    @customcommand.command(name="alias")
    @checks.requires(manage_guild=True)
    @example("hello hi")
    async def customcommand_alias(self, ctx: GuildContext, command: Made, alias: Name) -> None:
        """Call a command something else besides, or no longer if it is called so."""
        if alias in command.row.aliases:
            await self.commands.remove_alias(command, alias)
            await ctx.success(
                _("{command} isn't called {alias} any more.").format(
                    command=code(command.row.name), alias=code(alias)
                )
            )
            return
        if len(command.row.aliases) >= rules.MOST_ALIASES:
            raise UserError(_("A command can have {most} aliases at most.").format(most=rules.MOST_ALIASES))
        if not await self.commands.add_alias(command, alias):
            raise _taken(alias)
        await ctx.success(_("{command} works now.").format(command=code(f"{ctx.clean_prefix}{alias}")))

    @customcommand.command(name="show", aliases=["raw", "info"])
    @checks.requires(manage_guild=True)
    @example("hello")
    async def customcommand_show(self, ctx: GuildContext, command: Made) -> None:
        """Show all that is set of a command, as it was typed."""
        await self.commands.writer.write(ctx.guild.id)
        uses = await self.commands.store.uses(ctx.guild.id)
        await ctx.show(texts.command(command, uses.get(command.row.id, 0)))

    @customcommand.command(name="delete", aliases=["remove"])
    @checks.requires(manage_guild=True)
    @example("hello")
    async def customcommand_delete(self, ctx: GuildContext, command: Made) -> None:
        """Delete a command of this server, with its aliases."""
        await self.commands.remove(command)
        names = format_list([code(name) for name in command.names])
        await ctx.success(_("Deleted: {names}.").format(names=names))

    # --- helpers

    def _is_on(self, ctx: Context, guild: discord.Guild) -> bool:
        """Whether such commands work here, and for this person."""
        if not self.bot.switches.feature_is_on(guild.id, self.feature):
            return False
        return not self.bot.access.rules.denies_feature(guild, ctx.author, ctx.channel, self.feature)

    async def _change(self, ctx: GuildContext, command: CustomCommand, change: Callable[[Details], Details]) -> None:
        await self.commands.change(command, change)
        now = self.commands.find(ctx.guild.id, command.row.name) or command
        await ctx.success(_settings_line(ctx, now))


def _settings_line(ctx: GuildContext, one: CustomCommand) -> str:
    """What holds for a command after a change."""
    details = one.details
    sentences = [_("{command} is changed.").format(command=code(f"{ctx.clean_prefix}{one.row.name}"))]
    if details.role_id is not None and (role := ctx.guild.get_role(details.role_id)) is not None:
        sentences.append(_("It needs the role {role}.").format(role=named(role)))
    if details.cooldown_seconds:
        duration = human_duration(timedelta(seconds=details.cooldown_seconds))
        sentences.append(_("Each member can use it once in {duration}.").format(duration=duration))
    if details.channel_ids:
        channels = format_list([f"<#{channel_id}>" for channel_id in details.channel_ids])
        sentences.append(_("It works in {channels} only.").format(channels=channels))
    return " ".join(sentences)


def _checked(check: Callable[[str], str], typed: str) -> str:
    """What a rule makes of a text. Raises UserError with the rule's sentence."""
    with as_user_error():
        return check(typed)


def _embed_value(key: str, typed: str) -> str:
    value = parse_text(typed, rules.EMBED_KEYS[key])
    if key == "colour":
        return str(parse_colour(value))
    return rules.check_text(rules.check_address(value) if key in {"image", "thumbnail"} else value)


def _with(embed: Mapping[str, str], key: str, value: str) -> dict[str, str]:
    """An embed with a part set; or without it, if the value is empty."""
    others = {name: text for name, text in embed.items() if name != key}
    return {**others, key: value} if value else others


def _check_no_files(ctx: Context) -> None:
    if ctx.message.attachments:
        raise UserError(
            _(
                "I don't keep files. Put the picture on a page of your own, and set its address with `{command}`."
            ).format(command=f"{ctx.clean_prefix}customcommand embed")
        )


def _taken(name: str) -> UserError:
    return UserError(_("This server has a command {name} of its own already.").format(name=code(name)))
