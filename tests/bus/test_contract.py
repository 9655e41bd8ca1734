"""What every transport promises, each on its real server."""

import asyncio
import json
import logging
import sys
import time

import pytest

from tests.bus.conftest import Connect
from tests.bus.ends import TOPIC, End, until
from tests.support.cable import Cable
from tests.support.patience import PATIENCE
from tests.support.process import clean_environment
from utils.bus.envelope import Envelope, pack

A_MEGABYTE = 1_000_000
CLOSE_SECONDS = 5.0


async def test_all_others_hear_in_order_and_nobody_hears_itself(ann: End, bob: End, connect: Connect):
    eve = await connect()
    await until(lambda: ann.gaps and bob.gaps)
    said = list(range(250))
    await ann.say(*said)
    await bob.hears(*said)
    await eve.hears(*said)
    await bob.say("back")
    await ann.hears("back")
    assert eve.gaps == 0


async def test_what_is_sent_comes_as_it_was(ann: End, bob: End):
    said = [2**63 - 1, -(2**63), "ünï☂\x00\ud800", {"a": [None, True, 1.5]}, "x" * A_MEGABYTE, ""]
    await ann.say(*said)
    await bob.hears(*said)


async def test_topics_are_apart_and_a_handler_that_fails_keeps_no_other_from_hearing(ann: End, bob: End, caplog):
    async def fails(payload: dict[str, object]) -> None:
        raise ValueError("oh no")

    bob.bus.listen("other", fails)
    await ann.bus.send("other", {})
    await ann.say("after")
    await bob.hears("after")
    assert "oh no" in caplog.text


async def test_a_start_makes_the_others_look(ann: End, bob: End, connect: Connect):
    """It may stand for a process that died before it had told all."""
    eve = await connect()
    await until(lambda: (ann.gaps, bob.gaps) == (1, 1))
    assert eve.gaps == 0


async def test_nothing_is_lost_while_a_cable_is_cut(ann: End, bob: End, cable: Cable, caplog, transport: str):
    caplog.set_level(logging.INFO)
    assert bob.bus.healthy
    assert bob.bus.state.startswith("connected to ")
    await cable.cut()
    await until(lambda: not bob.bus.healthy)
    assert bob.bus.state.startswith("lost ")
    await ann.say("one", "two")
    await bob.say("uno", "due")
    assert "2 messages wait" in bob.bus.state
    await cable.mend()
    await bob.hears("one", "two")
    await ann.hears("uno", "due")
    assert bob.bus.healthy
    assert (ann.gaps, bob.gaps) == (0, 0)
    assert caplog.text.count("Lost ") == 1
    assert "is back after" in caplog.text


async def test_too_much_for_the_memory_is_a_gap_for_the_others(ann: End, bob: End, cable: Cable):
    await cable.cut()
    await until(lambda: not bob.bus.healthy)
    await bob.say(*["x" * A_MEGABYTE] * 40, "last")
    await cable.mend()
    await until(lambda: ann.heard and ann.heard[-1] == "last")
    assert ann.gaps >= 1
    assert len(ann.heard) < 41


async def test_a_server_that_is_away_at_the_start_is_found_later(ann: End, cable: Cable, connect: Connect, caplog):
    await cable.cut()
    began = time.monotonic()
    late = await connect(cable.url)
    assert time.monotonic() - began < 6.0 * PATIENCE
    assert not late.bus.healthy
    assert late.bus.state.startswith(("lost", "connecting"))
    await late.say("early")
    await cable.mend()
    await ann.hears("early")
    await until(lambda: late.gaps == 1)  # what it read before it listened may be old
    await ann.say("hello")
    await late.hears("hello")
    assert "Can't reach" in caplog.text
    assert "guest:guest" not in caplog.text


async def test_it_closes_soon_though_the_server_is_away(ann: End, bob: End, cable: Cable):
    await cable.cut()
    await until(lambda: not bob.bus.healthy)
    await bob.say("never heard")
    began = time.monotonic()
    await bob.bus.close()
    await bob.bus.close()
    assert time.monotonic() - began < CLOSE_SECONDS * PATIENCE
    assert (bob.bus.healthy, bob.bus.state) == (False, "closed")
    await bob.say("nobody minds")


