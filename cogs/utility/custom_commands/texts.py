"""How a server's own commands are shown to who looks after them."""

from datetime import timedelta

import discord

from cogs.utility.custom_commands.service import CustomCommand
from utils import embeds
from utils.formatting import code, code_block, truncate
from utils.i18n import N_, _, format_list, format_number, translate
from utils.time import human_duration, timestamp

KEY_NAMES = {
    "title": N_("Title"),
    "description": N_("Description"),
    "colour": N_("Colour"),
    "footer": N_("Footer"),
    "image": N_("Picture"),
    "thumbnail": N_("Small picture"),
}
SHOWN_OF_TEXT = 2_100  # a whole text, with what keeps it inside its code block


def command(one: CustomCommand, uses: int) -> discord.Embed:
    """All that is set of a command, as it was typed."""
    details = one.details
    text = code_block(truncate(details.text, SHOWN_OF_TEXT)) if details.text else None
    embed = embeds.info(text, title=one.row.name)
    for key, value in details.embed.items():
        embed.add_field(name=translate(KEY_NAMES[key]), value=code_block(truncate(value, 300)), inline=False)
    if one.row.aliases:
        embed.add_field(name=_("Aliases"), value=format_list([code(alias) for alias in one.row.aliases]))
    if details.cooldown_seconds:
        embed.add_field(name=_("Cooldown"), value=human_duration(timedelta(seconds=details.cooldown_seconds)))
    if details.role_id is not None:
        embed.add_field(name=_("Required role"), value=f"<@&{details.role_id}>")
    if details.channel_ids:
        embed.add_field(name=_("Channels"), value=format_list([f"<#{one_id}>" for one_id in details.channel_ids]))
    embed.add_field(name=_("Uses"), value=format_number(uses))
    embed.add_field(name=_("Created by"), value=f"<@{one.row.author_id}>")
    embed.add_field(name=_("Created"), value=timestamp(one.row.created_at, "F"))
    return embed


def line(one: CustomCommand, prefix: str) -> str:
    """A command in a list."""
    return format_list([code(f"{prefix}{name}") for name in one.names], style="or")
