"""Closing tickets: the row first, then what follows from it, which a restart in between only delays."""

import logging
from collections.abc import Sequence
from typing import Any

import discord

from cogs.utility.tickets import texts
from cogs.utility.tickets.book import Book
from cogs.utility.tickets.places import Place, let_nobody_write, let_write_again, place_of
from cogs.utility.tickets.reading import as_files, transcript
from cogs.utility.tickets.settings import DELETE_AFTER, LOG_CHANNEL, RATING, TRANSCRIPT_DM
from cogs.utility.tickets.views import buttons_of, stars_of
from database.tickets import Ticket
from utils.bot import CANNOT_SAY
from utils.errors import UserError, is_final
from utils.i18n import _, format_list, using
from utils.permissions import missing_in, permission_names

log = logging.getLogger("hearth.utility")

NEEDED_IN_LOG = ("view_channel", "send_messages", "embed_links", "attach_files")


class Closing:
    """Closes tickets, keeps their transcripts, opens them again, and deletes them."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.bot = book.bot
        self.store = book.tickets

    async def close(self, ticket_id: int, by_id: int, reason: str | None) -> str | None:
        """Close it and do what follows, telling of it there. Raises UserError if it isn't open.

        What Discord doesn't take at the moment, the ticket's timer tries again; that is what the sentence says that
        this gives then.
        """
        async with self.book.lock(ticket_id):
            now = discord.utils.utcnow()
            async with self.bot.db.transaction():
                closed = await self.store.close(ticket_id, by_id, now, reason)
                if closed is not None:
                    await self.book.look_at(closed, now)
            if closed is None:
                raise UserError(_("This ticket isn't open."))
            try:
                await self.finish(closed)
            except CANNOT_SAY:
                log.warning("What follows on the closing of ticket %d comes later", ticket_id, exc_info=True)
                return _("This ticket is closed. Discord has trouble at the moment, so its transcript comes later.")
            return None

    async def finish(self, ticket: Ticket) -> None:
        """Do what follows on the closing of a ticket: its lock is held. Raises what Discord answers that may pass."""
        place = await self._place_left(ticket)
        if place is None:
            return
        guild = place.guild
        with using(self.bot.language_of(guild)):
            is_thread = isinstance(place, discord.Thread)
            troubles = [] if is_thread else await _locked(place)
            made = await _read(place, ticket)
            troubles += await self._keep(guild, ticket, made)
            await self._tell_opener(guild, ticket, made)
            await self._tell(place, ticket, troubles)
            if is_thread:  # what is written in an archived one opens it again
                await _locked(place)
        await self.store.filed(ticket.id)

    async def _keep(self, guild: discord.Guild, ticket: Ticket, made: Sequence[bytes] | None) -> list[str]:
        """Send the transcript to the log, if there is one; what went wrong, in a sentence."""
        channel_id = self.bot.guild_settings.get(guild.id, LOG_CHANNEL)
        if channel_id is None:
            return []
        if made is None:
            return [_("The transcript isn't kept: I can't read what was written here.")]
        channel = guild.get_channel(channel_id)
        if not isinstance(channel, discord.TextChannel):
            return [_("The transcript isn't kept: the channel for it was deleted.")]
        if missing := missing_in(channel, guild.me, NEEDED_IN_LOG):
            sentence = _("The transcript isn't kept: I need {permissions} in {channel}.")
            names = format_list(permission_names(missing))
            return [sentence.format(permissions=names, channel=channel.mention)]
        try:
            message = await channel.send(
                embed=texts.kept(ticket), files=as_files(ticket, made), nonce=_nonce("log", ticket)
            )
        except discord.HTTPException as error:
            if not is_final(error):
                raise
            log.info("The transcript of ticket %d isn't taken: %r", ticket.id, error)
            return [_("The transcript isn't kept: Discord doesn't take it.")]
        await self.store.kept(ticket.id, channel.id, message.id)
        return []

    async def _tell_opener(self, guild: discord.Guild, ticket: Ticket, made: Sequence[bytes] | None) -> None:
        """A direct message with the transcript; one that can't be sent is left out."""
        settings = self.bot.guild_settings
        gives, asks = settings.get(guild.id, TRANSCRIPT_DM), settings.get(guild.id, RATING)
        if not gives and not asks:
            return
        try:
            with using(await self.bot.language_for(ticket.opener_id, guild)):
                content: dict[str, Any] = {"embed": texts.to_opener(guild, ticket, asks=asks)}
                if asks:
                    content["view"] = stars_of(ticket.id)
            if gives and made:
                content["files"] = as_files(ticket, made)
            user = self.bot.get_user(ticket.opener_id) or await self.bot.fetch_user(ticket.opener_id)
            await user.send(**content, nonce=_nonce("own", ticket))
        except CANNOT_SAY as error:
            log.info("Who opened ticket %d can't be told: %r", ticket.id, error)

    async def _tell(self, place: Place, ticket: Ticket, troubles: Sequence[str]) -> None:
        assert self.bot.user is not None
        embed = texts.closed(ticket, ticket.closed_by == self.bot.user.id, troubles)
        view = buttons_of(ticket.id, "reopen", "delete")
        try:
            await place.send(embed=embed, view=view, nonce=_nonce("end", ticket))
        except discord.HTTPException as error:
            if not is_final(error):
                raise
            log.info("In ticket %d isn't said that it is closed: %r", ticket.id, error)

    async def reopen(self, ticket_id: int) -> Ticket:
        """Open it again. Raises UserError, and what Discord answers."""
        async with self.book.lock(ticket_id):
            place = await self._place(ticket_id)
            await let_write_again(place)
            reopened = await self.store.reopen(ticket_id)
            if reopened is None:
                raise UserError(_("This ticket isn't closed."))
            await self.book.look_at(reopened, discord.utils.utcnow())
            return reopened

    async def delete(self, ticket_id: int, *, unkept: bool) -> None:
        """Delete a closed ticket's channel. Raises UserError, and what Discord answers.

        One of which no transcript is kept only if it may be `unkept`.
        """
        async with self.book.lock(ticket_id):
            place = await self._place(ticket_id)
            ticket = await self.store.get(ticket_id)
            if ticket is not None and not ticket.filed:
                await self.finish(ticket)
                ticket = await self.store.get(ticket_id)
            assert ticket is not None
            if ticket.log_message_id is None and not unkept:
                raise UserError(_("No transcript of this ticket is kept; `ticket delete` deletes it all the same."))
            await self._delete(place, ticket)

    async def delete_when_due(self, ticket: Ticket) -> None:
        """Delete the channel of a ticket that is closed long enough; its lock is held. Raises what may pass."""
        place = await self._place_left(ticket)
        if place is None:
            return
        try:
            await self._delete(place, ticket)
        except discord.HTTPException as error:
            if not is_final(error):
                raise
            log.info("The channel of ticket %d stays: %r", ticket.id, error)

    def deleted_after(self, ticket: Ticket) -> bool:
        """Whether the channel of a closed ticket is deleted in time: only if its transcript is kept."""
        after = self.bot.guild_settings.get(ticket.guild_id, DELETE_AFTER)
        return bool(after) and ticket.log_message_id is not None

    async def _delete(self, place: Place, ticket: Ticket) -> None:
        try:
            await place.delete()
        except discord.NotFound:
            log.info("The channel of ticket %d was deleted by somebody else", ticket.id)
        await self.book.gone(ticket)

    async def _place_left(self, ticket: Ticket) -> Place | None:
        """Where a ticket is; one whose channel somebody deleted ends."""
        guild = self.bot.get_guild(ticket.guild_id)
        assert guild is not None
        place = await place_of(guild, ticket)
        if place is None:
            await self.book.gone(ticket)
        return place

    async def _place(self, ticket_id: int) -> Place:
        """Where a closed ticket is. Raises UserError if it isn't closed, or its channel is deleted."""
        ticket = await self.store.get(ticket_id)
        if ticket is None or ticket.status != "closed":
            raise UserError(_("This ticket isn't closed."))
        guild = self.bot.get_guild(ticket.guild_id)
        place = None if guild is None else await place_of(guild, ticket)
        if place is None:
            raise UserError(_("The channel of this ticket is deleted."))
        return place


async def _read(place: Place, ticket: Ticket) -> list[bytes] | None:
    """The transcript; None if the bot may not read it."""
    try:
        return await transcript(place, ticket)
    except discord.HTTPException as error:
        if not is_final(error):
            raise
        log.info("Ticket %d can't be read: %r", ticket.id, error)
        return None


async def _locked(place: Place) -> list[str]:
    """Let nobody write there; what went wrong, in a sentence."""
    try:
        await let_nobody_write(place)
    except discord.HTTPException as error:
        if not is_final(error):
            raise
        needed = permission_names(["manage_channels", "manage_roles"])
        return [_("Members can go on writing here: I need {permissions}.").format(permissions=format_list(needed))]
    return []


def _nonce(what: str, ticket: Ticket) -> str:
    """What Discord knows a message by that is sent again after a crash; at most its 25 characters."""
    assert ticket.closed_at is not None
    return f"{what}-{ticket.number:x}-{int(ticket.closed_at.timestamp()):x}"[:25]
