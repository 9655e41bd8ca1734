"""What is done in a ticket's channel, by command or button, and who may."""

import asyncio
from typing import Any, Final

import discord

from cogs.utility.tickets.book import Book
from cogs.utility.tickets.closing import Closing
from cogs.utility.tickets.places import Place, place_of
from cogs.utility.tickets.settings import OPENER_CLOSES
from cogs.utility.tickets.views import CloseForm
from database.tickets import Ticket
from utils import embeds
from utils.context import GuildContext
from utils.errors import UserError
from utils.i18n import _

RENAMED_WITHIN_SECONDS: Final = 5.0
"""Discord lets a channel be renamed twice in ten minutes, and the library would wait for the third time."""


class Desk:
    """Where tickets are worked on."""

    def __init__(self, book: Book, closing: Closing) -> None:
        self.book = book
        self.bot = book.bot
        self.closing = closing

    # --- who may

    async def here(self, ctx: GuildContext) -> Ticket:
        """The ticket of this channel. Raises UserError if it has none."""
        ticket = await self.book.tickets.of_channel(ctx.channel.id)
        if ticket is None:
            raise UserError(_("This channel isn't a ticket."))
        return ticket

    async def as_staff(self, ctx: GuildContext) -> Ticket:
        """The ticket of this channel, for who answers it. Raises UserError."""
        ticket = await self.here(ctx)
        if not is_staff(ctx.author, ticket):
            raise UserError(_("Only who answers this ticket can do this."))
        return ticket

    def place(self, ctx: GuildContext) -> Place:
        """The channel or thread where a ticket is."""
        assert isinstance(ctx.channel, discord.TextChannel | discord.Thread)
        return ctx.channel

    def may_close(self, ticket: Ticket, member: discord.Member) -> None:
        """Raise UserError unless somebody may close a ticket."""
        opener_may = self.bot.guild_settings.get(ticket.guild_id, OPENER_CLOSES)
        if not is_staff(member, ticket) and not (opener_may and member.id == ticket.opener_id):
            raise UserError(_("Only who answers this ticket can close it."))

    # --- by buttons

    async def pressed(self, interaction: discord.Interaction[Any], ticket_id: int, doing: str) -> None:
        """Somebody used a button in a ticket. Raises UserError."""
        ticket, member = await self._pressed(interaction, ticket_id)
        if doing == "close":
            self.may_close(ticket, member)
            if ticket.status != "open":
                raise UserError(_("This ticket isn't open."))
            await interaction.response.send_modal(CloseForm(ticket.id))
            return
        if not is_staff(member, ticket):
            raise UserError(_("Only who answers this ticket can do this."))
        await interaction.response.defer()
        if doing == "claim":
            await self.claim(ticket, member)
        elif doing == "reopen":
            await self.reopen(ticket, member)
        else:
            await self.closing.delete(ticket.id, unkept=False)

    async def closed_by_form(self, interaction: discord.Interaction[Any], ticket_id: int, reason: str | None) -> None:
        """Somebody said why a ticket is closed. Raises UserError."""
        ticket, member = await self._pressed(interaction, ticket_id)
        self.may_close(ticket, member)
        await interaction.response.defer()
        trouble = await self.closing.close(ticket.id, member.id, reason)
        if trouble is not None:
            await interaction.followup.send(trouble, ephemeral=True)

    async def _pressed(self, interaction: discord.Interaction[Any], ticket_id: int) -> tuple[Ticket, discord.Member]:
        ticket, member = await self.book.tickets.get(ticket_id), interaction.user
        if ticket is None or not isinstance(member, discord.Member) or ticket.guild_id != member.guild.id:
            raise UserError(_("This ticket doesn't exist any more."))
        return ticket, member

    # --- doing it

    async def claim(self, ticket: Ticket, member: discord.Member) -> None:
        """Let somebody take care of it, and say so in it. Raises UserError."""
        if not await self.book.tickets.claim(ticket.id, member.id):
            current = await self.book.tickets.get(ticket.id)
            if current is None or current.status != "open":
                raise UserError(_("This ticket isn't open."))
            claimed = _("{member} takes care of this ticket already.")
            raise UserError(claimed.format(member=f"<@{current.claimed_by}>"))
        await self._say(ticket, _("{member} takes care of this ticket."), member)

    async def reopen(self, ticket: Ticket, member: discord.Member) -> None:
        """Open a closed ticket again, and say so in it. Raises UserError."""
        await self.closing.reopen(ticket.id)
        await self._say(ticket, _("{member} opened this ticket again."), member)

    async def rename(self, place: Place, name: str) -> None:
        """Give its channel another name. Raises UserError, and what Discord answers."""
        try:
            async with asyncio.timeout(RENAMED_WITHIN_SECONDS):
                await place.edit(name=name)
        except TimeoutError as error:
            sentence = _("Discord lets a channel be renamed twice in ten minutes only; try again later.")
            raise UserError(sentence) from error

    async def _say(self, ticket: Ticket, sentence: str, member: discord.Member) -> None:
        place = await place_of(member.guild, ticket)
        if place is not None:
            await place.send(embed=embeds.info(sentence.format(member=member.mention)))


def is_staff(member: discord.Member, ticket: Ticket) -> bool:
    """Whether somebody answers a ticket: by one of its roles, or because they manage the server."""
    return member.guild_permissions.manage_guild or any(role.id in ticket.role_ids for role in member.roles)
