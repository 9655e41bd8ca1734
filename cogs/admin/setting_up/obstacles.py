"""What bot and admin lack to carry a plan out, and what won't work as it is meant, each in a sentence."""

from collections.abc import Callable, Sequence
from typing import Any, Final

import discord

from cogs.admin.setting_up.facts import is_open_to, starters_of
from cogs.admin.setting_up.planning import (
    JAIL_ROLE,
    PLACES,
    STAFF,
    Admit,
    Change,
    Hide,
    NewChannel,
    NewRole,
    Piece,
    Start,
)
from utils.bot import Hearth
from utils.formatting import code
from utils.giving_roles import why_not_give
from utils.i18n import _, format_list, format_number, ngettext
from utils.permissions import missing_in, permission_names
from utils.setting_types import WRITES

SWITCHED_ELSEWHERE: Final = ("moderation", "utility")
"""Features that the wizard sets something of without switching them on or off."""
AUTOMOD_CHANNEL: Final = PLACES["automod-channel"].key
ROLES: Final = ("manage_roles",)
CHANNELS: Final = ("manage_channels", "manage_roles", *WRITES)
"""What the bot needs to make a channel of which it says who sees it: it may allow only what it has itself."""
MOST_NAMED: Final = 8  # channels
MOD_ROLES: Final = "mod-roles"
STAFF_CHANNELS: Final = frozenset(place.key for place in PLACES.values() if place.kind == STAFF)
CHANNEL_KEYS: Final = [place.key for place in PLACES.values() if place.key is not None]
"""The settings that name a channel."""


# --- what keeps a plan from being carried out


def problems(bot: Hearth, member: discord.Member, pieces: Sequence[Piece]) -> list[str]:
    """All of it, each with what to do."""
    return [
        *_lacking(member, pieces), *_gone(member.guild, pieces), *_starting(bot, member, pieces),
        *_hiding(member.guild, pieces), *_admitting(member.guild, pieces),
    ]  # fmt: skip


def _lacking(member: discord.Member, pieces: Sequence[Piece]) -> list[str]:
    makes_channels = any(isinstance(piece, NewChannel) for piece in pieces)
    handles_roles = any(isinstance(piece, NewRole | Hide | Admit) for piece in pieces)
    needed = dict.fromkeys([*(CHANNELS if makes_channels else ()), *(ROLES if handles_roles else ())])
    asked = [*(CHANNELS[:1] if makes_channels else ()), *(ROLES if handles_roles else ())]
    found = []
    if missing := [name for name in needed if not getattr(member.guild.me.guild_permissions, name)]:
        found.append(
            _("I lack {permissions}. Give them to my role in Server Settings, Roles.").format(
                permissions=format_list(permission_names(missing))
            )
        )
    if missing := [name for name in asked if not getattr(member.guild_permissions, name)]:
        found.append(
            _("You lack {permissions} for this; somebody who has them can use `setup`.").format(
                permissions=format_list(permission_names(missing))
            )
        )
    return found


def _gone(guild: discord.Guild, pieces: Sequence[Piece]) -> list[str]:
    """What was chosen and then deleted."""
    changes = {piece.key: piece.new for piece in pieces if isinstance(piece, Change)}
    channels = [key for key in CHANNEL_KEYS if _is_gone(guild.get_channel, changes.get(key))]
    jail = [changes[JAIL_ROLE]] if JAIL_ROLE in changes else []
    roles = {JAIL_ROLE: jail, MOD_ROLES: changes.get(MOD_ROLES, ())}
    return [
        *(_("The channel for {key} was deleted: choose another.").format(key=code(key)) for key in channels),
        *(
            _("A role for {key} was deleted: choose anew.").format(key=code(key))
            for key, chosen in roles.items()
            if any(_is_gone(guild.get_role, one) for one in chosen)
        ),
    ]


def _is_gone(find: Callable[[int], object], chosen: object) -> bool:
    return isinstance(chosen, int) and find(chosen) is None


def _starting(bot: Hearth, member: discord.Member, pieces: Sequence[Piece]) -> list[str]:
    known = starters_of(bot)
    starts = [(known.get(piece.key), piece.names) for piece in pieces if isinstance(piece, Start)]
    reasons = [starter.why_not(member, names) for starter, names in starts if starter is not None]
    return [reason for reason in reasons if reason is not None]


def _hiding(guild: discord.Guild, pieces: Sequence[Piece]) -> list[str]:
    channels = [guild.get_channel(one) for piece in pieces if isinstance(piece, Hide) for one in piece.channels]
    closed = [one for one in channels if one is not None and not _may_overwrite(one)]
    if not closed or not guild.me.guild_permissions.manage_roles:  # then that is what is said
        return []
    return [
        ngettext(
            "I can't hide {count} channel from who is jailed: give me {permissions} there: {channels}.",
            "I can't hide {count} channels from who is jailed: give me {permissions} there: {channels}.",
            len(closed),
        ).format(
            count=format_number(len(closed)),
            permissions=format_list(permission_names(["view_channel", "manage_roles"])),
            channels=format_list([
                *[one.mention for one in closed[:MOST_NAMED]], *["…"] * (len(closed) > MOST_NAMED)
            ]),
        )
    ]  # fmt: skip


