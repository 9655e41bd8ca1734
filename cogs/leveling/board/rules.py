"""Which leaderboard somebody asks for, which places equals share, and when a day or a week ends. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

from discord.ext import commands

from database.standing_values import Board, Period
from utils.arguments import as_bad_argument
from utils.formatting import code, truncate
from utils.i18n import _
from utils.near import nearest

Span = Literal["all", "week", "day"]
"""All time, or a period."""

MOST_PAGE: Final = 10**9
"""A page beyond every last one, which larger numbers are taken for."""

_SPANS: Final[dict[Span, str]] = {
    "all": "all alltime all-time ever total overall gesamt insgesamt alle",
    "week": "week weekly w woche wöchentlich",
    "day": "day daily today d tag täglich heute",
}
_BOARDS: Final[dict[Board, str]] = {
    "xp": "xp exp level levels lvl stufe stufen",
    "messages": "messages message msgs msg chat text nachrichten nachricht",
    "voice_minutes": "voice vc talk talking minutes sprache minuten",
}
SPANS: Final = {word: span for span, words in _SPANS.items() for word in words.split()}
BOARDS: Final = {word: board for board, words in _BOARDS.items() for word in words.split()}
OWN: Final = frozenset({"me", "my", "mine", "myself", "ich", "mich", "mein", "meine"})
FILLERS: Final = frozenset(
    {"this", "the", "time", "of", "by", "for", "in", "page", "p", "and", "diese", "dieser", "nach", "seite", "von"}
)
_PAGE = re.compile(r"(?:page|seite|p)?[#.]?(?P<number>[-+]?[0-9]+)")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A leaderboard, and where it is opened: at a page from one, or where its reader is."""

    span: Span = "all"
    board: Board = "xp"
    page: int = 1
    at_me: bool = False

    @property
    def period(self) -> Period | None:
        """The period that counts; None for all time."""
        return None if self.span == "all" else self.span

    @classmethod
    async def convert(cls, _ctx: commands.Context[Any], argument: str) -> "Wanted":
        """For discord.py: read a command's argument."""
        with as_bad_argument():
            return read_wanted(argument)


def read_wanted(text: str) -> Wanted:
    """Read a period, a board and a page (or `me`) in any order; raises `ValueError` with a sentence."""
    spans: set[Span] = set()
    boards: set[Board] = set()
    places: set[int | None] = set()  # None is the place of who asks
    for word in re.split(r"[\s,;/]+", text.casefold().strip(" ,;/\t\n")):
        page = _PAGE.fullmatch(word)
        if word in SPANS:
            spans.add(SPANS[word])
        elif word in BOARDS:
            boards.add(BOARDS[word])
        elif word in OWN:
            places.add(None)
        elif page is not None:
            places.add(_page_number(page["number"]))
        elif word and word not in FILLERS:
            raise ValueError(_unknown(word))
    if max(len(spans), len(boards), len(places)) > 1:
        raise ValueError(_("Name one period, one board and one page at most."))
    place = next(iter(places), 1)
    return Wanted(
        next(iter(spans), "all"), next(iter(boards), "xp"), page=1 if place is None else place, at_me=place is None
    )


def _page_number(digits: str) -> int:
    if len(digits) >= len(str(MOST_PAGE)):
        return 1 if digits.startswith("-") else MOST_PAGE
    return max(1, int(digits))


def _unknown(word: str) -> str:
    near = nearest(word, [*SPANS, *BOARDS, *OWN])
    if near is not None:
        return _("I don't understand {word} here. Did you mean {near}?").format(
            word=code(truncate(word, 40)), near=code(near)
        )
    return _(
        "I don't understand {word} here. Name a period (`all`, `week`, `day`), a board (`xp`, `messages`, `voice`),"
        " a page, or `me`."
    ).format(word=code(truncate(word, 40)))


def shared_places(values: Sequence[int], first_position: int, first_place: int) -> list[int]:
    """The places of values in falling order, of which the first is at a position (from one) and has a place.

    Equals share the best place among them: #2, #2, #4.
    """
    places: list[int] = []
    for position, value in enumerate(values, first_position):
        if not places:
            places.append(min(first_place, position))
        else:
            places.append(places[-1] if value == values[len(places) - 1] else position)
    return places


def period_end(period: Period, today: date, zone: ZoneInfo) -> datetime:
    """The moment at which the day or the week ends that `today` is in: a midnight there.

    Where the clock leaves that midnight out, it is the moment that the new day begins at.
    """
    after = today + timedelta(days=1 if period == "day" else 7 - today.weekday())
    return datetime.combine(after, time(), zone).astimezone(UTC)
