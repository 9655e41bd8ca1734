"""Who may run a command, and whether it runs here at all.

The decorators leave what they ask for on the command, so that help can show it.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import discord
from discord.ext import commands

from utils.core_settings import DENIALS
from utils.errors import HierarchyError, Silent, UserError
from utils.i18n import _
from utils.permissions import why_not_on, why_not_role

if TYPE_CHECKING:
    from utils.context import Context

F = TypeVar("F", bound=Callable[..., Any])

INVOKER_PERMISSIONS = "__invoker_permissions__"
BOT_PERMISSIONS = "__bot_permissions__"
OWNER_ONLY = "__owner_only__"


OF_THE_SERVER = frozenset(
    {
        "administrator", "ban_members", "create_expressions", "kick_members", "manage_expressions", "manage_guild",
        "manage_nicknames", "moderate_members", "view_audit_log",
        "mute_members", "deafen_members", "move_members",
    }
)  # fmt: skip
"""What nobody has in one text channel: asked of the whole server, so that no overwrite of a channel gives it."""


def requires(**permissions: bool) -> Callable[[F], F]:
    """The invoker needs these permissions in this guild, unless a rule of it allows the command. Under `@command`."""
    of_server = [name for name, on in permissions.items() if on and name in OF_THE_SERVER]
    of_channel = [name for name, on in permissions.items() if on and name not in OF_THE_SERVER]

    async def predicate(ctx: "Context") -> bool:
        if ctx.guild is None:
            raise commands.NoPrivateMessage
        if ctx.bot.access.lifts(ctx):
            return True
        missing = lacking(ctx.author, ctx.permissions, of_server, of_channel)
        if missing:
            raise commands.MissingPermissions(missing)
        return True

    def decorate(function: F) -> F:
        _remember(function, INVOKER_PERMISSIONS, permissions)
        return commands.check(predicate)(function)

    return decorate


def lacking(
    member: discord.abc.User, here: discord.Permissions, of_server: Sequence[str], of_channel: Sequence[str]
) -> list[str]:
    """Which of these permissions somebody hasn't: in the server, and `here`, in a channel."""
    missing = []
    if of_server:
        held = member.guild_permissions if isinstance(member, discord.Member) else discord.Permissions.none()
        missing += [name for name in of_server if not getattr(held, name)]
    return missing + [name for name in of_channel if not getattr(here, name)]


def bot_requires(**permissions: bool) -> Callable[[F], F]:
    """The bot needs these permissions in this channel. Put it under `@command`."""
    known = commands.bot_has_permissions(**permissions)

    def decorate(function: F) -> F:
        return known(bot_needs(**permissions)(function))

    return decorate


def bot_needs(**permissions: bool) -> Callable[[F], F]:
    """The bot needs these permissions; help and the invite link say so, the command itself checks. Under `@command`.

    For commands that do something elsewhere than where they are called, or check in an order of their own.
    """

    def decorate(function: F) -> F:
        _remember(function, BOT_PERMISSIONS, permissions)
        return function

    return decorate


def owner_only() -> Callable[[F], F]:
    """Only for who runs the bot; others get no answer and don't see it in help. Put it under `@command`."""

    def decorate(function: F) -> F:
        setattr(function, OWNER_ONLY, True)
        return commands.is_owner()(function)

    return decorate


def _remember(function: Any, attribute: str, permissions: dict[str, bool]) -> None:
    wanted = [name for name, is_wanted in permissions.items() if is_wanted]
    # Decorators may be stacked; the lower one comes first, and is read last.
    setattr(function, attribute, list(dict.fromkeys([*wanted, *getattr(function, attribute, [])])))


def invoker_permissions(command: commands.Command[Any, ..., Any]) -> list[str]:
    """What the invoker needs for a command, its groups included."""
    return _asked(command, INVOKER_PERMISSIONS)


def bot_permissions(command: commands.Command[Any, ..., Any]) -> list[str]:
    """What the bot needs for a command, its groups included."""
    return _asked(command, BOT_PERMISSIONS)


def is_owner_only(command: commands.Command[Any, ..., Any]) -> bool:
    """Whether only the bot's owner may run a command."""
    return any(getattr(one.callback, OWNER_ONLY, False) for one in [command, *command.parents])


def _asked(command: commands.Command[Any, ..., Any], attribute: str) -> list[str]:
    names: list[str] = []
    for one in [*reversed(command.parents), command]:
        names += [name for name in getattr(one.callback, attribute, []) if name not in names]
    return names


# --- Before every command ----------------------------------------------------------------------------------


async def runs_here(ctx: "Context") -> bool:
    """The check before every command: raises `Silent` where it is disabled or the member isn't listened to.

    Raises CheckFailure where a rule of the server denies it.
    """
    if ctx.command is None:
        return True
    if ctx.guild is not None and not ctx.bot.switches.is_enabled(ctx.guild.id, ctx.channel, ctx.command):
        raise Silent
    if not await is_heard(ctx):
        raise Silent
    if ctx.guild is not None and ctx.bot.access.denies(ctx) and not await ctx.bot.is_owner(ctx.author):
        if not ctx.bot.guild_settings.get(ctx.guild.id, DENIALS):
            raise Silent
        raise commands.CheckFailure(_("A rule of this server keeps you from using this here."))
    return True


async def is_heard(ctx: "Context") -> bool:
    """Whether this person is listened to in this place; the bot's owner always is."""
    is_ignored = ctx.bot.switches.is_ignored(ctx.channel, ctx.author)
    is_silenced = is_ignored or ctx.bot.access.blocks.hold(ctx.guild, ctx.author.id)
    return not is_silenced or await ctx.bot.is_owner(ctx.author)


# --- Before acting on somebody -----------------------------------------------------------------------------


def acting_on(ctx: "Context", target: discord.Member) -> None:
    """Refuse, naming the role in the way, unless both the invoker and the bot may act on `target`."""
    assert ctx.guild is not None
    assert isinstance(ctx.author, discord.Member)
    if target.id == ctx.author.id:
        raise UserError(_("You can't do this to yourself."))
    if target.id == ctx.me.id:
        raise UserError(_("I won't do this to myself."))
    reason = why_not_on(ctx.author, target, actor_is_bot=False) or why_not_on(ctx.guild.me, target, actor_is_bot=True)
    if reason:
        raise HierarchyError(reason)


def handling_role(ctx: "Context", role: discord.Role) -> None:
    """Refuse, naming the role in the way, unless both the invoker and the bot may give and take `role`."""
    assert ctx.guild is not None
    assert isinstance(ctx.author, discord.Member)
    reason = why_not_role(ctx.author, role, actor_is_bot=False) or why_not_role(ctx.guild.me, role, actor_is_bot=True)
    if reason:
        raise HierarchyError(reason)
