"""What there is in a server, for a plan."""

from collections.abc import Sequence

import discord

from cogs.admin.setting_up.planning import JAIL_ROLE_NAME, PLACES, READ_ONLY, Facts
from cogs.admin.setting_up.steps import STEPS
from utils.bot import Hearth
from utils.core_settings import DISABLED_FEATURES
from utils.giving_roles import why_not_give
from utils.starters import Starter


def starters_of(bot: Hearth) -> dict[str, Starter]:
    """What features offer to begin with, by key."""
    return {one.key: one for cog in bot.cogs.values() for one in getattr(cog, "starters", ())}


def read_facts(bot: Hearth, guild: discord.Guild) -> Facts:
    """What holds now."""
    settings = bot.guild_settings
    keys = {key for step in STEPS for key in step.keys if key in settings.declared}
    disabled: tuple[str, ...] = settings.get(guild.id, DISABLED_FEATURES)
    everyone = guild.default_role
    visible = [
        channel for channel in guild.channels
        if not isinstance(channel, discord.CategoryChannel) and channel.permissions_for(everyone).view_channel
    ]  # fmt: skip
    jail_roles = [role for role in guild.roles if role.name == JAIL_ROLE_NAME]
    channels = _serving_channels(guild)
    cell = guild.get_channel(channels.get(PLACES["jail"].name, 0))
    return Facts(
        {key: settings.get(guild.id, settings.declared[key]) for key in keys},
        frozenset(disabled),
        channels,
        {role.name: role.id for role in jail_roles if may_jail(guild, role)},
        tuple(channel.id for channel in visible),
        {role.id: _hidden_from(role, visible) for role in jail_roles},
        frozenset(role.id for role in jail_roles if cell is not None and is_open_to(cell, role)),
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


def is_open_to(channel: discord.abc.GuildChannel, role: discord.Role) -> bool:
    """Whether who has only this role sees a channel and writes there."""
    here = channel.permissions_for(role)
    return here.view_channel and here.send_messages


def _hidden_from(role: discord.Role, channels: Sequence[discord.abc.GuildChannel]) -> frozenset[int]:
    return frozenset(one.id for one in channels if one.overwrites_for(role).view_channel is False)
