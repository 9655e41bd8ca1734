"""Tickets, as pure rules: what is asked, what places are called, and when a quiet one is closed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from database.ticket_panels import Question
from utils.errors import UserError
from utils.flag_words import take_flags
from utils.formatting import CHANNEL_NAME_LIMIT, clean_input, truncate
from utils.i18n import _, ngettext
from utils.templates import fill, unknown_places

MOST_QUESTIONS: Final = 5
"""As many as a form of Discord's has places."""
LONGEST_QUESTION: Final = 45
"""Characters that Discord takes as the label of a field."""
LONGEST_ANSWER: Final = 1_000
"""Characters: as a field of an embed, with its formatting made harmless, it is cut at 1,024."""
LONGEST_SHORT_ANSWER: Final = 200
NAME_PLACES: Final = ("number", "user", "kind")
LONGEST_WARNING: Final = timedelta(days=1)

_GAPS = re.compile(r"\s+")


def read_questions(text: str) -> tuple[Question, ...]:
    """Read `What happened? | A link --short --optional`. Raises UserError."""
    questions = tuple(_question(part) for part in text.split("|") if part.strip())
    if len(questions) > MOST_QUESTIONS:
        raise UserError(
            ngettext(
                "Discord's forms have room for {most} question only.",
                "Discord's forms have room for {most} questions only.",
                MOST_QUESTIONS,
            ).format(most=MOST_QUESTIONS)
        )
    if len({one.text.casefold() for one in questions}) != len(questions):
        raise UserError(_("Two of these questions are the same."))
    return questions


def _question(part: str) -> Question:
    text, flags = take_flags(part, ("short", "optional"), (), "ticket kind edit")
    text = _GAPS.sub(" ", clean_input(text)).strip()
    if not 1 <= len(text) <= LONGEST_QUESTION:
        raise UserError(
            _("A question has from 1 to {most} characters; this one has {length}.").format(
                most=LONGEST_QUESTION, length=len(text)
            )
        )
    return Question(text, is_long="short" not in flags, is_needed="optional" not in flags)


def write_questions(questions: Sequence[Question]) -> str:
    """The questions as `read_questions` reads them."""
    flags = {(False, True): " --short", (True, False): " --optional", (False, False): " --short --optional"}
    return " | ".join(one.text + flags.get((one.is_long, one.is_needed), "") for one in questions)


def read_name(text: str) -> str:
    """What tickets of a kind are called, with its places yet to be filled. Raises UserError."""
    text = _GAPS.sub(" ", clean_input(text)).strip()
    unknown = unknown_places(text, NAME_PLACES)
    if unknown or not 1 <= len(text) <= CHANNEL_NAME_LIMIT:
        raise UserError(
            _(
                "A name has up to {most} characters, in which `{{number}}`, `{{user}}` and `{{kind}}` are filled in."
            ).format(most=CHANNEL_NAME_LIMIT)
        )
    return text


def place_name(template: str, *, number: int, user: str, kind: str) -> str:
    """What the channel or thread of a ticket is called: from 1 to 100 characters, whatever people are called."""
    shown = fill(template, {"number": f"{number:04}", "user": user, "kind": kind})
    name = truncate(_GAPS.sub(" ", clean_input(shown)).strip(), CHANNEL_NAME_LIMIT)
    # Discord takes out what a channel can't be called, and refuses a name of which nothing is left.
    return name if any(character.isalnum() for character in name) else f"ticket-{number:04}"


@dataclass(frozen=True, slots=True)
class Step:
    """What is to be done about a ticket in which nobody writes, and when."""

    doing: Literal["warn", "close"]
    at: datetime


def next_step(after: timedelta, said_at: datetime, warned_at: datetime | None) -> Step | None:
    """What comes next for a ticket that is closed when nobody wrote for so long; None if it never is.

    `said_at` is when the last message was written, `warned_at` when it was warned of since. The warning comes a day
    before the end, or after half the time if that is later; however late it is, there is that long to answer it.
    """
    if after <= timedelta(0):
        return None
    ahead = min(LONGEST_WARNING, after / 2)
    if warned_at is None:
        return Step("warn", said_at + after - ahead)
    return Step("close", warned_at + ahead)
