"""Buttons, selects of all kinds, and forms: pressed, chosen and filled in as a person does."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import discord
import pytest

from playground.simulation.acting import Press
from tests.playground.acting_panel import Buttons, Menus, Said
from tests.playground.acting_town import ActingTown, acting_town, refused

FILLED_IN = {"nickname": "Annie", "colour": ["red", "blue"]}
CHOSEN = {"proof": [("a.png", b"12345")], "size": "L"}


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[ActingTown]:
    async with acting_town(tmp_path) as town:
        yield town


@pytest.fixture
def said() -> Said:
    return []


class Panel:
    """The bot's message, and a person before it."""

    def __init__(self, town: ActingTown, message: int, channel: int, person: str = "ann") -> None:
        self.town, self.message, self.channel = town, message, channel
        self.person = town.ids[person]

    async def click(self, custom_id: str) -> Press:
        return await self.town.acting.click(self.person, self.channel, self.message, custom_id)

    async def choose(self, custom_id: str, *values: object) -> Press:
        chosen = [str(value) for value in values]
        return await self.town.acting.choose(self.person, self.channel, self.message, custom_id, chosen)

    async def fill_in(self, button: str, **values: Any) -> Press:
        opened = await self.click(button)
        return await self.town.acting.submit(self.person, opened.interaction, values)


@pytest.fixture
async def buttons(town: ActingTown, said: Said) -> Panel:
    return Panel(town, await town.bot_sends("#general", "Press", view=Buttons(said)), town.ids["#general"])


@pytest.fixture
async def menus(town: ActingTown, said: Said) -> Panel:
    return Panel(town, await town.bot_sends("#general", "Choose", view=Menus(said)), town.ids["#general"])


# --- buttons


async def test_a_click_is_answered(buttons: Panel, town: ActingTown, said: Said):
    press = await buttons.click("hello")
    assert (press.answered, press.modal, said) == (True, None, ["ann"])
    answer = town.newest("ann", "#general")
    assert (answer["text"], answer["ephemeral"]) == ("Hello", True)
    assert town.newest("bob", "#general")["text"] == "Press"  # nobody else sees it


async def test_an_answer_may_take_a_while(buttons: Panel, town: ActingTown):
    press = await buttons.click("later")
    assert not press.answered
    await town.pass_time(2)
    assert press.answered


async def test_a_bot_that_says_nothing_has_not_answered(buttons: Panel, town: ActingTown, said: Said):
    press = await buttons.click("silent")
    await town.pass_time(5)
    assert (press.answered, press.modal, said) == (False, None, ["ann pressed in vain"])


async def test_a_dead_bot_answers_nothing(buttons: Panel, town: ActingTown, said: Said):
    opened = await buttons.click("details")
    await town.life.kill()
    assert not (await buttons.click("hello")).answered
    assert not (await town.acting.submit(buttons.person, opened.interaction, FILLED_IN)).answered
    assert said == []


async def test_what_cant_be_pressed(buttons: Panel, town: ActingTown):
    with refused("That button is disabled."):
        await buttons.click("closed")
    with refused("That button is no longer in the message."):
        await buttons.click("nothing")
    with refused("That menu is no longer in the message."):
        await buttons.choose("hello", "x")
    await town.live("#general").get_partial_message(buttons.message).delete()
    with refused("That message is gone."):
        await buttons.click("hello")


async def test_one_presses_only_what_one_sees(town: ActingTown, said: Said):
    message = await town.bot_sends("#staff", "Press", view=Buttons(said))
    with refused("You can't see #staff: that needs View Channel."):
        await Panel(town, message, town.ids["#staff"]).click("hello")
    assert (await Panel(town, message, town.ids["#staff"], "mo").click("hello")).answered


async def test_nobody_presses_what_only_another_sees(buttons: Panel, town: ActingTown):
    await buttons.click("hello")
    private = Panel(town, int(town.newest("ann", "#general")["id"]), town.ids["#general"], "bob")
    with refused("That message is gone."):
        await private.click("hello")
    only_mine = "Only you see that message; nothing can be done with it but to use its buttons."
    with refused(only_mine):
        await town.acting.delete(town.ids["ann"], private.channel, private.message)
    with refused(only_mine):
        await town.acting.react(town.ids["ann"], private.channel, private.message, "👍", True)
    with refused("That message can't be replied to."):
        await town.send("ann", "#general", "thanks", reply_to=private.message)


