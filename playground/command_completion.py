"""The command that is being typed, as the bot itself would understand it, and how it could go on."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import discord
from discord.ext import commands

from playground import completion_text as typed
from playground.shapes import Completion
from utils.bot import Hearth
from utils.commands import AnyCommand, usage_of
from utils.context import Context
from utils.i18n import help_parts, translate, using
from utils.invoking import may_run

Commands = commands.GroupMixin[Any]


@dataclass(frozen=True, slots=True)
class Call:
    """What can be said of the beginning of a command."""

    start: int
    """Where the word at the cursor begins."""
    items: list[Completion] = field(default_factory=list)
    """What that word could be, when it is the name of a command."""
    hint: str = ""
    """How the command typed so far is used."""

    def moved(self, by: int) -> "Call":
        """The same in a text that begins earlier."""
        return replace(self, start=self.start + by)


async def call_in(bot: Hearth, message: discord.Message, *, most: int) -> Call | None:
    """What a message calls, up to its end; None when it begins with no prefix of the bot's.

    Help speaks the language that the bot would answer this person in.
    """
    ctx: Context = await bot.get_context(message)
    if ctx.prefix is None:
        return None
    with using(None):
        await bot.speak_to(message.author.id, message.guild)
        return await _call(ctx, message.content[len(ctx.prefix) :], most)


async def _call(ctx: Context, text: str, most: int) -> Call:
    assert ctx.prefix is not None
    if not text and ctx.prefix.startswith("<@"):
        return Call(len(ctx.prefix))  # behind a mention, a command begins after a space
    words = [(found.start() + len(ctx.prefix), found[0]) for found in re.finditer(r"\S+", text)]
    if not text or text[-1].isspace():
        words.append((len(ctx.prefix) + len(text), ""))
    *done, (start, last) = words
    command, inside = await _walk(ctx, [word for _start, word in done])
    if inside is None:
        return Call(start, hint=await _hint(ctx, command))
    items = await _items(ctx, inside, last, most)
    return Call(
        start, items, await _hint(ctx, inside.get_command(last) if last else None) or await _hint(ctx, command)
    )


async def _walk(ctx: Context, words: Iterable[str]) -> tuple[AnyCommand | None, Commands | None]:
    """The command that words name, and where the next word is looked up; None when that is an argument."""
    command: AnyCommand | None = None
    inside: Commands | None = ctx.bot
    for word in words:
        found = inside.all_commands.get(word) if inside is not None else None
        if found is None or not await may_run(ctx, found):
            return command, None
        command, inside = found, found if isinstance(found, commands.Group) else None
    return command, inside


async def _items(ctx: Context, inside: Commands, last: str, most: int) -> list[Completion]:
    named = [(name, command) for command in inside.commands for name in _names(command, last)]
    named.sort(key=lambda pair: (pair[0] != pair[1].name, pair[0]))
    items: dict[str, Completion] = {}
    for name, command in typed.best(last, named, lambda pair: (pair[0],)):
        if command.qualified_name not in items and await may_run(ctx, command):
            items[command.qualified_name] = _item(ctx, command, name)
            if len(items) == most:
                break
    return list(items.values())


def _names(command: AnyCommand, last: str) -> list[str]:
    """A command's own name, and its aliases that begin with what was typed: others would be too many."""
    begun = typed.folded(last)
    return [command.name, *(alias for alias in command.aliases if last and typed.folded(alias).startswith(begun))]


def _item(ctx: Context, command: AnyCommand, name: str) -> Completion:
    path = f"{command.full_parent_name} {name}".lstrip()
    help_line = _help_line(command)
    return Completion(
        insert=f"{name} ", label=f"{ctx.clean_prefix}{path}", kind="command",
        detail=help_line if name == command.name else f"{command.qualified_name}: {help_line}",
    )  # fmt: skip


async def _hint(ctx: Context, command: AnyCommand | None) -> str:
    if command is None or not await may_run(ctx, command):
        return ""
    return " — ".join(filter(None, [usage_of(command, ctx.clean_prefix), _help_line(command)]))


def _help_line(command: AnyCommand) -> str:
    first_line, _rest = help_parts(command.help)
    return translate(first_line)
