"""Aliases as a section of a server's file: by name, what each stands for."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Any, ClassVar

import discord

from cogs.admin.aliases import rules
from database.command_aliases import CommandAlias
from utils.checks import is_owner_only
from utils.formatting import code
from utils.i18n import N_, _
from utils.invoking import command_called
from utils.portable import EntryChange, Field, Section

if TYPE_CHECKING:
    from cogs.admin.aliases.cog import Aliases


class AliasesSection(Section):
    """Other names for commands."""

    name = "aliases"
    title = N_("Aliases")
    most: ClassVar[int] = rules.MOST_ALIASES

    def __init__(self, cog: "Aliases") -> None:
        self.cog = cog

    async def export(self, guild: discord.Guild) -> dict[str, Any]:
        """What each stands for, by name."""
        return {one.name: one.text for one in self.cog.all_of(guild.id)}

    def read(self, key: str, entry: Field) -> Any:
        """What one stands for: a command of mine."""
        name = entry.checked(lambda: rules.read_name(key))
        if name != key:
            raise entry.misfit(_("This name has to be written {name}.").format(name=code(name)))
        bot = self.cog.bot
        if bot.get_command(name) is not None:
            raise entry.misfit(_("I have a command {name} of my own.").format(name=code(name)))
        guild_id = entry.target.guild.id
        if any(finder.knows(guild_id, name) for finder in bot.command_finders if finder is not self.cog):
            raise entry.misfit(_("This server has a command {name} of its own already.").format(name=code(name)))
        text = entry.text(rules.TEXT_LIMIT).strip()
        entry.checked(lambda: rules.check_text(text))
        command = command_called(bot, text)
        if command is None or is_owner_only(command):
            raise entry.misfit(_("There is no such command; `help` lists them all."))
        return text

    def held(self, guild: discord.Guild) -> AbstractAsyncContextManager[Any]:
        """Let nobody change an alias meanwhile."""
        return self.cog.one_at_a_time

    async def write(self, guild: discord.Guild, changes: Sequence[EntryChange], by: int, import_id: int) -> None:
        """Store them; those that are new or changed are made by who imports them."""
        now = discord.utils.utcnow()
        for change in changes:
            one = CommandAlias(guild.id, change.key, change.new or "", by, now)
            if change.new is None:
                await self.cog.store.remove(guild.id, change.key)
            elif change.old is None:
                await self.cog.store.add(one)
            else:
                await self.cog.store.change(one)

    async def written(self, guild: discord.Guild, changes: Sequence[EntryChange], by: int) -> None:
        """Read them again."""
        await self.cog.read_again(guild.id)
