"""What is wrong with a server's settings: what they name was deleted, or the bot can't use it."""

from collections.abc import Iterable, Iterator
from typing import Any

import discord

from utils.bot import Hearth
from utils.findings import Finding, Repair, Severity, channel_findings, role_findings
from utils.i18n import _, format_list
from utils.setting_types import Channel, Many, Role, Setting


def of_settings(bot: Hearth, guild: discord.Guild, features: Iterable[str]) -> Iterator[tuple[str, Finding]]:
    """What is wrong with the settings of these features."""
    wanted = set(features)
    for setting in list(bot.guild_settings.declared.values()):
        feature = bot.guild_settings.feature_of(setting)
        if feature in wanted:
            for finding in _of_setting(bot, guild, setting):
                yield feature, finding
    for setting in bot.guild_settings.unfit(guild.id):
        if bot.guild_settings.feature_of(setting) in wanted:
            yield bot.guild_settings.feature_of(setting), _unfit(bot, guild, setting)


def _of_setting(bot: Hearth, guild: discord.Guild, setting: Setting[Any]) -> list[Finding]:
    value = bot.guild_settings.get(guild.id, setting)
    if isinstance(setting.type, Many) and isinstance(setting.type.of, Channel | Role):
        is_there = guild.get_channel_or_thread if isinstance(setting.type.of, Channel) else guild.get_role
        gone = [one for one in value if is_there(one) is None]
        return [_some_gone(bot, guild, setting, gone)] if gone else []
    if value is None or not isinstance(setting.type, Channel | Role):
        return []
    what = _("The setting `{key}`").format(key=setting.key)
    if setting.hidden:
        advice = _("The repair resets it; set it anew with the command that it has.")
    else:
        advice = _("Choose another with `config set {key}`, or `config reset {key}`.").format(key=setting.key)
    repair = _reset(bot, guild, setting, value)
    if isinstance(setting.type, Channel):
        return channel_findings(guild, value, what, needs=setting.needs, if_gone=advice, repair_gone=repair)
    if setting.needs or guild.get_role(value) is None:
        return role_findings(guild, value, what, if_gone=advice, repair_gone=repair)
    return []


def _reset(bot: Hearth, guild: discord.Guild, setting: Setting[Any], value: int) -> Repair:
    async def reset(member: discord.Member) -> None:
        if bot.guild_settings.get(guild.id, setting) == value:  # nobody chose another meanwhile
            await bot.guild_settings.reset(guild.id, setting, changed_by=member.id)

    return Repair(_("Reset {key}").format(key=setting.key), reset)


def _some_gone(bot: Hearth, guild: discord.Guild, setting: Setting[Any], gone: list[int]) -> Finding:
    async def forget(member: discord.Member) -> None:
        await bot.guild_settings.update(
            guild.id, setting, lambda ids: tuple(one for one in ids if one not in gone), changed_by=member.id
        )

    shown = format_list([f"`{one}`" for one in gone[:5]] + ["…"] * (len(gone) > 5))
    if isinstance(setting.type, Many) and isinstance(setting.type.of, Channel):
        problem = _("The setting `{key}` names channels that were deleted: {ids}.")
    else:
        problem = _("The setting `{key}` names roles that were deleted: {ids}.")
    return Finding(
        problem.format(key=setting.key, ids=shown),
        _("Set it anew with `config set {key}`.").format(key=setting.key),
        Severity.HINT,
        Repair(_("Clean up {key}").format(key=setting.key), forget),
    )


def _unfit(bot: Hearth, guild: discord.Guild, setting: Setting[Any]) -> Finding:
    async def reset(member: discord.Member) -> None:
        await bot.guild_settings.reset(guild.id, setting, changed_by=member.id)

    return Finding(
        _("The value of the setting `{key}` doesn't fit any more, so its default holds.").format(key=setting.key),
        _("Set it anew with `config set {key}`; `config show {key}` says what fits.").format(key=setting.key),
        Severity.WARNING,
        Repair(_("Reset {key}").format(key=setting.key), reset),
    )
