"""Finding the message that a link or a reply means, for who may read it."""

import re
from typing import Any, Final

import discord

from utils.context import Context
from utils.errors import UserError
from utils.i18n import _
from utils.lookup import may_know
from utils.members import get_member

LINK: Final = re.compile(
    r"<?https://(?:ptb\.|canary\.)?discord(?:app)?\.com/channels/"
    r"(?P<guild>[0-9]{15,20})/(?P<channel>[0-9]{15,20})/(?P<message>[0-9]{15,20})/?>?"
)


VOICE_CHANNELS: Final = (discord.VoiceChannel, discord.StageChannel)
"""What is written in them is for who may come in."""


async def message_meant(ctx: Context, text: str) -> tuple[discord.Message, str]:
    """The message that a link in a text or the replied one is, and the rest of the text. Raises UserError."""
    found = LINK.search(text)
    if found is None:
        return await _replied(ctx), text.strip()
    rest = f"{text[: found.start()].rstrip()} {text[found.end() :].lstrip()}".strip()
    return await _linked(ctx, *(int(found[name]) for name in ("guild", "channel", "message"))), rest


async def _replied(ctx: Context) -> discord.Message:
    reference = ctx.message.reference
    if reference is None or reference.message_id is None or reference.type is not discord.MessageReferenceType.reply:
        raise UserError(_("Give the link to a message, or reply to one with this command."))
    if isinstance(reference.resolved, discord.Message):
        return reference.resolved
    try:
        return await ctx.channel.fetch_message(reference.message_id)
    except discord.HTTPException as error:
        raise not_found() from error


async def _linked(ctx: Context, guild_id: int, channel_id: int, message_id: int) -> discord.Message:
    guild = ctx.bot.get_guild(guild_id)
    member = None if guild is None else await get_member(guild, ctx.author.id)
    if guild is None or member is None or (ctx.guild is not None and ctx.guild.id != guild_id):
        raise not_found()
    try:
        channel: Any = guild.get_channel_or_thread(channel_id) or await guild.fetch_channel(channel_id)
        if not await may_read(member, channel):
            raise not_found()
        message: discord.Message = await channel.fetch_message(message_id)
    except (discord.HTTPException, discord.InvalidData) as error:
        raise not_found() from error
    return message


async def may_read(member: discord.Member, channel: Any) -> bool:
    """Whether somebody may read what was written in a channel, in private threads too."""
    if not isinstance(channel, discord.abc.Messageable) or not _reads(member, channel):
        return False
    return not isinstance(channel, discord.Thread) or await may_know(member, channel)


def shows_to_more(here: Any, source: Any) -> bool:
    """Whether somebody may read this channel who may not read the other: what is quoted here would be given away.

    All roles are compared. Who is let in or kept out as a person counts for somebody without any role.
    """
    if source.id == here.id:
        return False
    place, origin = _with_overwrites(here), _with_overwrites(source)
    is_private = isinstance(source, discord.Thread) and source.is_private()
    if is_private or place is None or origin is None or (source.is_nsfw() and not here.is_nsfw()):
        return True
    if place.id == origin.id:
        return False
    if any(_reads(role, place) and not _reads(role, origin) for role in origin.guild.roles):
        return True
    everybody = origin.guild.default_role
    let_in = any(overwrite.view_channel for overwrite in _of_people(place))
    kept_out = any(
        overwrite.view_channel is False or overwrite.read_message_history is False for overwrite in _of_people(origin)
    )
    return kept_out or (let_in and not _reads(everybody, origin))


def _with_overwrites(channel: Any) -> Any:
    return channel.parent if isinstance(channel, discord.Thread) else channel


def _of_people(channel: discord.abc.GuildChannel) -> list[discord.PermissionOverwrite]:
    """The overwrites of single members; who isn't in memory stands there by id alone."""
    return [
        overwrite
        for whose, overwrite in channel.overwrites.items()
        if not isinstance(whose, discord.Role) and getattr(whose, "type", None) is not discord.Role
    ]


def _reads(who: discord.Role | discord.Member, channel: Any) -> bool:
    permissions = channel.permissions_for(who)
    if isinstance(channel, VOICE_CHANNELS) and not permissions.connect:
        return False
    return bool(permissions.view_channel and permissions.read_message_history)


def not_found() -> UserError:
    """What is said of a message that there isn't, and so of one that somebody may not read."""
    return UserError(_("I can't find that message; you can name only those that you can read yourself."))
