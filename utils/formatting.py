"""Text as Discord shows it: within its limits, aligned, and harmless when people wrote it.

Lengths are counted in characters (Unicode code points), as Discord's API does. Plurals are `ngettext`'s,
lists in a sentence `format_list`'s, both in `utils.i18n`.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import wcwidth

# Discord's limits, in characters unless it says otherwise.
MESSAGE_LIMIT: Final = 2_000
EMBED_TITLE_LIMIT: Final = 256
EMBED_DESCRIPTION_LIMIT: Final = 4_096
EMBED_FIELDS_LIMIT: Final = 25  # fields
EMBED_FIELD_NAME_LIMIT: Final = 256
EMBED_FIELD_VALUE_LIMIT: Final = 1_024
EMBED_FOOTER_LIMIT: Final = 2_048
EMBED_AUTHOR_LIMIT: Final = 256
EMBED_TOTAL_LIMIT: Final = 6_000  # all texts of all embeds of one message
NICKNAME_LIMIT: Final = 32
CHANNEL_NAME_LIMIT: Final = 100
AUDIT_LOG_REASON_LIMIT: Final = 512
SELECT_OPTIONS_LIMIT: Final = 25  # options
SELECT_LABEL_LIMIT: Final = 100
BUTTON_LABEL_LIMIT: Final = 80
ALT_TEXT_LIMIT: Final = 1_024  # the description of a file

QUOTED_CHARACTERS: Final = 60
"""Of what somebody wrote, in an error."""
ELLIPSIS: Final = "…"
ZERO_WIDTH_SPACE: Final = "\u200b"
SPOILER: Final = "||"
"""Stands before and behind what is hidden until somebody presses on it."""
_SPOILER: Final = re.compile(r"\|\|(.+?)\|\|", re.DOTALL)

_LINK = re.compile(r"(?:https?|steam)://[^\s<]+[^<.,:;\"'\]\s]")
_MARKDOWN = re.compile(r"[\\*_~|`>#\[\]()<-]|(?<=\d)\.(?=\s)")
_MASS_MENTION = re.compile(r"@(?=everyone|here)")
_FENCE = "```"
_EMPTY_LETTERS: Final = "\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"  # fillers, and Braille without a dot
_PAIRS: Final = ("***", "**", "__", "~~", "||", "*", "_")  # longest first: what is counted is taken away


def clean_input(text: str) -> str:
    """Text without what no database or request takes (NUL, lone surrogates) and other invisible controls.

    Line breaks and tabs stay, and so do the joiners that emoji are made of.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        character for character in text if character in "\n\t" or unicodedata.category(character) not in {"Cc", "Cs"}
    )


def shows_nothing(text: str) -> bool:
    """Whether a text is only made of what nobody sees: spaces, joiners, and letters that are drawn empty."""
    return all(
        character.isspace() or character in _EMPTY_LETTERS or unicodedata.category(character) in {"Cf", "Cc", "Cs"}
        for character in text
    )


def safe(text: str) -> str:
    """People's text inside an answer of ours: it shows as typed, breaks no formatting and pings nobody.

    Links stay links. The result may be longer than the text: truncate first, then make safe.
    """
    text, parts, end = clean_input(text), [], 0
    for link in _LINK.finditer(text):
        parts += [_escape(text[end : link.start()]), _MASS_MENTION.sub(f"@{ZERO_WIDTH_SPACE}", link[0])]
        end = link.end()
    return "".join([*parts, _escape(text[end:])])


def safe_with_spoilers(text: str) -> str:
    """As `safe`, but what people hid as a spoiler stays hidden."""
    parts, end = [], 0
    for found in _SPOILER.finditer(text):
        parts += [safe(text[end : found.start()]), SPOILER, safe(found[1]), SPOILER]
        end = found.end()
    return "".join([*parts, safe(text[end:])])


def _escape(text: str) -> str:
    return _MARKDOWN.sub(r"\\\g<0>", text).replace("@", f"@{ZERO_WIDTH_SPACE}")


def code(text: str) -> str:
    """A short text as inline code, on one line, whatever backticks it holds."""
    text = " ".join(clean_input(text).split()).replace("`", "ˋ")
    return f"`{text or ' '}`"


def code_block(text: str, language: str = "") -> str:
    """A text as code block that it can't break out of."""
    body = clean_input(text).replace("``", f"`{ZERO_WIDTH_SPACE}`")
    body = body.replace("``", f"`{ZERO_WIDTH_SPACE}`")  # of three, the second pass parts the last two
    if body.endswith("`"):
        body += ZERO_WIDTH_SPACE
    return f"{_FENCE}{language}\n{body}\n{_FENCE}"


