"""Opening tickets: each is a row first, then a place, then the first message in it.

The row is made in one statement that counts what its opener has open, and knows the press, so that however often and
fast somebody presses, and Discord delivers, there is one ticket a press and not one too many. What a crash leaves
half done is found by the ticket's timer a minute later: a place that was made is taken for it, and if there is none,
the row goes, as if nobody had pressed.
"""

import logging
from datetime import timedelta
from typing import Final

import discord

from cogs.utility.tickets import texts
from cogs.utility.tickets.book import Book
from cogs.utility.tickets.places import Place, made_but_not_noted, make
from cogs.utility.tickets.rules import place_name
from cogs.utility.tickets.settings import MENTIONS
from cogs.utility.tickets.views import buttons_of
from database.errors import ConstraintViolated
from database.ids import new_id
from database.ticket_panels import TicketKind
from database.tickets import Ticket
from utils.bot import CANNOT_SAY
from utils.errors import UserError, is_final
from utils.i18n import _, ngettext, using
from utils.members import get_member
from utils.time import timestamp

log = logging.getLogger("hearth.utility")

ATTEMPTS: Final = 5  # at a number, while others take theirs
LOOKED_AFTER: Final = timedelta(minutes=1)
MOST_LATELY: Final = 5
LATELY: Final = timedelta(hours=1)
"""So many tickets somebody opens in that time: each that is closed at once leaves a channel behind."""
Answers = tuple[tuple[str, str], ...]


