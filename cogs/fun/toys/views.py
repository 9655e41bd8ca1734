"""Buttons of the small things."""

from typing import TYPE_CHECKING

import discord

from cogs.fun.toys import rules
from utils import embeds
from utils.i18n import _, translate
from utils.views import OwnedView

if TYPE_CHECKING:
    from utils.bot import Hearth


class HandsView(OwnedView):
    """The three hands, for who plays against the bot."""

    def __init__(self, bot: "Hearth", owner_id: int) -> None:
        super().__init__(bot, owner_id)
        for hand in rules.HANDS:
            self.add_item(_HandButton(hand))


class _HandButton(discord.ui.Button[HandsView]):
    def __init__(self, hand: str) -> None:
        super().__init__(label=translate(rules.HAND_NAMES[hand]), emoji=rules.HANDS[hand])
        self.hand = hand

    async def callback(self, interaction: discord.Interaction) -> None:
        view = self.view
        assert view is not None
        if view.is_finished():  # two quick presses: the first one counts
            await interaction.response.defer()
            return
        view.stop()
        theirs = view.bot.chance.choice(list(rules.HANDS))
        await interaction.response.edit_message(embed=result(self.hand, theirs), view=None)


def result(mine: str, theirs: str) -> discord.Embed:
    """How a game against the bot ended; `mine` is the player's hand."""
    hands = _("You: {yours} · Me: {mine}").format(yours=_shown(mine), mine=_shown(theirs))
    won = rules.outcome(mine, theirs)
    if won > 0:
        sentence, made = _("You win. Well played!"), embeds.success
    elif won < 0:
        sentence, made = _("I win. Try again!"), embeds.error
    else:
        sentence, made = _("Nobody wins: we think alike."), embeds.info
    return made(f"{hands}\n{sentence}")


def _shown(hand: str) -> str:
    return f"{rules.HANDS[hand]} {translate(rules.HAND_NAMES[hand])}"
