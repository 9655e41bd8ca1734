"""Messages with buttons that staff posts for members: role menus, and panels for tickets."""

from typing import Any, Final

import discord

from utils.errors import UserError
from utils.i18n import _, format_list
from utils.permissions import missing_in, permission_names

BAD_FORM: Final = 50_035
"""Discord's code for what it doesn't take, such as an emoji that it doesn't know, or a channel in a full category."""
NEEDED: Final = ("view_channel", "send_messages", "embed_links")


def lacking(channel: Any) -> str | None:
    """What the bot needs in a channel to show embeds there, in a sentence; None if nothing is missing."""
    missing = missing_in(channel, channel.guild.me, NEEDED)
    if not missing:
        return None
    return _("I need {permissions} in {channel}.").format(
        permissions=format_list(permission_names(missing)), channel=channel.mention
    )


def check_poster(channel: Any, member: discord.Member) -> None:
    """Raise `UserError` if who has something posted couldn't write there."""
    if missing_in(channel, member, ("view_channel", "send_messages")):
        raise UserError(_("You may not write in {channel} yourself.").format(channel=channel.mention))


async def post(channel: Any, content: dict[str, Any], *, bad_form: str) -> discord.Message:
    """Send a message there. Raises `UserError`, with `bad_form` where Discord doesn't know an emoji in it."""
    if (lack := lacking(channel)) is not None:
        raise UserError(lack)
    try:
        message: discord.Message = await channel.send(**content)
    except discord.HTTPException as error:
        if error.code != BAD_FORM:
            raise
        raise UserError(bad_form) from error
    return message
