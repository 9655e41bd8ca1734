"""What a page asks for, over its real line: talking, pressing, people. The rules behind it are tested apart."""

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest

from playground import Playground
from tests.playground.acting_panel import Buttons, Said
from tests.playground.tab import Tab, TabRefused


@pytest.fixture
async def ann(playground: Playground) -> AsyncIterator[Tab]:
    """A second page, as another person in the same channel."""
    async with Tab(playground.url) as tab:
        await tab.become("Ann")
        yield tab


@pytest.fixture
def said() -> Said:
    return []


@pytest.fixture
async def panel(playground: Playground, tab: Tab, said: Said) -> dict[str, str]:
    """The fields that name a message of the bot with buttons."""
    channel = int(tab.state["channel"]["id"])
    message = await playground.life.bot.get_channel(channel).send("Press", view=Buttons(said))
    return {"channel": str(channel), "message": str(message.id)}


async def upload(playground: Playground, name: str, content: bytes) -> str:
    form = aiohttp.FormData(quote_fields=False)  # browsers send a name as it is
    form.add_field("file", content, filename=name)
    async with aiohttp.ClientSession() as session, session.post(f"{playground.url}upload", data=form) as response:
        return (await response.json())["id"]


def newest(tab: Tab) -> dict:
    return list(tab.messages.values())[-1]


async def here(tab: Tab, message: str) -> dict:
    """A message of the open channel, once the page has heard of it."""
    return await tab.until(lambda: tab.messages.get(message))


# --- talking


async def test_a_message_is_seen_by_all_who_are_there(tab: Tab, ann: Tab):
    sent = await ann.say("Hello, Olivia")
    assert (await here(tab, sent))["author"]["display"] == "Ann"
    answer = await tab.ask("send", channel=tab.state["channel"]["id"], text="Hello, Ann", reply=sent)
    assert (await here(ann, answer["message"]))["reply"]["author"]["display"] == "Ann"


async def test_editing_reacting_pinning_and_deleting(tab: Tab, ann: Tab):
    place = {"channel": ann.state["channel"]["id"], "message": await ann.say("helo")}
    number = place["message"]
    await ann.ask("edit", **place, text="hello")
    await tab.until(lambda: tab.messages[number]["text"] == "hello")
    await tab.ask("react", **place, key="👍", on=True)
    await ann.until(lambda: ann.messages[number]["reactions"])
    await tab.ask("pin", **place, pinned=True)
    pinned, *_older = await ann.ask("pins", channel=place["channel"])
    assert pinned["id"] == number
    await ann.ask("delete", **place)
    await tab.until(lambda: number not in tab.messages)


async def test_a_refusal_is_the_sentence(ann: Tab):
    await ann.ask("open", channel=ann.channel("rules")["id"])
    with pytest.raises(TabRefused, match="You can't write in #rules: that needs Send Messages"):
        await ann.ask("send", channel=ann.channel("rules")["id"], text="hello")
    with pytest.raises(TabRefused, match="'send' can't be done with that: channel"):
        await ann.ask("send", channel="general", text="hello")


async def test_a_file_that_was_not_sent_can_be_sent_again(playground: Playground, tab: Tab):
    channel = tab.state["channel"]["id"]
    file = await upload(playground, "a b.txt", b"content")
    with pytest.raises(TabRefused, match="at most 2,000 characters"):
        await tab.ask("send", channel=channel, text="x" * 2001, files=[file])
    sent = await tab.ask("send", channel=channel, files=[file])
    (attachment,) = (await here(tab, sent["message"]))["attachments"]
    assert (attachment["name"], attachment["size"]) == ("a_b.txt", 7)
    with pytest.raises(TabRefused, match="That upload is gone"):
        await tab.ask("send", channel=channel, files=[file])


async def test_typing_is_shown_to_the_others(tab: Tab, ann: Tab):
    await ann.ask("typing", channel=ann.state["channel"]["id"])
    typing = await tab.until(lambda: tab.state.get("typing"))
    assert typing["person"]["display"] == "Ann"


async def test_direct_messages_are_opened(tab: Tab, ann: Tab):
    channel = (await ann.ask("direct"))["channel"]
    await ann.until(lambda: channel in {one["id"] for one in ann.state["places"]["direct"]})
    await ann.ask("open", channel=channel)
    await ann.until(lambda: ann.state["channel"]["id"] == channel)
    assert "Pong" in str(await ann.answer_to("!ping"))
    assert channel not in {one["id"] for one in tab.state["places"]["direct"]}


async def test_what_the_bot_did_is_written_down_for_its_cause(playground: Playground, ann: Tab):
    sent = int(await ann.say("!ping"))
    (trace,) = playground.tracer.of_message(sent)
    assert (trace["kind"], trace["title"], trace["who"]) == ("message", "Ann: !ping", "Ann")
    assert trace["outcome"] == "done"


