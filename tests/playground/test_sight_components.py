"""Buttons, selects and layouts, and what comes of pressing them."""

from collections.abc import AsyncIterator
from io import BytesIO
from typing import Any

import discord
import pytest
from discord import ui

from tests.playground.sight_town import SightTown, sight_town

Press = Any


@pytest.fixture
async def town() -> AsyncIterator[SightTown]:
    async with sight_town() as town:
        yield town


def view(*items: ui.Item[Any]) -> ui.View:
    made = ui.View(timeout=None)
    for item in items:
        made.add_item(item)
    return made


async def rows(town: SightTown, *items: ui.Item[Any], person=None):
    await town.bot_says(town.general, "Choose", view=view(*items))
    return [row["items"] for row in town.last(person or town.ann)["components"]]


class Button(ui.Button[ui.View]):
    """Answers a press by whatever the test says."""

    def __init__(self, answer) -> None:
        super().__init__(label="Press", custom_id="press")
        self.answer = answer

    async def callback(self, interaction: discord.Interaction) -> None:
        await self.answer(interaction)


async def pressed(town: SightTown, person, answer) -> None:
    message = await town.bot_says(town.general, "Here", view=view(Button(answer)))
    await person.click(message, custom_id="press")


async def test_buttons(town):
    emoji = town.guild.create_emoji("hearth")
    town.world.pictures.add_emoji(emoji.id, "flame")
    styles = discord.ButtonStyle
    (row,) = await rows(
        town,
        ui.Button(label="Yes", style=styles.success, custom_id="yes", emoji="✅"),
        ui.Button(style=styles.danger, custom_id="no", emoji=f"<:hearth:{emoji.id}>", disabled=True),
        ui.Button(label="More", url="https://a.example"),
        ui.Button(label="Go", style=styles.primary, custom_id="go"),
        ui.Button(label="Stay", custom_id="stay"),
    )
    assert row[0] == {
        "type": "button",
        "style": "success",
        "label": "Yes",
        "emoji": {"id": None, "name": "✅", "url": None},
        "custom_id": "yes",
        "link": None,
        "disabled": False,
    }
    assert (row[1]["style"], row[1]["label"], row[1]["disabled"]) == ("danger", "", True)
    assert row[1]["emoji"] == {"id": str(emoji.id), "name": "hearth", "url": f"files/emoji/{emoji.id}.png"}
    assert (row[2]["style"], row[2]["custom_id"], row[2]["link"]) == ("link", None, "https://a.example")
    assert [button["style"] for button in row[3:]] == ["primary", "secondary"]


async def test_a_link_button_leads_only_to_the_web(town):
    ((button,),) = await rows(town, ui.Button(label="More", url="discord://x"))
    assert button["link"] is None


async def test_a_select_of_texts(town):
    options = [
        discord.SelectOption(label="One", value="1", description="the first", emoji="🥇", default=True),
        discord.SelectOption(label="Two"),
    ]
    ((select,),) = await rows(town, ui.Select(custom_id="pick", placeholder="Which?", max_values=2, options=options))
    assert select == {
        "type": "select",
        "of": "string",
        "custom_id": "pick",
        "placeholder": "Which?",
        "min": 1,
        "max": 2,
        "options": [
            {
                "value": "1",
                "label": "One",
                "description": "the first",
                "emoji": {"id": None, "name": "🥇", "url": None},
                "default": True,
            },
            {"value": "Two", "label": "Two", "description": None, "emoji": None, "default": False},
        ],
        "disabled": False,
    }


def labels(select) -> list[str]:
    return [option["label"] for option in select["options"]]


async def test_a_select_of_people(town):
    chosen = [discord.Object(town.bob.id)]
    ((select,),) = await rows(town, ui.UserSelect(custom_id="who", min_values=0, default_values=chosen))
    assert (select["of"], select["min"]) == ("user", 0)
    assert labels(select) == ["Ann", "Bob", "Hearth", "Mo", "Olivia"]
    assert [option["label"] for option in select["options"] if option["default"]] == ["Bob"]
    assert select["options"][0]["description"] == "@ann"
    assert select["options"][0]["value"] == str(town.ann.id)


async def test_a_select_of_roles_and_one_of_both(town):
    ((select,), (both,)) = await rows(town, ui.RoleSelect(custom_id="r"), ui.MentionableSelect(custom_id="m"))
    assert labels(select) == ["Hearth", "Moderator", "Violet", "Plain"]
    assert labels(both) == ["Ann", "Bob", "Hearth", "Mo", "Olivia", "Hearth", "Moderator", "Violet", "Plain"]


