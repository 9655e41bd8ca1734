"""What people write about cases: which numbers, which filter, which end. Pure: `now` is always an argument."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, tzinfo
from difflib import get_close_matches
from typing import Final

from cogs.moderation.kinds import KINDS, title_of
from database.case_filter import CaseFilter
from database.moderation import Case
from utils.errors import UserError
from utils.formatting import clean_input, code, safe, truncate
from utils.i18n import _, format_list, ngettext
from utils.time import TimeError, parse_duration, parse_past, timestamp

MOST_AT_ONCE: Final = 25  # cases that one command changes
LARGEST_NUMBER: Final = 2**63 - 1
LONGEST_END: Final = timedelta(days=3650)
SHORTEST_END: Final = timedelta(seconds=10)
LATEST: Final = frozenset({"latest", "last", "newest", "letzter", "letzte", "letzten"})
ALL_TIME: Final = frozenset({"all", "ever", "always", "alles", "immer"})
PERMANENT: Final = frozenset(
    {"permanent", "permanently", "perm", "forever", "never", "dauerhaft", "für immer", "immer", "nie"}
)

_NUMBERS = re.compile(r"#?([0-9]+)(?:[-–]#?([0-9]+))?")
_WORD = re.compile(r'(?:["“”„][^"“”„]*["“”„]|\S)+')
_QUOTES: Final = '"“”„'

_NAMES: Final = {
    **dict.fromkeys(("by", "moderator", "mod", "von"), "by"),
    **dict.fromkeys(("on", "user", "member", "target", "person"), "on"),
    **dict.fromkeys(("type", "types", "kind", "art", "typ"), "type"),
    **dict.fromkeys(("text", "reason", "contains", "grund"), "text"),
    **dict.fromkeys(("since", "after", "from", "seit", "ab"), "since"),
    **dict.fromkeys(("until", "before", "bis", "vor"), "until"),
    **dict.fromkeys(("active", "aktiv"), "active"),
}


@dataclass(frozen=True, slots=True)
class Search:
    """What was asked for; people are still words."""

    wanted: CaseFilter = field(default_factory=CaseFilter)
    by: str | None = None
    on: str | None = None


# --- Numbers -----------------------------------------------------------------------------------------------


def read_numbers(text: str) -> list[int]:
    """Read `3`, `#3`, `3-7` or `3,5-7`: each number once, in order. Raises UserError for anything else."""
    numbers: dict[int, None] = {}
    for part in text.split(","):
        found = _NUMBERS.fullmatch(part.strip())
        if found is None:
            raise UserError(
                _(
                    "“{text}” names no case. Write a number like `3`, several like `3,5` or `3-7`, or `latest`."
                ).format(text=_quoted(text))
            )
        first, last = int(found[1]), int(found[2] or found[1])
        if first == 0:
            raise UserError(_("Cases are numbered from 1."))
        if last > LARGEST_NUMBER:
            raise UserError(no_such([last]))
        if last < first:
            raise UserError(_("A range goes up, like `3-7`."))
        numbers.update(dict.fromkeys(range(first, min(last, first + MOST_AT_ONCE) + 1)))
        if len(numbers) > MOST_AT_ONCE:
            raise UserError(_("That's too many at once: the most is {most} cases.").format(most=MOST_AT_ONCE))
    return list(numbers)


def read_number(text: str) -> int:
    """Read `3` or `#3`. Raises UserError for anything else."""
    numbers = read_numbers(text)
    if len(numbers) != 1:
        raise UserError(_("Name one case, by its number like `3`, or `latest`."))
    return numbers[0]


def no_such(numbers: Sequence[int]) -> str:
    """The sentence for numbers that no case has."""
    named = format_list([f"**#{truncate(str(number), 40)}**" for number in numbers])
    return ngettext(
        "There is no case {numbers}.", "There are no cases {numbers}.", len(numbers)
    ).format(numbers=named)  # fmt: skip


# --- Filters -----------------------------------------------------------------------------------------------


def read_search(words: str, now: datetime, tz: tzinfo) -> Search:
    """Read `by:@mona type:ban,kick text:"free nitro" since:7d until:2026-01-31 active`, also as `--type ban`.

    A person alone is the moderator, a kind of case alone the type. Raises UserError for what it doesn't know.
    """
    search, left = Search(), [found[0] for found in _WORD.finditer(words)]
    while left:
        word = left.pop(0)
        bare = word.removeprefix("--")
        key, separator, value = _split(bare)
        if key == "active" and not separator:
            search = replace(search, wanted=replace(search.wanted, in_force_at=now))
        elif key is not None and key != "active" and (separator or word != bare):
            # A flag's value may be the next word: `--type ban`, `type: ban`.
            value = value or (left.pop(0) if left else "")
            if not _unquoted(value):
                raise UserError(_("Something is missing after {word}.").format(word=code(truncate(word, 40))))
            search = _with(search, key, _unquoted(value), now, tz)
        else:
            search = _with_bare(search, word, now, tz)
    if search.wanted.since and search.wanted.until and search.wanted.since >= search.wanted.until:
        raise UserError(_("What begins after it ends finds nothing: `since` is earlier than `until`."))
    return search


def _split(word: str) -> tuple[str | None, str, str]:
    name, separator, value = re.match(r"([^:=]*)([:=]?)(.*)", word, re.DOTALL).groups()  # type: ignore[union-attr]
    return _NAMES.get(name.casefold()), separator, value


def _with(search: Search, key: str, value: str, now: datetime, tz: tzinfo) -> Search:
    if key == "by":
        return replace(search, by=value)
    if key == "on":
        return replace(search, on=value)
    change: dict[str, Callable[[], object]] = {
        "type": lambda: {"kinds": tuple(dict.fromkeys([*search.wanted.kinds, *read_kinds(value)]))},
        "text": lambda: {"text": clean_input(value)},
        "since": lambda: {"since": read_past(value, now, tz)},
        "until": lambda: {"until": read_past(value, now, tz, end_of_day=True)},
    }
    return replace(search, wanted=replace(search.wanted, **change[key]()))  # type: ignore[arg-type]


def _with_bare(search: Search, word: str, now: datetime, tz: tzinfo) -> Search:
    if re.fullmatch(r"<@!?[0-9]+>|[0-9]{15,20}|@.+", word):
        return _with(search, "by", word, now, tz)
    try:
        return _with(search, "type", word, now, tz)
    except UserError as error:
        raise UserError(
            _("I don't know the filter {word}. There are {filters}.").format(
                word=code(truncate(word, 40)),
                filters=format_list(
                    [f"`{one}`" for one in ("by:", "on:", "type:", "text:", "since:", "until:", "active")]
                ),
            )
        ) from error


def read_kinds(text: str) -> list[str]:
    """Read `ban,kick` as kinds of cases, by key or by name. Raises UserError, with the near one, for others."""
    by_name = {name.casefold(): key for key in KINDS for name in (key, KINDS[key].title, title_of(key))}
    found = []
    for part in text.split(","):
        name = part.strip().casefold()
        key = by_name.get(name) or by_name.get(name.removesuffix("s"))
        if key is None:
            near = get_close_matches(name, by_name, n=1)
            kinds = [f"`{by_name[near[0]]}`"] if near else [f"`{one}`" for one in KINDS]
            raise UserError(
                _("There is no kind of case “{text}”: try {kinds}.").format(
                    text=_quoted(part), kinds=format_list(kinds, style="or")
                )
            )
        found.append(key)
    return found


def read_past(text: str, now: datetime, tz: tzinfo, *, end_of_day: bool = False) -> datetime:
    """`parse_past`, but raises UserError."""
    try:
        return parse_past(text, now, tz, end_of_day=end_of_day)
    except TimeError as error:
        raise UserError(str(error)) from error


def read_since(words: str, now: datetime, tz: tzinfo, *, default: timedelta) -> datetime | None:
    """The same, or `all` for no limit (None), or nothing for the default. Raises UserError for anything else."""
    words = words.strip()
    if words.casefold() in ALL_TIME:
        return None
    return read_past(words, now, tz) if words else now - default


# --- Ends --------------------------------------------------------------------------------------------------


def read_end(words: str, case: Case, now: datetime) -> datetime | None:
    """When a case is to end: `3d` after it began, `+1d` or `-1d` from its present end, `permanent` never (None).

    Raises UserError for what can't be read, is over already, or is more than ten years long.
    """
    words = words.strip()
    if words.casefold() in PERMANENT:
        return None
    sign = words[0] if words[:1] in {"+", "-"} else ""
    length = parse_duration(words[len(sign) :], maximum=LONGEST_END)
    if sign and case.ends_at is None:
        raise UserError(_("It has no end to move: write its whole length, like `3d`."))
    start = case.ends_at if sign and case.ends_at else case.opened_at
    end = start - length if sign == "-" else start + length
    if end < now + SHORTEST_END:
        raise UserError(
            _("It began {began}, so that would be over already ({end}).").format(
                began=timestamp(case.opened_at, "R"), end=timestamp(end)
            )
        )
    if end - case.opened_at > LONGEST_END:
        raise UserError(_("That's too long: the most is ten years."))
    return end


def _unquoted(value: str) -> str:
    if len(value) >= 2 and value[0] in _QUOTES and value[-1] in _QUOTES:
        return value[1:-1].strip()
    return value.strip()


def _quoted(text: str) -> str:
    return safe(truncate(" ".join(text.split()), 40))
