"""What happens to tickets by themselves: looked after when something failed, closed when quiet, deleted in time."""

import logging
from datetime import datetime, timedelta
from typing import Final

import discord

from cogs.utility.tickets import texts
from cogs.utility.tickets.book import Book
from cogs.utility.tickets.closing import Closing
from cogs.utility.tickets.opening import Opening
from cogs.utility.tickets.places import Place, place_of
from cogs.utility.tickets.rules import Step, next_step
from cogs.utility.tickets.settings import CLOSE_AFTER, DELETE_AFTER
from database.tickets import Ticket
from utils import embeds
from utils.bot import CANNOT_SAY
from utils.errors import is_final
from utils.events import TicketTimer
from utils.i18n import _, using

log = logging.getLogger("hearth.utility")

LOOK_AGAIN: Final = timedelta(hours=6)
"""After so long is looked again at a ticket where its opener waits for staff, or where tickets are switched off."""


class Watching:
    """Looks at tickets when their timers come."""

    def __init__(self, book: Book, opening: Opening, closing: Closing) -> None:
        self.book = book
        self.bot = book.bot
        self.store = book.tickets
        self.opening = opening
        self.closing = closing

    async def due(self, event: TicketTimer) -> None:
        """Do what there is to do about a ticket. Raises what may pass; then the timer comes again."""
        ticket_id = event.payload["ticket_id"]
        async with self.book.lock(ticket_id):
            if event.guild_id is None or self.bot.get_guild(event.guild_id) is None:
                return  # it went meanwhile; the timer waits for it
            ticket = await self.store.get(ticket_id)
            if ticket is None or ticket.timer_id != event.timer_id:
                await self.bot.timers.done(event)
                return
            again_at = await self._look(ticket)
            if again_at is None:
                await self.bot.timers.done(event)
            else:
                await self.bot.timers.reschedule(event.timer_id, again_at)

    async def _look(self, ticket: Ticket) -> datetime | None:
        """Do it, and tell when to look again; None for never."""
        guild = self.bot.get_guild(ticket.guild_id)
        assert guild is not None
        if ticket.status == "opening":
            if not await self.opening.reconcile(ticket, guild):
                return None
            ticket = await self._now(ticket)
        if ticket.status == "open":
            return await self._look_at_open(ticket, guild)
        if ticket.status == "closed" and not ticket.filed:
            await self.closing.finish(ticket)
            ticket = await self._now(ticket)
        return await self._look_at_closed(ticket) if ticket.status == "closed" else None

    async def _now(self, ticket: Ticket) -> Ticket:
        return await self.store.get(ticket.id) or ticket

    async def _look_at_closed(self, ticket: Ticket) -> datetime | None:
        if not self.closing.deleted_after(ticket):
            return None
        assert ticket.closed_at is not None
        due_at = ticket.closed_at + self.bot.guild_settings.get(ticket.guild_id, DELETE_AFTER)
        if due_at > discord.utils.utcnow():
            return due_at
        await self.closing.delete_when_due(ticket)
        return None

    # --- open ones

    async def _look_at_open(self, ticket: Ticket, guild: discord.Guild) -> datetime | None:
        place = await place_of(guild, ticket)
        if place is None:
            await self.book.gone(ticket)
            return None
        if ticket.message_id is None:
            await self._greet(ticket, place)
        step = self._step(ticket, place)
        if step is None or step.at > discord.utils.utcnow():
            return None if step is None else step.at
        if await self._waits_for_staff(ticket, place):
            return discord.utils.utcnow() + LOOK_AGAIN
        if step.doing == "warn":
            return await self._warn(ticket, place)
        return await self._close(ticket)

    async def _greet(self, ticket: Ticket, place: Place) -> None:
        try:
            await self.opening.greet(ticket, place, look_first=True)
        except discord.HTTPException as error:
            if not is_final(error):
                raise
            log.info("Ticket %d isn't greeted: %r", ticket.id, error)

    def _step(self, ticket: Ticket, place: Place) -> Step | None:
        """What comes next by the messages that Discord has told of; what was said last is known by its id."""
        after = self.bot.guild_settings.get(ticket.guild_id, CLOSE_AFTER)
        last_id = place.last_message_id
        if ticket.warning_id is not None and last_id == ticket.warning_id:
            warned_at = discord.utils.snowflake_time(ticket.warning_id)
            return next_step(after, ticket.opened_at, warned_at)
        said_at = ticket.opened_at if last_id is None else discord.utils.snowflake_time(last_id)
        return next_step(after, max(said_at, ticket.opened_at), None)

    async def _waits_for_staff(self, ticket: Ticket, place: Place) -> bool:
        """Whether the opener had the last word: then it isn't them who let it lie."""
        try:
            async for message in place.history(limit=20):
                if not message.author.bot:
                    return message.author.id == ticket.opener_id
        except discord.HTTPException as error:
            if not is_final(error):
                raise
        return False

    async def _warn(self, ticket: Ticket, place: Place) -> datetime | None:
        after = self.bot.guild_settings.get(ticket.guild_id, CLOSE_AFTER)
        step = next_step(after, ticket.opened_at, discord.utils.utcnow())
        assert step is not None
        with using(self.bot.language_of(place.guild)):
            text = texts.warning(ticket.opener_id, step.at - discord.utils.utcnow())
        mentions = discord.AllowedMentions(everyone=False, roles=False, users=[discord.Object(ticket.opener_id)])
        try:
            message = await place.send(text, allowed_mentions=mentions)
        except discord.HTTPException as error:
            if not is_final(error):
                raise
            log.info("In ticket %d nobody can be warned: %r", ticket.id, error)
            return discord.utils.utcnow() + LOOK_AGAIN
        await self.store.warned(ticket.id, message.id)
        return step.at

    async def _close(self, ticket: Ticket) -> datetime | None:
        assert self.bot.user is not None
        guild = self.bot.get_guild(ticket.guild_id)
        with using(self.bot.language_of(guild)):
            reason = _("Nobody wrote any more.")
        closed = await self.store.close(ticket.id, self.bot.user.id, discord.utils.utcnow(), reason)
        return None if closed is None else await self._look(closed)

    # --- from outside

    async def look_now(self, guild_id: int) -> None:
        """Look at the tickets of a guild soon: a setting that they wait by has changed."""
        for ticket in await self.store.with_channel(guild_id):
            async with self.book.lock(ticket.id):
                current = await self.store.get(ticket.id)
                if current is not None and current.status != "deleted":
                    await self.book.look_at(current, discord.utils.utcnow())

    async def place_deleted(self, channel_id: int) -> None:
        """Somebody deleted a channel or thread: end the ticket whose it was."""
        ticket = await self.store.of_channel(channel_id)
        if ticket is not None:
            await self.book.gone(ticket)

    async def opener_left(self, guild_id: int, user_id: int) -> None:
        """Say in the tickets of somebody that they have left the server."""
        guild = self.bot.get_guild(guild_id)
        if guild is None:
            return
        for ticket in await self.store.unfinished_of(guild_id, user_id):
            with using(self.bot.language_of(guild)):
                text = _("{member}, who opened this ticket, has left the server.").format(member=f"<@{user_id}>")
            try:
                place = await place_of(guild, ticket)
                if place is not None:
                    await place.send(embed=embeds.info(text))
            except CANNOT_SAY as error:
                log.info("In ticket %d isn't said that its opener left: %r", ticket.id, error)

    async def look_for_deleted(self) -> None:
        """Find the tickets whose channels were deleted while the bot was away."""
        for ticket in await self.store.everywhere():
            guild = self.bot.get_guild(ticket.guild_id)
            if guild is None or guild.unavailable or ticket.channel_id is None:
                continue
            if ticket.parent_id is not None and ticket.status == "closed":
                continue  # archived threads aren't in memory, and asking for each would take a call
            try:
                if await place_of(guild, ticket) is None:
                    await self.book.gone(ticket)
            except discord.HTTPException as error:
                log.info("Whether ticket %d is there isn't known: %r", ticket.id, error)