class Opening:
    """Opens tickets."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.bot = book.bot
        self.store = book.tickets

    async def why_not(self, guild_id: int, user_id: int, kind: TicketKind) -> str | None:
        """Why somebody can't open a ticket of this kind, in a sentence; None if they can."""
        if await self.store.is_blocked(guild_id, user_id):
            return _("You can't open tickets in this server.")
        latest = await self.store.of_opener(guild_id, user_id, MOST_LATELY)
        if len(latest) == MOST_LATELY and latest[-1].opened_at > discord.utils.utcnow() - LATELY:
            when = timestamp(latest[-1].opened_at + LATELY, "R")
            return _("You opened many tickets lately; you can open another one {when}.").format(when=when)
        own = [one for one in await self.store.unfinished_of(guild_id, user_id) if one.kind_id == kind.id]
        if len(own) < kind.most_open:
            return None
        places = ", ".join(f"<#{one.channel_id}>" for one in own if one.channel_id is not None)
        if not places:
            return _("Your ticket is just being opened.")
        sentence = ngettext(
            "You have a ticket open already: {channels}", "You have tickets open already: {channels}", len(own)
        )
        return sentence.format(channels=places)

    async def open(
        self, member: discord.Member, kind: TicketKind, answers: Answers, press_id: int, channel_id: int
    ) -> Ticket:
        """Open a ticket for somebody who pressed in this channel. Raises UserError, and what Discord answers."""
        new = await self._add(member, kind, answers, press_id, channel_id if kind.place == "thread" else None)
        async with self.book.lock(new.id):
            try:
                place = await self._make(member, kind, new)
            except (UserError, *CANNOT_SAY) as error:
                if isinstance(error, UserError) or (isinstance(error, discord.HTTPException) and is_final(error)):
                    await self._take_back(new)
                    raise
                # Discord may have made it all the same: the timer looks whether it did.
                log.warning("Ticket %d may have a place or not", new.id, exc_info=True)
                sentence = _("Discord has trouble at the moment. If your ticket isn't there in a minute, try again.")
                raise UserError(sentence) from error
            return await self._opened(new, place, look_first=False)

    async def _add(
        self, member: discord.Member, kind: TicketKind, answers: Answers, press_id: int, parent_id: int | None
    ) -> Ticket:
        now, guild_id = discord.utils.utcnow(), member.guild.id
        new = Ticket(
            new_id(), guild_id, 0, press_id, kind.id, kind.label, kind.role_ids, member.id, answers, parent_id,
            kind.name, now,
        )  # fmt: skip
        for attempt in range(1, ATTEMPTS + 1):
            try:
                async with self.bot.db.transaction():
                    kept = await self.store.add(
                        new, most_open=kind.most_open, most_lately=MOST_LATELY, lately=now - LATELY
                    )
                    if kept is not None:
                        await self.book.look_at(kept, now + LOOKED_AFTER)
                        return await self._named(kept, member)
            except ConstraintViolated:
                if await self.store.by_press(press_id) is None and attempt < ATTEMPTS:
                    continue
            break
        raise UserError(await self.why_not(guild_id, member.id, kind) or _("Your ticket is just being opened."))

    async def _named(self, ticket: Ticket, member: discord.Member) -> Ticket:
        name = place_name(ticket.name, number=ticket.number, user=member.display_name, kind=ticket.kind)
        await self.store.call(ticket.id, name)
        named = await self.store.get(ticket.id)
        assert named is not None
        return named

    async def _make(self, member: discord.Member, kind: TicketKind, ticket: Ticket) -> Place:
        with using(self.bot.language_of(member.guild)):
            return await make(member.guild, kind, ticket, member)

    async def _take_back(self, ticket: Ticket) -> None:
        async with self.bot.db.transaction():
            await self.store.remove(ticket.id)
            await self.book.forget_timer(ticket)

    async def _opened(self, ticket: Ticket, place: Place, *, look_first: bool) -> Ticket:
        opened = await self.store.opened(ticket.id, place.id)
        assert opened is not None  # nobody else has the lock
        try:
            await self.greet(opened, place, look_first=look_first)
        except CANNOT_SAY:
            log.warning("Ticket %d is greeted later", ticket.id, exc_info=True)  # by its timer
        return opened

    async def greet(self, ticket: Ticket, place: Place, *, look_first: bool) -> None:
        """Write the first message, which tells the opener; `look_first` if it may be there already.

        Raises what Discord answers.
        """
        found = await self._greeting_in(place) if look_first else None
        if found is None:
            kind = await self.book.panels.kind(ticket.kind_id)
            member = await get_member(place.guild, ticket.opener_id)
            name = "…" if member is None else member.display_name
            with using(self.bot.language_of(place.guild)):
                first, *others = texts.greeting(place.guild.name, ticket, kind.greeting if kind else None, name)
                view = buttons_of(ticket.id, "claim", "close")
            content, mentioned = self._mentions(ticket, place)
            message = await place.send(
                content, embed=first, view=view, nonce=f"ticket-{ticket.id:x}", allowed_mentions=mentioned
            )
            for embed in others:
                await place.send(embed=embed)
            found = message.id
        await self.store.greeted(ticket.id, found)

    async def _greeting_in(self, place: Place) -> int | None:
        async for message in place.history(limit=10, oldest_first=True):
            if message.author.id == place.guild.me.id and message.components:
                return message.id
        return None

    def _mentions(self, ticket: Ticket, place: Place) -> tuple[str, discord.AllowedMentions]:
        """Who is told. Into a private thread roles come only by being mentioned, so there they always are."""
        roles = []
        if isinstance(place, discord.Thread) or self.bot.guild_settings.get(ticket.guild_id, MENTIONS):
            roles = [discord.Object(role_id) for role_id in ticket.role_ids]
        words = [f"<@{ticket.opener_id}>", *(f"<@&{role.id}>" for role in roles)]
        opener = discord.Object(ticket.opener_id)
        return " ".join(words), discord.AllowedMentions(everyone=False, users=[opener], roles=roles)

    async def reconcile(self, ticket: Ticket, guild: discord.Guild) -> bool:
        """Find the place of a ticket that was being opened when the bot was ended; False if none was made."""
        for place in made_but_not_noted(guild, ticket):
            if await self.store.of_channel(place.id) is None:
                await self._opened(ticket, place, look_first=True)
                return True
        await self._take_back(ticket)
        return False
