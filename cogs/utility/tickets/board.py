"""The messages of panels: sending them, and keeping them up to date."""

from dataclasses import replace
from typing import Any

import discord

from cogs.utility.posting import post
from cogs.utility.tickets import texts
from cogs.utility.tickets.book import Book
from cogs.utility.tickets.views import panel_view
from database.ticket_panels import TicketPanel
from utils.bot import CANNOT_SAY
from utils.errors import UserError
from utils.i18n import _, using
from utils.places import delete_message, edit_message


class Board:
    """Where panels are shown."""

    def __init__(self, book: Book) -> None:
        self.bot = book.bot
        self.panels = book.panels

    async def post(self, guild: discord.Guild, panel: TicketPanel, channel: discord.TextChannel) -> None:
        """Send a panel, in place of the message that it had. Raises UserError, and what Discord answers."""
        if not panel.kinds:
            raise UserError(_("This panel has no kinds of tickets yet; `ticket kind add` adds one."))
        if any(kind.place == "thread" for kind in panel.kinds) and channel.type is not discord.ChannelType.text:
            raise UserError(_("Private threads need an ordinary text channel: choose another one."))
        bad_form = _("Discord doesn't take this panel: one of its emoji isn't known here.")
        message = await post(channel, self._content(guild, panel), bad_form=bad_form)
        if not await self.panels.posted(panel.id, channel.id, message.id):
            await self.take_down(guild, replace(panel, channel_id=channel.id, message_id=message.id))
            raise UserError(_("This panel doesn't exist any more."))
        await self.take_down(guild, panel)

    async def refresh(self, guild: discord.Guild, panel_id: int) -> str | None:
        """Show a panel as it is now; what went wrong, in a sentence. One that isn't posted needs nothing."""
        panel = await self.panels.get(panel_id)
        if panel is None or panel.channel_id is None:
            return None
        content = {"view": None, **self._content(guild, panel)}
        try:
            if await edit_message(self.bot, guild.id, panel.channel_id, panel.message_id, **content):
                return None
        except CANNOT_SAY:
            return _("Discord has trouble at the moment: its message stays as it was.")
        return _("I couldn't change its message; `ticket panel post` sends it anew.")

    async def take_down(self, guild: discord.Guild, panel: TicketPanel) -> None:
        """Delete a panel's message, if that can be done."""
        if panel.channel_id is not None:
            await delete_message(self.bot, guild.id, panel.channel_id, panel.message_id)

    def _content(self, guild: discord.Guild, panel: TicketPanel) -> dict[str, Any]:
        with using(self.bot.language_of(guild)):
            content: dict[str, Any] = {"embed": texts.posted(panel)}
            view = panel_view(panel)
        return content if view is None else {**content, "view": view}
