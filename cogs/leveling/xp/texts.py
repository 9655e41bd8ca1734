"""What is said about XP."""

import discord

from cogs.leveling.curves import Curve
from database.standings import Standing
from utils import embeds
from utils.i18n import _, format_number


def standing_embed(owner: discord.Member | discord.User, standing: Standing, curve: Curve) -> discord.Embed:
    """What somebody has, and what their next level takes."""
    done, length = curve.progress(standing.xp)
    if length is None:
        next_level = _("This is the highest level.")
    else:
        next_level = _("{done} of {length} XP, {missing} to go").format(
            done=format_number(done), length=format_number(length), missing=format_number(length - done)
        )
    embed = embeds.info()
    embed.set_author(name=owner.display_name, icon_url=owner.display_avatar.url)
    for name, value in (
        (_("XP"), format_number(standing.xp)),
        (_("Level"), format_number(curve.level(standing.xp))),
        (_("Messages"), format_number(standing.messages)),
        (_("Minutes in voice"), format_number(standing.voice_minutes)),
        (_("Next level"), next_level),
    ):
        embed.add_field(name=name, value=value)
    return embed
