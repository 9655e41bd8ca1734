"""What members write behind `report`: whom or which message they mean, and why. Pure rules."""

import re
from dataclasses import dataclass
from typing import Final

from utils.errors import UserError
from utils.formatting import clean_input
from utils.i18n import _

WHY_LIMIT: Final = 4000
"""Characters: as many as the longest message has, so that nobody's words are refused for their length."""

_LINK = re.compile(
    r"<?https://(?:ptb\.|canary\.)?discord(?:app)?\.com/channels/"
    r"(?P<guild>[0-9]{15,20}|@me)/(?P<channel>[0-9]{15,20})/(?P<message>[0-9]{15,20})/?>?"
)
_FIRST_WORD = re.compile(r'(?:"(?P<quoted>[^"]+)"|(?P<word>\S+))\s*(?P<rest>.*)', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Link:
    """A link to a message. `guild_id` is None for direct messages."""

    guild_id: int | None
    channel_id: int
    message_id: int


@dataclass(frozen=True, slots=True)
class ReportWords:
    """What was written: with neither `who` nor `link`, the message that it replies to is meant."""

    why: str | None
    who: str | None = None
    link: Link | None = None


def read_report(text: str, *, replies: bool) -> ReportWords:
    """Read what stands behind the command. Behind a reply, all of it says why.

    A link to a message may stand anywhere; else the first word, or what stands in quotation marks, says who. Where a
    message is meant, it speaks for itself. Raises UserError, whose sentence names nobody, if something is missing.
    """
    text = clean_input(text).strip()
    if replies:
        return ReportWords(text or None)
    found = _LINK.search(text)
    if found is not None:
        why = f"{text[: found.start()].rstrip()} {text[found.end() :].lstrip()}".strip()
        guild_id = None if found["guild"] == "@me" else int(found["guild"])
        return ReportWords(why or None, link=Link(guild_id, int(found["channel"]), int(found["message"])))
    words = _FIRST_WORD.fullmatch(text)
    if words is None:
        raise UserError(
            _("Say whom you report and why, like `report @Ann insults people`, or reply to a message with `report`.")
        )
    if not words["rest"].strip():
        raise UserError(_("Say why, too: write it behind the name, like `report @Ann insults people`."))
    return ReportWords(words["rest"].strip(), who=words["quoted"] or words["word"])
