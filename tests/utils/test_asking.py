"""Asking the other processes: who answers, who fails, who says nothing."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from tests.support.memory_bus import MemoryBus, Wire
from utils.bus import NoBus
from utils.bus.asking import Answer, Answers, Asking

SHORT = 0.05  # seconds, for a test in which somebody says nothing


class Process(Asking):
    """One that doubles numbers."""

    def __init__(self, wire: Wire, name: str) -> None:
        super().__init__(MemoryBus(wire), lambda: name)
        self.answer("double", self.double)

    async def double(self, payload: dict[str, Any]) -> dict[str, Any]:
        return {"doubled": payload["number"] * 2}

    async def come(self) -> "Process":
        await self.bus.start()
        await self.start()
        return self

    async def go(self) -> None:
        await self.close()
        await self.bus.close()


async def settled(wire: Wire) -> None:
    """Wait until nobody has anything to hear: what is heard may be answered."""
    while any(end._tasks for end in wire.ends):
        for end in list(wire.ends):
            await end.quiet()


@pytest.fixture
def wire() -> Wire:
    return Wire()


@pytest_asyncio.fixture
async def three(wire: Wire) -> AsyncIterator[list[Process]]:
    processes = [await Process(wire, name).come() for name in ("1/3", "2/3", "3/3")]
    await settled(wire)
    yield processes
    for one in processes:
        await one.go()


async def test_everybody_else_answers(three: list[Process]) -> None:
    first, *_others = three
    assert first.others == ["2/3", "3/3"]
    answers = await first.ask("double", {"number": 4})
    assert answers == Answers((Answer("2/3", {"doubled": 8}), Answer("3/3", {"doubled": 8})))
    assert answers.failed == []


async def test_one_that_fails_says_so_at_once(three: list[Process]) -> None:
    first, second, third = three

    async def fail(_payload: dict[str, Any]) -> dict[str, Any]:
        raise RuntimeError("out of paper")

    second.answer("double", fail)
    third.withdraw("double", third.double)
    answers = await first.ask("double", {"number": 4})
    assert [one.error for one in answers.given] == ["RuntimeError: out of paper", "nothing here answers that"]
    assert answers.good == []
    assert answers.failed == ["2/3", "3/3"]


async def test_who_died_is_named_twice_and_then_forgotten(three: list[Process], wire: Wire) -> None:
    first, _second, third = three
    await third.bus.close()  # without a word
    for _time in range(2):
        answers = await first.ask("double", {"number": 1}, within=SHORT)
        assert [one.process for one in answers.good] == ["2/3"]
        assert answers.silent == ("3/3",)
    assert first.others == ["2/3"]
    again = await Process(wire, "3/3").come()
    await settled(wire)
    assert first.others == ["2/3", "3/3"]
    assert (await first.ask("double", {"number": 1})).silent == ()
    await again.go()


async def test_who_is_back_takes_the_place_of_who_died(three: list[Process], wire: Wire) -> None:
    first, _second, third = three
    await third.bus.close()
    again = await Process(wire, "3/3").come()
    await settled(wire)
    assert [one.process for one in (await first.ask("double", {"number": 1})).good] == ["2/3", "3/3"]
    await again.go()


async def test_who_goes_is_not_waited_for(three: list[Process], wire: Wire) -> None:
    first, second, third = three
    waits = asyncio.Event()

    async def never(_payload: dict[str, Any]) -> dict[str, Any]:
        await waits.wait()
        return {}

    third.answer("double", never)
    question = asyncio.create_task(first.ask("double", {"number": 1}, within=60))
    while third._tasks == set():
        await asyncio.sleep(0)
    await third.go()
    answers = await question
    assert [one.process for one in answers.good] == ["2/3"]
    assert answers.silent == ()
    assert first.others == second.others or second.others == ["1/3"]


async def test_a_slow_answer_keeps_nobody_waiting_for_other_messages(three: list[Process], wire: Wire) -> None:
    first, second, _third = three
    heard: list[dict[str, Any]] = []
    waits = asyncio.Event()

    async def hear(payload: dict[str, Any]) -> None:
        heard.append(payload)
        waits.set()

    async def slow(_payload: dict[str, Any]) -> dict[str, Any]:
        await waits.wait()
        return {"done": True}

    second.bus.listen("news", hear)
    second.answer("slow", slow)
    question = asyncio.create_task(first.ask("slow", within=60))
    while second._tasks == set():
        await asyncio.sleep(0)
    await first.bus.send("news", {"n": 1})
    assert [one.said for one in (await question).good] == [{"done": True}]
    assert heard == [{"n": 1}]


async def test_alone_nothing_is_sent(wire: Wire) -> None:
    alone = await Process(wire, "1/1").come()
    wire.sent.clear()
    assert await alone.ask("double", {"number": 1}) == Answers()
    assert wire.sent == []
    assert await Asking(NoBus(), lambda: "1/1").ask("double", {"number": 1}) == Answers()
    await alone.go()


async def test_a_cut_wire_is_told_of_and_heals(three: list[Process], wire: Wire) -> None:
    first, *_others = three
    wire.cut()
    assert (await first.ask("double", {"number": 1}, within=SHORT)).silent == ("2/3", "3/3")
    assert (await first.ask("double", {"number": 1}, within=SHORT)).silent == ("2/3", "3/3")
    assert first.others == []
    await wire.mend()
    await settled(wire)
    assert len((await first.ask("double", {"number": 1})).good) == 2