async def test_what_was_sent_is_there_before_it_closes(ann: End, bob: End):
    await bob.say(*range(10))
    await bob.bus.close()
    await ann.hears(*range(10))


async def test_nothing_is_delivered_after_the_end(ann: End, bob: End):
    await bob.bus.close()
    await ann.say("gone")
    await ann.bus.close()
    assert bob.heard == []


@pytest.mark.slow
async def test_processes_that_race_lose_nothing(ann: End, transport: str, url: str):
    count, names = 300, ("one", "two")
    senders = [
        await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.bus.sender", transport, url, name, str(count)), env=clean_environment()
        )
        for name in names
    ]
    assert [await sender.wait() for sender in senders] == [0, 0]
    await until(lambda: len(ann.heard) == 2 * count, lambda: f"{len(ann.heard)} came")
    for name in names:
        assert [number for who, number in ann.heard if who == name] == list(range(count))


@pytest.mark.slow
async def test_a_server_that_is_killed_loses_nothing_or_a_gap_is_told(ann: End, bob: End, server, transport: str):
    """Both say something all the time while it is killed and comes back."""
    kill = server.stop if transport == "postgres" else server.kill
    talking = asyncio.create_task(_talk(ann))
    await until(lambda: len(bob.heard) > 20)
    await asyncio.to_thread(kill)
    await until(lambda: not ann.bus.healthy and not bob.bus.healthy)
    await bob.say("while it is away")
    await asyncio.to_thread(server.start)
    await until(lambda: ann.bus.healthy and bob.bus.healthy)
    talking.cancel()
    await ann.say("last")
    await until(lambda: bob.heard and bob.heard[-1] == "last", lambda: bob.bus.state)
    numbers = [one for one in bob.heard if isinstance(one, int)]
    assert numbers == sorted(set(numbers))
    assert bob.gaps or numbers == list(range(len(numbers)))
    await until(lambda: "while it is away" in ann.heard)


async def _talk(end: End) -> None:
    number = 0
    while True:
        await end.say(number)
        number += 1
        await asyncio.sleep(0.01)


@pytest.mark.parametrize(
    "nonsense", ["", "{", "[1]", "{}", '{"version": 1}', '{"version": "1"}', "\u2603", "[" * 100_000]
)
async def test_what_no_process_sent_is_skipped(ann: End, bob: End, nonsense: str, caplog):
    await _send_raw(ann, nonsense)
    await ann.say("after")
    await bob.hears("after")
    assert bob.gaps == 0
    assert "was skipped" in caplog.text


async def test_another_version_is_a_gap(ann: End, bob: End, caplog):
    await _send_raw(ann, json.dumps({"version": 2, "who": "knows"}))
    await _send_raw(ann, json.dumps({"version": 2, "who": "knows"}))
    await ann.say("after")
    await bob.hears("after")
    assert bob.gaps
    assert 1 <= caplog.text.count("Update all processes") <= 2  # once a reader


async def test_what_comes_twice_is_heard_once_and_a_hole_is_a_gap(ann: End, bob: End):
    for number in (1, 1, 2, 1, 2):
        await _send_raw(ann, pack(Envelope("somebody", number, TOPIC, {"said": number})))
    await bob.hears(1, 2)
    assert bob.gaps == 0
    await _send_raw(ann, pack(Envelope("somebody", 4, TOPIC, {"said": 4})))
    await bob.hears(1, 2, 4)
    assert bob.gaps == 1


async def _send_raw(end: End, text: str) -> None:
    line = end.bus._line  # type: ignore[attr-defined]
    line.reader, reader = "somebody", line.reader
    await line.send([text])
    line.reader = reader


async def test_a_slow_handler_holds_up_nobody(ann: End, bob: End, caplog):
    """More than its memory holds, and it reads all anew."""
    free = asyncio.Event()

    async def waits(payload: dict[str, object]) -> None:
        await free.wait()

    bob.bus.listen(TOPIC, waits)
    await ann.say(*["x" * A_MEGABYTE] * 20)
    await until(lambda: ann.unsent == 0)
    await ann.say(*["x" * A_MEGABYTE] * 20)
    await until(lambda: "came faster than they were handled" in caplog.text)
    await ann.say("last")
    free.set()
    await until(lambda: bob.heard and bob.heard[-1] == "last" and bob.gaps)
    assert ann.bus.healthy
    assert bob.bus.healthy
