"""High-low: how a game looks."""

from collections.abc import Sequence
from typing import cast

import discord

from cogs.economy.bank import Bank
from cogs.economy.games.catalogue import times
from cogs.economy.games.endings import ending_of
from cogs.economy.games.highlow.rules import CASH_OUT, HIGHER, LOWER, MOST_GUESSES, Climb
from cogs.economy.games.tables import Choice, Table
from utils import embeds
from utils.i18n import _, format_number
from utils.time import timestamp


class HighLowFace:
    """Shows the cards so far, what is in the pot, and what each guess would make of it."""

    def __init__(self, bank: Bank) -> None:
        self.bank = bank

    def embed(self, table: Table) -> discord.Embed:
        """The whole game as it stands, or how it ended."""
        game, guild_id = cast("Climb", table.play), table.wager.guild_id
        if table.is_on:
            text, colour = self._question(table, game), embeds.INFO_COLOUR
        else:
            text, colour = ending_of(self.bank, table)
            if table.timed_out:
                text = _("Your time was over, so you cash out.") + "\n" + text
        embed = embeds.info(text, title="🎴 " + _("High-low"), colour=colour)
        embed.add_field(name=_("Cards"), value=" → ".join(f"**{card}**" for card in game.shown), inline=False)
        embed.add_field(name=_("Bet"), value=self.bank.show(guild_id, game.bet))
        embed.add_field(name=_("Pot"), value=self.bank.show(guild_id, game.payout))
        guesses = _("{made} of {most}").format(made=format_number(game.guesses), most=format_number(MOST_GUESSES))
        embed.add_field(name=_("Guesses"), value=guesses)
        return embed

    def choices(self, table: Table) -> Sequence[Choice]:
        """The buttons, with what each would bring."""
        game = cast("Climb", table.play)
        pots = {side: format_number(times(game.bet, pot)) for side, pot in game.offered().items()}
        pot = format_number(game.payout)
        return (
            Choice(HIGHER, _("Higher: {pot}").format(pot=pots.get(HIGHER, "—")), "⬆️", discord.ButtonStyle.primary),
            Choice(LOWER, _("Lower: {pot}").format(pot=pots.get(LOWER, "—")), "⬇️", discord.ButtonStyle.primary),
            Choice(CASH_OUT, _("Cash out: {pot}").format(pot=pot), "💰", discord.ButtonStyle.success),
        )

    def _question(self, table: Table, game: Climb) -> str:
        values = {
            "member": f"<@{table.wager.user_id}>",
            "when": timestamp(table.deadline, "R"),
            "left": format_number(len(game.pile)),
            "higher": format_number(game.ways(HIGHER)),
            "lower": format_number(game.ways(LOWER)),
        }
        question = _("{member}, is the next card higher or lower? You cash out {when}.")
        counts = _("Of the {left} cards that are left, {higher} are higher and {lower} lower; the same rank loses.")
        return question.format(**values) + "\n" + counts.format(**values)
