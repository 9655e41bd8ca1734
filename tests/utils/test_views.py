"""Buttons: whose they are, what they do, and how they end."""

import asyncio
from typing import Any, ClassVar

import discord
import pytest
import pytest_asyncio

from tests.support.town import Impossible, Town
from utils import embeds
from utils.cog import Cog
from utils.commands import command
from utils.context import Context
from utils.i18n import _
from utils.views import Confirm, LivePage, Pages

pytestmark = pytest.mark.engines("sqlite")
english = pytest.mark.town(languages=("en",))


class Asking(Cog):
    """Questions and pages."""

    feature = "asking"
    diary_pages: ClassVar[list[str]] = []

    @command()
    async def sure(self, ctx: Context) -> None:
        """Ask whether it is sure."""
        sure = await ctx.confirm(_("Sure?"))
        await ctx.info(_("It is sure.") if sure else _("It isn't."))

    @command()
    async def book(self, ctx: Context, pages: int) -> None:
        """Show some pages."""
        await ctx.paginate([embeds.info(_("Page {n}.").format(n=n + 1)) for n in range(pages)])

    @command()
    async def diary(self, ctx: Context, page: int) -> None:
        """Open a book that is being written."""

        async def read(index: int) -> LivePage:
            index = min(index, len(self.diary_pages) - 1)
            return LivePage(embeds.info(_(self.diary_pages[index])), index, len(self.diary_pages))

        await ctx.leaf(read, page - 1)


@pytest_asyncio.fixture
async def asking(town: Town) -> Town:
    await town.as_bot(town.bot.add_cog(Asking(town.bot)))
    return town


# --- A question ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("button", "said"), [("Yes", "It is sure."), ("No", "It isn't.")])
async def test_a_question_is_answered_by_who_was_asked(asking: Town, button: str, said: str):
    town = asking
    question = await town.says(town.ann, "!sure")
    assert question == "Sure?"
    assert list(question.buttons) == ["Yes", "No"]
    refused = await town.press(town.bob, question, "Yes")
    assert refused.reply == "These buttons are not yours."
    assert refused.reply.ephemeral
    assert refused.replies == (refused.reply,), "and nothing was answered by it"

    pressed = await town.press(town.ann, question, button)
    assert town.last() == said
    assert not pressed.failed
    assert all(one.disabled for one in town.now_of(question).buttons.values())
    with pytest.raises(Impossible):
        await town.press(town.ann, question, "Yes")


async def test_silence_means_no(asking: Town):
    town = asking
    question = await town.says(town.ann, "!sure")
    assert await town.wait(seconds=59) == ()
    assert await town.wait(seconds=2) == ("It isn't.",)
    assert all(one.disabled for one in town.now_of(question).buttons.values())


class Press:
    """A press that arrives while another one is still being answered, which Discord allows."""

    def __init__(self) -> None:
        self.response = self
        self.shown: list[dict[str, Any]] = []

    async def edit_message(self, **shown: Any) -> None:
        await asyncio.sleep(0)
        self.shown.append(shown)

    async def defer(self) -> None:
        await asyncio.sleep(0)


def item(view: discord.ui.View, name: str) -> Any:
    return next(one for one in view.children if name in {one.label, str(one.emoji)})


@english
async def test_of_two_quick_presses_the_first_counts(town: Town):
    view = Confirm(town.bot, town.ann.id)
    first, second = Press(), Press()
    await asyncio.gather(item(view, "Yes").callback(first), item(view, "No").callback(second))
    assert view.answer is True
    assert view.is_finished()
    assert len(first.shown) == 1, "the buttons are shown as disabled before the command goes on"
    assert second.shown == []


@english
async def test_two_quick_presses_stay_inside_the_book(town: Town):
    view = Pages(town.bot, town.ann.id, [{"content": "one"}, {"content": "two"}])
    press = Press()
    await asyncio.gather(*(item(view, "▶").callback(press) for _ in range(3)))
    assert [shown["content"] for shown in press.shown] == ["two"] * 3


async def test_a_question_that_was_deleted_means_no(asking: Town):
    town = asking
    question = await town.says(town.ann, "!sure")
    await town.delete_message(question)
    assert await town.wait(seconds=61) == ("It isn't.",)


# --- Pages --------------------------------------------------------------------------------------------------


def buttons(answer) -> dict[str, bool]:
    """Which buttons there are, and which can be pressed."""
    return {name: not button.disabled for name, button in answer.buttons.items()}


