"""What a moderator reads about a purge."""

from collections.abc import Iterable, Sequence
from typing import Final

import discord

from cogs.moderation.purge import rules
from cogs.moderation.purge.rules import AuthorCount, Choice
from database.moderation import Case
from utils import embeds
from utils.formatting import code, safe, truncate
from utils.i18n import _, format_number, ngettext
from utils.time import timestamp

AUTHORS_SHOWN: Final = 10
AUTHORS_KEPT: Final = 25  # in the case
ASKED_SHOWN: Final = 200  # characters, in the case


def preview(choice: Choice, *, asks: bool = False) -> discord.Embed:
    """What would go: how many messages, whose, from when to when, and what would stay."""
    count = len(choice.taken)
    if not choice.taken:
        return embeds.info(why_nothing(choice))
    sentence = (
        ngettext("Delete {count} message?", "Delete {count} messages?", count)
        if asks
        else ngettext("{count} message would go.", "{count} messages would go.", count)
    )
    newest, oldest = choice.taken[0], choice.taken[-1]
    period = _("The first is from {first}, the last from {last}.").format(
        first=timestamp(oldest.created_at, "f"), last=timestamp(newest.created_at, "f")
    )
    counts = rules.by_author(choice.taken)
    lines = [f"**{sentence.format(count=format_number(count))}**", authors(counts), period, *kept(choice)]
    return embeds.info("\n".join(lines))


def outcome(choice: Choice, number: int) -> str:
    """What went, whose it was, and what stays."""
    count = len(choice.taken)
    sentence = ngettext("Deleted {count} message.", "Deleted {count} messages.", count)
    case = _("Case {number}.").format(number=f"**{number}**")
    head = f"{sentence.format(count=format_number(count))} {case}"
    return "\n".join([head, authors(rules.by_author(choice.taken)), *kept(choice)])


def why_nothing(choice: Choice) -> str:
    """Why nothing goes."""
    return "\n".join([_("No message fits that I could delete."), *kept(choice)])


def kept(choice: Choice) -> list[str]:
    """The sentences about what fits and stays, and about where the search ended."""
    sentences = []
    if choice.too_old:
        old = len(choice.too_old)
        sentences.append(
            ngettext(
                "{count} message is older than 14 days and stays: Discord deletes it only by itself.",
                "{count} messages are older than 14 days and stay: Discord deletes them only one by one.",
                old,
            ).format(count=format_number(old))
        )
    if choice.pinned:
        sentences.append(
            ngettext(
                "{count} pinned message stays; `--pins` takes it, too.",
                "{count} pinned messages stay; `--pins` takes them, too.",
                choice.pinned,
            ).format(count=format_number(choice.pinned))
        )
    if not choice.complete and choice.scanned >= rules.MOST_SCANNED:
        sentences.append(
            _("I looked through {count} messages and no further.").format(count=format_number(choice.scanned))
        )
    return sentences


def authors(counts: Sequence[AuthorCount]) -> str:
    """How many are whose, the most first."""
    # A webhook can't be mentioned, only named.
    return _listed(
        ((safe(one.name) if one.is_webhook else f"<@{one.author_id}>", one.count) for one in counts[:AUTHORS_SHOWN]),
        sum(one.count for one in counts[AUTHORS_SHOWN:]),
    )


def purged(case: Case) -> str:
    """What a purge's case says: how many messages it was about, where, whose, and what was asked for."""
    count = int(case.details.get("messages", 0))
    found = [
        (safe(name) if author_id is None else f"<@{author_id}>", number)
        for author_id, name, number in case.details.get("authors", [])[:AUTHORS_SHOWN]
    ]
    lines = [
        ngettext("{count} message in {channel}", "{count} messages in {channel}", count).format(
            count=format_number(count), channel=f"<#{case.channel_id}>"
        ),
        _listed(found, count - sum(number for _who, number in found)),
    ]
    asked = str(case.details.get("asked", ""))
    if asked:
        lines.append(_("Asked for: {words}").format(words=code(truncate(asked, ASKED_SHOWN))))
    return "\n".join(lines)


def _listed(shown: Iterable[tuple[str, int]], rest: int) -> str:
    parts = [f"{who} **{format_number(count)}**" for who, count in shown]
    if rest:
        parts.append(ngettext("{count} of others", "{count} of others", rest).format(count=format_number(rest)))
    return " · ".join(parts)
