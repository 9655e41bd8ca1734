"""Reading what was written in a ticket, for its transcript."""

import asyncio
import io
from collections.abc import Mapping, Sequence
from typing import Final

import discord

from cogs.utility.tickets.places import Place
from cogs.utility.tickets.texts import facts_of
from cogs.utility.tickets.transcript import Attached, Author, Card, Heading, Written, pages
from database.tickets import Ticket
from utils.i18n import _
from utils.members import get_members

MOST_MESSAGES: Final = 5_000
"""Read of a ticket, which takes fifty calls; older ones are left out."""
MOST_BYTES: Final = 8 * 1024 * 1024
MOST_PAGES: Final = 3
"""Files of a transcript: Discord takes ten MiB each where nobody boosts, and 25 with one message."""

Members = Mapping[int, discord.Member]


async def transcript(place: Place, ticket: Ticket) -> list[bytes]:
    """The pages of a ticket's transcript, in the language of the moment. Raises what Discord answers."""
    messages = [message async for message in place.history(limit=MOST_MESSAGES + 1)]
    left_out, messages = len(messages) > MOST_MESSAGES, messages[MOST_MESSAGES - 1 :: -1]
    members = await _members(place.guild, messages)
    heading = Heading(
        title=f"{place.guild.name} · {place.name}", facts=facts_of(ticket, _names_of(ticket, members, messages)),
        names=_mentioned(messages, members), left_out=left_out,
    )  # fmt: skip
    written = [_written(message, members) for message in messages]
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
    people = {user.id for message in messages for user in (message.author, *message.mentions)}
    try:
        return await get_members(guild, people)
    except TimeoutError:
        return {}


def _names_of(ticket: Ticket, members: Members, messages: Sequence[discord.Message]) -> dict[int, str]:
    authors = {message.author.id: message.author.display_name for message in messages}
    return authors | {user_id: member.display_name for user_id, member in members.items()}


def _mentioned(messages: Sequence[discord.Message], members: Members) -> dict[str, str]:
    names: dict[str, str] = {}
    for message in messages:
        for user in message.mentions:
            names[f"@{user.id}"] = members.get(user.id, user).display_name
        for role in message.role_mentions:
            names[f"@&{role.id}"] = role.name
        for channel in message.channel_mentions:
            names[f"#{channel.id}"] = channel.name
    return names


def _written(message: discord.Message, members: Members) -> Written:
    reference = message.reference
    is_reply = reference is not None and reference.type is discord.MessageReferenceType.reply
    return Written(
        message.id, _author(message.author, members), message.created_at,
        message.system_content if message.is_system() else message.content, message.edited_at,
        reference.message_id if reference is not None and is_reply else None,
        (*(Attached(one.filename, one.url, one.size) for one in message.attachments),
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
