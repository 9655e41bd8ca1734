"""`say` and `embed`: what staff has the bot write."""

import json

import pytest

from tests.support.answers import Answer
from tests.support.town import Town

pytestmark = pytest.mark.town(languages=("en",))  # what staff has the bot say isn't translated
sqlite = pytest.mark.engines("sqlite")


def only(answer: Answer | None) -> Answer:
    assert answer is not None
    return answer


async def test_say_writes_with_the_rights_of_who_asks(town: Town):
    said = only(await town.says(town.moderator, "!say Dinner is **ready**, @everyone!"))
    assert said.content == "Dinner is **ready**, @everyone!"
    assert not said.pings_everyone
    assert "Manage Messages" in only(await town.says(town.ann, "!say I am the bot"))
    link = only(await town.says(town.moderator, "!say #bots-corner #1 on the list"))
    assert town.last(town.bots_corner).content == "#1 on the list"
    assert str(town.last(town.bots_corner).id) in link
    assert only(await town.says(town.moderator, "!say #1 on the list")).content == "#1 on the list"
    await town.take_permission(town.bots_corner, "manage_messages", of=town.role("Moderator"))
    assert "You need the permission" in only(await town.says(town.moderator, "!say #bots-corner hello"))
    guests, staff = town.role("Guests", mentionable=True), town.role("Moderator")
    said = only(await town.says(town.moderator, f"!say {guests.mention}, {staff.mention}, {town.bob.mention}"))
    assert said.pings == {guests.id, town.bob.id}, "as if they wrote it themselves"
    await town.give_permission(town.guild, "mention_everyone", of=town.role("Admin"))
    assert only(await town.says(town.admin, "!say Dinner, @everyone!")).pings_everyone


async def test_say_sends_files_along(town: Town):
    said = only(await town.says(town.moderator, "!say", files=[("cat.txt", b"meow")]))
    (file,) = said.files
    assert (file.filename, await file.read()) == ("cat.txt", b"meow")
    assert "changed" in only(await town.says(town.moderator, "!say edit my cat", reply_to=said))
    assert only(town.now_of(said)).content == "my cat"
    assert "Something is missing: `text`" in only(await town.says(town.moderator, "!say"))
    await town.take_permission(town.general, "attach_files", of=town.role("Moderator"))
    refused = await town.says(town.moderator, "!say look", files=[("cat.txt", b"meow")])
    assert "You need the permission **Attach Files**" in only(refused)


async def test_say_edit_changes_only_what_was_said(town: Town):
    said = only(await town.says(town.moderator, "!say Dinner at six"))
    await town.restart()
    changed = await town.says(town.admin, f"!say edit {said.message.jump_url} Dinner at seven")
    assert "changed" in only(changed)
    assert only(town.now_of(said)).content == "Dinner at seven"
    other = only(await town.says(town.moderator, "!serverlog"))
    refused = await town.says(town.moderator, f"!say edit {other.message.jump_url} nothing is logged")
    assert "`say` or `embed`" in only(refused)
    await town.says(town.ann, "mine")
    refused = await town.says(town.moderator, f"!say edit {town.last_said.jump_url} not mine")
    assert "`say` or `embed`" in only(refused)
    assert "Give the link" in only(await town.says(town.moderator, "!say edit something else"))


async def test_embed_from_json_and_back(town: Town):
    data = {"content": "Hello", "embeds": [{"title": "News", "color": "#ff8800", "footer": {"text": "soon"}}]}
    said = only(await town.says(town.moderator, f"!embed {json.dumps(data)}"))
    assert (said.content, said.embed.title, said.embed.colour.value) == ("Hello", "News", 0xFF8800)
    shown = only(await town.says(town.moderator, f"!embed show {said.message.jump_url}"))
    back = shown.embed.description.removeprefix("```json\n").removesuffix("\n```")
    assert json.loads(back)["embeds"][0]["title"] == "News"
    file = [("embed.json", json.dumps({"title": "Old news"}).encode())]
    await town.says(town.moderator, f"!embed edit {said.message.jump_url}", files=file)
    assert only(town.now_of(said)).embed.title == "Old news"
    assert only(town.now_of(said)).content == ""
    assert "The title of embed 1 has 300" in only(
        await town.says(town.moderator, f'!embed {{"title": "{"x" * 300}"}}')
    )
    assert "no JSON" in only(await town.says(town.moderator, "!embed #bots-corner title: News"))


