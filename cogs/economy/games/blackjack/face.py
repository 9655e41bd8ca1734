"""Blackjack: how a game looks."""

from collections.abc import Sequence
from typing import Final, cast

import discord

from cogs.economy.bank import Bank
from cogs.economy.games.blackjack.rules import ACE_EXTRA, DOUBLE, HIT, SPLIT, STAND, Deal, Hand, Outcome
from cogs.economy.games.cards import Card
from cogs.economy.games.endings import ending_of
from cogs.economy.games.tables import Choice, Table
from utils import embeds
from utils.i18n import N_, _, format_number, translate
from utils.time import timestamp

HIDDEN: Final = "🂠"
OUTCOMES: Final = {
    Outcome.BUST: N_("Bust"),
    Outcome.LOST: N_("Lost"),
    Outcome.PUSH: N_("Push"),
    Outcome.WON: N_("Won"),
    Outcome.BLACKJACK: N_("Blackjack!"),
}


class BlackjackFace:
    """Shows the cards, what they count, what is bet, and what the player may do."""

    def __init__(self, bank: Bank) -> None:
        self.bank = bank

    def embed(self, table: Table) -> discord.Embed:
        """The whole game as it stands, or how it ended."""
        game = cast("Deal", table.play)
        if table.is_on:
            text, colour = self._question(table, game), embeds.INFO_COLOUR
        else:
            text, colour = ending_of(self.bank, table)
            if table.timed_out:
                text = _("Your time was over, so you stand.") + "\n" + text
        embed = embeds.info(text, title="🃏 " + _("Blackjack"), colour=colour)
        self._add_dealer(embed, table, game)
        for number, hand in enumerate(game.hands):
            self._add_hand(embed, table, game, number, hand)
        return embed

    def choices(self, table: Table) -> Sequence[Choice]:
        """The buttons, always the same four."""
        return (
            Choice(HIT, _("Hit"), "🃏", discord.ButtonStyle.primary),
            Choice(STAND, _("Stand"), "✋"),
            Choice(DOUBLE, _("Double"), "⏫"),
            Choice(SPLIT, _("Split"), "↔️"),
        )

    def _question(self, table: Table, game: Deal) -> str:
        values = {
            "member": f"<@{table.wager.user_id}>",
            "when": timestamp(table.deadline, "R"),
            "number": format_number(game.current + 1),
            "bet": self.bank.show(table.wager.guild_id, game.bet),
        }
        if len(game.hands) > 1:
            return _("{member}, what do you do with hand {number}? You stand with all hands {when}.").format(**values)
        return _("{member}, what do you do? You stand {when}.").format(**values)

    def _add_dealer(self, embed: discord.Embed, table: Table, game: Deal) -> None:
        if table.play.over:
            name = _("Dealer: {points}").format(points=_points(game.dealer))
            embed.add_field(name=name, value=_cards(game.dealer.cards), inline=False)
            return
        shown = Hand(0)
        shown.take(game.dealer.cards[0])
        name = _("Dealer shows {points}").format(points=_points(shown))
        embed.add_field(name=name, value=f"{_cards(shown.cards)} {HIDDEN}", inline=False)

    def _add_hand(self, embed: discord.Embed, table: Table, game: Deal, number: int, hand: Hand) -> None:
        values = {"number": format_number(number + 1), "points": _points(hand)}
        if len(game.hands) == 1:
            name = _("Your hand: {points}").format(**values)
        elif table.is_on and number == game.current:
            name = _("▶ Hand {number}: {points}").format(**values)
        else:
            name = _("Hand {number}: {points}").format(**values)
        bet = _("Bet: {bet}").format(bet=self.bank.show(table.wager.guild_id, hand.bet))
        lines = [_cards(hand.cards), bet]
        if game.over:
            lines.append(f"**{translate(OUTCOMES[game.outcome(hand)])}**")
        embed.add_field(name=name, value="\n".join(lines), inline=len(game.hands) > 1)


def _cards(cards: Sequence[Card]) -> str:
    return " ".join(f"**{card}**" for card in cards)


def _points(hand: Hand) -> str:
    """17, or 7/17 with an ace that counts eleven."""
    if hand.soft and not hand.done:
        return f"{hand.total - ACE_EXTRA}/{hand.total}"
    return str(hand.total)
