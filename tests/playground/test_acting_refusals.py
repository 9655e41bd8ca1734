"""What is left to simcord's own errors, and a bot that is at work for long."""

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import discord
import pytest
from discord.ext import commands

from playground.simulation.acting_refusals import BY_BEGINNING, BY_CODE, BackendError, SetupError, sentence_for
from tests.playground.acting_town import ActingTown, acting_town, refused


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[ActingTown]:
    async with acting_town(tmp_path) as town:
        yield town


@pytest.fixture
async def busy(town: ActingTown) -> AsyncIterator[ActingTown]:
    """A town whose bot has a command and a button that wait for what never comes, with little patience."""
    town.world.env.settle_timeout = 0.05
    never = asyncio.Event()

    async def wait(_ctx: commands.Context) -> None:
        await never.wait()

    town.bot.add_command(commands.Command(wait, name="wait"))
    yield town
    never.set()
    town.world.env.settle_timeout = 5.0


class Waiting(discord.ui.View):
    """A button that is answered when the test says so."""

    def __init__(self) -> None:
        super().__init__(timeout=None)
        self.pressed = asyncio.Event()

    @discord.ui.button(label="Wait", custom_id="wait")
    async def wait(self, interaction: discord.Interaction, _button: object) -> None:
        await self.pressed.wait()
        await interaction.response.send_message("Done")


async def test_a_bot_that_works_for_long_is_no_failure_of_the_person(busy: ActingTown):
    sent = await busy.send("ann", "#general", "!wait")
    assert busy.newest("ann", "#general")["id"] == str(sent)
    direct = busy.acting.direct(busy.ids["ann"])
    in_private = await busy.acting.send(busy.ids["ann"], direct, "!wait")
    assert busy.sight.message(busy.ids["ann"], direct, in_private)["text"] == "!wait"
    await busy.acting.edit(busy.ids["ann"], busy.ids["#general"], sent, "!wait for me")
    await busy.acting.set_pinned(busy.ids["mo"], busy.ids["#general"], sent, True)
    person = await busy.acting.add_person("Zoë", busy.ids["Hearth Town"])
    assert person in busy.world.people


async def test_a_press_is_known_before_the_bot_has_answered(busy: ActingTown):
    view = Waiting()
    message = await busy.live("#general").send(view=view)
    press = await busy.acting.click(busy.ids["ann"], busy.ids["#general"], message.id, "wait")
    assert not press.answered
    view.pressed.set()
    await busy.settle()
    assert press.answered


async def test_two_things_at_once_are_refused_and_logged(busy: ActingTown, caplog: pytest.LogCaptureFixture):
    """Whoever acts has the turn; without it, simcord refuses the second."""
    first = asyncio.create_task(busy.send("ann", "#general", "!wait"))
    await asyncio.sleep(0)
    with caplog.at_level(logging.ERROR), refused("The town is busy; try it again."):
        await busy.send("bob", "#general", "hello")
    assert "two things at once" in caplog.text
    await first


def test_every_sentence_is_one():
    for code in BY_CODE:
        sentence = sentence_for(BackendError(400, code, "Invalid Form Body: name: Must be shorter."))
        assert sentence[0].isupper()
        assert sentence.endswith(".")
        assert "{" not in sentence
    for beginning in BY_BEGINNING:
        assert sentence_for(SetupError(f"{beginning} and so on")).endswith((".", ".)", "custom_id)."))


def test_what_has_no_sentence_of_its_own_is_told_in_discords_words():
    assert sentence_for(BackendError(400, 50035, "Invalid Form Body: name: Too long")) == (
        "Discord doesn't take that: name: Too long."
    )
    assert sentence_for(BackendError(400, 50035, "Invalid Form Body")) == "Discord doesn't take that: it isn't valid."
    assert sentence_for(BackendError(403, 1, "Something new")) == "You aren't allowed to do that."
    assert sentence_for(BackendError(400, 1, "Something new")) == "Discord says no: something new."
    assert sentence_for(SetupError("Something new")) == "Discord's app wouldn't let you do that: something new."
