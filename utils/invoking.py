"""What is asked of a command that is called, or could be: which one, whether it may run, what its cooldown costs."""

import logging
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from discord.ext import commands

from utils.context import Context

log = logging.getLogger("hearth")


@dataclass(frozen=True, slots=True)
class MadeHere:
    """A command that a server made itself, ready to run for a message.

    One that `calls_another` only leads to a command of the bot, which is invoked and counted by itself.
    """

    name: str
    run: Callable[[], Awaitable[None]]
    calls_another: bool = False


class CommandFinder(Protocol):
    """Knows commands that the code doesn't have. It does no I/O, and doesn't raise; there is a guild."""

    def find(self, ctx: Context) -> MadeHere | None:
        """The command that a message calls; None if it knows none of this name."""

    def knows(self, guild_id: int, name: str) -> bool:
        """Whether a guild has a command of this name: no other finder may have it, too."""

    def stands_for(self, guild_id: int, name: str) -> commands.Command[Any, ..., Any] | None:
        """The command of the code that a guild's command of this name only leads to; None if it is one of its own."""

    async def about(self, ctx: Context, name: str) -> str | None:
        """What a command of this name does, for help; None if this person may not run it here, or there is none."""

    async def names(self, ctx: Context) -> Iterable[str]:
        """All that commands are called which this person may run here."""


async def may_run(ctx: Context, command: commands.Command[Any, ..., Any]) -> bool:
    """Whether this person may run a command here and now; cooldowns aside."""
    if command.hidden or not command.enabled:
        return False
    try:
        return await command.can_run(ctx)
    except commands.CommandError:
        return False
    except Exception:  # one broken check must not take help away
        log.exception("A check of %s failed", command.qualified_name)
        return False


def command_called(commands_of: commands.GroupMixin[Any], text: str) -> commands.Command[Any, ..., Any] | None:
    """The command that a text without prefix calls, its groups walked through; None if it begins with none."""
    found: commands.Command[Any, ..., Any] | None = None
    for word in text.split():
        within = commands_of if found is None else found
        known = within.all_commands.get(word) if isinstance(within, commands.GroupMixin) else None
        if known is None:
            break
        found = known
    return found


def command_named(commands_of: commands.GroupMixin[Any], name: str) -> commands.Command[Any, ..., Any] | None:
    """The command of exactly this full name, or of its other names; None if words are left over."""
    found = command_called(commands_of, name)
    return found if found is not None and len(found.parents) + 1 == len(name.split()) else None


def command_meant(ctx: Context) -> str:
    """The full name of the command that a message calls, known before its groups are walked through."""
    assert ctx.command is not None
    command: commands.Command[Any, ..., Any] = ctx.command
    rest = ctx.view.buffer[ctx.view.index :]
    within = command_called(command, rest) if isinstance(command, commands.Group) else None
    return (within or command).qualified_name


# What stops a command before it takes a use of its cooldown.
BEFORE_COOLDOWN = (
    commands.CommandOnCooldown, commands.CheckFailure, commands.DisabledCommand, commands.MaxConcurrencyReached,
)  # fmt: skip


def refund_cooldown(ctx: Context, error: Exception) -> None:
    """Give back the use that a failed or mistyped call took."""
    command = ctx.command
    if command is None:
        return
    if not ctx.command_failed:  # then it failed before the command itself ran
        parsing = ctx.current_parameter is not None
        if command.cooldown_after_parsing or (isinstance(error, BEFORE_COOLDOWN) and not parsing):
            return
    now = ctx.message.created_at.timestamp()
    bucket = command._buckets.get_bucket(ctx, now)
    if bucket is not None and bucket.get_tokens(now) < bucket.rate:
        bucket.update_rate_limit(now, tokens=-1)
