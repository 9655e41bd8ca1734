"""The channels and threads of tickets: making one that few can see, and letting people in and out."""

import logging
import re
from datetime import timedelta
from typing import Final

import discord

from cogs.utility.posting import BAD_FORM
from database.ticket_panels import TicketKind
from database.tickets import Ticket
from utils.errors import UserError
from utils.formatting import code
from utils.i18n import _, format_list
from utils.permissions import missing_in, permission_names

log = logging.getLogger("hearth.utility")

Place = discord.TextChannel | discord.Thread

MOST_IN_CATEGORY: Final = 50  # channels
TOO_MANY_CHANNELS: Final = 30_013
ARCHIVED_AFTER_MINUTES: Final = 10_080
CLOCKS_DIFFER: Final = timedelta(minutes=1)

TALKING: Final = (
    "view_channel", "send_messages", "read_message_history", "attach_files", "embed_links", "add_reactions",
)  # fmt: skip
"""What somebody may do in a ticket."""
OWN: Final = ("manage_channels", "manage_messages")
"""What the bot may do there besides, so that it can close and delete it."""
NEEDED_FOR_CHANNELS: Final = ("view_channel", "manage_channels", "manage_roles", "send_messages", "embed_links")
NEEDED_FOR_THREADS: Final = (
    "view_channel", "create_private_threads", "manage_threads", "send_messages_in_threads", "embed_links",
)  # fmt: skip


def lacking(guild: discord.Guild, kind: TicketKind, parent: object) -> list[str]:
    """The permissions that the bot lacks to open tickets of this kind, by discord.py's names."""
    if kind.place == "thread":
        is_text = isinstance(parent, discord.TextChannel)
        return missing_in(parent, guild.me, NEEDED_FOR_THREADS) if is_text else list(NEEDED_FOR_THREADS)
    category = guild.get_channel(kind.category_id or 0)
    if category is not None:
        return missing_in(category, guild.me, NEEDED_FOR_CHANNELS)
    return [name for name in NEEDED_FOR_CHANNELS if not getattr(guild.me.guild_permissions, name)]


async def make(guild: discord.Guild, kind: TicketKind, ticket: Ticket, opener: discord.Member) -> Place:
    """Make the place of a ticket. Raises UserError if it can't be made, and what Discord answers otherwise."""
    parent = guild.get_channel(ticket.parent_id or 0)
    missing = lacking(guild, kind, parent)
    if missing:
        raise UserError(
            _("I can't open a ticket: I need {permissions}. Please tell who manages this server.").format(
                permissions=format_list(permission_names(missing))
            )
        )
    try:
        if ticket.parent_id is not None:
            return await _make_thread(parent, ticket, opener)
        return await _make_channel(guild, kind, ticket, opener)
    except discord.HTTPException as error:
        if error.code == TOO_MANY_CHANNELS:
            sentence = _("I can't open a ticket: this server has as many channels as Discord allows.")
            raise UserError(sentence) from error
        if error.code == BAD_FORM:
            sentence = _("I can't open a ticket: Discord doesn't take it ({reason}). Please tell the staff.")
            raise UserError(sentence.format(reason=code(error.text))) from error
        raise


async def _make_thread(parent: object, ticket: Ticket, opener: discord.Member) -> discord.Thread:
    if not isinstance(parent, discord.TextChannel) or parent.type is not discord.ChannelType.text:
        raise UserError(_("I can't open a ticket here: private threads need an ordinary text channel."))
    thread = await parent.create_thread(
        name=ticket.name, type=discord.ChannelType.private_thread, invitable=False,
        auto_archive_duration=ARCHIVED_AFTER_MINUTES,
    )  # fmt: skip
    try:
        await thread.add_user(opener)
    except discord.HTTPException:
        await thread.delete()
        raise
    return thread


async def _make_channel(
    guild: discord.Guild, kind: TicketKind, ticket: Ticket, opener: discord.Member
) -> discord.TextChannel:
    category = guild.get_channel(kind.category_id or 0)
    topic = _("Ticket #{number}, opened by {member}").format(number=ticket.number, member=f"<@{opener.id}>")
    if isinstance(category, discord.CategoryChannel) and len(category.channels) < MOST_IN_CATEGORY:
        overwrites = _overwrites(guild, ticket, opener, category.permissions_for(guild.me))
        try:
            return await guild.create_text_channel(ticket.name, category=category, overwrites=overwrites, topic=topic)
        except discord.HTTPException as error:
            if error.code != BAD_FORM:
                raise
            log.info("The category %d takes no channel: %r", category.id, error)
    # Outside of a category that is full somebody gets an answer as well.
    overwrites = _overwrites(guild, ticket, opener, guild.me.guild_permissions)
    return await guild.create_text_channel(ticket.name, overwrites=overwrites, topic=topic)


