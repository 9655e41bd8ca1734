"""Buttons with an owner, a deadline, and a look for when the deadline has passed."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import discord

from utils import errors
from utils.i18n import _, current_language, set_language

if TYPE_CHECKING:
    from utils.bot import Hearth

log = logging.getLogger("hearth")

ANSWER_WITHIN_SECONDS = 60.0
ANSWERED_ALREADY = 40060
"""What Discord says to a second answer: it delivered a press twice, and the bot was ended after the first."""


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
    if isinstance(error, discord.HTTPException) and error.code == ANSWERED_ALREADY:
        log.info("Discord has an answer to interaction %d already", interaction.id)
        return
    if errors.is_expected(error):
        sentence = errors.answer_to(interaction, error) or _("You can't use this here.")
    else:
        sentence = errors.our_bug(bot.error_reports.add(error, "an interaction"))
    with suppress(discord.HTTPException):
        if interaction.response.is_done():
            await interaction.followup.send(sentence, ephemeral=True)
        else:
            await interaction.response.send_message(sentence, ephemeral=True)


class Form(discord.ui.Modal):
    """Questions to fill in: the base of every form."""

    async def on_error(  # type: ignore[override]  # a form has no item that failed
        self, interaction: discord.Interaction[Any], error: Exception
    ) -> None:
        """Report what is our bug, and say so to the one who filled it in."""
        await answer_failed(interaction.client, interaction, error)


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


class _Book(OwnedView):
    """Buttons to leaf through `count` pages."""

    def __init__(
        self, bot: "Hearth", owner_id: int, *, count: int, index: int = 0, timeout_seconds: float = 180.0
    ) -> None:
        super().__init__(bot, owner_id, timeout_seconds=timeout_seconds)
        # The view that the message really has: another one may borrow these buttons.
        self.shown_in: discord.ui.View = self
        self.count = count
        self.index = index
        self.first = self._button("⏮", lambda: 0)
        self.previous = self._button("◀", lambda: self.index - 1)
        self.counter: discord.ui.Button[_Book] = discord.ui.Button(disabled=True)
        self.add_item(self.counter)
        self.next = self._button("▶", lambda: self.index + 1)
        self.last = self._button("⏭", lambda: self.count - 1)
        self._show_position()

    def _button(self, emoji: str, target: Callable[[], int]) -> "discord.ui.Button[_Book]":
        button: discord.ui.Button[_Book] = discord.ui.Button(emoji=emoji, style=discord.ButtonStyle.secondary)

        async def turn(interaction: discord.Interaction) -> None:
            await self._turn(interaction, target)

        button.callback = turn  # type: ignore[method-assign]
        self.add_item(button)
        return button

    async def _turn(self, interaction: discord.Interaction, target: Callable[[], int]) -> None:
        raise NotImplementedError

    def _show_position(self) -> None:
        self.counter.label = f"{self.index + 1}/{self.count}"
        self.first.disabled = self.previous.disabled = self.index == 0
        self.next.disabled = self.last.disabled = self.index == self.count - 1


class Pages(_Book):
    """Embeds to leaf through. With one page there are no buttons: send it without the view."""

    def __init__(
        self, bot: "Hearth", owner_id: int, pages: Sequence[dict[str, Any]], *, timeout_seconds: float = 180.0
    ) -> None:
        """`pages` are what a message is sent with, each: `{"embed": …}` or `{"content": …}`."""
        super().__init__(bot, owner_id, count=len(pages), timeout_seconds=timeout_seconds)
        self.pages = pages

    def lend_buttons(self, view: discord.ui.View) -> None:
        """Let the buttons turn the pages of a message that shows another view, beside what that has."""
        for button in list(self.children):
            self.remove_item(button)
            view.add_item(button)
        self.shown_in = view

    async def _turn(self, interaction: discord.Interaction, target: Callable[[], int]) -> None:
        # Two quick presses may both have seen the same page: stay inside the book.
        self.index = min(max(target(), 0), self.count - 1)
        self._show_position()
        await interaction.response.edit_message(**self.pages[self.index], view=self.shown_in)


@dataclass(frozen=True, slots=True)
class LivePage:
    """A page as it is at this moment: which of how many. `file` is a picture that its embed shows."""

    embed: discord.Embed
    index: int
    count: int
    file: discord.File | None = None


ReadPage = Callable[[int], Awaitable[LivePage]]
"""Reads a page, from zero; what lies beyond the last page is the last one."""


class LivePages(_Book):
    """Pages of which each is read when it is turned to: for what is long, or changes while it is looked at."""

    def __init__(
        self,
        bot: "Hearth",
        owner_id: int,
        read: ReadPage,
        shown: LivePage,
        as_content: Callable[[discord.Embed], dict[str, Any]],
        *,
        timeout_seconds: float = 180.0,
    ) -> None:
        """`shown` is the page that the message begins with; `as_content` says what an embed is sent with there."""
        super().__init__(bot, owner_id, count=shown.count, index=shown.index, timeout_seconds=timeout_seconds)
        self.read = read
        self.as_content = as_content
        self._one_at_a_time = asyncio.Lock()

    async def _turn(self, interaction: discord.Interaction, target: Callable[[], int]) -> None:
        # Reading may take longer than the three seconds that Discord waits for an answer.
        await interaction.response.defer()
        async with self._one_at_a_time:
            page = await self.read(max(target(), 0))
            self.index, self.count = page.index, page.count
            self._show_position()
            files = [] if page.file is None else [page.file]
            content = self.as_content(page.embed)
            await interaction.edit_original_response(**content, attachments=files, view=self.shown_in)
