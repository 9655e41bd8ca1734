"""The messages of role menus: sending them, and keeping them up to date."""

import logging
from contextlib import suppress
from dataclasses import replace
from typing import Any

import discord

from cogs.utility.posting import BAD_FORM, post
from cogs.utility.rolemenus import texts
from cogs.utility.rolemenus.views import view_of
from database.role_menus import RoleMenu, RoleMenusStore
from utils.bot import CANNOT_SAY, Hearth
from utils.errors import UserError
from utils.i18n import _, using
from utils.places import delete_message

log = logging.getLogger("hearth.utility")


class Board:
    """Where menus are shown."""

    def __init__(self, bot: Hearth, store: RoleMenusStore) -> None:
        self.bot = bot
        self.store = store

    async def post(self, guild: discord.Guild, menu: RoleMenu, channel: Any) -> None:
        """Send a menu, in place of the message that it had. Raises `UserError`."""
        if not menu.roles:
            raise UserError(_("This menu has no roles yet; `rolemenu add` adds one."))
        bad_form = _("Discord doesn't take this menu: one of its emoji isn't known here.")
        message = await post(channel, self._content(guild, menu), bad_form=bad_form)
        if not await self.store.posted(menu.id, channel.id, message.id):
            await self.take_down(guild, replace(menu, channel_id=channel.id, message_id=message.id))
            raise UserError(_("This role menu doesn't exist any more."))
        await self.take_down(guild, menu)

    async def refresh(self, guild: discord.Guild, menu: RoleMenu) -> str | None:
        """Show a menu as it is now; what went wrong, in a sentence. One that isn't posted needs nothing."""
        message = self._message(guild, menu)
        if message is None:
            return None if menu.message_id is None else _("Its channel was deleted; `rolemenu post` sends it anew.")
        try:
            content = self._content(guild, menu)
            await message.edit(embed=content["embed"], view=content.get("view"))
        except discord.NotFound:
            return _("Its message was deleted; `rolemenu post` sends it anew.")
        except CANNOT_SAY as error:
            log.info("The role menu %d in guild %d isn't shown anew: %r", menu.id, guild.id, error)
            if isinstance(error, discord.HTTPException) and error.code == BAD_FORM:
                return _("Its message stays as it was: Discord doesn't know one of its emoji.")
            return _("Its message stays as it was: Discord doesn't let me change it.")
        return None

    async def show_anew(self, guild: discord.Guild, menu: RoleMenu, interaction: discord.Interaction[Any]) -> None:
        """Show a menu as it is now to whoever has just used it: what they selected isn't selected any more."""
        content = self._content(guild, menu)
        with suppress(*CANNOT_SAY):
            await interaction.edit_original_response(embed=content["embed"], view=content.get("view"))

    async def take_down(self, guild: discord.Guild, menu: RoleMenu) -> None:
        """Delete a menu's message, if that can be done."""
        if menu.channel_id is not None:
            await delete_message(self.bot, guild.id, menu.channel_id, menu.message_id)

    def _message(self, guild: discord.Guild, menu: RoleMenu) -> discord.PartialMessage | None:
        if menu.channel_id is None or menu.message_id is None:
            return None
        channel = guild.get_channel_or_thread(menu.channel_id)
        if not isinstance(
            channel, discord.TextChannel | discord.VoiceChannel | discord.StageChannel | discord.Thread
        ):
            return None
        return channel.get_partial_message(menu.message_id)

    def _content(self, guild: discord.Guild, menu: RoleMenu) -> dict[str, Any]:
        with using(self.bot.language_of(guild)):
            content: dict[str, Any] = {"embed": texts.posted(guild, menu)}
            view = view_of(guild, menu)
        return content if view is None else {**content, "view": view}
