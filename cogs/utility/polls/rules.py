"""Polls without Discord: reading what somebody types, and counting."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Final

from cogs.utility.ends import read_end
from utils.converters import parse_text
from utils.errors import UserError
from utils.flag_words import Words, take_flags
from utils.formatting import clean_input, code, truncate
from utils.i18n import _, ngettext

FEWEST_OPTIONS: Final = 2
MOST_OPTIONS: Final = 20
LONGEST_QUESTION: Final = 250  # characters: twice as many when made safe, which must fit in an embed beside all else
LONGEST_OPTION: Final = 80
MOST_OPEN_OF_AUTHOR: Final = 10  # polls of one person in a server
MOST_ROLES: Final = 10

SWITCHES: Final = ("multi", "anonymous", "hidden")
VALUES: Final = ("choices", "role", "for", "until")

_NUMBER = re.compile(r"#?([0-9]{1,9})")


@dataclass(frozen=True, slots=True)
class Plan:
    """A poll as it was asked for; `roles` as they were typed."""

    question: str
    options: tuple[str, ...]
    """None for yes and no."""
    most_choices: int
    anonymous: bool
    hidden: bool
    roles: tuple[str, ...]
    ends_at: datetime | None


def read_plan(text: str, now: datetime, zone: tzinfo) -> Plan:
    """Read `Pizza? | Yes | No --for 2h`. Raises UserError or TimeError."""
    body, flags = take_flags(clean_input(text), SWITCHES, VALUES, "poll")
    question, *options = [one for one in map(str.strip, _parts(body)) if one] or [""]
    question = _text(question, LONGEST_QUESTION, _("Write the question first, like `{example}`."))
    options = [_text(option, LONGEST_OPTION, "") for option in options]
    count = len(options) or FEWEST_OPTIONS
    _check_options(options)
    if len(flags.get("role", [])) > MOST_ROLES:
        raise UserError(_("A poll can be for {most} roles at most.").format(most=MOST_ROLES))
    return Plan(
        question, tuple(options), _most_choices(flags, count), "anonymous" in flags, "hidden" in flags,
        tuple(flags.get("role", [])), _end(flags, now, zone),
    )  # fmt: skip


def _parts(body: str) -> list[str]:
    """Question and options: between bars, on lines of their own, or in quotation marks."""
    if "|" in body:
        return body.split("|")
    if "\n" in body:
        return body.split("\n")
    if body[:1] not in {'"', "“", "„", "«"}:
        return [body]
    words, parts = Words(body), []
    while (word := words.next()) is not None:
        parts.append(word if isinstance(word, str) else f"--{word.name}")
    return parts


def _text(text: str, longest: int, missing: str) -> str:
    try:
        return parse_text(" ".join(text.split()), longest)
    except ValueError as error:
        sentence = missing.format(example="poll Where do we eat? | Pizza | Sushi") if missing and not text else ""
        raise UserError(sentence or str(error)) from error


def _check_options(options: list[str]) -> None:
    if len(options) == 1:
        raise UserError(_("One option is no choice: write at least two, or none for yes and no."))
    if len(options) > MOST_OPTIONS:
        raise UserError(_("A poll can have {most} options at most.").format(most=MOST_OPTIONS))
    seen: set[str] = set()
    for option in options:
        if option.casefold() in seen:
            raise UserError(_("The option {option} is there twice.").format(option=code(truncate(option, 40))))
        seen.add(option.casefold())


def _most_choices(flags: dict[str, list[str]], count: int) -> int:
    if "choices" not in flags:
        return count if "multi" in flags else 1
    number = _NUMBER.fullmatch(flags["choices"][-1])
    if number is None or not 1 <= int(number[1]) <= count:
        raise UserError(
            ngettext(
                "Behind `--choices` write a number from 1 to {count}, the number of options.",
                "Behind `--choices` write a number from 1 to {count}, the number of options.",
                count,
            ).format(count=count)
        )
    return int(number[1])


def _end(flags: dict[str, list[str]], now: datetime, zone: tzinfo) -> datetime | None:
    written = [*flags.get("for", []), *flags.get("until", [])]
    if len(written) > 1:
        raise UserError(_("A poll has one end: write `--for` or `--until` once."))
    return read_end(written[0], now, zone) if written else None


@dataclass(frozen=True, slots=True)
class Tally:
    """How a poll stands: the votes of each option, and how many people voted."""

    votes: tuple[int, ...]
    people: int

    def share(self, option: int) -> float:
        """How many of those who voted chose this option, from 0 to 1."""
        return self.votes[option] / self.people if self.people else 0.0

    @property
    def leaders(self) -> tuple[int, ...]:
        """The options with the most votes; none while nobody voted."""
        most = max(self.votes, default=0)
        return tuple(place for place, count in enumerate(self.votes) if count == most and most > 0)


def tally(options: int, ballots: Iterable[tuple[tuple[int, ...], int]]) -> Tally:
    """Count: so many people chose those options together."""
    votes, people = [0] * options, 0
    for choices, count in ballots:
        people += count
        for choice in choices:
            votes[choice] += count
    return Tally(tuple(votes), people)


def bar(share: float, length: int = 10) -> str:
    """A share as a bar: empty for nothing only, and full for everything only."""
    filled = round(share * length)
    if 0 < share < 1:
        filled = min(max(filled, 1), length - 1)
    return "▰" * filled + "▱" * (length - filled)
