"""`alias`: other names for commands, with arguments."""

import asyncio
import copy
from dataclasses import replace
from functools import partial
from typing import Annotated, Any, Final, cast

import discord
from discord.ext import commands

from cogs.admin.aliases import rules
from cogs.admin.aliases.section import AliasesSection
from database.command_aliases import CommandAlias, CommandAliasesStore
from utils import checks, embeds
from utils.arguments import as_bad_argument
from utils.bot import Hearth
from utils.checks import is_owner_only
from utils.cog import Cog
from utils.commands import AnyCommand, example, group
from utils.context import Context, GuildContext
from utils.converters import BoundedText
from utils.errors import UserError
from utils.formatting import code, code_block, pages_of, truncate
from utils.i18n import _
from utils.invoking import MadeHere, command_called, may_run
from utils.shared_memory import Part
from utils.time import timestamp

LINES_A_PAGE: Final = 20
SHOWN_CHARACTERS: Final = 100  # of what an alias stands for, in a list


class NewName(commands.Converter[str]):
    """A name that an alias may get: one that no command has."""

    async def convert(self, ctx: Context, argument: str) -> str:  # type: ignore[override]
        """Raise `BadArgument` if none may."""
        assert ctx.guild is not None
        with as_bad_argument():
            name = rules.read_name(argument.removeprefix(ctx.clean_prefix))
        if ctx.bot.get_command(name) is not None:
            raise commands.BadArgument(_("I have a command {name} of my own.").format(name=code(name)))
        if any(finder.knows(ctx.guild.id, name) for finder in ctx.bot.command_finders if finder is not ctx.cog):
            raise commands.BadArgument(
                _("This server has a command {name} of its own already.").format(name=code(name))
            )
        return name


class Existing(commands.Converter[CommandAlias]):
    """An alias of this server."""

    async def convert(self, ctx: Context, argument: str) -> CommandAlias:  # type: ignore[override]
        """Raise `BadArgument` if there is none of this name."""
        assert isinstance(ctx.cog, Aliases)
        assert ctx.guild is not None
        found = ctx.cog.of(ctx.guild.id, argument.removeprefix(ctx.clean_prefix))
        if found is None:
            name = code(truncate(argument, rules.NAME_LIMIT))
            raise commands.BadArgument(_("This server has no alias {name}.").format(name=name))
        return found


class Call(BoundedText):
    """What an alias stands for: a command of mine, perhaps with arguments and places."""

    def __init__(self) -> None:
        super().__init__(rules.TEXT_LIMIT)

    async def convert(self, ctx: commands.Context[Any], argument: str) -> str:
        """Raise `BadArgument` if it doesn't begin with a command."""
        assert ctx.guild is not None
        text = (await super().convert(ctx, argument)).removeprefix(ctx.clean_prefix).strip()
        with as_bad_argument():
            text = rules.check_text(text)
        command = command_called(ctx.bot, text)
        if command is not None and not (is_owner_only(command) and not await ctx.bot.is_owner(ctx.author)):
            return text
        word = text.split(maxsplit=1)[0] if text else ""
        if any(finder.knows(ctx.guild.id, word) for finder in ctx.bot.command_finders):
            raise commands.BadArgument(_("An alias stands for a command of mine, not for one that this server made."))
        raise commands.BadArgument(_("There is no such command; `help` lists them all."))


Name = Annotated[str, NewName]
KnownAlias = Annotated[CommandAlias, Existing]
Text = Annotated[str, Call()]


