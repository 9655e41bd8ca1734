"""The buttons of games on boards. Their ids say which game and what they do there, so they work after a restart."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self, cast

import discord
from discord.ui import Button, Label, TextInput, View

from utils.errors import UserError
from utils.i18n import _
from utils.lasting import LastingButton
from utils.views import Form

if TYPE_CHECKING:
    from cogs.fun.boards.cog import BoardGames

FORM_SECONDS = 600.0
LONGEST_SQUARE = 8  # characters
BLANK = "\u200b"  # Discord wants some label


@dataclass(frozen=True, slots=True)
class Choice:
    """A button as it looks now: `doing` is a move, or one of the words that the cog knows."""

    doing: str
    row: int
    label: str | None = None
    emoji: str | None = None
    style: discord.ButtonStyle = discord.ButtonStyle.secondary
    disabled: bool = False


class BoardButton(LastingButton, template=r"board:(?P<doing>[a-z0-9]{1,12}):(?P<id>[0-9]{1,20})"):
    """Does something in one game."""

    def __init__(self, choice: Choice, game_id: int) -> None:
        label = BLANK if choice.label is None and choice.emoji is None else choice.label
        button: Button[View] = Button(
            label=label, emoji=choice.emoji, style=choice.style, disabled=choice.disabled, row=choice.row,
            custom_id=f"board:{choice.doing}:{game_id}",
        )  # fmt: skip
        super().__init__(button, row=choice.row)
        self.doing = choice.doing
        self.game_id = game_id

    @classmethod
    def read(cls, match: re.Match[str]) -> Self:
        """The button whose id this is."""
        return cls(Choice(match["doing"], 0), int(match["id"]))

    async def press(self, interaction: discord.Interaction[Any]) -> None:
        """Do it. Raises `UserError`."""
        await _games_of(interaction).press(interaction, self.game_id, self.doing)


class ShotForm(Form):
    """Asks where to shoot."""

    def __init__(self, game_id: int) -> None:
        super().__init__(title=_("Fire"), timeout=FORM_SECONDS)
        self.game_id = game_id
        self.square: TextInput[Any] = TextInput(custom_id="square", max_length=LONGEST_SQUARE, required=True)
        hint = _("The letter of the row and the number of the column, such as B4.")
        self.add_item(Label(text=_("Which square?"), component=self.square, description=hint))

    async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
        """Shoot there."""
        await interaction.client.speak_to(interaction.user.id, interaction.guild)
        await _games_of(interaction).shoot(interaction, self.game_id, self.square.value)


def _games_of(interaction: discord.Interaction[Any]) -> "BoardGames":
    games = cast("BoardGames | None", interaction.client.get_cog("BoardGames"))
    if games is None:
        raise UserError(games_are_off())
    return games


def games_are_off() -> str:
    """What who presses a button reads where games are switched off."""
    return _("Games are switched off in this server.")


def view_of(choices: list[Choice], game_id: int) -> View | None:
    """What can be pressed. Only dynamic ones: an ordinary one beside them would end them all when it ends."""
    if not choices:
        return None
    view = View(timeout=None)
    for choice in choices:
        view.add_item(BoardButton(choice, game_id))
    return view