async def test_a_select_of_channels_has_those_that_the_viewer_sees(town):
    town.guild.create_voice_channel("lounge")
    only = ui.ChannelSelect(custom_id="t", channel_types=[discord.ChannelType.text])
    await town.bot_says(town.general, "Choose", view=view(ui.ChannelSelect(custom_id="a"), only))
    found = {person: town.last(person)["components"] for person in (town.ann, town.mo)}
    assert [labels(row["items"][0]) for row in found[town.ann]] == [
        ["general", "off-topic", "lounge"],
        ["general", "off-topic"],
    ]
    assert labels(found[town.mo][1]["items"][0]) == ["general", "off-topic", "staff"]


async def test_selects_in_direct_messages(town):
    await town.users["Ann"].send_dm("Hello")
    user = town.bot.get_user(town.ann.id)
    await user.send("Who?", view=view(ui.UserSelect(custom_id="who"), ui.RoleSelect(custom_id="r")))
    people, roles = [row["items"][0] for row in town.last(town.ann, town.users["Ann"].dm_channel)["components"]]
    assert labels(people) == ["Ann", "Hearth"]
    assert labels(roles) == []


async def test_a_layout_of_every_kind(town):
    layout = ui.LayoutView(timeout=None)
    face = f"https://cdn.discordapp.com/avatars/{town.ann.id}/0123abcd.png"
    gallery = ui.MediaGallery(
        discord.MediaGalleryItem("attachment://a.png"), discord.MediaGalleryItem("https://elsewhere.example/b.png")
    )
    layout.add_item(
        ui.Container(
            ui.Section("# Hello", "there", accessory=ui.Thumbnail(face)),
            ui.Section("Press", accessory=ui.Button(label="Me", custom_id="me")),
            ui.Section("Elsewhere", accessory=ui.Thumbnail("https://elsewhere.example/c.png")),
            ui.Separator(visible=False),
            gallery,
            ui.File("attachment://b.txt", spoiler=True),
            ui.ActionRow(ui.Button(label="Row", custom_id="row")),
            accent_colour=0x57F287,
            spoiler=True,
        )
    )
    layout.add_item(ui.TextDisplay(f"For <@{town.ann.id}>"))
    files = [discord.File(BytesIO(b"\x89PNG"), "a.png"), discord.File(BytesIO(b"text"), "b.txt")]
    await town.bot_says(town.general, view=layout, files=files)
    message = town.last(town.ann)
    container, text = message["components"]
    assert (container["type"], container["colour"], container["spoiler"]) == ("container", "#57f287", True)
    hello, press, elsewhere, separator, pictures, links, file, row = container["items"]
    assert [item["html"] for item in hello["items"]] == ["<h3>Hello</h3>", "there"]
    assert hello["accessory"] == {"type": "thumbnail", "url": f"files/avatar/{town.ann.id}.png", "spoiler": False}
    assert press["accessory"]["custom_id"] == "me"
    assert "elsewhere.example" in elsewhere["accessory"]["html"]
    assert separator == {"type": "separator", "line": False}
    assert [url.rpartition("/")[2] for url in pictures["pictures"]] == ["a.png"]
    assert 'href="https://elsewhere.example/b.png"' in links["html"]
    assert (file["file"]["name"], file["file"]["size"], file["file"]["spoiler"]) == ("b.txt", 4, True)
    assert file["file"]["url"].endswith("/b.txt")
    assert row["items"][0]["label"] == "Row"
    assert 'class="mention user you"' in text["html"]
    assert message["attachments"] == [], "they stand in the layout"


async def test_an_ephemeral_answer_is_for_one_alone(town):
    await pressed(town, town.ann, lambda press: press.response.send_message("Only you", ephemeral=True))
    own = town.last(town.ann)
    assert (own["text"], own["ephemeral"]) == ("Only you", True)
    assert own["may"] == {"edit": False, "delete": False, "pin": False}
    for person in (town.bob, town.mo, town.olivia):
        assert [message["text"] for message in town.seen(person)] == ["Here"]
        assert town.sight.message(person.id, town.general.id, int(own["id"])) is None


async def test_an_ephemeral_answer_is_news_to_nobody_else(town):
    async def answer(press: Press) -> None:
        await press.response.send_message(f"<@{town.bob.id}>", ephemeral=True)

    message = await town.bot_says(town.general, "Here", view=view(Button(answer)))
    for person in (town.ann, town.bob):
        town.sight.mark_read(person.id, town.general.id)
    await town.ann.click(message, custom_id="press")
    assert town.line(town.ann, town.general)["unread"]
    assert not town.line(town.bob, town.general)["unread"]
    assert town.line(town.bob, town.general)["mentions"] == 0


