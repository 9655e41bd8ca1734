"""All embeds come from here, so that answers look alike; and the same as plain text, where embeds aren't allowed."""

from collections.abc import Iterable
from typing import Final

import discord

from utils.formatting import (
    EMBED_DESCRIPTION_LIMIT,
    EMBED_FIELD_VALUE_LIMIT,
    EMBED_FIELDS_LIMIT,
    EMBED_TITLE_LIMIT,
    EMBED_TOTAL_LIMIT,
    MESSAGE_LIMIT,
    pages_of,
    truncate,
)

SUCCESS_COLOUR: Final = discord.Colour(0x3BA55D)
ERROR_COLOUR: Final = discord.Colour(0xD83C3E)
INFO_COLOUR: Final = discord.Colour(0xE8833A)


def success(text: str) -> discord.Embed:
    """Something was done."""
    return discord.Embed(description=truncate(text, EMBED_DESCRIPTION_LIMIT), colour=SUCCESS_COLOUR)


def error(text: str) -> discord.Embed:
    """Something was not done, and why."""
    return discord.Embed(description=truncate(text, EMBED_DESCRIPTION_LIMIT), colour=ERROR_COLOUR)


def info(text: str | None = None, *, title: str | None = None, colour: discord.Colour | None = None) -> discord.Embed:
    """Something to read."""
    return discord.Embed(
        title=None if title is None else truncate(title, EMBED_TITLE_LIMIT),
        description=None if text is None else truncate(text, EMBED_DESCRIPTION_LIMIT),
        colour=INFO_COLOUR if colour is None or colour.value == 0 else colour,
    )


def with_fields(first: discord.Embed, fields: Iterable[tuple[str, str]]) -> list[discord.Embed]:
    """The embed with these fields, going on in further ones where Discord's limits for one message end.

    Texts longer than a field takes are split between lines into several fields of the same name.
    """
    pages = [first]
    for name, value in fields:
        for part in pages_of(value.split("\n"), EMBED_FIELD_VALUE_LIMIT):
            size = len(pages[-1]) + len(name) + len(part)
            if size > EMBED_TOTAL_LIMIT or len(pages[-1].fields) == EMBED_FIELDS_LIMIT:
                pages.append(discord.Embed(title=first.title, description=first.description, colour=first.colour))
            pages[-1].add_field(name=name, value=part, inline=False)
    return pages


def as_texts(embed: discord.Embed) -> list[str]:
    """The same content as messages without an embed: one, or as many as Discord's limit asks for."""
    return pages_of(_whole_text(embed).split("\n"), MESSAGE_LIMIT)


def as_text(embed: discord.Embed) -> str:
    """The same content as one message without an embed, as much as Discord's limit allows."""
    return truncate(_whole_text(embed), MESSAGE_LIMIT)


def _whole_text(embed: discord.Embed) -> str:
    parts = []
    if embed.title:
        parts.append(f"**{embed.title}**")
    if embed.description:
        parts.append(embed.description)
    parts += [f"**{field.name}**\n{field.value}" for field in embed.fields]
    if embed.image.url and embed.image.url.startswith("http"):
        parts.append(embed.image.url)
    if embed.footer.text:
        parts.append(f"-# {embed.footer.text}")
    return "\n".join(parts)
