"""How tags are shown."""

from collections.abc import Sequence

import discord

from database.tags import Tag, TagNumbers
from utils import embeds
from utils.formatting import bullets, code, pages_of, safe
from utils.i18n import _, format_list, format_number, ngettext
from utils.time import timestamp

NAMES_A_PAGE = 20


def called(name: str) -> str:
    """A tag's name in a sentence."""
    return f"**{safe(name)}**"


def used(count: int) -> str:
    """How often, in words."""
    return ngettext("used {count} time", "used {count} times", count).format(count=format_number(count))


def info(tag: Tag, aliases: Sequence[str]) -> discord.Embed:
    """All that is known of a tag."""
    embed = embeds.info(title=tag.name)
    embed.add_field(name=_("Owner"), value=f"<@{tag.owner_id}>")
    embed.add_field(name=_("Uses"), value=format_number(tag.uses))
    embed.add_field(name=_("Created"), value=timestamp(tag.created_at, "F"))
    if tag.edited_at is not None:
        embed.add_field(name=_("Edited"), value=timestamp(tag.edited_at, "R"))
    if aliases:
        embed.add_field(name=_("Aliases"), value=format_list([code(alias) for alias in aliases]), inline=False)
    return embed


def listed(title: str, names: Sequence[str]) -> list[discord.Embed]:
    """Names, page by page."""
    pages = pages_of([f"- {safe(name)}" for name in names], most_lines=NAMES_A_PAGE)
    return [embeds.info(page, title=title) for page in pages]


def stats(
    title: str, numbers: TagNumbers, most_used: Sequence[Tag], owners: Sequence[tuple[int, TagNumbers]]
) -> discord.Embed:
    """How much tags are used."""
    count = ngettext("{count} tag", "{count} tags", numbers.tags).format(count=format_number(numbers.tags))
    embed = embeds.info(f"{count} · {used(numbers.uses)}", title=title)
    if most_used:
        lines = [f"{called(tag.name)} · {used(tag.uses)}" for tag in most_used]
        embed.add_field(name=_("Used most"), value=bullets(lines), inline=False)
    if owners:
        lines = [f"<@{owner_id}> · {used(theirs.uses)}" for owner_id, theirs in owners]
        embed.add_field(name=_("Whose tags are used most"), value=bullets(lines), inline=False)
    return embed