def _admitting(guild: discord.Guild, pieces: Sequence[Piece]) -> list[str]:
    channels = [guild.get_channel(piece.channel) for piece in pieces if isinstance(piece, Admit)]
    return [
        _("I can't let who is jailed into {channel}: give me {permissions} there.").format(
            channel=one.mention, permissions=format_list(permission_names(["view_channel", "manage_roles"]))
        )
        for one in channels
        if one is not None and guild.me.guild_permissions.manage_roles and not _may_overwrite(one)
    ]


def _may_overwrite(channel: discord.abc.GuildChannel) -> bool:
    here = channel.permissions_for(channel.guild.me)
    return here.view_channel and here.manage_roles


# --- what will not work as it is meant


def warnings(bot: Hearth, guild: discord.Guild, pieces: Sequence[Piece]) -> list[str]:
    """What can be set, but doesn't do all that is expected of it."""
    changes = {piece.key: piece.new for piece in pieces if isinstance(piece, Change)}
    staff = changes[MOD_ROLES] if MOD_ROLES in changes else _held(bot, guild, MOD_ROLES) or ()
    found = []
    for key, new in changes.items():
        if key == JAIL_ROLE and isinstance(new, int):
            found += _about_role(guild, new, hides=any(isinstance(piece, Hide) for piece in pieces))
        elif key in CHANNEL_KEYS and isinstance(new, int):
            found += _about_channel(bot, guild, key, guild.get_channel(new), staff)
    if changes.get("level-up") == "channel" and not (
        changes.get("level-up-channel") or _held(bot, guild, "level-up-channel")
    ):
        found.append(_("No channel for new levels is set: until then I tell of them where they were reached."))
    return [*found, *_switched_off(bot, guild, pieces)]


def _held(bot: Hearth, guild: discord.Guild, key: str) -> Any:
    setting = bot.guild_settings.declared.get(key)
    return None if setting is None else bot.guild_settings.get(guild.id, setting)


def _switched_off(bot: Hearth, guild: discord.Guild, pieces: Sequence[Piece]) -> list[str]:
    settings = bot.guild_settings
    keys = [piece.key for piece in pieces if isinstance(piece, Change)]
    keys += [AUTOMOD_CHANNEL for piece in pieces if isinstance(piece, Start) and AUTOMOD_CHANNEL is not None]
    features = {settings.feature_of(settings.declared[key]) for key in keys if key in settings.declared}
    return [
        _("The feature {feature} is switched off here: `feature enable {plain}`.").format(
            feature=code(feature), plain=feature
        )
        for feature in SWITCHED_ELSEWHERE
        if feature in features and not bot.switches.feature_is_on(guild.id, feature)
    ]


def _about_role(guild: discord.Guild, role_id: int, *, hides: bool) -> list[str]:
    """`hides` says whether channels are hidden from it, too."""
    role = guild.get_role(role_id)
    if role is None:
        return []
    if role.permissions.value & discord.Permissions.elevated().value:
        return [_("{role} has rights of staff, so it's no jail.").format(role=role.mention)]
    if (reason := why_not_give(guild, role)) is not None:
        return [reason]
    seen = [one for one in guild.text_channels if is_open_to(one, role)]
    if hides or len(seen) <= 1:
        return []
    return [
        ngettext(
            "Who has {role} writes in {count} channel; `doctor moderation` hides what they shouldn't see.",
            "Who has {role} writes in {count} channels; `doctor moderation` hides what they shouldn't see.",
            len(seen),
        ).format(role=role.mention, count=format_number(len(seen)))
    ]


def _about_channel(bot: Hearth, guild: discord.Guild, key: str, channel: Any, staff: Sequence[int]) -> list[str]:
    setting = bot.guild_settings.declared.get(key)
    if setting is None or channel is None:
        return []
    found = []
    if missing := missing_in(channel, guild.me, setting.needs):
        found.append(
            _("In {channel} I lack {permissions}.").format(
                channel=channel.mention, permissions=format_list(permission_names(missing))
            )
        )
    if key not in STAFF_CHANNELS:
        return found
    if channel.permissions_for(guild.default_role).view_channel:
        found.append(
            _("Everybody can read {channel}: hide it from `@everyone`, or take another.").format(
                channel=channel.mention
            )
        )
    roles = [role for role_id in staff if (role := guild.get_role(role_id)) is not None]
    if blind := [role.mention for role in roles if not channel.permissions_for(role).view_channel]:
        found.append(
            _("{channel} can't be seen by {roles}: allow it in the channel's settings.").format(
                channel=channel.mention, roles=format_list(blind)
            )
        )
    return found