async def test_thinking_until_the_answer_is_there(town):
    waiting: list[Press] = []

    async def think(press: Press) -> None:
        await press.response.defer(thinking=True)
        waiting.append(press)

    await pressed(town, town.ann, think)
    message = town.last(town.bob)
    assert (message["thinking"], message["text"]) == (True, "")
    await waiting[0].edit_original_response(content="Done")
    message = town.last(town.bob)
    assert (message["thinking"], message["text"]) == (False, "Done")


async def test_a_form(town):
    form = ui.Modal(title="A form", custom_id="form")
    form.add_item(ui.TextDisplay("Fill in **all**"))
    short = ui.TextInput(custom_id="s", placeholder="Ann", default="Bob", min_length=2, max_length=20)
    form.add_item(ui.Label(text="Name", description="Your own", component=short))
    long = ui.TextInput(custom_id="l", style=discord.TextStyle.paragraph, required=False)
    form.add_item(ui.Label(text="Story", component=long))
    form.add_item(ui.Label(text="Who", component=ui.UserSelect(custom_id="u", max_values=2)))
    form.add_item(ui.Label(text="Where", component=ui.ChannelSelect(custom_id="c", required=False)))
    found = await asked(town, town.ann, form)
    assert (found["title"], found["custom_id"], found["text_html"]) == (
        "A form",
        "form",
        ["Fill in <strong>all</strong>"],
    )
    name, story, who, where = found["questions"]
    assert name == {
        "custom_id": "s",
        "label": "Name",
        "description": "Your own",
        "kind": "short",
        "value": "Bob",
        "placeholder": "Ann",
        "required": True,
        "min": 2,
        "max": 20,
    }
    assert (story["kind"], story["required"], story["min"], story["max"]) == ("paragraph", False, 0, 4000)
    assert (who["kind"], who["of"], who["max"], labels(who)[:2]) == ("select", "user", 2, ["Ann", "Bob"])
    assert labels(where) == ["general", "off-topic"], "as Ann sees it"
    assert not where["required"]


async def test_a_form_of_choices(town):
    form = ui.Modal(title="A form")
    form.add_item(ui.Label(text="Files", component=ui.FileUpload(custom_id="f", max_values=3, required=False)))
    radio = ui.RadioGroup(custom_id="r", required=True)
    radio.add_option(label="One", value="1")
    radio.add_option(label="Two", value="2", default=True)
    form.add_item(ui.Label(text="One of", component=radio))
    boxes = ui.CheckboxGroup(custom_id="b", max_values=2)
    boxes.add_option(label="A", value="a", default=True)
    boxes.add_option(label="B", value="b")
    form.add_item(ui.Label(text="Some of", component=boxes))
    form.add_item(ui.Label(text="Sure?", component=ui.Checkbox(custom_id="c", default=True)))
    options = [discord.SelectOption(label="X"), discord.SelectOption(label="Y", default=True)]
    form.add_item(ui.Label(text="Pick", component=ui.Select(custom_id="s", options=options)))
    files, one_of, some_of, sure, pick = (await asked(town, town.ann, form))["questions"]
    assert (files["kind"], files["required"], files["max"]) == ("file", False, 3)
    assert (one_of["kind"], one_of["value"], labels(one_of)) == ("radio", "2", ["One", "Two"])
    assert (some_of["kind"], some_of["max"]) == ("checkboxes", 2)
    assert [option["default"] for option in some_of["options"]] == [True, False]
    assert (sure["kind"], sure["value"]) == ("checkbox", "true")
    assert (pick["kind"], pick["of"], labels(pick)) == ("select", "string", ["X", "Y"])


async def test_an_old_form_has_its_labels_in_the_texts(town):
    form = ui.Modal(title="A form")
    form.add_item(ui.TextInput(label="Name", custom_id="n"))
    (question,) = (await asked(town, town.ann, form))["questions"]
    assert (question["label"], question["custom_id"], question["kind"]) == ("Name", "n", "short")


async def asked(town: SightTown, person, form: ui.Modal):
    """The form that a button opens for somebody."""
    presses: list[Press] = []

    async def ask(press: Press) -> None:
        presses.append(press)
        await press.response.send_modal(form)

    message = await town.bot_says(town.general, "Here", view=view(Button(ask)))
    result = await person.click(message, custom_id="press")
    return town.sight.modal(presses[-1].id, result.modal)