async def test_the_builder(town: Town):
    builder = only(await town.says(town.moderator, f"!embed {town.bots_corner.mention}"))
    assert "This will be your embed" in builder
    assert "nothing" in only((await town.press(town.moderator, builder, "Send")).reply)
    form = (await town.press(town.moderator, builder, "Texts")).modal
    done = await town.fill(town.moderator, form, {"Title": "News", "Description": "It *begins*", "Colour": "#f80"})
    assert only(done.message).embed.title == "News"
    form = (await town.press(town.moderator, builder, "Add a field")).modal
    await town.fill(town.moderator, form, {"Name": "When", "Text": "Monday", "Beside the others? yes or no": "yes"})
    form = (await town.press(town.moderator, builder, "Pictures")).modal
    wrong = await town.fill(town.moderator, form, {"Address of the picture": "my cat"})
    assert "web address" in only(wrong.reply)
    form = (await town.press(town.moderator, builder, "Pictures")).modal
    assert form.values["Address of the picture"] == "my cat", "what was typed isn't lost"
    field = {"Name": "Where", "Text": "Here", "Beside the others? yes or no": "maybe"}
    await town.fill(town.moderator, (await town.press(town.moderator, builder, "Add a field")).modal, field)
    assert (await town.press(town.moderator, builder, "Add a field")).modal.values == field
    assert "not yours" in only((await town.press(town.ann, builder, "Send")).reply)
    form = (await town.press(town.moderator, builder, "Texts")).modal
    assert form.values["Title"] == "News"
    assert form.values["Colour"] == "#ff8800"
    await town.press(town.moderator, builder, "Send")
    sent = only(town.last(town.bots_corner))
    assert (sent.embed.title, sent.fields) == ("News", {"When": "Monday"})
    assert "I wrote it" in only(town.now_of(builder))
    long = [
        ("embed.json", json.dumps({"description": "x" * 4_096, "fields": [{"name": "a", "value": "b"}]}).encode())
    ]
    await town.says(town.moderator, f"!embed edit {sent.message.jump_url}", files=long)
    editor = only(await town.says(town.moderator, f"!embed edit {sent.message.jump_url}"))
    form = (await town.press(town.moderator, editor, "Texts")).modal
    await town.fill(town.moderator, form, form.values | {"Title": "Longer than a form may be"})
    assert only(town.now_of(editor)).embed.description == "x" * 4_096
    await town.press(town.moderator, editor, "Remove the last field")
    await town.press(town.moderator, editor, "Send")
    assert only(town.now_of(sent)).fields == {}


@sqlite
async def test_who_loses_the_right_while_building_sends_nothing(town: Town):
    builder = only(await town.says(town.moderator, "!embed"))
    form = (await town.press(town.moderator, builder, "Texts")).modal
    await town.fill(town.moderator, form, {"Title": "News"})
    await town.take_role(town.moderator, "Moderator")
    refused = await town.press(town.moderator, builder, "Send")
    assert "You need the permission" in only(refused.reply)


@pytest.mark.town
async def test_what_is_refused_is_said_in_the_language_of_the_server(town: Town):
    assert "Manage Messages" in only(await town.says(town.ann, "!embed"))
    for wrong in ("title: News", '{"titel": "News"}', '{"embeds": [{"color": 7}]}', "[" * 1_900, '{"title": 7}'):
        refused = only(await town.says(town.moderator, f"!embed {wrong}"))
        assert refused.embed is not None
    assert "Give the link" in only(await town.says(town.moderator, "!embed show"))
    builder = only(await town.says(town.moderator, "!embed"))
    form = (await town.press(town.moderator, builder, "Add a field")).modal
    wrong = await town.fill(
        town.moderator, form, {"Name": "When", "Text": "now", "Beside the others? yes or no": "?"}
    )
    assert only(wrong.reply).ephemeral
    await town.press(town.moderator, builder, "Cancel")
    assert "Cancelled" in only(town.now_of(builder))
