"""What rules are about, and for whom or where, as people write it."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

import discord
from discord.ext import commands

from database.permission_rules import PermissionRule
from utils.access import feature_of
from utils.checks import is_owner_only
from utils.commands import AnyCommand
from utils.converters import ChannelConverter
from utils.formatting import code, safe, truncate
from utils.i18n import _
from utils.invoking import command_called, command_named
from utils.lookup import Channel
from utils.near import nearest
from utils.people import EVERYONE, WhoEverConverter
from utils.permission_rules import COMMAND, FEATURE, about_command, about_feature, name_of

SERVER: Final = frozenset({*EVERYONE, "server"})
QUOTED_CHARACTERS: Final = 60


@dataclass(frozen=True, slots=True)
class Subject:
    """What a rule is about, and the commands that it has in it."""

    key: str
    commands: tuple[AnyCommand, ...] = ()

    @property
    def name(self) -> str:
        """The name of the command or feature."""
        return name_of(self.key)


@dataclass(frozen=True, slots=True)
class Target:
    """For whom or where a rule holds."""

    kind: str
    id: int
    person: discord.abc.User | None = None


class SubjectConverter(commands.Converter[Subject]):
    """A command, a group or a feature; `command:` or `feature:` in front of a name that is both."""

    async def convert(self, ctx: commands.Context[Any], argument: str) -> Subject:
        """Raise `BadArgument` if nothing or two things are meant."""
        assert ctx.guild is not None
        word = " ".join(argument.casefold().strip('"').split())
        known = {rule.subject for rule in ctx.bot.access.rules.of(ctx.guild.id)}
        found = list(filter(None, [_command(ctx, word, known), _feature(ctx, word, known)]))
        if len(found) > 1:
            raise commands.BadArgument(
                _("There is a command and a feature of that name: write {command} or {feature}.").format(
                    command=code(about_command(word)), feature=code(about_feature(word))
                )
            )
        if found:
            return found[0]
        names = [one.qualified_name for one in ctx.bot.walk_commands() if not is_owner_only(one)]
        near = nearest(word.removeprefix(COMMAND).removeprefix(FEATURE), [*names, *ctx.bot.features.loaded])
        if near:
            raise commands.BadArgument(
                _("There is no such command or feature; did you mean {near}?").format(near=code(near))
            )
        raise commands.BadArgument(_("There is no such command or feature; `help` lists them all."))


def _command(ctx: commands.Context[Any], word: str, known: set[str]) -> Subject | None:
    if word.startswith(FEATURE):
        return None
    name = word.removeprefix(COMMAND)
    command: AnyCommand | None = command_named(ctx.bot, name)
    if command is None or is_owner_only(command):
        return Subject(about_command(name)) if about_command(name) in known else None
    inside = set(command.walk_commands()) if isinstance(command, commands.Group) else set()
    return Subject(about_command(command.qualified_name), (command, *inside))


def _feature(ctx: commands.Context[Any], word: str, known: set[str]) -> Subject | None:
    if word.startswith(COMMAND):
        return None
    name = word.removeprefix(FEATURE)
    if name not in ctx.bot.features.loaded:
        return Subject(about_feature(name)) if about_feature(name) in known else None
    return Subject(about_feature(name), tuple(one for one in ctx.bot.walk_commands() if feature_of(one) == name))


class TargetConverter(commands.Converter[Target]):
    """A member, a role, a channel, a category, or `server` for everybody everywhere."""

    def known(self, ctx: commands.Context[Any], guild: discord.Guild) -> Iterable[Target]:
        """What may be meant by its id although it is gone."""
        rules: list[PermissionRule] = ctx.bot.access.rules.of(guild.id)
        return [Target(rule.target_kind, rule.target_id) for rule in rules]

    async def convert(self, ctx: commands.Context[Any], argument: str) -> Target:
        """Raise `BadArgument` if none or more than one is meant."""
        assert ctx.guild is not None
        word = argument.strip()
        if word.removeprefix("@").casefold() in SERVER:
            return Target("server", ctx.guild.id)
        if word.startswith(("#", "<#")):
            return _place(await ChannelConverter().convert(ctx, word))
        digits = word.strip("<@&#!>")
        for target in self.known(ctx, ctx.guild):
            if str(target.id) == digits:
                return target
        if word.isdecimal():
            with suppress(commands.BadArgument):
                return _place(await ChannelConverter().convert(ctx, word))
        try:
            return _person_or_role(await WhoEverConverter().convert(ctx, word))
        except commands.BadArgument as error:
            with suppress(commands.BadArgument):
                return _place(await ChannelConverter().convert(ctx, word))
            raise commands.BadArgument(
                _(
                    "I can't find one member, role or channel “{text}”. Mention it, or write `server` for everybody."
                ).format(text=safe(truncate(word, QUOTED_CHARACTERS)))
            ) from error


def _place(channel: discord.abc.GuildChannel | discord.Thread) -> Target:
    return Target("category" if isinstance(channel, discord.CategoryChannel) else "channel", channel.id)


def _person_or_role(found: discord.Member | discord.User | discord.Role) -> Target:
    if isinstance(found, discord.Role):
        return Target("server" if found.is_default() else "role", found.id)
    return Target("person", found.id, found)


class AboutConverter(commands.Converter[Subject | Target]):
    """What rules are about, or for whom or where they hold."""

    async def convert(self, ctx: commands.Context[Any], argument: str) -> Subject | Target:
        """Raise `BadArgument` if it is neither."""
        try:
            return await SubjectConverter().convert(ctx, argument)
        except commands.BadArgument as error:
            try:
                return await TargetConverter().convert(ctx, argument)
            except commands.BadArgument:
                raise error from None


@dataclass(frozen=True, slots=True)
class CommandAndPlace:
    """A command, and the channel that is named behind it, if one is."""

    command: AnyCommand
    place: Channel | None = None


class CommandAndPlaceConverter(commands.Converter[CommandAndPlace]):
    """A command by its full name, quoted or not, perhaps with a channel behind it."""

    async def convert(self, ctx: commands.Context[Any], argument: str) -> CommandAndPlace:
        """Raise `BadArgument` if there is no such command or channel."""
        words = argument.replace('"', " ").split()
        command = command_called(ctx.bot, " ".join(words))
        if command is None or (is_owner_only(command) and not await ctx.bot.is_owner(ctx.author)):
            raise commands.BadArgument(_("There is no such command; `help` lists them all."))
        behind = " ".join(words[len(command.parents) + 1 :])
        return CommandAndPlace(command, await ChannelConverter().convert(ctx, behind) if behind else None)