async def test_a_link_is_no_button_of_the_bot(town: ActingTown):
    """A link has no custom_id; a page that asks for one all the same is told."""
    view = discord.ui.View()
    view.add_item(discord.ui.Button(label="Docs", url="https://example.org"))
    panel = Panel(town, await town.bot_sends("#general", view=view), town.ids["#general"])
    with refused("That button is no longer in the message."):
        await panel.click("Docs")


# --- selects


async def test_choosing_strings(menus: Panel, said: Said):
    assert (await menus.choose("drinks", "tea", "water")).answered
    assert said == [["tea", "water"]]
    with refused("Choose 1 to 2."):
        await menus.choose("drinks")
    with refused("Choose 1 to 2."):
        await menus.choose("drinks", "tea", "coffee", "water")
    with refused("What you chose isn't in the list any more."):
        await menus.choose("drinks", "beer")
    with refused("Nothing can be chosen twice."):
        await menus.choose("drinks", "tea", "tea")


async def test_choosing_people_roles_and_channels(menus: Panel, town: ActingTown, said: Said):
    ids = town.ids
    await menus.choose("user", ids["bob"], ids["ann"], town.bot.user.id)
    await menus.choose("user")
    await menus.choose("role", ids["@Violet"])
    await menus.choose("mentionable", ids["@Moderator"], ids["mo"])
    await menus.choose("channel", ids["#rules"])
    assert [sorted(heard) for heard in said] == [
        ["Hearth", "ann", "bob"], [], ["Violet"], ["Moderator", "mo"], ["rules"],
    ]  # fmt: skip


async def test_what_cant_be_chosen(menus: Panel, town: ActingTown):
    ids, gone = town.ids, "What you chose isn't here any more."
    await town.acting.leave(ids["bob"], ids["Hearth Town"])
    for menu, value in (
        ("user", ids["bob"]), ("user", ids["@Violet"]), ("user", 1), ("user", "ann"), ("user", "²"),
        ("role", ids["ann"]),
    ):  # fmt: skip
        with refused(gone):
            await menus.choose(menu, value)
    with refused("Choose exactly 2."):
        await menus.choose("mentionable", ids["ann"])
    with refused("The menu doesn't take channels like the voice channel “Lounge”."):
        await menus.choose("channel", ids["#Lounge"])
    with refused("You can't see #staff: that needs View Channel."):
        await menus.choose("channel", ids["#staff"])
    with refused("Only channels of this server can be chosen."):
        await menus.choose("channel", ids["#elsewhere"])


async def test_buttons_and_selects_in_direct_messages(town: ActingTown, said: Said):
    direct = town.acting.direct(town.ids["ann"])
    user = await town.bot.fetch_user(town.ids["ann"])
    sent = await user.send("Choose", view=Menus(said))
    menus = Panel(town, sent.id, direct)
    await menus.choose("user", town.ids["ann"], town.bot.user.id)
    assert [sorted(heard) for heard in said] == [["Hearth", "ann"]]
    with refused("What you chose isn't here any more."):
        await menus.choose("role", town.ids["@Violet"])
    with refused("Only channels of this server can be chosen."):
        await menus.choose("channel", town.ids["#general"])
    sent = await user.send("Press", view=Buttons(said))
    buttons = Panel(town, sent.id, direct)
    assert (await buttons.click("hello")).answered
    assert (await buttons.fill_in("details", **FILLED_IN)).answered
    assert said[-1] == ("Annie", "", ["red", "blue"], [])


# --- forms


async def test_a_form_is_opened_and_sent(buttons: Panel, town: ActingTown, said: Said):
    opened = await buttons.click("details")
    assert opened.answered
    shown = town.sight.modal(opened.interaction, opened.modal)
    assert (shown["title"], shown["interaction"]) == ("Details", str(opened.interaction))
    assert [(one["custom_id"], one["label"], one["kind"]) for one in shown["questions"]] == [
        ("nickname", "Nickname", "short"), ("story", "Story", "paragraph"), ("colour", "Colours", "select"),
        ("friend", "Friend", "select"),
    ]  # fmt: skip
    values = FILLED_IN | {"story": "Once upon a time", "friend": [str(town.ids["bob"])]}
    press = await town.acting.submit(buttons.person, opened.interaction, values)
    assert press.answered
    assert said == [("Annie", "Once upon a time", ["red", "blue"], ["bob"])]
    assert town.newest("ann", "#general")["text"] == "Thank you"


