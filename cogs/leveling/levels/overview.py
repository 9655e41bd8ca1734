"""What `levels` shows: how levels work in a server."""

from collections.abc import Iterator

import discord

from cogs.leveling import settings
from cogs.leveling.announcing import settings as announcing
from cogs.leveling.curves import Curve, show_curve
from cogs.leveling.multipliers import Multipliers
from cogs.leveling.multiplying.texts import multiplier_line
from cogs.leveling.rewards.roles import LevelRoles
from cogs.leveling.rewards.texts import how_given, reward_lines
from cogs.leveling.service import Leveling
from cogs.leveling.voice.settings import VOICE_XP
from utils import embeds
from utils.context import GuildContext
from utils.formatting import bullets, code
from utils.i18n import N_, _, format_number, translate
from utils.setting_types import Setting
from utils.time import human_duration

SHOWN_LEVELS = (1, 5, 10, 25, 50)
SHOWN_MULTIPLIERS = 10
SHOWN_REWARDS = 15
_PLACES: dict[Setting[tuple[int, ...]], str] = {
    settings.NO_XP_CHANNELS: N_("No XP in {places}"),
    settings.ONLY_XP_CHANNELS: N_("XP only in {places}"),
    settings.NO_XP_ROLES: N_("No XP for {places}"),
    settings.ONLY_XP_ROLES: N_("XP only for {places}"),
}
_TOLD: dict[str, str] = {
    "off": N_("Nowhere"),
    "here": N_("Where they were reached"),
    "dm": N_("By direct message"),
}


def overview(
    ctx: GuildContext, leveling: Leveling, multipliers: Multipliers, roles: LevelRoles
) -> list[discord.Embed]:
    """How levels work in a guild, for all to read."""
    fields = [
        (_("XP"), _what_brings_xp(ctx)),
        (_("Curve"), _curve(leveling.curve(ctx.guild.id))),
        (_("Where"), bullets(_places(ctx))),
        (_("Multipliers"), bullets(_multipliers(ctx, multipliers))),
        (_("Roles"), "\n".join(_roles(ctx, roles))),
        (_("New levels are told of"), _told(ctx)),
    ]
    return embeds.with_fields(embeds.info(title=_("Levels")), [field for field in fields if field[1]])


def _what_brings_xp(ctx: GuildContext) -> str:
    get, guild_id = ctx.bot.guild_settings.get, ctx.guild.id
    least, most = settings.xp_range(ctx.bot.guild_settings, guild_id)
    wait = human_duration(get(guild_id, settings.XP_COOLDOWN))
    lines = [
        _("A message: {least} to {most} XP, once in {wait}").format(
            least=format_number(least), most=format_number(most), wait=wait
        )
    ]
    voice = get(guild_id, VOICE_XP)
    if voice:
        lines.append(_("A minute in a voice channel with others: {xp} XP").format(xp=format_number(voice)))
    return bullets(lines)


def _curve(curve: Curve) -> str:
    totals = [
        _("level {level}: {xp} XP").format(level=format_number(level), xp=format_number(curve.total(level)))
        for level in SHOWN_LEVELS
        if level <= curve.highest
    ]
    return "\n".join([code(show_curve(curve)), *totals])


def _places(ctx: GuildContext) -> Iterator[str]:
    get, show = ctx.bot.guild_settings.get, ctx.bot.guild_settings.show
    for setting, sentence in _PLACES.items():
        places = get(ctx.guild.id, setting)
        if places:
            yield translate(sentence).format(places=show(setting, places))


def _multipliers(ctx: GuildContext, multipliers: Multipliers) -> Iterator[str]:
    held = multipliers.of_guild(ctx.guild.id, discord.utils.utcnow())
    for one in held[:SHOWN_MULTIPLIERS]:
        yield multiplier_line(ctx.guild, one)
    if len(held) > SHOWN_MULTIPLIERS:
        yield _("… and {count} more").format(count=format_number(len(held) - SHOWN_MULTIPLIERS))


def _roles(ctx: GuildContext, roles: LevelRoles) -> Iterator[str]:
    rewards = roles.of_guild(ctx.guild.id)
    yield from reward_lines(ctx.guild, rewards[:SHOWN_REWARDS], roles.trouble, for_staff=False)
    if len(rewards) > SHOWN_REWARDS:
        yield _("… and {count} more").format(count=format_number(len(rewards) - SHOWN_REWARDS))
    if rewards:
        yield how_given(roles.mode(ctx.guild.id))


def _told(ctx: GuildContext) -> str:
    get = ctx.bot.guild_settings.get
    mode, channel_id = get(ctx.guild.id, announcing.MODE), get(ctx.guild.id, announcing.CHANNEL)
    if mode == "channel" and channel_id is not None:
        return _("In {channel}").format(channel=f"<#{channel_id}>")
    return translate(_TOLD.get(mode, _TOLD["off"]))