def _overwrites(
    guild: discord.Guild, ticket: Ticket, opener: discord.Member, own: discord.Permissions
) -> dict[discord.Role | discord.Member | discord.Object, discord.PermissionOverwrite]:
    """Who sees it: the opener, who answers, and the bot, which can't give more than its `own` permissions."""
    talking = _allowed(own, TALKING)
    roles = [role for role_id in ticket.role_ids if (role := guild.get_role(role_id)) is not None]
    return {
        guild.default_role: discord.PermissionOverwrite(view_channel=False),
        **dict.fromkeys(roles, talking),
        opener: talking,
        guild.me: _allowed(own, (*TALKING, *OWN)),
    }


def _allowed(own: discord.Permissions, names: tuple[str, ...]) -> discord.PermissionOverwrite:
    return discord.PermissionOverwrite(**{name: True for name in names if getattr(own, name)})


def made_but_not_noted(guild: discord.Guild, ticket: Ticket) -> list[Place]:
    """What may be the place of a ticket that a crash kept from being written down, as far as one can see."""
    since = ticket.opened_at - CLOCKS_DIFFER
    if ticket.parent_id is not None:
        return [
            thread
            for thread in guild.threads
            if thread.parent_id == ticket.parent_id
            and thread.owner_id == guild.me.id
            and thread.name == ticket.name
            and discord.utils.snowflake_time(thread.id) >= since
        ]
    number = re.compile(rf"#{ticket.number}(?![0-9])")
    return [
        channel
        for channel in guild.text_channels
        if channel.created_at >= since
        and channel.topic
        and number.search(channel.topic)
        and f"<@{ticket.opener_id}>" in channel.topic
    ]


async def place_of(guild: discord.Guild, ticket: Ticket) -> Place | None:
    """Where a ticket is; None if that was deleted. Raises what Discord answers otherwise."""
    found = guild.get_channel_or_thread(ticket.channel_id or 0)
    if found is None and ticket.parent_id is not None and ticket.channel_id is not None:
        try:  # archived threads aren't in memory
            found = await guild.fetch_channel(ticket.channel_id)
        except discord.NotFound:
            return None
    return found if isinstance(found, discord.TextChannel | discord.Thread) else None


async def let_nobody_write(place: Place) -> None:
    """Leave it to read for members. Raises what Discord answers."""
    if isinstance(place, discord.Thread):
        await place.edit(locked=True, archived=True)
    else:
        await _let_people_write(place, may_write=False)


async def let_write_again(place: Place) -> None:
    """Take that back. Raises what Discord answers."""
    if isinstance(place, discord.Thread):
        await place.edit(locked=False, archived=False)
    else:
        await _let_people_write(place, may_write=True)


async def _let_people_write(channel: discord.TextChannel, *, may_write: bool) -> None:
    overwrites = dict(channel.overwrites)
    for whose, overwrite in overwrites.items():
        if _is_person(whose) and whose.id != channel.guild.me.id and overwrite.view_channel:
            overwrite.update(send_messages=may_write)
    await channel.edit(overwrites=overwrites)


def _is_person(whose: object) -> bool:
    return not isinstance(whose, discord.Role) and getattr(whose, "type", None) is not discord.Role


async def let_in(place: Place, member: discord.Member) -> None:
    """Let somebody see it and write there. Raises what Discord answers."""
    if isinstance(place, discord.Thread):
        await place.add_user(member)
    else:
        await place.set_permissions(member, overwrite=_allowed(place.permissions_for(place.guild.me), TALKING))


async def put_out(place: Place, member: discord.Member) -> None:
    """Let somebody not see it any more, unless a role of theirs does. Raises what Discord answers."""
    if isinstance(place, discord.Thread):
        await place.remove_user(member)
    else:
        await place.set_permissions(member, overwrite=None)
