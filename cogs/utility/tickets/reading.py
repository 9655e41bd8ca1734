"""Reading what was written in a ticket, for its transcript."""

import asyncio
import base64
import io
import re
from collections.abc import Mapping, Sequence
from typing import Final

import discord

from cogs.utility.tickets.places import Place
from cogs.utility.tickets.texts import facts_of
from cogs.utility.tickets.transcript import Attached, Author, Card, Heading, Written, pages
from database.tickets import Ticket
from utils.bot import CANNOT_SAY
from utils.i18n import _
from utils.members import get_members

MOST_MESSAGES: Final = 5_000
"""Read of a ticket, which takes fifty calls; older ones are left out."""
MOST_BYTES: Final = 8 * 1024 * 1024
MOST_PICTURE_BYTES: Final = 1024 * 1024
MOST_PICTURES_BYTES: Final = 5 * 1024 * 1024
"""What pictures may take, each and all together: they are in the page, for Discord deletes them with the channel."""
PICTURES: Final = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
MOST_PAGES: Final = 3
"""Files of a transcript: Discord takes ten MiB each where nobody boosts, and 25 with one message."""

_USER = re.compile(r"<@!?([0-9]{15,20})>")

Members = Mapping[int, discord.Member]


async def transcript(place: Place, ticket: Ticket) -> list[bytes]:
    """The pages of a ticket's transcript, in the language of the moment. Raises what Discord answers."""
    messages = [message async for message in place.history(limit=MOST_MESSAGES + 1)]
    left_out, messages = len(messages) > MOST_MESSAGES, messages[MOST_MESSAGES - 1 :: -1]
    members = await _members(place.guild, messages)
    names = _names_of(messages, members)
    heading = Heading(
        f"{place.guild.name} · {place.name}", facts_of(ticket, names), _mentioned(place, names), left_out
    )
    pictures = await _pictures(messages)
    written = [_written(message, members, pictures) for message in messages]
    # Thousands of messages take a while, in which the bot hears others.
    made = await asyncio.to_thread(pages, heading, written, most_bytes=MOST_BYTES, most_pages=MOST_PAGES)
    return [page.encode() for page in made]


def as_files(ticket: Ticket, made: Sequence[bytes]) -> list[discord.File]:
    """The pages as files to be sent, once."""
    names = [f"ticket-{ticket.number:04}.html"]
    if len(made) > 1:
        names = [f"ticket-{ticket.number:04}-{part}.html" for part in range(1, len(made) + 1)]
    return [discord.File(io.BytesIO(page), name) for page, name in zip(made, names, strict=True)]


async def _members(guild: discord.Guild, messages: Sequence[discord.Message]) -> Members:
    """Who wrote and was mentioned, with their names and colours here; without them where Discord doesn't tell."""
    mentioned = [int(user_id) for message in messages for text in _texts(message) for user_id in _USER.findall(text)]
    try:
        return await get_members(guild, [*(message.author.id for message in messages), *mentioned])
    except TimeoutError:
        return {}


def _texts(message: discord.Message) -> list[str]:
    """All in which somebody may be mentioned: Discord lists only those of the message itself."""
    texts = [message.content]
    for embed in message.embeds:
        texts += [embed.description or "", *(field.value or "" for field in embed.fields)]
    return texts


def _names_of(messages: Sequence[discord.Message], members: Members) -> dict[int, str]:
    """What people are called."""
    users = [user for message in messages for user in (message.author, *message.mentions)]
    names = {user.id: user.display_name for user in users}
    return names | {user_id: member.display_name for user_id, member in members.items()}


def _mentioned(place: Place, names: Mapping[int, str]) -> dict[str, str]:
    """What mentions are shown as. The opener gets the page, too: it names no other channel that some can't see."""
    guild = place.guild
    roles = {f"@&{role.id}": role.name for role in guild.roles}
    seen = [channel for channel in guild.channels if channel.permissions_for(guild.default_role).view_channel]
    channels = {f"#{channel.id}": channel.name for channel in (*seen, place)}
    return {**{f"@{user_id}": name for user_id, name in names.items()}, **roles, **channels}


async def _pictures(messages: Sequence[discord.Message]) -> dict[int, str]:
    """The pictures that were attached, by the ids of the files; if there are too many, the newest ones."""
    pictures: dict[int, str] = {}
    room = MOST_PICTURES_BYTES
    for message in reversed(messages):
        for file in message.attachments:
            kind = (file.content_type or "").partition(";")[0].strip()
            if kind not in PICTURES or file.size > min(room, MOST_PICTURE_BYTES):
                continue
            try:
                content = await file.read()
            except CANNOT_SAY:
                continue  # it is still there as a link
            pictures[file.id] = f"data:{kind};base64,{base64.b64encode(content).decode()}"
            room -= file.size
    return pictures


def _written(message: discord.Message, members: Members, pictures: Mapping[int, str]) -> Written:
    reference = message.reference
    is_reply = reference is not None and reference.type is discord.MessageReferenceType.reply
    return Written(
        message.id, _author(message.author, members), message.created_at,
        message.system_content if message.is_system() else message.content, message.edited_at,
        reference.message_id if reference is not None and is_reply else None,
        (*(Attached(one.filename, one.url, one.size, pictures.get(one.id, "")) for one in message.attachments),
         *(Attached(one.name, one.url) for one in message.stickers)),
        (*map(_card, message.embeds), *_others(message)),
    )  # fmt: skip


def _author(user: discord.User | discord.Member, members: Members) -> Author:
    member = members.get(user.id, user)
    return Author(user.id, member.display_name, user.name, member.colour.value or None, user.bot)


def _card(embed: discord.Embed) -> Card:
    return Card(
        embed.title or "", embed.url or "", embed.description or "", embed.author.name or "", embed.footer.text or "",
        tuple((field.name or "", field.value or "") for field in embed.fields),
        None if embed.colour is None else embed.colour.value,
    )  # fmt: skip


def _others(message: discord.Message) -> list[Card]:
    """What is neither text nor an embed: forwarded messages and polls."""
    cards = [
        Card(_("Forwarded message"), text="\n".join([one.content, *(file.filename for file in one.attachments)]))
        for one in message.message_snapshots
    ]
    if message.poll is not None:
        cards.append(
            Card(message.poll.question or "", text="\n".join(one.text or "" for one in message.poll.answers))
        )
    return cards
