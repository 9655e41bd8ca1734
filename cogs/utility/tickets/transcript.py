"""Transcripts: what was written in a ticket, as pages that a browser shows without asking anybody for anything.

Pure. Whatever came from people goes through `escape`, and links only lead to what begins with http. Pages have no
scripts and load nothing, and a policy in them says so: what got in by a mistake of ours wouldn't run either.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import escape
from typing import Final

from utils.formatting import ZERO_WIDTH_SPACE, clean_input
from utils.i18n import _, format_datetime, format_number, ngettext

STYLE: Final = """
body{background:#313338;color:#dbdee1;font:16px/1.4 sans-serif;margin:0 auto;max-width:60em;padding:1em}
a{color:#00a8fc}h1{font-size:1.4em}dl{display:grid;gap:.2em 1em;grid-template-columns:max-content 1fr}dd{margin:0}
article{border-top:1px solid #3f4147;overflow-wrap:anywhere;padding:.5em 0}article:target{background:#444037}
header b{margin-right:.5em}header small,.note,footer{color:#949ba4}.text{white-space:pre-wrap}
.reply{color:#b5bac1;font-size:.85em}.bot{background:#5865f2;color:#fff;font-size:.7em;padding:0 .3em}
img{max-height:30em;max-width:100%}
.card{background:#2b2d31;border-left:4px solid #4e5058;border-radius:4px;margin:.3em 0;padding:.5em 1em}
ul{margin:.3em 0}code{background:#2b2d31;border-radius:3px;padding:0 .2em}.card code{background:#1e1f22}
"""
POLICY: Final = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/]+={0,2}")
_ESCAPED = re.compile(r"\\([\\*_~|`>#\[\]()<.-])")
_LINK = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,:;!?)\]}*_~|`]")
# Both only around whole elements: what is put in place of a mark has neither a star nor a backtick.
_STYLED = re.compile(r"`([^`\n]+)`|\*\*(?=\S)((?:[^*\n]|\*(?!\*))+?)(?<=\S)\*\*")
_MARK = re.compile(
    rf"(?P<link>{_LINK.pattern})|<(?P<emoji>a?:[A-Za-z0-9_]{{1,32}}):[0-9]{{1,20}}>"
    r"|<(?P<kind>@[!&]?|#)(?P<id>[0-9]{1,20})>|<t:(?P<moment>-?[0-9]{1,13})(?::[tTdDfFsSR])?>"
)


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote something, as they were called then. `colour` is 0xRRGGBB, None for that of the text."""

    id: int
    name: str
    account: str
    colour: int | None = None
    is_bot: bool = False


@dataclass(frozen=True, slots=True)
class Attached:
    """A file or a sticker. `picture` is what it looks like, as a `data:` address; empty if it isn't kept."""

    name: str
    url: str
    size: int | None = None
    picture: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """An embed."""

    title: str = ""
    url: str = ""
    text: str = ""
    author: str = ""
    footer: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    colour: int | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """A message. `reply_to` is the id of the one that it answers."""

    id: int
    author: Author
    at: datetime
    text: str = ""
    edited_at: datetime | None = None
    reply_to: int | None = None
    files: tuple[Attached, ...] = ()
    cards: tuple[Card, ...] = ()


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands above the messages. `facts` are pairs of a word and what is to be said of it."""

    title: str
    facts: tuple[tuple[str, str], ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    """What mentions are shown as, by what they begin with and their id: `@1`, `@&2`, `#3`."""
    left_out: bool = False
    """Whether there were messages before the first one given."""


def pages(heading: Heading, messages: Sequence[Written], *, most_bytes: int, most_pages: int) -> list[str]:
    """The transcript in as many pages as are needed, none of more than `most_bytes` in UTF-8, oldest first.

    If they don't fit in `most_pages`, the oldest messages are left out, and a sentence says so.
    """
    known = {one.id: one for one in messages}
    room = most_bytes - len(_page(heading, [], 99, 99, dropped=True).encode())
    bodies: list[list[str]] = [[]]
    used, dropped = 0, heading.left_out
    for one in reversed(messages):  # what is newest matters most
        part = _fitting(_article(one, known, heading.names), room)
        size = len(part.encode())
        if used + size > room:
            if len(bodies) == most_pages:
                dropped = True
                break
            bodies.append([])
            used = 0
        bodies[-1].append(part)
        used += size
    bodies = [body[::-1] for body in bodies[::-1]]
    return [
        _page(heading, body, number, len(bodies), dropped=dropped and number == 1)
        for number, body in enumerate(bodies, start=1)
    ]


def _fitting(part: str, room: int) -> str:
    if len(part.encode()) <= room:
        return part
    return _note(_("A message is too long to be shown here."))


def _note(text: str) -> str:
    return f'<p class="note">{escape(text)}</p>'


def _page(heading: Heading, body: Iterable[str], number: int, count: int, *, dropped: bool) -> str:
    title = _safe(heading.title)
    facts = "".join(f"<dt>{_safe(word)}</dt><dd>{_safe(said)}</dd>" for word, said in heading.facts)
    note = ""
    if count > 1:
        note += _note(_("Part {number} of {count}").format(number=number, count=count))
    if dropped:
        note += _note(_("Older messages are left out: there are too many for one transcript."))
    clock = _("All times are in UTC.")
    return (
        '<!DOCTYPE html>\n<html><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(POLICY)}">'
        '<meta name="viewport" content="width=device-width"><meta name="referrer" content="no-referrer">'
        f"<title>{title}</title><style>{STYLE}</style></head>\n"
        f"<body><h1>{title}</h1><dl>{facts}</dl>{note}\n{''.join(body)}"
        f"<footer>{escape(clock)}</footer></body></html>\n"
    )


def _article(one: Written, known: Mapping[int, Written], names: Mapping[str, str]) -> str:
    colour = "" if one.author.colour is None else f' style="color:#{one.author.colour & 0xFFFFFF:06x}"'
    mark, edited = escape(_("BOT")), ""
    bot = f'<span class="bot">{mark}</span> ' if one.author.is_bot else ""
    if one.edited_at is not None:
        edited = escape(" · " + _("edited {when}").format(when=_when(one.edited_at)))
    text = f'<div class="text">{_marked(one.text, names)}</div>' if one.text else ""
    return (
        f'<article id="m{one.id}">{_reply(one.reply_to, known)}'
        f'<header><b{colour} title="{_safe(f"@{one.author.account} ({one.author.id})")}">{_safe(one.author.name)}</b>'
        f"{bot}<small>{escape(_when(one.at))}{edited}</small></header>"
        f"{text}{''.join(_card(card, names) for card in one.cards)}{_files(one.files)}</article>\n"
    )


def _reply(message_id: int | None, known: Mapping[int, Written]) -> str:
    if message_id is None:
        return ""
    answered = known.get(message_id)
    if answered is None:
        said = escape(_("In reply to a message that isn't here"))
    else:
        said = escape(_("In reply to {name}: {text}")).format(
            name=_safe(answered.author.name), text=_safe(" ".join(answered.text.split())[:80]) or "…"
        )
        said = f'<a href="#m{message_id}">{said}</a>'
    return f'<div class="reply">{said}</div>'


def _card(card: Card, names: Mapping[str, str]) -> str:
    colour = "" if card.colour is None else f' style="border-color:#{card.colour & 0xFFFFFF:06x}"'
    title = _linked(card.url, card.title) if card.title else ""
    fields = "".join(
        f'<p><b>{_safe(name)}</b><br><span class="text">{_marked(value, names)}</span></p>'
        for name, value in card.fields
    )
    return (
        f'<div class="card"{colour}>'
        + (f"<p><small>{_safe(card.author)}</small></p>" if card.author else "")
        + (f"<p><b>{title}</b></p>" if title else "")
        + (f'<div class="text">{_marked(card.text, names)}</div>' if card.text else "")
        + fields
        + (f"<p><small>{_safe(card.footer)}</small></p>" if card.footer else "")
        + "</div>"
    )


def _files(files: Sequence[Attached]) -> str:
    items = []
    for one in files:
        size = "" if one.size is None else f" ({escape(_size(one.size))})"
        picture = f'<br><img src="{one.picture}" alt="">' if _PICTURE.fullmatch(one.picture) else ""
        items.append(f"<li>📎 {_linked(one.url, one.name)}{size}{picture}</li>")
    return f"<ul>{''.join(items)}</ul>" if items else ""


def _size(size: int) -> str:
    if size < 1024:
        return ngettext("{count} byte", "{count} bytes", size).format(count=format_number(size))
    return _("{count} KiB").format(count=format_number(size // 1024))


def _linked(url: str, text: str) -> str:
    """The text as a link, if that leads to a web page and not, say, to a script."""
    if not _LINK.fullmatch(clean_input(url)):
        return _safe(text)
    return f'<a href="{_safe(url)}" rel="noopener noreferrer nofollow">{_safe(text)}</a>'


def _marked(text: str, names: Mapping[str, str]) -> str:
    """What somebody wrote, with links to follow, names in place of ids, and what is bold or code shown so."""
    text, parts, end = clean_input(text), [], 0
    for mark in _MARK.finditer(text):
        parts += [_plain(text[end : mark.start()]), _literal(_shown(mark, names))]
        end = mark.end()
    whole = "".join([*parts, _plain(text[end:])])
    return _STYLED.sub(lambda styled: f"<code>{styled[1]}</code>" if styled[1] else f"<b>{styled[2]}</b>", whole)


def _plain(text: str) -> str:
    """Text without the backslashes that Discord doesn't show, either, such as those of our own `safe`."""
    parts, end = [], 0
    for escaped in _ESCAPED.finditer(text):
        parts += [escape(text[end : escaped.start()]), _literal(escape(escaped[1]))]
        end = escaped.end()
    return "".join([*parts, escape(text[end:])]).replace(ZERO_WIDTH_SPACE, "")


def _literal(page: str) -> str:
    """A piece of a page in which stars and backticks are only themselves."""
    return page.replace("*", "&#42;").replace("`", "&#96;")


def _shown(mark: re.Match[str], names: Mapping[str, str]) -> str:
    if mark["link"]:
        return _linked(mark["link"], mark["link"])
    if mark["emoji"]:
        return escape(f":{mark['emoji'].partition(':')[2]}:")
    if mark["id"]:
        kind = mark["kind"].replace("!", "")
        name = names.get(f"{kind}{int(mark['id'])}")
        return f"<b>{_safe(kind[0] + name)}</b>" if name else escape(mark[0])
    try:
        return escape(_when(datetime.fromtimestamp(int(mark["moment"]), UTC)))
    except (ValueError, OverflowError, OSError):
        return escape(mark[0])


def _safe(text: str) -> str:
    return escape(clean_input(text))


def _when(moment: datetime) -> str:
    return format_datetime(moment, UTC)
