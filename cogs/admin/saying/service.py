"""Writing and changing what staff has the bot say."""

import logging
from typing import Any

import discord

from cogs.admin.saying.places import check_place, mentions_of
from cogs.admin.saying.rules import Draft, DraftError, check
from database.errors import DatabaseError
from database.said_messages import SaidMessage, SaidMessagesStore
from utils.bot import Hearth
from utils.errors import UserError
from utils.i18n import _

log = logging.getLogger("hearth.admin")


class Saying:
    """What both commands and the builder do."""

    def __init__(self, bot: Hearth) -> None:
        self.bot = bot
        self.store = SaidMessagesStore(bot.db)

    async def post(self, member: discord.Member, channel: Any, draft: Draft, *, called_in: int) -> discord.Message:
        """Write a message for somebody who called in a channel. Raises UserError."""
        check_place(member, channel, draft, called_in=called_in)
        try:
            message: discord.Message = await channel.send(
                draft.content or None,
                embeds=embeds_of(draft),
                allowed_mentions=mentions_of(member, channel, draft.content),
            )
        except discord.HTTPException as error:
            raise _refused(error) from error
        await self._note(message, member)
        return message

    async def change(self, member: discord.Member, message: discord.Message, draft: Draft, *, called_in: int) -> None:
        """Change one of these messages for somebody who called in a channel. Raises UserError."""
        await self.check_ours(message)
        check_place(member, message.channel, draft, called_in=called_in)
        try:
            # By a partial message: discord.py's edit of a whole one shows suppressed previews again.
            await message.channel.get_partial_message(message.id).edit(  # type: ignore[union-attr]
                content=draft.content or None,
                embeds=embeds_of(draft),
                allowed_mentions=mentions_of(member, message.channel, draft.content),
            )
        except discord.HTTPException as error:
            raise _refused(error) from error
        await self._note(message, member)

    async def check_ours(self, message: discord.Message) -> None:
        """Raise UserError unless staff had the bot write this; what features write isn't for anybody to change."""
        said = await self.store.get(message.id)
        if said is None or message.author != message.channel.guild.me:  # type: ignore[union-attr]
            raise UserError(_("I can change only messages that I wrote by `say` or `embed`."))

    async def _note(self, message: discord.Message, member: discord.Member) -> None:
        try:
            now = discord.utils.utcnow()
            await self.store.note(SaidMessage(message.id, member.guild.id, message.channel.id, member.id, now))
        except DatabaseError as error:
            log.warning("Message %d is written, and can't be changed later: %s", message.id, error)


def embeds_of(draft: Draft) -> list[discord.Embed]:
    """The embeds of a draft, as discord.py has them."""
    return [discord.Embed.from_dict(embed) for embed in draft.embeds]


def draft_of(message: discord.Message) -> Draft:
    """What a message is, as a draft; of a preview of a link, nothing. Raises UserError if nothing is left."""
    embeds = [embed.to_dict() for embed in message.embeds if embed.type in {None, "rich"}]
    try:
        return check({"content": message.content, "embeds": embeds})
    except DraftError as error:
        raise UserError(str(error)) from error


def _refused(error: discord.HTTPException) -> UserError:
    if error.status in {403, 404}:
        return UserError(_("Discord doesn't let me write there."))
    return UserError(_("Discord doesn't take this message: {why}").format(why=error.text[:300] or error.status))
