"""What `levels` shows: how levels work in a server."""

import discord

from cogs.leveling import settings
from cogs.leveling.curves import Curve, show_curve
from cogs.leveling.multipliers import Multipliers
from cogs.leveling.rewards import texts
from cogs.leveling.rewards.roles import LevelRoles
from cogs.leveling.service import Leveling
from database.xp_multipliers import XpMultiplier
from utils import embeds
from utils.context import GuildContext
from utils.formatting import bullets, code
from utils.i18n import N_, _, format_number, format_percent, translate
from utils.setting_types import Setting
from utils.time import human_duration, timestamp

SHOWN_LEVELS = (1, 5, 10, 25, 50)
SHOWN_MULTIPLIERS = 10
SHOWN_REWARDS = 15
_PLACES: dict[Setting[tuple[int, ...]], str] = {
    settings.NO_XP_CHANNELS: N_("No XP in {places}"),
    settings.ONLY_XP_CHANNELS: N_("XP only in {places}"),
    settings.NO_XP_ROLES: N_("No XP for {places}"),
    settings.ONLY_XP_ROLES: N_("XP only for {places}"),
}


def overview(ctx: GuildContext, leveling: Leveling, multipliers: Multipliers, roles: LevelRoles) -> discord.Embed:
    """How levels work in a guild, for all to read."""
    get, guild_id = ctx.bot.guild_settings.get, ctx.guild.id
    embed = embeds.info(title=_("Levels"))
    least, most = sorted((get(guild_id, settings.XP_LEAST), get(guild_id, settings.XP_MOST)))
    embed.add_field(
        name=_("XP for messages"),
        value=_("{least} to {most} XP, once in {wait}").format(
            least=format_number(least), most=format_number(most),
            wait=human_duration(get(guild_id, settings.XP_COOLDOWN)),
        ),
        inline=False,
    )  # fmt: skip
    embed.add_field(name=_("Curve"), value=_curve_text(leveling.curve(guild_id)), inline=False)
    places = [
        translate(sentence).format(places=ctx.bot.guild_settings.show(setting, get(guild_id, setting)))
        for setting, sentence in _PLACES.items()
        if get(guild_id, setting)
    ]
    if places:
        embed.add_field(name=_("Where"), value=bullets(places), inline=False)
    held = multipliers.of_guild(guild_id, discord.utils.utcnow())
    if held:
        lines = [_multiplier_text(one) for one in held[:SHOWN_MULTIPLIERS]]
        if len(held) > SHOWN_MULTIPLIERS:
            lines.append(_("… and {count} more").format(count=format_number(len(held) - SHOWN_MULTIPLIERS)))
        embed.add_field(name=_("Multipliers"), value=bullets(lines), inline=False)
    rewards = roles.of_guild(guild_id)
    if rewards:
        first = texts.reward_lines(ctx.guild, rewards[:SHOWN_REWARDS], roles.trouble, for_staff=False)
        if len(rewards) > SHOWN_REWARDS:
            first.append(_("… and {count} more").format(count=format_number(len(rewards) - SHOWN_REWARDS)))
        first.append(texts.how_given(roles.mode(guild_id)))
        embed.add_field(name=_("Roles"), value="\n".join(first), inline=False)
    return embed


def _curve_text(curve: Curve) -> str:
    totals = [
        _("level {level}: {xp} XP").format(level=format_number(level), xp=format_number(curve.total(level)))
        for level in SHOWN_LEVELS
        if level <= curve.highest
    ]
    return "\n".join([code(show_curve(curve)), *totals])


def _multiplier_text(one: XpMultiplier) -> str:
    where = {"server": _("everywhere"), "channel": f"<#{one.target_id}>", "role": f"<@&{one.target_id}>"}[one.kind]
    values = {"percent": format_percent(one.percent / 100), "where": where}
    if one.ends_at is None:
        return _("{percent} {where}").format(**values)
    return _("{percent} {where}, until {moment}").format(**values, moment=timestamp(one.ends_at))
