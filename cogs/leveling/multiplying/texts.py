"""Multipliers in words."""

from collections.abc import Sequence

import discord

from database.xp_boosts import XpBoost
from database.xp_multipliers import XpMultiplier
from utils import embeds
from utils.formatting import bullets, pages_of
from utils.i18n import _, format_percent
from utils.time import timestamp

LINES_OF_A_PAGE = 15


def where(guild: discord.Guild, one: XpMultiplier) -> str:
    """What a multiplier is for; with its id if that was deleted."""
    if one.kind == "server":
        return _("the whole server")
    if one.kind == "channel":
        channel = guild.get_channel(one.target_id)
        return channel.mention if channel is not None else _("a deleted channel (`{id}`)").format(id=one.target_id)
    role = guild.get_role(one.target_id)
    return role.mention if role is not None else _("a deleted role (`{id}`)").format(id=one.target_id)


def multiplier_line(guild: discord.Guild, one: XpMultiplier) -> str:
    """A multiplier with what it is for and its end."""
    values = {"where": where(guild, one), "percent": f"**{format_percent(one.percent / 100)}**"}
    if one.ends_at is None:
        return _("{percent} for {where}").format(**values)
    return _("{percent} for {where}, until {when} ({relative})").format(
        when=timestamp(one.ends_at), relative=timestamp(one.ends_at, "R"), **values
    )


def boost_line(boost: XpBoost) -> str:
    """A boost from the shop with its end."""
    return _("{percent} by a boost from the shop, until {when} ({relative})").format(
        percent=f"**{format_percent(1 + boost.percent / 100)}**",
        when=timestamp(boost.ends_at), relative=timestamp(boost.ends_at, "R"),
    )  # fmt: skip


def multiplier_pages(guild: discord.Guild, held: Sequence[XpMultiplier]) -> list[discord.Embed]:
    """All multipliers of a server."""
    if not held:
        return [embeds.info(_("XP counts the same everywhere and for everybody: there are no multipliers."))]
    foot = _(
        "Those for the server, for a channel and for a role are multiplied; of several roles the highest counts."
    )
    pages = pages_of((bullets([multiplier_line(guild, one)]) for one in held), most_lines=LINES_OF_A_PAGE)
    shown = []
    for page in pages:
        embed = embeds.info(page, title=_("XP multipliers"))
        embed.set_footer(text=foot)
        shown.append(embed)
    return shown
