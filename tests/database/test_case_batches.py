"""Many cases at once: the same numbers and the same rules as one by one, on both engines."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from database.case_batches import CaseBatches
from database.errors import ConstraintViolated
from database.manager import DatabaseManager
from database.moderation import Case, CaseFilter, CasesStore, NewCase, Sanction, SanctionsStore

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
TOWN, ELSEWHERE = 1, 2


def new(target: int | None, kind: str = "ban", **fields: Any) -> NewCase:
    return NewCase(
        **{
            "guild_id": TOWN, "kind": kind, "source": "command", "moderator_name": "mona", "opened_at": NOW,
            "target_id": target, "target_name": None if target is None else f"Raider {target}", "message_id": 9,
            **fields,
        }
    )  # fmt: skip


@pytest.fixture
def cases(db: DatabaseManager) -> CasesStore:
    return CasesStore(db)


@pytest.fixture
def batches(db: DatabaseManager) -> CaseBatches:
    return CaseBatches(db)


async def opened(batches: CaseBatches, count: int) -> list[Case]:
    return await batches.open([new(target) for target in range(1, count + 1)])


async def test_what_is_kept_comes_back(cases: CasesStore, batches: CaseBatches):
    await cases.open(new(None, "massban"))
    wanted = [new(target, state_before={"roles": [target]}, details={"x": 1}, parent=1) for target in range(1, 501)]
    got = await batches.open(wanted)
    assert [case.number for case in got] == list(range(2, 502))
    assert [(case.target_id, case.state_before, case.parent, case.status) for case in got[:2]] == [
        (1, {"roles": [1]}, 1, "pending"), (2, {"roles": [2]}, 1, "pending"),
    ]  # fmt: skip
    assert got == await cases.find(TOWN, CaseFilter(parent=1), limit=1000, oldest_first=True)
    assert (await cases.open(new(None, "massban", message_id=10))).number == 502
    assert [case.number for case in await cases.find(TOWN, CaseFilter(text="RAIDER 77"), limit=5)] == [78]
    assert await batches.open([]) == []


async def test_few_statements(db: DatabaseManager, batches: CaseBatches):
    seen: list[str] = []
    db.on_statement = lambda text, *_rest: seen.append(text)
    got = await opened(batches, 500)
    await batches.settle(TOWN, [case.number for case in got], "done", NOW)
    await SanctionsStore(db).put(*[Sanction(TOWN, case.target_id or 0, "ban", case.number) for case in got])
    db.on_statement = None
    assert len(seen) == 5


async def test_one_that_was_there_before_leaves_nothing(cases: CasesStore, batches: CaseBatches):
    await cases.open(new(3))
    with pytest.raises(ConstraintViolated):
        await opened(batches, 5)
    assert (await cases.open(new(6))).number == 2
    assert await cases.count(TOWN, CaseFilter()) == 2


async def test_no_holes_when_many_are_opened_at_once(cases: CasesStore, batches: CaseBatches):
    await asyncio.gather(
        *(batches.open([new(target, message_id=number) for target in range(1, 21)]) for number in range(20, 30)),
        *(cases.open(new(1, message_id=number)) for number in range(30, 80)),
        batches.open([replace(new(1), guild_id=ELSEWHERE)]),
    )
    rows = await cases.find(TOWN, CaseFilter(), limit=1000, oldest_first=True)
    assert [case.number for case in rows] == list(range(1, 251))
    together: dict[int | None, list[int]] = {}
    for case in rows:
        together.setdefault(case.message_id, []).append(case.number)
    assert all(numbers == list(range(numbers[0], numbers[0] + len(numbers))) for numbers in together.values())


async def test_only_what_is_pending_is_settled(cases: CasesStore, batches: CaseBatches):
    one, two, three = await opened(batches, 3)
    await cases.settle(one, "failed", NOW, failure="gone")
    settled = await batches.settle(TOWN, [three.number, two.number, one.number, 99], "done", NOW)
    assert [(case.number, case.status, case.settled_at) for case in settled] == [(2, "done", NOW), (3, "done", NOW)]
    assert await batches.settle(TOWN, [2, 3], "failed", NOW, failure="no") == []
    assert await batches.settle(TOWN, [], "done", NOW) == []
    assert await batches.settle(ELSEWHERE, [1], "done", NOW) == []
    kept = await cases.get(TOWN, 1)
    assert kept is not None
    assert (kept.status, kept.failure) == ("failed", "gone")


async def test_how_the_parts_stand(cases: CasesStore, batches: CaseBatches):
    await cases.open(new(None, "massban"))
    await batches.open([new(target, parent=1) for target in range(1, 6)])
    await cases.open(new(None, "undo", parent=1))
    await batches.settle(TOWN, [2, 3], "done", NOW)
    await batches.settle(TOWN, [4], "failed", NOW, failure="no")
    assert await batches.statuses_of_parts(TOWN, 1, "ban") == {"done": 2, "failed": 1, "pending": 2}
    assert await batches.statuses_of_parts(TOWN, 2, "ban") == {}


async def test_the_parts_can_be_left_out(cases: CasesStore, batches: CaseBatches):
    await cases.open(new(None, "massban"))
    await batches.open([new(1, parent=1), new(2, parent=1)])
    warning = await cases.open(new(1, "warn"))
    by_rule = await cases.open(new(1, source="escalation", parent=warning.number))
    alone = await cases.open(new(3))
    found = await cases.find(TOWN, CaseFilter(without_parts=True), limit=10, oldest_first=True)
    assert [case.number for case in found] == [1, warning.number, by_rule.number, alone.number]


async def test_the_case_of_a_message_without_a_target(cases: CasesStore):
    assert await cases.by_message(TOWN, 9, "massban", None) is None
    await cases.open(new(None, "massban"))
    found = await cases.by_message(TOWN, 9, "massban", None)
    assert found is not None
    assert found.number == 1
    assert await cases.by_message(TOWN, 9, "massban", 5) is None
    await cases.describe(found, {"banned": 3})
    kept = await cases.get(TOWN, 1)
    assert kept is not None
    assert kept.details == {"banned": 3}


async def test_what_is_in_force_for_many(db: DatabaseManager):
    store = SanctionsStore(db)
    await store.put(*[Sanction(TOWN, user, "ban", user) for user in range(1, 401)])
    await store.put(
        Sanction(TOWN, 5, "ban", 900), Sanction(TOWN, 5, "timeout", 901), Sanction(ELSEWHERE, 6, "ban", 1)
    )
    await store.put()
    found = await store.of_many(TOWN, [5, 6, 4000], "ban")
    assert [(one.user_id, one.number) for one in found] == [(5, 900), (6, 6)]
    assert await store.of_many(TOWN, [], "ban") == []
