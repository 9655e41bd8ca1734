"""Dice: two of them are thrown, and one bets on what they show."""

import re
from collections.abc import Callable
from fractions import Fraction
from itertools import product
from typing import Final

from cogs.economy.games.catalogue import Odds, ReadSetting, add_game
from cogs.economy.games.settings import HOUSE_SHARE
from cogs.economy.games.spaces import Space, odds_of
from utils.formatting import safe, truncate
from utils.i18n import N_, _

Throw = tuple[int, int]
FACES: Final = range(1, 7)
THROWS: Final[tuple[Throw, ...]] = tuple(product(FACES, FACES))

# Each pays about as much less than its chance would ask for: 93 to 95 of 100 coins come back.
_SUM_PAYS: Final = {
    2: Fraction(34), 3: Fraction(17), 4: Fraction("11.3"), 5: Fraction("8.5"), 6: Fraction("6.8"),
    7: Fraction("5.6"),
}  # fmt: skip


def _where(wins: Callable[[int, int], bool]) -> frozenset[Throw]:
    return frozenset(throw for throw in THROWS if wins(*throw))


def _sum_space(total: int) -> Space[Throw]:
    return Space(
        N_("a sum of {sum}"), _where(lambda one, other: one + other == total), _SUM_PAYS[min(total, 14 - total)],
        {"sum": total, "low": min(total, 14 - total), "high": max(total, 14 - total)},
        kind=N_("a sum of {sum}") if total == 7 else N_("a sum of {low} or {high}"),
    )  # fmt: skip


def _any_space(face: int) -> Space[Throw]:
    wins = _where(lambda one, other: face in {one, other})
    return Space(N_("any {face}"), wins, Fraction("3.1"), {"face": face}, kind=N_("any 1 to 6 (on either die)"))


_LOW_OR_HIGH: Final = N_("low (2 to 6) or high (8 to 12)")
_ODD_OR_EVEN: Final = N_("odd or even")
_NAMED: Final = {
    "low": Space(N_("low"), _where(lambda one, other: one + other < 7), Fraction("2.25"), kind=_LOW_OR_HIGH),
    "high": Space(N_("high"), _where(lambda one, other: one + other > 7), Fraction("2.25"), kind=_LOW_OR_HIGH),
    "odd": Space(N_("odd"), _where(lambda one, other: (one + other) % 2 == 1), Fraction("1.9"), kind=_ODD_OR_EVEN),
    "even": Space(N_("even"), _where(lambda one, other: (one + other) % 2 == 0), Fraction("1.9"), kind=_ODD_OR_EVEN),
    "doubles": Space(N_("doubles"), _where(lambda one, other: one == other), Fraction("5.6")),
}
SPACES: Final[dict[str, Space[Throw]]] = {
    **_NAMED,
    **{f"any {face}": _any_space(face) for face in FACES},
    **{str(total): _sum_space(total) for total in range(2, 13)},
}
"""Everything one can bet on, by the word for it."""
_WORDS: Final = {
    **dict.fromkeys(("under", "under 7", "small", "2-6", "niedrig", "unter 7"), "low"),
    **dict.fromkeys(("over", "over 7", "big", "8-12", "hoch", "über 7"), "high"),
    **dict.fromkeys(("double", "pair", "pairs", "pasch"), "doubles"),
    "ungerade": "odd",
    "gerade": "even",
    "seven": "7",
    "sieben": "7",
}
_SUM = re.compile(r"(?:a )?(?:sum|total|summe)(?: of| von)? ?([0-9]{1,2})")
_ANY = re.compile(r"(?:any|die|number|one|a|eine|würfel)[ -]?([1-6])")


def find(text: str) -> Space[Throw]:
    """The space that somebody names, as `7`, `high` or `any 6`; raises `ValueError` with a sentence."""
    word = " ".join(text.casefold().split())
    if total := _SUM.fullmatch(word):
        word = str(int(total[1]))
    elif face := _ANY.fullmatch(word):
        word = f"any {face[1]}"
    space = SPACES.get(_WORDS.get(word, word))
    if space is None:
        raise ValueError(
            _(
                "“{text}” isn't something to bet on with two dice. Choose a sum from `2` to `12`, `low`, `high`,"
                " `odd`, `even`, `doubles`, or a number on either die like `any 6`."
            ).format(text=safe(truncate(text, 40)))
        )
    return space


def odds(read: ReadSetting) -> list[Odds]:
    """What each bet brings back on average."""
    return odds_of(SPACES.values(), len(THROWS), read(HOUSE_SHARE))


def about() -> str:
    """The rules, in words."""
    return _("Two dice are thrown. Bet on their sum, on what kind of sum it is, or on a number on either of them.")


DICE = add_game("dice", N_("Dice"), N_("Whether members may bet on two dice."), odds, about)
