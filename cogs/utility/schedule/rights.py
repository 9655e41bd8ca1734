"""Who may let the bot write where: looked at when a message is scheduled or changed, and again when it is due."""

from typing import Any, Final

import discord

from cogs.utility.later import PLACES
from database.scheduled_messages import ScheduledMessage
from utils.context import GuildContext
from utils.errors import UserError
from utils.i18n import _
from utils.lookup import can_see
from utils.permissions import missing_in, permission_names

NEEDED: Final = ("view_channel", "send_messages", "manage_messages")
"""Of who answers for a message, in its channel."""


def check_place(ctx: GuildContext, channel: Any) -> None:
    """Raise UserError unless who asks and the bot may both write there."""
    if not isinstance(channel, PLACES):
        raise UserError(_("I can't write there: choose a text channel, a voice channel or a thread."))
    lacks = missing_in(channel, ctx.author, NEEDED)
    if lacks:
        raise UserError(
            _("You need the permission {permission} in {channel} for this.").format(
                permission=permission_names(lacks[:1])[0], channel=channel.mention
            )
        )
    if missing_in(channel, ctx.guild.me, ("view_channel", "send_messages")):
        raise UserError(_("I may not write in {channel}.").format(channel=channel.mention))


async def check_change(ctx: GuildContext, message: ScheduledMessage) -> None:
    """Raise UserError unless somebody may change or cancel one: it is theirs, or they may write where it goes."""
    channel = await place_of(ctx, message)
    if message.author_id != ctx.author.id and channel is not None:
        check_place(ctx, channel)


async def place_of(ctx: GuildContext, message: ScheduledMessage) -> Any:
    """The channel of a message; None if it is gone. Archived threads aren't in memory."""
    channel = ctx.guild.get_channel_or_thread(message.channel_id)
    if channel is not None:
        return channel
    try:
        return await ctx.guild.fetch_channel(message.channel_id)
    except (discord.NotFound, discord.Forbidden, discord.InvalidData):
        return None


async def may_see(ctx: GuildContext, message: ScheduledMessage) -> bool:
    """Whether somebody may know of one: they wrote it, see its channel, or manage a server where it is gone."""
    if message.author_id == ctx.author.id:
        return True
    channel = ctx.guild.get_channel_or_thread(message.channel_id)
    if channel is None:
        return ctx.author.guild_permissions.manage_guild
    return await can_see(ctx.author, channel)
