"""What there is in a server, for a plan; and what bot and admin lack to carry the plan out."""

from collections.abc import Sequence
from typing import Any, Final

import discord

from cogs.admin.setting_up.planning import (
    JAIL_ROLE,
    JAIL_ROLE_NAME,
    PLACES,
    READ_ONLY,
    Change,
    Facts,
    Hide,
    NewChannel,
    NewRole,
    Piece,
    Start,
)
from cogs.admin.setting_up.steps import STEPS
from utils.bot import Hearth
from utils.core_settings import DISABLED_FEATURES
from utils.formatting import code
from utils.giving_roles import why_not_give
from utils.i18n import _, format_list, format_number, ngettext
from utils.permissions import missing_in, permission_names
from utils.setting_types import WRITES
from utils.starters import Starter

STAFF_FEATURES: Final = ("moderation", "utility")
"""Features that the wizard sets something of without switching them on or off."""
ROLES: Final = ("manage_roles",)
CHANNELS: Final = ("manage_channels", "manage_roles", *WRITES)
"""What the bot needs to make a channel of which it says who sees it: it may allow only what it has itself."""


def starters_of(bot: Hearth) -> dict[str, Starter]:
    """What features offer to begin with, by key."""
    return {one.key: one for cog in bot.cogs.values() for one in getattr(cog, "starters", ())}


def read_facts(bot: Hearth, guild: discord.Guild) -> Facts:
    """What holds now."""
    settings = bot.guild_settings
    keys = {key for step in STEPS for key in step.keys if key in settings.declared}
    everyone = guild.default_role
    visible = [
        channel for channel in guild.channels
        if not isinstance(channel, discord.CategoryChannel) and channel.permissions_for(everyone).view_channel
    ]  # fmt: skip
    return Facts(
        {key: settings.get(guild.id, settings.declared[key]) for key in keys},
        frozenset(settings.get(guild.id, DISABLED_FEATURES)),
        _serving_channels(guild),
        {role.name: role.id for role in guild.roles if role.name == JAIL_ROLE_NAME and may_jail(guild, role)},
        tuple(channel.id for channel in visible),
        {role.id: _hidden_from(role, visible) for role in guild.roles if role.name == JAIL_ROLE_NAME},
        {key: tuple(starter.missing(guild)) for key, starter in starters_of(bot).items()},
    )


def _serving_channels(guild: discord.Guild) -> dict[str, int]:
    """Channels that are what the wizard would make: of that name, and hidden where that matters."""
    found = {}
    for place in PLACES.values():
        for channel in guild.text_channels:
            is_hidden = not channel.permissions_for(guild.default_role).view_channel
            if channel.name == place.name and (is_hidden or place.kind == READ_ONLY):
                found[place.name] = channel.id
    return found


def may_jail(guild: discord.Guild, role: discord.Role) -> bool:
    """Whether the bot can give a role that has no rights of staff."""
    return why_not_give(guild, role) is None and not role.permissions.value & discord.Permissions.elevated().value


def _hidden_from(role: discord.Role, channels: Sequence[discord.abc.GuildChannel]) -> frozenset[int]:
    return frozenset(one.id for one in channels if one.overwrites_for(role).view_channel is False)


# --- what is missing


def problems(bot: Hearth, member: discord.Member, pieces: Sequence[Piece]) -> list[str]:
    """What keeps a plan from being carried out, each in a sentence that says what to do."""
    guild = member.guild
    makes_channels = any(isinstance(piece, NewChannel) for piece in pieces)
    gives_roles = any(isinstance(piece, NewRole | Hide) for piece in pieces)
    needed = dict.fromkeys([*(CHANNELS if makes_channels else ()), *(ROLES if gives_roles else ())])
    asked = [*(CHANNELS[:1] if makes_channels else ()), *(ROLES if gives_roles else ())]
    found = []
    if missing := [name for name in needed if not getattr(guild.me.guild_permissions, name)]:
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
    return found + _starting_problems(bot, member, pieces) + _hiding_problems(guild, pieces)


def _starting_problems(bot: Hearth, member: discord.Member, pieces: Sequence[Piece]) -> list[str]:
    known = starters_of(bot)
    starts = [(known.get(piece.key), piece.names) for piece in pieces if isinstance(piece, Start)]
    reasons = [starter.why_not(member, names) for starter, names in starts if starter is not None]
    return [reason for reason in reasons if reason is not None]


def _hiding_problems(guild: discord.Guild, pieces: Sequence[Piece]) -> list[str]:
    channels = [guild.get_channel(one) for piece in pieces if isinstance(piece, Hide) for one in piece.channels]
    closed = [one for one in channels if one is not None and not _may_hide(one)]
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
            channels=format_list([*[one.mention for one in closed[:8]], *["…"] * (len(closed) > 8)]),
        )
    ]


def _may_hide(channel: discord.abc.GuildChannel) -> bool:
    here = channel.permissions_for(channel.guild.me)
    return here.view_channel and here.manage_roles


def warnings(bot: Hearth, guild: discord.Guild, pieces: Sequence[Piece]) -> list[str]:
    """What will not work as it is meant, though it can be set."""
    found = []
    for piece in pieces:
        if isinstance(piece, Change) and isinstance(piece.new, int) and not isinstance(piece.new, bool):
            found += _about_role(guild, piece.new) if piece.key == JAIL_ROLE else _about_channel(bot, guild, piece)
    features = {bot.guild_settings.feature_of(bot.guild_settings.declared[key]) for key in _keys(bot, pieces)}
    found += [
        _("The feature {feature} is switched off here: `feature enable {plain}`.").format(
            feature=code(feature), plain=feature
        )
        for feature in STAFF_FEATURES
        if feature in features and not bot.switches.feature_is_on(guild.id, feature)
    ]
    return found


def _keys(bot: Hearth, pieces: Sequence[Piece]) -> list[str]:
    keys = [piece.key for piece in pieces if isinstance(piece, Change)]
    return [key for key in keys if key in bot.guild_settings.declared]


def _about_role(guild: discord.Guild, role_id: int) -> list[str]:
    role = guild.get_role(role_id)
    if role is not None and role.permissions.value & discord.Permissions.elevated().value:
        return [_("{role} has rights of staff, so it's no jail.").format(role=role.mention)]
    reason = why_not_give(guild, role)
    return [] if reason is None else [reason]


def _about_channel(bot: Hearth, guild: discord.Guild, change: Change) -> list[str]:
    setting = bot.guild_settings.declared.get(change.key)
    channel: Any = guild.get_channel(change.new)
    if setting is None or channel is None:
        return []
    found = []
    if missing := missing_in(channel, guild.me, setting.needs):
        found.append(
            _("In {channel} I lack {permissions}.").format(
                channel=channel.mention, permissions=format_list(permission_names(missing))
            )
        )
    if change.key in {"mod-log", "automod-channel"} and channel.permissions_for(guild.default_role).view_channel:
        found.append(
            _("Everybody can read {channel}: hide it from `@everyone`, or take another.").format(
                channel=channel.mention
            )
        )
    return found
