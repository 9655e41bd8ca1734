"""Buttons of the small things. They work after any restart."""

from typing import Any, Final

import discord
from discord.ui import View

from cogs.fun.toys import rules
from utils import embeds
from utils.errors import UserError
from utils.i18n import _, translate
from utils.lasting import DoingButton, Look

LOOKS: Final[dict[str, Look]] = {
    hand: (rules.HAND_NAMES[hand], emoji, discord.ButtonStyle.secondary) for hand, emoji in rules.HANDS.items()
}


def hands_view(player_id: int) -> View:
    """The three hands, for who plays against the bot."""
    view = View(timeout=None)
    for hand in LOOKS:
        view.add_item(HandButton(hand, player_id))
    return view


class HandButton(DoingButton, prefix="rps", looks=LOOKS):
    """A hand, for the player whose id it carries."""

    async def press(self, interaction: discord.Interaction[Any]) -> None:
        """Play it. Raises `UserError` for anybody else."""
        if interaction.user.id != self.about_id:
            raise UserError(_("These buttons are not yours."))
        assert interaction.message is not None
        toys = interaction.client.get_cog("Toys")
        if toys is not None:
            toys.check_on(interaction.guild_id)
        if toys is None or not toys.is_first(interaction.message.id):  # of two quick presses, the first one counts
            await interaction.response.defer()
            return
        theirs = interaction.client.chance.choice(list(rules.HANDS))
        await interaction.response.edit_message(embed=result(self.doing, theirs), view=None)


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
