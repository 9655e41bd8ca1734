"""Buttons with an owner, a deadline, and a look for when the deadline has passed."""

from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import discord

from utils import errors
from utils.i18n import _, current_language, set_language

if TYPE_CHECKING:
    from utils.bot import Hearth

ANSWER_WITHIN_SECONDS = 60.0


class OwnedView(discord.ui.View):
    """Buttons for one person. They speak the language the view was made in, and are disabled when they time out.

    Whoever sends the view sets `message`.
    """

    message: discord.Message | None = None

    def __init__(self, bot: "Hearth", owner_id: int, *, timeout_seconds: float = 180.0) -> None:
        super().__init__(timeout=timeout_seconds)
        self.bot = bot
        self.owner_id = owner_id
        self.language = current_language()

    async def interaction_check(self, interaction: discord.Interaction) -> bool:
        """Refuse everybody but the owner, to their eyes only."""
        set_language(self.language)
        if interaction.user.id == self.owner_id:
            return True
        await interaction.response.send_message(_("These buttons are not yours."), ephemeral=True)
        return False

    async def on_error(self, interaction: discord.Interaction, error: Exception, item: discord.ui.Item[Any]) -> None:
        """Report what is our bug, and say so to the one who pressed."""
        await answer_failed(self.bot, interaction, error)

    async def on_timeout(self) -> None:
        """Leave the message with buttons that can't be pressed."""
        await self.retire()

    async def retire(self) -> None:
        """Disable every button, if the message is still there."""
        self.stop()
        self.disable()
        if self.message is not None:
            with suppress(discord.HTTPException):
                await self.message.edit(view=self)

    def disable(self) -> None:
        """Let nothing be pressed; the message has yet to be edited."""
        for item in self.children:
            if isinstance(item, discord.ui.Button | discord.ui.Select):
                item.disabled = True


async def answer_failed(bot: "Hearth", interaction: discord.Interaction, error: Exception) -> None:
    """Tell the one who used a button, select or modal what went wrong, and report what is our bug."""
    if errors.is_expected(error):
        sentence = errors.answer_to(interaction, error) or _("You can't use this here.")
    else:
        sentence = errors.our_bug(bot.error_reports.add(error, "an interaction"))
    with suppress(discord.HTTPException):
        if interaction.response.is_done():
            await interaction.followup.send(sentence, ephemeral=True)
        else:
            await interaction.response.send_message(sentence, ephemeral=True)


class Confirm(OwnedView):
    """A question with two buttons. `answer` is None until one is pressed."""

    def __init__(self, bot: "Hearth", owner_id: int, *, timeout_seconds: float = ANSWER_WITHIN_SECONDS) -> None:
        super().__init__(bot, owner_id, timeout_seconds=timeout_seconds)
        self.answer: bool | None = None
        self.add_item(_ConfirmButton(_("Yes"), discord.ButtonStyle.danger, answer=True))
        self.add_item(_ConfirmButton(_("No"), discord.ButtonStyle.secondary, answer=False))


class _ConfirmButton(discord.ui.Button["Confirm"]):
    def __init__(self, label: str, style: discord.ButtonStyle, *, answer: bool) -> None:
        super().__init__(label=label, style=style)
        self.answer = answer

    async def callback(self, interaction: discord.Interaction) -> None:
        view = self.view
        assert view is not None
        if view.answer is not None:  # two quick presses: the first one counts
            await interaction.response.defer()
            return
        view.answer = self.answer
        view.disable()
        try:
            await interaction.response.edit_message(view=view)
        finally:
            view.stop()


class Pages(OwnedView):
    """Embeds to leaf through. With one page there are no buttons: send it without the view."""

    def __init__(
        self, bot: "Hearth", owner_id: int, pages: Sequence[dict[str, Any]], *, timeout_seconds: float = 180.0
    ) -> None:
        """`pages` are what a message is sent with, each: `{"embed": …}` or `{"content": …}`."""
        super().__init__(bot, owner_id, timeout_seconds=timeout_seconds)
        self.pages = pages
        # The view that the message really has: another one may borrow these buttons.
        self.shown_in: discord.ui.View = self
        self.index = 0
        self.first = self._button("⏮", lambda: 0)
        self.previous = self._button("◀", lambda: self.index - 1)
        self.counter: discord.ui.Button[Pages] = discord.ui.Button(disabled=True)
        self.add_item(self.counter)
        self.next = self._button("▶", lambda: self.index + 1)
        self.last = self._button("⏭", lambda: len(self.pages) - 1)
        self._show_position()

    def _button(self, emoji: str, target: Any) -> "discord.ui.Button[Pages]":
        button: discord.ui.Button[Pages] = discord.ui.Button(emoji=emoji, style=discord.ButtonStyle.secondary)

        async def turn(interaction: discord.Interaction) -> None:
            # Two quick presses may both have seen the same page: stay inside the book.
            self.index = min(max(target(), 0), len(self.pages) - 1)
            self._show_position()
            await interaction.response.edit_message(**self.pages[self.index], view=self.shown_in)

        button.callback = turn  # type: ignore[method-assign]
        self.add_item(button)
        return button

    def _show_position(self) -> None:
        self.counter.label = f"{self.index + 1}/{len(self.pages)}"
        self.first.disabled = self.previous.disabled = self.index == 0
        self.next.disabled = self.last.disabled = self.index == len(self.pages) - 1