async def test_pages_are_leafed_through(asking: Town):
    town = asking
    book = await town.says(town.ann, "!book 3")
    assert book == "Page 1."
    assert buttons(book) == {"⏮": False, "◀": False, "1/3": False, "▶": True, "⏭": True}
    second = (await town.press(town.ann, book, "▶")).message
    assert second == "Page 2."
    assert buttons(second) == {"⏮": True, "◀": True, "2/3": False, "▶": True, "⏭": True}
    last = (await town.press(town.ann, book, "⏭")).message
    assert last == "Page 3."
    assert buttons(last) == {"⏮": True, "◀": True, "3/3": False, "▶": False, "⏭": False}
    assert (await town.press(town.ann, book, "◀")).message == "Page 2."
    assert (await town.press(town.ann, book, "⏮")).message == "Page 1."
    refused = await town.press(town.bob, book, "▶")
    assert refused.reply == "These buttons are not yours."
    assert refused.message == "Page 1."


async def test_one_page_has_no_buttons(asking: Town):
    book = await asking.says(asking.ann, "!book 1")
    assert book == "Page 1."
    assert book.buttons == {}


async def test_pages_die_quietly(asking: Town):
    town = asking
    book = await town.says(town.ann, "!book 3")
    await town.wait(minutes=2)
    await town.press(town.ann, book, "▶")
    await town.wait(minutes=2)
    await town.press(town.ann, book, "▶")  # each press gives more time
    assert await town.wait(minutes=4) == ()
    now = town.now_of(book)
    assert now == "Page 3.", "the page stays"
    assert not any(buttons(now).values())


async def test_pages_that_were_deleted_die_as_quietly(asking: Town):
    town = asking
    book = await town.says(town.ann, "!book 3")
    await town.delete_message(book)
    assert await town.wait(minutes=4) == ()
    assert not town.env.errors_since(0), "not even an expected one, which town.errors leaves out"


async def test_a_press_on_what_is_deleted_at_that_moment_is_no_bug(asking: Town):
    town = asking
    book = await town.says(town.ann, "!book 3")
    town.refuse("POST", "/interactions/*/callback", status=404, code=10008, times=1)
    pressed = await town.press(town.ann, book, "▶")
    assert town.errors == []
    assert pressed.reply is None or "deleted meanwhile" in pressed.reply


async def test_pages_without_embeds_are_text(asking: Town):
    town = asking
    await town.take_permission(town.general, "embed_links")
    book = await town.says(town.ann, "!book 2")
    assert book.content == "Page 1."
    assert not book.embeds
    second = (await town.press(town.ann, book, "▶")).message
    assert second.content == "Page 2."
    assert not second.embeds


async def test_live_pages_are_read_when_they_are_turned_to(asking: Town):
    town = asking
    pages = town.bot.get_cog("Asking").diary_pages
    pages[:] = ["Monday."]
    assert (await town.says(town.ann, "!diary 1")).buttons == {}
    pages.append("Tuesday.")
    book = await town.says(town.ann, "!diary 2")
    assert book == "Tuesday."
    assert buttons(book) == {"⏮": True, "◀": True, "2/2": False, "▶": False, "⏭": False}
    pages[:] = ["A better Monday.", "Tuesday.", "Wednesday."]
    first = (await town.press(town.ann, book, "⏮")).message
    assert first == "A better Monday."
    assert buttons(first) == {"⏮": False, "◀": False, "1/3": False, "▶": True, "⏭": True}
    assert (await town.press(town.ann, book, "⏭")).message == "Wednesday."
    del pages[1:]
    now = (await town.press(town.ann, book, "◀")).message
    assert now == "A better Monday."
    assert buttons(now) == {"⏮": False, "◀": False, "1/1": False, "▶": False, "⏭": False}


@english
async def test_a_long_page_without_embeds_goes_on_on_the_next(town: Town):
    await town.take_permission(town.general, "embed_links")
    for hour in range(1, 11):
        await town.says(town.ann, f"!remind {hour}h {'*wash* ' * 20}")
    answer = await town.says(town.ann, "!remind list")
    assert "**#1**" in answer
    assert "**#10**" not in answer
    assert "**#10**" in (await town.press(town.ann, answer, "⏭")).message


@pytest.mark.town(languages=("en",))
async def test_buttons_speak_the_language_of_who_asked(asking: Town):
    town = asking
    await town.says(town.ann, "!language de")
    question = await town.says(town.ann, "!sure")
    assert list(question.buttons) == ["Ja", "Nein"]
    assert (await town.press(town.bob, question, "Ja")).reply == "Diese Knöpfe sind nicht deine."


@english
async def test_an_answer_too_long_for_text_is_cut(town: Town):
    class Long(Cog):
        feature = "asking"

        @command()
        async def essay(self, ctx: Context) -> None:
            """Say much."""
            await ctx.send("a" * 1500, embeds=[embeds.info("b" * 1500), discord.Embed(title="c")])

    await town.as_bot(town.bot.add_cog(Long(town.bot)))
    await town.take_permission(town.general, "embed_links")
    assert len(await town.says(town.ann, "!essay")) == 2000