def truncate(text: str, limit: int) -> str:
    """The text, or as much of its beginning as fits in `limit` characters with an ellipsis.

    Never cuts through an emoji or an accented letter, and closes the code block or the bold it cuts through.
    """
    if len(text) <= limit:
        return text
    closing = ""
    while len(closing) < limit:
        head = _whole_clusters(text, limit - len(ELLIPSIS) - len(closing))
        head = head.removesuffix("\\") if _trailing_backslashes(head) % 2 else head
        needed = _closing_marks(head)
        if len(head) + len(ELLIPSIS) + len(needed) <= limit:
            return head + ELLIPSIS + needed
        closing += " "
    return ELLIPSIS[:limit]


def quoted(text: str) -> str:
    """What somebody wrote, on one line, short and harmless, to be quoted in an error."""
    return safe(truncate(" ".join(text.split()), QUOTED_CHARACTERS))


def _whole_clusters(text: str, limit: int) -> str:
    if limit <= 0:
        return ""
    length = 0
    # A cluster that ends before the limit is not changed by what comes far after it.
    for cluster in wcwidth.iter_graphemes(text[: limit + 64]):
        if length + len(cluster) > limit:
            break
        length += len(cluster)
    return text[:length]


def _trailing_backslashes(text: str) -> int:
    return len(text) - len(text.rstrip("\\"))


def _closing_marks(text: str) -> str:
    """What closes the formatting that is open at the end of the text."""
    text = re.sub(r"\\.", "", text, flags=re.DOTALL)
    outside, *rest = text.split(_FENCE)
    if len(rest) % 2:
        return f"\n{_FENCE}"
    outside += "".join(rest[1::2])
    spans = outside.split("`")
    if len(spans) % 2 == 0:
        return "`"
    plain, closing = _LINK.sub("", "".join(spans[::2])), ""
    for mark in _PAIRS:
        if plain.count(mark) % 2:
            closing += mark
        plain = plain.replace(mark, "")
    return closing


def message_link(guild_id: int | None, channel_id: int | None, message_id: int | None) -> str:
    """The address of a message; the guild is None in direct messages."""
    return f"https://discord.com/channels/{guild_id or '@me'}/{channel_id}/{message_id}"


def bullets(items: Iterable[str]) -> str:
    """A bulleted list, an item a line; further lines of an item are indented."""
    return "\n".join("- " + item.replace("\n", "\n  ") for item in items)


def width(text: str) -> int:
    """How many columns a text takes in a monospace font: two for an emoji or a Chinese character."""
    return sum(max(wcwidth.wcswidth(cluster), 0) for cluster in wcwidth.iter_graphemes(text))


def table(rows: Sequence[Sequence[object]], headers: Sequence[str] = (), right: Iterable[int] = ()) -> str:
    """Rows in aligned columns, to be shown in `code_block`; columns in `right` are aligned to the right."""
    lines_of_cells = [headers, *rows] if headers else rows
    cells = [[" ".join(clean_input(str(cell)).split()) for cell in row] for row in lines_of_cells]
    columns = max(map(len, cells), default=0)
    cells = [row + [""] * (columns - len(row)) for row in cells]
    widths = [max(width(row[column]) for row in cells) for column in range(columns)]
    to_right = set(right)

    def aligned(row: Sequence[str]) -> str:
        padding = [" " * (widths[column] - width(cell)) for column, cell in enumerate(row)]
        joined = (
            pad + cell if column in to_right else cell + pad
            for column, (cell, pad) in enumerate(zip(row, padding, strict=True))
        )
        return "  ".join(joined).rstrip()

    lines = [aligned(row) for row in cells]
    if headers:
        lines.insert(1, "  ".join("─" * column_width for column_width in widths))
    return "\n".join(lines)


def pages_of(lines: Iterable[str], limit: int = EMBED_DESCRIPTION_LIMIT, most_lines: int = 0) -> list[str]:
    """Lines gathered into pages of at most `limit` characters and, if given, `most_lines` lines.

    Pages break between lines; only a line that is longer than a page is broken inside.
    """
    pages: list[str] = []
    page: list[str] = []
    length = 0  # of the page with its line breaks
    for line in _broken(lines, limit):
        if page and (length + 1 + len(line) > limit or len(page) == most_lines):
            pages.append("\n".join(page))
            page, length = [], 0
        length += len(line) + (1 if page else 0)
        page.append(line)
    return [*pages, "\n".join(page)] if page else pages


def _broken(lines: Iterable[str], limit: int) -> Iterator[str]:
    for line in lines:
        rest = line
        while len(rest) > limit:
            head = _whole_clusters(rest, limit) or rest[:limit]
            space = head.rfind(" ")
            head = head[: space + 1] if space > limit // 2 else head
            yield head.rstrip()
            rest = rest[len(head) :]
        yield rest