class Aliases(Cog):
    """Other names for commands, with arguments."""

    def __init__(self, bot: Hearth) -> None:
        super().__init__(bot)
        self.store = CommandAliasesStore(bot.db)
        self._of: dict[int, dict[str, CommandAlias]] = {}
        self.one_at_a_time = asyncio.Lock()
        self.sections = (AliasesSection(self),)
        self.in_memory = (Part("aliases", self._read),)
        self._tell = bot.shared_memory.teller("aliases")

    async def cog_load(self) -> None:
        """Read the aliases, and begin to be asked for what isn't a command of the bot."""
        await self.load()
        self.bot.command_finders.append(self)

    async def cog_unload(self) -> None:
        """Be asked no more."""
        self.bot.command_finders.remove(self)

    async def forget_person(self, user_id: int, guild_id: int | None) -> None:
        """Read anew who made what."""
        await self.load()

    async def forget_guild(self, guild_id: int) -> None:
        """Know no aliases of it."""
        self._of.pop(guild_id, None)

    async def load(self) -> None:
        """Read them all; what was in memory is forgotten."""
        async with self.one_at_a_time:
            await self._read_all()

    async def _read(self, _guild_id: int | None) -> None:
        await self.load()

    async def read_again(self, guild_id: int) -> None:
        """Read them for who holds `one_at_a_time`, after a change in a server was committed."""
        await self._read_all()
        await self._tell(guild_id)

    async def _read_all(self) -> None:
        found = await self.store.all()
        self._of = {}
        for one in found:
            self._of.setdefault(one.guild_id, {})[one.name] = one

    # --- finding and running

    def all_of(self, guild_id: int) -> list[CommandAlias]:
        """A server's aliases by name."""
        return sorted(self._of.get(guild_id, {}).values(), key=lambda one: one.name)

    def of(self, guild_id: int, name: str) -> CommandAlias | None:
        """A server's alias of this name."""
        return self._of.get(guild_id, {}).get(rules.folded(name))

    def find(self, ctx: Context) -> MadeHere | None:
        """What to run for a message, if the server has an alias of that name."""
        assert ctx.guild is not None
        one = self.of(ctx.guild.id, ctx.invoked_with or "")
        if one is None:
            return None
        return MadeHere(one.name, partial(self.run, cast("GuildContext", ctx), one), calls_another=True)

    def knows(self, guild_id: int, name: str) -> bool:
        """Whether a server has an alias of this name."""
        return self.of(guild_id, name) is not None

    def stands_for(self, guild_id: int, name: str) -> AnyCommand | None:
        """The command that an alias of this name calls, if I have it."""
        one = self.of(guild_id, name)
        return None if one is None else command_called(self.bot, one.text)

    async def about(self, ctx: Context, name: str) -> str | None:
        """What an alias stands for."""
        assert ctx.guild is not None
        one = self.of(ctx.guild.id, name)
        if one is None or not await self._may_use(ctx, one):
            return None
        return _line(ctx, one)

    async def names(self, ctx: Context) -> list[str]:
        """All aliases whose commands this person may run here."""
        assert ctx.guild is not None
        return [one.name for one in await self._usable(ctx, ctx.guild.id)]

    async def run(self, ctx: GuildContext, one: CommandAlias) -> None:
        """Run what an alias stands for, as if who used it had written that. Raises UserError."""
        try:
            call = rules.expand(one.text, ctx.view.buffer[ctx.view.index :])
        except ValueError as error:
            raise UserError(str(error)) from error
        meant: Context = await self.bot.get_context(_saying(ctx.message, f"{ctx.prefix}{call}"))
        if meant.command is None:  # never another alias, so there is no circle
            raise UserError(
                _("This alias stands for {text}, and I don't have that command any more.").format(text=code(one.text))
            )
        await self.bot.invoke(meant)

    # --- commands

    @group(aliases=["aliases"])
    @commands.guild_only()
    @example("")
    async def alias(self, ctx: GuildContext) -> None:
        """Show the other names that commands have in this server, for commands that you may use here."""
        await self._list(ctx)

    @alias.command(name="list")
    @example("")
    async def list_aliases(self, ctx: GuildContext) -> None:
        """Show the other names that commands have in this server."""
        await self._list(ctx)

    @alias.command(name="add", aliases=["create"])
    @checks.requires(manage_guild=True)
    @example("hush timeout {1} 1h", "pay5 pay {1} 5 {rest}", "cat remind add 1h Feed the cat")
    async def add(self, ctx: GuildContext, name: Name, *, text: Text) -> None:
        """Give a command another name, with arguments if you like.

        Filled in are `{1}` to `{9}` (the words behind the alias, a quoted phrase being one), `{args}` (all of them)
        and `{rest}` (those behind the last number). What isn't filled in comes at the end. It works for those who
        may use the command itself.
        """
        async with self.one_at_a_time:
            here = self._of.setdefault(ctx.guild.id, {})
            if len(here) >= rules.MOST_ALIASES:
                raise UserError(_("A server can have {most} aliases at most.").format(most=rules.MOST_ALIASES))
            one = CommandAlias(ctx.guild.id, name, text, ctx.author.id, ctx.message.created_at)
            if not await self.store.add(one):
                raise UserError(_("There is an alias {name} already; remove it first.").format(name=code(name)))
            here[name] = one
        await self._tell(ctx.guild.id)
        await ctx.success(_("{alias} stands for {text} now.").format(alias=code(name), text=code(text)))

    @alias.command(name="edit", aliases=["change"])
    @checks.requires(manage_guild=True)
    @example("hush timeout {1} 2h")
    async def edit(self, ctx: GuildContext, alias: KnownAlias, *, text: Text) -> None:
        """Change what an alias stands for."""
        async with self.one_at_a_time:
            changed = replace(alias, text=text, made_by=ctx.author.id, made_at=ctx.message.created_at)
            if not await self.store.change(changed):
                raise UserError(_("Somebody removed this alias meanwhile."))
            self._of.setdefault(ctx.guild.id, {})[alias.name] = changed
        await self._tell(ctx.guild.id)
        await ctx.success(_("{alias} stands for {text} now.").format(alias=code(alias.name), text=code(text)))

    @alias.command(name="remove", aliases=["delete"])
    @checks.requires(manage_guild=True)
    @example("hush")
    async def remove(self, ctx: GuildContext, alias: KnownAlias) -> None:
        """Remove an alias; the command itself stays."""
        async with self.one_at_a_time:
            await self.store.remove(ctx.guild.id, alias.name)
            self._of.get(ctx.guild.id, {}).pop(alias.name, None)
        await self._tell(ctx.guild.id)
        await ctx.success(_("{alias} stands for nothing any more.").format(alias=code(alias.name)))

    @alias.command(name="show", aliases=["info"])
    @example("hush")
    async def show(self, ctx: GuildContext, alias: KnownAlias) -> None:
        """Show what an alias stands for, and who made it."""
        embed = embeds.info(code_block(alias.text), title=alias.name)
        embed.add_field(name=_("Created by"), value=f"<@{alias.made_by}>")
        embed.add_field(name=_("Created"), value=timestamp(alias.made_at, "F"))
        await ctx.show(embed)

    # --- helpers

    async def _list(self, ctx: GuildContext) -> None:
        usable = await self._usable(ctx, ctx.guild.id)
        if not usable:
            await ctx.info(_("No command that you may use here has another name."))
            return
        pages = pages_of([_line(ctx, one) for one in usable], most_lines=LINES_A_PAGE)
        await ctx.paginate([embeds.info(page, title=_("Aliases")) for page in pages])

    async def _usable(self, ctx: Context, guild_id: int) -> list[CommandAlias]:
        """The aliases whose commands somebody may run here, by name."""
        return [one for one in self.all_of(guild_id) if await self._may_use(ctx, one)]

    async def _may_use(self, ctx: Context, one: CommandAlias) -> bool:
        command = self.stands_for(one.guild_id, one.name)
        return command is not None and await may_run(ctx, command)


def _line(ctx: Context, one: CommandAlias) -> str:
    return _("{alias} stands for {text}").format(
        alias=code(f"{ctx.clean_prefix}{one.name}"), text=code(truncate(one.text, SHOWN_CHARACTERS))
    )


def _saying(message: discord.Message, content: str) -> discord.Message:
    """A message as if something else stood in it."""
    other = copy.copy(message)
    other.content = content
    for slot in discord.Message.__slots__:
        if slot.startswith("_cs_") and hasattr(other, slot):  # what discord.py remembers of the old content
            delattr(other, slot)
    return other
