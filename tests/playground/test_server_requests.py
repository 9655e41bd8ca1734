"""What a page asks for: by whom it is done, and what no request can break."""

import asyncio
import json
from typing import Any

import pytest

from playground import Playground
from tests.playground.raw_page import first_line
from tests.playground.tab import Tab, TabRefused

HALF_A_PAIR = "\ud83d"  # of two units that make an emoji in JavaScript
MANY_DIGITS = "9" * 5_000


# --- who does it


async def test_what_was_asked_for_is_done_by_who_asked(playground: Playground, tab: Tab):
    """The town is busy, and meanwhile the page becomes somebody else."""
    me, channel = tab.state["you"]["id"], tab.state["channel"]["id"]
    async with playground.turn:
        sending = asyncio.create_task(tab.ask("send", channel=channel, text="I am who I was."))
        await asyncio.sleep(0)  # the request is on its way before the next one
        await tab.become("Dan")
    number = (await sending)["message"]
    sent = await tab.until(lambda: tab.messages.get(number))
    assert sent["author"]["id"] == me


async def test_a_choice_is_that_of_who_chose(playground: Playground, tab: Tab):
    answer = await tab.answer_to("!help")
    (menu,) = (part for row in answer["components"] for part in row["items"] if part["type"] == "select")
    async with playground.turn:
        pressing = asyncio.create_task(
            tab.ask(
                "choose",
                channel=answer["channel"],
                message=answer["id"],
                custom_id=menu["custom_id"],
                values=[menu["options"][0]["value"]],
            )
        )
        await asyncio.sleep(0)  # the request is on its way before the next one
        await tab.become("Dan")
    await pressing
    (trace, *_older) = await tab.ask("latest_traces")
    assert (trace["kind"], trace["who"]) == ("click", "Olivia")


# --- what can't be sent


async def said_to(tab: Tab, verb: str, fields: dict[str, Any]) -> str:
    """The sentence of the refusal; empty if there was none."""
    try:
        await tab.ask(verb, **fields)
    except TabRefused as refusal:
        return str(refusal)
    return ""


@pytest.mark.parametrize(
    ("verb", "fields"),
    [
        ("send", {"text": f"half {HALF_A_PAIR}"}),
        ("react", {"message": "1", "key": HALF_A_PAIR, "on": True}),
        (HALF_A_PAIR, {}),
        ("submit", {"interaction": "1", "values": {HALF_A_PAIR: HALF_A_PAIR}}),
    ],
)
async def test_half_a_character_blinds_no_page(playground: Playground, tab: Tab, verb: str, fields: dict[str, Any]):
    place = {"channel": tab.state["channel"]["id"]} if verb in {"send", "react"} else {}
    assert "itself" not in await said_to(tab, verb, place | fields)
    assert isinstance(await tab.ask("latest_traces"), list)
    assert "Pong!" in str(await tab.answer_to("!ping"))


@pytest.mark.parametrize(
    ("verb", "fields"),
    [
        ("react", {"message": "1", "key": f"x:{MANY_DIGITS}", "on": True}),
        ("submit", {"interaction": "1", "values": {"a": {"b": 1}}}),
        ("submit", {"interaction": "1", "values": {"a": [1, None]}}),
        ("skip", {"seconds": float("nan")}),
        ("skip", {"seconds": 1e308}),
        ("skip", {"seconds": -1}),
        ("skip_until", {"text": MANY_DIGITS}),
        ("complete", {"text": ":" * 10_000, "cursor": -5}),
        ("complete", {"text": "👩‍👩‍👧‍👦" * 3_000, "cursor": 2**70}),
        ("fail", {"method": "GET", "path": "/" + "x" * 10_000, "status": 404, "times": 2**70}),
    ],
)
async def test_odd_values_are_refused_in_a_sentence(
    playground: Playground, tab: Tab, verb: str, fields: dict[str, Any]
):
    place = {"channel": tab.state["channel"]["id"]} if verb in {"react", "complete"} else {}
    if "message" in fields:
        fields = fields | {"message": await tab.say("Hello!")}
    assert "itself" not in await said_to(tab, verb, place | fields)


async def test_nested_nonsense_is_answered(playground: Playground, tab: Tab):
    async with tab.http.ws_connect(playground.url + "live") as socket:
        await socket.send_str("[" * 200_000)
        assert "reload" in json.loads((await socket.receive(timeout=5)).data)["error"]


@pytest.mark.parametrize(
    "start", [b"OPTIONS * HTTP/1.1", b"GET /\xff\xfe/ HTTP/1.1", b"GET http://evil.example HTTP/1.1"]
)
async def test_a_strange_address_is_refused(playground: Playground, start: bytes):
    status = int((await first_line(playground.url, start)).split()[1])
    assert 400 <= status < 500


async def test_an_address_with_endless_numbers_is_refused(playground: Playground, tab: Tab):
    async with tab.http.get(f"{playground.url}files/attachment/{MANY_DIGITS}/1/x.png") as response:
        assert response.status == 404
