"""High-low: the rules, and what they bring back.

One deck, shuffled anew for each game. Each guess multiplies what is in the pot by what is fair for the cards that are
left, less the house's share. The ace is the highest card, and the same rank again loses.
"""

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from typing import Final, Literal

from cogs.economy.games.cards import ACE, DECK, RANKS, Card
from cogs.economy.games.catalogue import Odds, ReadSetting, add_game, times
from utils.i18n import N_, _, format_number, format_percent

Side = Literal["higher", "lower"]
HIGHER: Final = "higher"
LOWER: Final = "lower"
SIDES: Final[tuple[Side, Side]] = (HIGHER, LOWER)
CASH_OUT: Final = "cash"

RETURNED: Final = Fraction(98, 100)
"""What each guess brings back on average, of what is in the pot."""
MOST_GUESSES: Final = 10
MOST_TIMES: Final = 100
"""A guess that would bring more than so many times the bet isn't offered."""

Left = Mapping[int, int]
"""How many cards of each height are left."""


def height(card: Card) -> int:
    """What a card is compared by."""
    return len(RANKS) + 1 if card.rank == ACE else card.rank


def ways(left: Left, shown: int, side: Side) -> int:
    """How many of the cards that are left make a guess right."""
    return sum([count for one, count in left.items() if (one > shown if side == HIGHER else one < shown)])


def factor(left: Left, shown: int, side: Side) -> Fraction | None:
    """What a right guess multiplies the pot by; None where no card could make it right. A sure one takes nothing."""
    right = ways(left, shown, side)
    return max(Fraction(1), RETURNED * Fraction(sum(left.values()), right)) if right else None


class Climb:
    """One game. Cards are drawn from the end of `pile`."""

    def __init__(self, bet: int, pile: list[Card]) -> None:
        self.pile = pile
        self.bet = bet
        self.shown = [pile.pop()]
        self.pot = Fraction(1)
        """What is there to be won by now, times the bet."""
        self.over = False
        self.lost = False

    @property
    def guesses(self) -> int:
        """How many guesses were made."""
        return len(self.shown) - 1

    def offered(self) -> dict[Side, Fraction]:
        """What the pot would be after a right guess, for each side that can be guessed now."""
        if self.over or self.guesses == MOST_GUESSES:
            return {}
        left, shown = self._left(), height(self.shown[-1])
        factors = {side: factor(left, shown, side) for side in SIDES}
        pots = {side: self.pot * by for side, by in factors.items() if by is not None}
        return {side: pot for side, pot in pots.items() if pot <= MOST_TIMES}

    def ways(self, side: Side) -> int:
        """How many of the cards that are left make a guess right."""
        return ways(self._left(), height(self.shown[-1]), side)

    def _left(self) -> Counter[int]:
        return Counter(map(height, self.pile))

    def moves(self) -> tuple[str, ...]:
        """What may be done now; before the first guess there is nothing to cash out."""
        if self.over:
            return ()
        return (*self.offered(), CASH_OUT) if self.guesses else tuple(self.offered())

    def price(self, _move: str) -> int:
        """How many coins a move takes before it is made: none."""
        return 0

    def do(self, move: str) -> None:
        """Make a move, one of `moves`."""
        if move == CASH_OUT:
            self.over = True
            return
        pots = self.offered()
        before, after = height(self.shown[-1]), self.pile.pop()
        self.shown.append(after)
        if (height(after) > before) if move == HIGHER else (height(after) < before):
            self.pot = pots[HIGHER if move == HIGHER else LOWER]
            self.over = not self.offered()
        else:
            self.over = self.lost = True

    def run_out(self) -> None:
        """Cash out: the player's time is over. Who guessed nothing has the bet back."""
        self.over = True

    @property
    def staked(self) -> int:
        """How much is bet."""
        return self.bet

    @property
    def payout(self) -> int:
        """What cashing out brings, or what the game brought."""
        return 0 if self.lost else times(self.bet, self.pot)


# --- odds


def likelier(left: Left, shown: int) -> Side:
    """The side that more of the cards are on."""
    return SIDES[ways(left, shown, HIGHER) < ways(left, shown, LOWER)]


def bolder(left: Left, shown: int) -> Side:
    """The side that fewer of the cards are on, but at least one."""
    likely = likelier(left, shown)
    side = SIDES[likely == HIGHER]
    return side if ways(left, shown, side) else likely


@cache
def odds_of(guesses: int, *, bold: bool) -> tuple[Fraction, Fraction]:
    """How likely so many guesses in a row are right, and what they bring back: all orders of cards, one by one."""
    left = Counter(map(height, DECK))
    choose = bolder if bold else likelier

    def drawn(card: int, guesses: int) -> tuple[Fraction, Fraction]:
        left[card] -= 1
        wins, returned = after(card, guesses)
        left[card] += 1
        return wins, returned

    def after(shown: int, guesses: int) -> tuple[Fraction, Fraction]:
        side, cards = choose(left, shown), left.total()
        gain = factor(left, shown, side)
        assert gain is not None
        if guesses == 1:  # nothing depends on which of the right cards it is: a tenth of the time
            right = ways(left, shown, side)
            return Fraction(right, cards), gain * right / cards
        wins = returned = Fraction(0)
        for card, count in left.items():
            if count and ((card > shown) if side == HIGHER else (card < shown)):
                further = drawn(card, guesses - 1)
                wins += count * further[0]
                returned += count * further[1]
        return wins / cards, returned * gain / cards

    starts = [drawn(card, guesses) for card in left]
    wins, returned = (sum(each, Fraction(0)) / len(starts) for each in zip(*starts, strict=True))
    return wins, returned


def odds(_read: ReadSetting) -> list[Odds]:
    """What a game brings back on average, by how it is played."""
    ways_to_play = (
        (N_("one guess, on the likelier side"), 1, False),
        (N_("one guess, on the less likely side"), 1, True),
        (N_("three guesses, on the likelier side"), 3, False),
    )
    return [Odds(label, *odds_of(guesses, bold=bold)) for label, guesses, bold in ways_to_play]


def about() -> str:
    """The rules, in the reader's language."""
    return _(
        "One deck is shuffled for each game. Say whether the next card is higher or lower; the ace is the highest,"
        " and the same rank loses. A right guess multiplies your coins by what is fair for the cards that are left,"
        " less {edge}; a wrong one loses them. After a right guess you may cash out. The game ends after {guesses}"
        " guesses, and no guess is offered that would bring more than {most} times your bet."
    ).format(
        edge=format_percent(float(1 - RETURNED)), guesses=format_number(MOST_GUESSES), most=format_number(MOST_TIMES)
    )


HIGHLOW = add_game("highlow", N_("High-low"), N_("Whether members may play high-low."), odds, about)
