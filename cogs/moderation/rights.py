"""Who may do what to whom, in the order in which people expect to be told."""

import discord

from cogs.moderation.actions import Action
from cogs.moderation.refusals import AlreadySoError
from utils.errors import HierarchyError, UserError
from utils.i18n import _
from utils.permissions import permission_names, why_not_on


async def check(action: Action, moderator: discord.Member | None, *, is_allowed: bool = False) -> None:
    """Raise UserError unless both moderator and bot may do it, in the order in which people expect to be told.

    One who `is_allowed` needs no permission of Discord's for it: a rule of the server stands in its place.
    """
    guild = action.target.guild
    if moderator is not None and not is_allowed:
        _check_permission(action.kind.invoker, moderator, own=False)
    _check_permission(action.kind.bot, guild.me, own=True)
    if not action.on_anybody:
        _check_target(action, moderator)
    if moderator is not None and (reason := action.why_not_for(moderator)) is not None:
        raise HierarchyError(reason)
    if (reason := action.why_impossible()) is not None:
        raise UserError(reason)
    if (already := await action.already()) is not None:
        raise AlreadySoError(already)


def _check_target(action: Action, moderator: discord.Member | None) -> None:
    target, guild = action.target, action.target.guild
    if moderator is not None and target.id == moderator.id:
        raise UserError(_("You can't do this to yourself."))
    if target.id == guild.me.id:
        raise UserError(_("I won't do this to myself."))
    if target.id == guild.owner_id:
        raise HierarchyError(_("{target} owns this server; nobody can act on them.").format(target=target.mention))
    if target.member is not None:
        _check_rank(target.member, moderator, needs_bot=action.kind.bot is not None)


def require_own(guild: discord.Guild, permission: str) -> None:
    """Raise UserError unless the bot has a permission, for commands that need it to find their target."""
    _check_permission(permission, guild.me, own=True)


def _check_permission(permission: str | None, member: discord.Member, *, own: bool) -> None:
    if permission is None or getattr(member.guild_permissions, permission):
        return
    (name,) = permission_names([permission])
    sentence = _("I need {permission} for this.") if own else _("You need {permission} for this.")
    raise UserError(sentence.format(permission=name))


def _check_rank(target: discord.Member, moderator: discord.Member | None, *, needs_bot: bool) -> None:
    reason = why_not_on(moderator, target, actor_is_bot=False) if moderator is not None else None
    if reason is None and needs_bot:
        reason = why_not_on(target.guild.me, target, actor_is_bot=True)
    if reason is not None:
        raise HierarchyError(reason)