async def test_a_form_takes_files_radio_and_checkboxes(buttons: Panel, town: ActingTown, said: Said):
    opened = await buttons.click("choices")
    assert town.acting.file_questions(buttons.person, opened.interaction) == ["proof"]
    values = CHOSEN | {"extras": ["milk", "honey"], "agree": True, "where": [str(town.ids["#general"])]}
    assert (await town.acting.submit(buttons.person, opened.interaction, values)).answered
    await buttons.fill_in("choices", **CHOSEN)
    assert said == [
        ([("a.png", 5)], "L", ["milk", "honey"], True, ["general"]),
        ([("a.png", 5)], "L", [], False, []),
    ]


MISTAKEN_DETAILS: list[tuple[dict[str, Any], str]] = [
    ({"nickname": ""}, "“Nickname” must be filled in."),
    ({"nickname": None}, "“Nickname” must be filled in."),
    ({"nickname": "Al"}, "“Nickname” needs at least 3 characters; it has 2."),
    ({"nickname": "Annabelle"}, "“Nickname” takes at most 8 characters; it has 9."),
    ({"nickname": 5}, "“Nickname” can't be filled in with that."),
    ({"story": "Hm"}, "“Story” needs at least 5 characters; it has 2."),
    ({"colour": []}, "“Colours” must be filled in."),
    ({"colour": ["red"]}, "“Colours”: choose exactly 2."),
    ({"colour": ["red", "pink"]}, "What you chose isn't in the list any more."),
    ({"colour": ["red", "red"]}, "Nothing can be chosen twice."),
    ({"colour": "red"}, "“Colours” can't be filled in with that."),
    ({"friend": ["1"]}, "What you chose isn't here any more."),
]
MISTAKEN_CHOICES: list[tuple[dict[str, Any], str]] = [
    ({"proof": []}, "“Proof” must be filled in."),
    ({"proof": [("a", b"")] * 3}, "“Proof”: choose 1 to 2."),
    ({"size": None}, "“Size” must be filled in."),
    ({"size": "XXL"}, "“Size” has no such option."),
    ({"extras": ["salt"]}, "“Extras” has no such option."),
    ({"extras": ["milk", "milk"]}, "“Extras”: nothing can be chosen twice."),
    ({"extras": ["milk", "sugar", "honey"]}, "“Extras”: choose 1 to 2."),
    ({"extras": [["milk"]]}, "“Extras” has no such option."),
    ({"agree": "yes"}, "“I agree” can't be filled in with that."),
    ({"where": ["5", "6"]}, "“Where”: choose exactly 1."),
]


async def test_a_form_is_checked_before_it_is_sent(buttons: Panel, town: ActingTown, said: Said):
    opened = await buttons.click("details")
    for values, sentence in MISTAKEN_DETAILS:
        with refused(sentence):
            await town.acting.submit(buttons.person, opened.interaction, FILLED_IN | values)
    assert said == []
    assert (await town.acting.submit(buttons.person, opened.interaction, FILLED_IN)).answered  # it is still open


async def test_the_other_controls_are_checked_too(buttons: Panel, town: ActingTown, said: Said):
    opened = await buttons.click("choices")
    for values, sentence in MISTAKEN_CHOICES:
        with refused(sentence):
            await town.acting.submit(buttons.person, opened.interaction, CHOSEN | values)
    assert said == []


async def test_a_form_is_sent_once_and_by_whom_it_was_opened_for(buttons: Panel, town: ActingTown):
    opened = await buttons.click("details")
    not_open = "That form isn't open any more."
    with refused(not_open):
        await town.acting.submit(town.ids["bob"], opened.interaction, FILLED_IN)
    await town.acting.submit(buttons.person, opened.interaction, FILLED_IN)
    with refused("That form was sent already."):
        await town.acting.submit(buttons.person, opened.interaction, FILLED_IN)
    pressed = await buttons.click("hello")
    with refused(not_open):
        await town.acting.submit(buttons.person, pressed.interaction, {})
    with refused(not_open):
        await town.acting.submit(buttons.person, 1, {})


async def test_a_form_that_is_left_open_is_forgotten_after_many_others(buttons: Panel, town: ActingTown):
    first = await buttons.click("details")
    for _ in range(200):
        await buttons.click("hello")
    with refused("That form isn't open any more."):
        await town.acting.submit(buttons.person, first.interaction, FILLED_IN)


async def test_a_form_ends_with_its_message_and_its_channel(buttons: Panel, town: ActingTown):
    opened = await buttons.click("details")
    await town.live("#general").get_partial_message(buttons.message).delete()
    with refused("That message is gone."):
        await town.acting.submit(buttons.person, opened.interaction, FILLED_IN)
    await town.live("#general").delete()
    with refused("That channel is gone."):
        await town.acting.submit(buttons.person, opened.interaction, FILLED_IN)
