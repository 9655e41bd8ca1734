"""What all that is done about tickets shares: the tables, one thing at a time for each ticket, and its timer."""

import asyncio
from datetime import datetime
from weakref import WeakValueDictionary

import discord

from database.ticket_panels import TicketPanelsStore
from database.tickets import Ticket, TicketsStore
from utils.bot import Hearth
from utils.events import TicketTimer


class Book:
    """The tickets of all guilds. Each has one timer at most, which looks what there is to do about it."""

    def __init__(self, bot: Hearth) -> None:
        self.bot = bot
        self.tickets = TicketsStore(bot.db)
        self.panels = TicketPanelsStore(bot.db)
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    def lock(self, ticket_id: int) -> asyncio.Lock:
        """Held by whoever changes a ticket and its place together."""
        return self._locks.setdefault(ticket_id, asyncio.Lock())

    async def look_at(self, ticket: Ticket, due_at: datetime) -> None:
        """Let its timer come then, or a new one where it has none."""
        async with self.bot.db.transaction():
            if ticket.timer_id is None or not await self.bot.timers.reschedule(ticket.timer_id, due_at):
                await self.tickets.set_timer(ticket.id, await self.schedule(ticket.id, ticket.guild_id, due_at))

    async def schedule(self, ticket_id: int, guild_id: int, due_at: datetime) -> int:
        """A new timer for a ticket; inside the transaction that writes its id down."""
        return await self.bot.timers.schedule(
            TicketTimer, due_at, guild_id=guild_id, payload={"ticket_id": ticket_id}
        )

    async def forget_timer(self, ticket: Ticket) -> None:
        """Look at a ticket no more."""
        if ticket.timer_id is not None:
            await self.bot.timers.cancel(ticket.timer_id)

    async def gone(self, ticket: Ticket) -> bool:
        """Write down that a ticket's channel is deleted; False if that was known."""
        changed = await self.tickets.gone(ticket.id, discord.utils.utcnow())
        await self.forget_timer(ticket)
        return changed
