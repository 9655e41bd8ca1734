"""Which permissions the bot lacks: in the server, by what its commands and features declare, and in channels."""

from collections.abc import Collection, Iterator
from typing import Final

import discord

from cogs.admin.about import BASIC_PERMISSIONS, About
from utils.bot import Hearth
from utils.checks import bot_permissions
from utils.cog import Cog
from utils.core_settings import IGNORED_CHANNELS
from utils.findings import Finding, Severity, allow_myself
from utils.i18n import _, format_list, format_number
from utils.permissions import missing_in, permission_names
from utils.switches import ALWAYS_ON_FEATURE, places

MOST_NAMED: Final = 6
IN_CHANNELS: Final = ("view_channel", "send_messages", "embed_links", "read_message_history")
"""What an answer needs in each channel where members can call commands."""


def of_server(bot: Hearth, guild: discord.Guild, features: Collection[str]) -> Iterator[tuple[str, Finding]]:
    """The permissions that the bot has nowhere, each with what needs it."""
    held = guild.me.guild_permissions
    if not features:
        return
    users: dict[str, dict[str, list[str]]] = {}
    for command in bot.walk_commands():
        feature = getattr(command.cog, "feature", ALWAYS_ON_FEATURE)
        for name in bot_permissions(command) if feature in features else ():
            users.setdefault(name, {}).setdefault(feature, []).append(f"`{command.qualified_name}`")
    for cog in bot.cogs.values():
        if isinstance(cog, Cog) and cog.feature in features:
            for name in cog.also_needs:
                users.setdefault(name, {}).setdefault(cog.feature, [])
    for name in BASIC_PERMISSIONS:
        if ALWAYS_ON_FEATURE in features or name in users:
            users.setdefault(name, {}).setdefault(ALWAYS_ON_FEATURE, [])
    for name, by_feature in users.items():
        if not getattr(held, name):
            yield next(iter(by_feature)), _missing(bot, name, by_feature)


def _missing(bot: Hearth, name: str, by_feature: dict[str, list[str]]) -> Finding:
    permission = permission_names([name])[0]
    commands = sorted({one for found in by_feature.values() for one in found})
    named = [*commands[:MOST_NAMED], *["…"] * (len(commands) > MOST_NAMED)]
    if name in BASIC_PERMISSIONS:
        problem, severity = _("I lack {permission}, which every answer needs."), Severity.BROKEN
    elif commands:
        problem, severity = _("I lack {permission}: {commands} don't work."), Severity.BROKEN
    else:
        problem, severity = (
            _("I lack {permission}, which {features} needs for what it does by itself."),
            Severity.WARNING,
        )
    about = bot.get_cog(About.__name__)
    link = about.invite_link() if isinstance(about, About) else ""
    advice = _("Switch it on for my role in Server Settings, Roles, or [invite me again]({link}).")
    features = format_list([f"`{one}`" for one in by_feature])
    return Finding(
        problem.format(permission=permission, commands=format_list(named), features=features),
        advice.format(link=link), severity,
    )  # fmt: skip


def of_channels(bot: Hearth, guild: discord.Guild) -> list[Finding]:
    """The channels where members can call commands, and the bot can't answer."""
    ignored = bot.guild_settings.get(guild.id, IGNORED_CHANNELS)
    asked = [name for name in IN_CHANNELS if getattr(guild.me.guild_permissions, name)]
    by_missing: dict[tuple[str, ...], list[discord.TextChannel]] = {}
    for channel in guild.text_channels:
        members = channel.permissions_for(guild.default_role)
        if not (members.view_channel and members.send_messages) or any(place in ignored for place in places(channel)):
            continue
        missing = tuple(missing_in(channel, guild.me, asked))
        if "view_channel" in missing:
            missing = ("view_channel",)  # without it nothing else counts
        if missing:
            by_missing.setdefault(missing, []).append(channel)
    return [_can_not_answer(guild, missing, channels) for missing, channels in by_missing.items()]


def _can_not_answer(guild: discord.Guild, missing: tuple[str, ...], channels: list[discord.TextChannel]) -> Finding:
    named = [channel.mention for channel in channels[:MOST_NAMED]]
    if len(channels) > MOST_NAMED:
        named.append(_("{count} more").format(count=format_number(len(channels) - MOST_NAMED)))
    values = {"channels": format_list(named), "permissions": format_list(permission_names(missing))}
    return Finding(
        _("I lack {permissions} in {channels}, where members can call commands.").format(**values),
        _("Allow me {permissions} there, or add the channels to `ignored-channels`.").format(**values),
        Severity.WARNING,
        allow_myself(guild, channels, missing),
    )