# --- buttons and forms


async def test_a_click_and_a_late_answer(playground: Playground, tab: Tab, panel: dict[str, str], said: Said):
    assert await tab.ask("click", **panel, custom_id="hello") == {"answered": True, "modal": None}
    assert said == ["olivia"]
    late = asyncio.create_task(tab.ask("click", **panel, custom_id="later"))
    while not late.done():  # the town goes on meanwhile: the click doesn't keep the turn
        async with playground.turn:
            await playground.world.env.advance_time(0.5)
        await asyncio.sleep(0)
    assert late.result() == {"answered": True, "modal": None}
    latest = playground.tracer.latest()
    assert {trace["title"] for trace in latest if trace["kind"] == "click"} >= {"Olivia presses “Hello”"}


async def test_no_answer_is_told_after_discords_three_seconds(tab: Tab, panel: dict[str, str]):
    assert await tab.ask("click", **panel, custom_id="silent") == {"answered": False, "modal": None}
    with pytest.raises(TabRefused, match="That button is disabled"):
        await tab.ask("click", **panel, custom_id="closed")


async def test_a_form_with_a_file(playground: Playground, tab: Tab, panel: dict[str, str], said: Said):
    opened = await tab.ask("click", **panel, custom_id="choices")
    assert opened["modal"]["title"] == "Choices"
    interaction = opened["modal"]["interaction"]
    file = await upload(playground, "proof.png", b"12345")
    values = {"proof": [file], "size": "XXL", "agree": True}
    with pytest.raises(TabRefused, match="“Size” has no such option"):
        await tab.ask("submit", interaction=interaction, values=values)
    filled = values | {"size": "L"}
    assert await tab.ask("submit", interaction=interaction, values=filled) == {"answered": True, "modal": None}
    assert said == [([("proof.png", 5)], "L", [], True, [])]


async def test_choosing_in_the_bots_own_help(tab: Tab):
    answer = await tab.answer_to("!help")
    (select,) = [one for row in answer["components"] for one in row["items"] if one["type"] == "select"]
    place = {"channel": answer["channel"], "message": answer["id"]}
    chosen = select["options"][0]["value"]
    await tab.ask("choose", **place, custom_id=select["custom_id"], values=[chosen])
    await tab.until(lambda: tab.messages[answer["id"]]["embeds"] != answer["embeds"])


# --- people


async def test_somebody_new_comes_and_gets_a_role(tab: Tab):
    guild = tab.state["places"]["guilds"][0]
    person = (await tab.ask("add_person", name="Zoë", guild=guild["id"]))["person"]
    await tab.until(lambda: person in {one["id"] for one in tab.state["people"]})
    role = next(role for role in guild["roles"] if not role["managed"])
    fields = {"person": person, "guild": guild["id"]}
    await tab.ask("set_role", **fields, role=role["id"], on=True)
    await tab.ask("set_nick", **fields, nick="Zozo")

    def member() -> dict | None:
        members = [one for group in tab.state["members"] for one in group["members"]]
        return next((one for one in members if one["id"] == person and one["nick"] == "Zozo" and one["roles"]), None)

    assert (await tab.until(member))["roles"][0]["id"] == role["id"]

    def guilds() -> list[str]:
        return next(one["guilds"] for one in tab.state["people"] if one["id"] == person)

    await tab.ask("leave", **fields)
    await tab.until(lambda: guilds() == [])
    await tab.ask("rejoin", **fields)
    await tab.until(lambda: guilds() == [guild["id"]])


async def test_voice_is_seen_by_others(tab: Tab, ann: Tab):
    channels = [one for guild in ann.state["places"]["guilds"] for one in guild["channels"] if one["kind"] == "voice"]
    voice = channels[0]["id"]

    def muted() -> list[bool]:
        """Whether Ann is, in that channel; nothing if she isn't there."""
        shown = [one for guild in tab.state["places"]["guilds"] for one in guild["channels"] if one["id"] == voice]
        return [one["muted"] for one in shown[0]["voice"] if one["person"]["display"] == "Ann"]

    await ann.ask("join_voice", channel=voice)
    await tab.until(lambda: muted() == [False])
    await ann.ask("voice_state", muted=True, deafened=False)
    await tab.until(lambda: muted() == [True])
    await ann.ask("leave_voice")
    await tab.until(lambda: muted() == [])


async def test_the_composer_completes(ann: Tab):
    channel = ann.state["channel"]["id"]
    offered = await ann.ask("complete", channel=channel, text="!rem", cursor=4)
    assert [item["insert"] for item in offered["items"]] == ["remind "]
