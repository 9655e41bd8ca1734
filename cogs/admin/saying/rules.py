"""Messages with embeds as JSON, in the shape that embed builders on the web export: reading, checking and writing.

No Discord. What is wrong is a `DraftError`, a sentence that names the place and the limit.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from utils.converters import parse_colour
from utils.formatting import (
    EMBED_AUTHOR_LIMIT,
    EMBED_DESCRIPTION_LIMIT,
    EMBED_FIELD_NAME_LIMIT,
    EMBED_FIELD_VALUE_LIMIT,
    EMBED_FIELDS_LIMIT,
    EMBED_FOOTER_LIMIT,
    EMBED_TITLE_LIMIT,
    EMBED_TOTAL_LIMIT,
    MESSAGE_LIMIT,
    clean_input,
    code,
    truncate,
)
from utils.i18n import N_, _, format_number, translate
from utils.near import nearest

MOST_EMBEDS: Final = 10
LONGEST_ADDRESS: Final = 2_048
LONGEST_JSON: Final = 100_000
"""Characters; all limits used up with every character escaped are fewer."""
_COLOUR_NUMBER: Final = re.compile(r"[0-9]{7,8}\Z")
"""Shorter ones may be hexadecimal."""
_CODE_BLOCK: Final = re.compile(r"^```(?:json)?\s*(.*?)\s*```$", re.DOTALL | re.IGNORECASE)

TEXTS: Final[Mapping[str, tuple[str, int]]] = {
    "title": (N_("title"), EMBED_TITLE_LIMIT),
    "description": (N_("description"), EMBED_DESCRIPTION_LIMIT),
}
PARTS: Final[Mapping[str, tuple[str, str, str, int]]] = {
    "author": ("name", "author", N_("author"), EMBED_AUTHOR_LIMIT),
    "footer": ("text", "footer", N_("footer"), EMBED_FOOTER_LIMIT),
}
PICTURES: Final = ("image", "thumbnail")
IGNORED: Final = frozenset({"type", "video", "provider", "flags", "id", "content_scan_version", "reference_id"})
"""What Discord or a builder adds to an embed, and nobody can send."""
KNOWN: Final = (*TEXTS, *PARTS, *PICTURES, "url", "color", "timestamp", "fields")
OF_PART: Final = {
    "author": ("name", "url", "icon_url"), "footer": ("text", "icon_url"), "image": ("url",), "thumbnail": ("url",),
}  # fmt: skip
IGNORED_OF_PART: Final = frozenset({"proxy_url", "proxy_icon_url", "width", "height", "flags", "content_type"})
IGNORED_PREFIXES: Final = ("placeholder", "_")


class DraftError(ValueError):
    """A draft can't be a message; the text is a sentence."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A message as it is to be: its text, and embeds as Discord takes them."""

    content: str = ""
    embeds: tuple[dict[str, Any], ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to send."""
        return not self.content and not self.embeds


def read(text: str) -> Draft:
    """The message that a JSON text is. Raises `DraftError`."""
    if len(text) > LONGEST_JSON:
        raise DraftError(_("This JSON is too long."))
    block = _CODE_BLOCK.match(text.strip())
    try:
        data = json.loads(block[1] if block else text)
    except json.JSONDecodeError as error:
        raise DraftError(
            _("This is no JSON: look at line {line}, character {column}.").format(
                line=error.lineno, column=error.colno
            )
        ) from error
    except (RecursionError, ValueError) as error:  # nested too deeply, or a number of thousands of digits
        raise DraftError(_("This JSON is too long.")) from error
    return check(_unwrapped(data))


def write(draft: Draft) -> str:
    """The JSON that `read` makes the same message of."""
    data: dict[str, Any] = {"content": draft.content} if draft.content else {}
    data["embeds"] = list(draft.embeds)
    return json.dumps(data, ensure_ascii=False, indent=2)


def _unwrapped(data: Any) -> dict[str, Any]:
    """The message in it: a whole export, a message, a list of embeds, or one embed."""
    if isinstance(data, list):
        return {"embeds": data}
    if not isinstance(data, dict):
        raise DraftError(_("This JSON is neither a message nor an embed."))
    messages = data.get("messages")
    if isinstance(messages, list) and messages and isinstance(messages[0], dict):
        inner = messages[0].get("data", messages[0])
        return _unwrapped(inner)
    if isinstance(data.get("embed"), dict):
        return {"content": data.get("content"), "embeds": [data["embed"]]}
    if "embeds" in data or "content" in data:
        return data
    return {"embeds": [data]}


def check(data: Mapping[str, Any]) -> Draft:
    """The message of plain data, without what nobody can send. Raises `DraftError`."""
    content = _text(data.get("content"), MESSAGE_LIMIT, _("The text of the message"))
    embeds = data.get("embeds") or []
    if not isinstance(embeds, list):
        raise DraftError(_("`embeds` should be a list."))
    if len(embeds) > MOST_EMBEDS:
        raise DraftError(
            _("A message has room for {most} embeds; these are {count}.").format(most=MOST_EMBEDS, count=len(embeds))
        )
    checked = tuple(_embed(embed, number) for number, embed in enumerate(embeds, start=1))
    total = sum(map(length, checked))
    if total > EMBED_TOTAL_LIMIT:
        raise DraftError(
            _("All embeds together have {count} characters; {most} are the most.").format(
                count=format_number(total), most=format_number(EMBED_TOTAL_LIMIT)
            )
        )
    draft = Draft(content, checked)
    if draft.is_empty:
        raise DraftError(_("There is nothing in this message."))
    return draft


def length(embed: Mapping[str, Any]) -> int:
    """The characters of an embed that count towards Discord's limit."""
    texts = [embed.get("title", ""), embed.get("description", "")]
    texts += [embed.get("author", {}).get("name", ""), embed.get("footer", {}).get("text", "")]
    texts += [text for field in embed.get("fields", []) for text in (field["name"], field["value"])]
    return sum(map(len, texts))


def _embed(data: Any, number: int) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise DraftError(_("Embed {number} should be an object.").format(number=number))
    _only(data, KNOWN, IGNORED, number)
    made: dict[str, Any] = {}
    for key, (label, most) in TEXTS.items():
        made[key] = _text(data.get(key), most, _of(label, number))
    made["url"] = _address(data.get("url"), _of(N_("address"), number))
    made["color"] = _colour(data.get("color"), number)
    made["timestamp"] = _timestamp(data.get("timestamp"), number)
    for key, (_name, _part, label, most) in PARTS.items():
        made[key] = _part_of(data.get(key), key, label, most, number)
    for key in PICTURES:
        made[key] = _picture(data.get(key), key, number)
    made["fields"] = _fields(data.get("fields"), number)
    kept = {key: value for key, value in made.items() if value not in (None, "", {}, [])}
    if not set(kept) & {"title", "description", "author", "footer", "fields", *PICTURES}:
        raise DraftError(
            _("Embed {number} is empty: it needs at least a title or a description.").format(number=number)
        )
    return kept


def _of(label: str, number: int) -> str:
    return _("The {what} of embed {number}").format(what=translate(label), number=number)


def _only(data: Mapping[str, Any], known: tuple[str, ...], ignored: frozenset[str], number: int) -> None:
    for key in data:
        if key in known or key in ignored or str(key).startswith(IGNORED_PREFIXES):
            continue
        near = nearest(str(key), known)
        sentence = (
            _("Embed {number} has no {key}.")
            if near is None
            else _("Embed {number} has no {key}. Did you mean {near}?")
        )
        raise DraftError(sentence.format(number=number, key=code(truncate(str(key), 40)), near=code(near or "")))


def _text(value: Any, most: int, what: str) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise DraftError(_("{what} should be a text in quotes.").format(what=what))
    text = clean_input(value).strip()
    if len(text) > most:
        raise DraftError(
            _("{what} has {count} characters; {most} are the most.").format(
                what=what, count=format_number(len(text)), most=format_number(most)
            )
        )
    return text


def _address(value: Any, what: str) -> str:
    text = _text(value, LONGEST_ADDRESS, what)
    if text and (not re.match(r"https?://[^\s/?#.]+[^\s]*$", text, re.IGNORECASE) or "." not in text):
        raise DraftError(_("{what} should be a web address that begins with `https://`.").format(what=what))
    return text


def _colour(value: Any, number: int) -> int | None:
    if value is None or value == "":
        return None
    if isinstance(value, str):
        try:
            value = int(value) if _COLOUR_NUMBER.match(value) else parse_colour(value).value
        except ValueError as error:
            raise DraftError(str(error)) from error
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 0xFFFFFF:
        raise DraftError(_('The colour of embed {number} should be like `"#ff8800"`.').format(number=number))
    return value


def _timestamp(value: Any, number: int) -> str | None:
    if value is None or value == "":
        return None
    try:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is not None:
            moment.astimezone(UTC)  # as it is sent: at the ends of the calendar that is no day any more
        return moment.isoformat()
    except (TypeError, ValueError, OverflowError) as error:
        raise DraftError(
            _("The time of embed {number} should be like {example}.").format(
                number=number, example=code("2026-12-24T18:00:00+01:00")
            )
        ) from error


def _part_of(value: Any, key: str, label: str, most: int, number: int) -> dict[str, str]:
    """The author or the footer; without its text, Discord shows neither."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise DraftError(_("{what} should be an object.").format(what=_of(label, number)))
    _only(value, OF_PART[key], IGNORED_OF_PART, number)
    name = OF_PART[key][0]
    made = {name: _text(value.get(name), most, _of(label, number))}
    for address in OF_PART[key][1:]:
        made[address] = _address(value.get(address), _of(label, number))
    return {one: text for one, text in made.items() if text} if made[name] else {}


def _picture(value: Any, key: str, number: int) -> dict[str, str]:
    if value is None:
        return {}
    if isinstance(value, str):
        value = {"url": value}
    if not isinstance(value, dict):
        raise DraftError(_("{what} should be an object.").format(what=_of(N_("picture"), number)))
    _only(value, OF_PART[key], IGNORED_OF_PART, number)
    address = _address(value.get("url"), _of(N_("picture"), number))
    return {"url": address} if address else {}


def _fields(value: Any, number: int) -> list[dict[str, Any]]:
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise DraftError(_("The fields of embed {number} should be a list of objects.").format(number=number))
    if len(value) > EMBED_FIELDS_LIMIT:
        raise DraftError(
            _("Embed {number} has {count} fields; {most} are the most.").format(
                number=number, count=len(value), most=EMBED_FIELDS_LIMIT
            )
        )
    return [_field(one, place, number) for place, one in enumerate(value, start=1)]


def _field(data: dict[str, Any], place: int, number: int) -> dict[str, Any]:
    _only(data, ("name", "value", "inline"), frozenset(), number)
    name = _text(data.get("name"), EMBED_FIELD_NAME_LIMIT, _place(N_("name"), place, number))
    value = _text(data.get("value"), EMBED_FIELD_VALUE_LIMIT, _place(N_("text"), place, number))
    if not name or not value:
        raise DraftError(
            _("Field {place} of embed {number} needs a name and a text.").format(place=place, number=number)
        )
    inline = data.get("inline", False)
    if not isinstance(inline, bool):
        raise DraftError(_("`inline` is `true` or `false`."))
    return {"name": name, "value": value, "inline": inline}


def _place(label: str, place: int, number: int) -> str:
    return _("The {what} of field {place} of embed {number}").format(
        what=translate(label), place=place, number=number
    )
