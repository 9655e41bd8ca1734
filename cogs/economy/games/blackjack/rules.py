"""Blackjack: the rules.

Six decks, shuffled anew for each game. The dealer stands on every 17, and looks for blackjack at the start. Blackjack
pays 3 to 2; a double takes two cards of one's first; pairs of the same value are split into four hands at most, aces
once and for one card each. There is neither insurance nor surrender.
"""

from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from cogs.economy.games.cards import ACE, Card

DECKS: Final = 6
GOAL: Final = 21
DEALER_STANDS_ON: Final = 17
MOST_HANDS: Final = 4
VALUES: Final = (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 10, 10, 10)
"""What a card counts, by its rank; an ace may count `ACE_EXTRA` more."""
ACE_EXTRA: Final = 10

HIT: Final = "hit"
STAND: Final = "stand"
DOUBLE: Final = "double"
SPLIT: Final = "split"


class Outcome(Enum):
    """How one hand ended."""

    BUST = "bust"
    LOST = "lost"
    PUSH = "push"
    WON = "won"
    BLACKJACK = "blackjack"


def paid(bet: int, outcome: Outcome) -> int:
    """What a hand brings back, its bet included; blackjack's half coins are rounded down."""
    if outcome is Outcome.BLACKJACK:
        return bet + bet * 3 // 2
    if outcome is Outcome.WON:
        return 2 * bet
    return bet if outcome is Outcome.PUSH else 0


@dataclass(slots=True)
class Hand:
    """Cards that one bet is on."""

    bet: int
    of_split: bool = False
    cards: list[Card] = field(default_factory=list)
    low: int = 0
    """What the cards count together, each ace as one."""
    total: int = 0
    """What they count at best."""
    has_ace: bool = False
    doubled: bool = False
    done: bool = False
    """Whether it takes no further card."""

    def take(self, card: Card) -> None:
        """Add a card; at the goal and above it, no further one is taken."""
        rank = card.rank
        self.cards.append(card)
        self.low += VALUES[rank]
        if rank == ACE:
            self.has_ace = True
        self.total = self.low + ACE_EXTRA if self.has_ace and self.low <= GOAL - ACE_EXTRA else self.low
        if self.total >= GOAL:
            self.done = True

    @property
    def soft(self) -> bool:
        """Whether an ace counts eleven."""
        return self.total != self.low

    @property
    def is_blackjack(self) -> bool:
        """Whether these are an ace and a card that counts ten; after a split that is an ordinary 21."""
        return self.total == GOAL and len(self.cards) == 2 and not self.of_split

    @property
    def can_split(self) -> bool:
        """Whether these are two cards of one value, of which aces are split once."""
        if len(self.cards) != 2:
            return False
        first, second = self.cards
        return VALUES[first.rank] == VALUES[second.rank] and not (self.of_split and first.rank == ACE)


class Deal:
    """One game of one player against the dealer. Cards are drawn from the end of `shoe`."""

    def __init__(self, bet: int, shoe: list[Card]) -> None:
        self.shoe = shoe
        self.bet = bet
        self.dealer = Hand(0)
        self.hands = [Hand(bet)]
        self.current = 0
        """Which of the player's hands is being played."""
        self.over = False
        for _card in range(2):
            self.hands[0].take(shoe.pop())
            self.dealer.take(shoe.pop())
        if self.dealer.total == GOAL or self.hands[0].total == GOAL:
            self.over = True

    # --- what the player may do

    @property
    def hand(self) -> Hand:
        """The hand that is being played."""
        return self.hands[self.current]

    def moves(self) -> tuple[str, ...]:
        """What may be done now; nothing once the game is over."""
        if self.over:
            return ()
        moves, hand = [HIT, STAND], self.hand
        if len(hand.cards) == 2:
            moves.append(DOUBLE)
            if hand.can_split and len(self.hands) < MOST_HANDS:
                moves.append(SPLIT)
        return tuple(moves)

    def price(self, move: str) -> int:
        """How many coins a move takes before it is made."""
        return self.bet if move in {DOUBLE, SPLIT} else 0

    def do(self, move: str) -> None:
        """Make a move, one of `moves`."""
        hand = self.hand
        if move == HIT:
            hand.take(self.shoe.pop())
        elif move == STAND:
            hand.done = True
        elif move == DOUBLE:
            hand.bet += self.bet
            hand.doubled = True
            hand.take(self.shoe.pop())
            hand.done = True
        elif move == SPLIT:
            self._split(hand)
        self._go_on()

    def run_out(self) -> None:
        """Stand with every hand: the player's time is over."""
        for hand in self.hands:
            hand.done = True
        self._go_on()

    def _split(self, hand: Hand) -> None:
        parts = [Hand(self.bet, of_split=True) for _card in hand.cards]
        for part, card in zip(parts, hand.cards, strict=True):
            part.take(card)
            part.take(self.shoe.pop())
            if card.rank == ACE:
                part.done = True
        self.hands[self.current : self.current + 1] = parts

    def _go_on(self) -> None:
        """Find the next hand to be played; after the last it is the dealer's turn."""
        while self.hands[self.current].done:
            if self.current == len(self.hands) - 1:
                self._play_dealer()
                return
            self.current += 1

    def _play_dealer(self) -> None:
        self.over = True
        if any(hand.total <= GOAL for hand in self.hands):
            while self.dealer.total < DEALER_STANDS_ON:
                self.dealer.take(self.shoe.pop())

    # --- what comes of it

    @property
    def staked(self) -> int:
        """How much is bet on all hands together."""
        return sum([hand.bet for hand in self.hands])

    def outcome(self, hand: Hand) -> Outcome:
        """How a hand ended, once the game is over."""
        if hand.total > GOAL:
            return Outcome.BUST
        dealer = self.dealer
        if hand.is_blackjack and not dealer.is_blackjack:
            return Outcome.BLACKJACK
        if dealer.is_blackjack and not hand.is_blackjack:
            return Outcome.LOST
        if hand.total == dealer.total:
            return Outcome.PUSH
        return Outcome.LOST if hand.total < dealer.total <= GOAL else Outcome.WON

    @property
    def payout(self) -> int:
        """What the whole game brings back, once it is over."""
        return sum([paid(hand.bet, self.outcome(hand)) for hand in self.hands])
