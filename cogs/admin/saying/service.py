"""Writing and changing what staff has the bot say."""

import io
import logging
from collections.abc import Sequence
from typing import Any, Final

import discord

from cogs.admin.saying.places import check_place, mentions_of
from cogs.admin.saying.rules import Draft, DraftError, check
from database.errors import DatabaseError
from database.said_messages import SaidMessage, SaidMessagesStore
from utils.attached import read_attached
from utils.bot import Hearth
from utils.errors import UserError
from utils.i18n import _

log = logging.getLogger("hearth.admin")

MOST_BYTES: Final = 8 * 1024 * 1024


class Saying:
    """What both commands and the builder do."""

    def __init__(self, bot: Hearth) -> None:
        self.bot = bot
        self.store = SaidMessagesStore(bot.db)

    async def post(
        self,
        member: discord.Member,
        channel: Any,
        draft: Draft,
        *,
        called_in: int,
        files: Sequence[discord.Attachment] = (),
    ) -> discord.Message:
        """Write a message for somebody who called in a channel. Raises UserError."""
        check_place(member, channel, draft, called_in=called_in, with_files=bool(files))
        sent = await _read(files)
        try:
            message: discord.Message = await channel.send(
                draft.content or None,
                embeds=embeds_of(draft),
                files=sent,
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


async def _read(files: Sequence[discord.Attachment]) -> list[discord.File]:
    """Files of the command, to be sent again. Raises UserError."""
    if sum(file.size for file in files) > MOST_BYTES:
        raise UserError(_("The files are too large: {most} MiB together are the most.").format(most=MOST_BYTES >> 20))
    return [
        discord.File(
            io.BytesIO(await read_attached(file)),
            file.filename.removeprefix("SPOILER_"),
            description=file.description,
            spoiler=file.is_spoiler(),
        )
        for file in files
    ]


def embeds_of(draft: Draft) -> list[discord.Embed]:
    """The embeds of a draft, as discord.py has them."""
    return [discord.Embed.from_dict(embed) for embed in draft.embeds]


def draft_of(message: discord.Message) -> Draft:
    """What a message is, as a draft. Raises UserError if there is nothing in it but files."""
    return _made({"content": message.content, "embeds": _own_embeds(message)})


def embeds_in(message: discord.Message) -> tuple[dict[str, Any], ...]:
    """The embeds of a message, without previews of links."""
    own = _own_embeds(message)
    return _made({"embeds": own}).embeds if own else ()


def _own_embeds(message: discord.Message) -> list[Any]:
    return [embed.to_dict() for embed in message.embeds if embed.type in {None, "rich"}]


def _made(data: dict[str, Any]) -> Draft:
    try:
        return check(data)
    except DraftError as error:
        raise UserError(str(error)) from error


def _refused(error: discord.HTTPException) -> UserError:
    if error.status in {403, 404}:
        return UserError(_("Discord doesn't let me write there."))
    return UserError(_("Discord doesn't take this message: {why}").format(why=error.text[:300] or error.status))
