"""Cases, their changes, and what is in force: the tables, on both engines."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from database.errors import ConstraintViolated
from database.manager import DatabaseManager
from database.moderation import Case, CaseFilter, CasesStore, NewCase, Sanction, SanctionsStore

NOW = datetime(2026, 1, 1, 12, 0, 0, 123_000, tzinfo=UTC)
DAY = timedelta(days=1)
TOWN, ELSEWHERE = 1, 2
ANN, BOB = 11, 22
MONA, MAX = 33, 44


def new(**fields: Any) -> NewCase:
    return NewCase(
        **{
            "guild_id": TOWN, "kind": "warn", "source": "command", "moderator_id": MONA, "moderator_name": "mona",
            "target_id": ANN, "target_name": "ann", "reason": "spam", "opened_at": NOW, **fields,
        }
    )  # fmt: skip


@pytest.fixture
def cases(db: DatabaseManager) -> CasesStore:
    return CasesStore(db)


@pytest.fixture
def sanctions(db: DatabaseManager) -> SanctionsStore:
    return SanctionsStore(db)


async def done(cases: CasesStore, **fields: Any) -> Case:
    settled = await cases.settle(await cases.open(new(**fields)), "done", NOW)
    assert settled is not None
    return settled


async def found(cases: CasesStore, **wanted: Any) -> list[int]:
    return [case.number for case in await cases.find(TOWN, CaseFilter(**wanted), limit=100)]


# --- Opening and settling ----------------------------------------------------------------------------------


async def test_what_is_kept_comes_back(cases: CasesStore):
    wanted = new(
        reason="Äh, «no» 100%", ends_at=NOW + DAY, points=2, state_before={"roles": [1, 2]}, details={"days": 7},
        channel_id=5, message_id=6, parent=3,
    )  # fmt: skip
    opened = await cases.open(wanted)
    assert (opened.number, opened.status, opened.settled_at, opened.told) == (1, "pending", None, None)
    assert all(getattr(opened, name) == getattr(wanted, name) for name in NewCase.__dataclass_fields__)
    assert await cases.get(TOWN, 1) == opened
    assert await cases.get(ELSEWHERE, 1) is None
    assert await cases.get(TOWN, 2) is None


async def test_each_guild_counts_from_one(cases: CasesStore):
    numbers = [(await cases.open(new(guild_id=guild))).number for guild in (TOWN, TOWN, ELSEWHERE, TOWN)]
    assert numbers == [1, 2, 1, 3]


async def test_fifty_at_once_get_fifty_numbers(cases: CasesStore):
    opened = await asyncio.gather(*(cases.open(new(target_id=target)) for target in range(50)))
    assert sorted(case.number for case in opened) == list(range(1, 51))


async def test_a_message_does_a_thing_once_and_wastes_no_number(cases: CasesStore):
    async def attempt() -> bool:
        try:
            await cases.open(new(message_id=7))
        except ConstraintViolated:
            return False
        return True

    assert sorted(await asyncio.gather(*(attempt() for _ in range(5)))) == [False] * 4 + [True]
    assert (await cases.open(new(message_id=7, target_id=BOB))).number == 2
    assert (await cases.open(new(message_id=7, kind="kick"))).number == 3
    assert (await cases.open(new(message_id=7, source="escalation"))).number == 4


async def test_a_message_locks_once_too(cases: CasesStore):
    """A lock is done to nobody, and NULL is like no other NULL."""
    lock = new(message_id=7, kind="lock", target_id=None, target_name=None)

    async def attempt() -> bool:
        try:
            await cases.open(lock)
        except ConstraintViolated:
            return False
        return True

    assert sorted(await asyncio.gather(*(attempt() for _ in range(5)))) == [False] * 4 + [True]
    assert (await cases.by_message(TOWN, 7, "lock", None)).number == 1
    assert await cases.by_message(TOWN, 7, "lock", ANN) is None
    assert (await cases.open(replace(lock, kind="unlock"))).number == 2


async def test_a_case_is_settled_once(cases: CasesStore):
    case = await cases.open(new())
    answers = await asyncio.gather(
        cases.settle(case, "done", NOW), cases.settle(case, "failed", NOW, failure="Discord refused")
    )
    assert sorted(answer is None for answer in answers) == [False, True]
    [settled] = [answer for answer in answers if answer]
    assert await cases.get(TOWN, 1) == settled


async def test_what_became_known_while_pending_stays(cases: CasesStore):
    case = await cases.open(new())
    await cases.was_told(case, "closed")
    await cases.logged(case, 8, 9)
    settled = await cases.settle(case, "done", NOW)
    assert settled is not None
    assert (settled.told, settled.log_channel_id, settled.log_message_id) == ("closed", 8, 9)


async def test_pending_ones_are_found_once_they_are_old(cases: CasesStore):
    case = await cases.open(new())
    await done(cases)
    assert await cases.pending(NOW) == []
    assert await cases.pending(NOW + DAY) == [case]


async def test_only_what_was_done_is_undone_and_once(cases: CasesStore):
    pending = await cases.open(new())
    assert not await cases.undone(TOWN, pending.number, by=MONA, at=NOW)
    case = await done(cases)
    tries = [cases.undone(TOWN, case.number, by=MONA, at=NOW) for _ in range(4)]
    assert sorted(await asyncio.gather(*tries)) == [False] * 3 + [True]
    (change,) = await cases.changes(TOWN, case.number)
    assert (change.field, change.old_value, change.new_value, change.changed_by) == ("status", "done", "undone", MONA)


# --- Finding -----------------------------------------------------------------------------------------------


async def test_filters(cases: CasesStore):
    await done(cases)
    await done(cases, target_id=BOB, kind="ban", reason="raid")
    await done(cases, moderator_id=MAX, kind="note", reason=None, opened_at=NOW + DAY)
    await done(cases, guild_id=ELSEWHERE)
    await cases.open(new(kind="kick", parent=2))
    assert await found(cases) == [4, 3, 2, 1]
    assert await found(cases, target_id=ANN) == [4, 3, 1]
    assert await found(cases, moderator_id=MAX) == [3]
    assert await found(cases, kinds=("ban", "note")) == [3, 2]
    assert await found(cases, without_kinds=("ban", "note")) == [4, 1]
    assert await found(cases, statuses=("pending",)) == [4]
    assert await found(cases, parent=2) == [4]
    assert await found(cases, after_number=2) == [4, 3]
    assert await found(cases, since=NOW + DAY) == [3]
    assert await found(cases, until=NOW + DAY) == [4, 2, 1]
    assert await found(cases, kinds=("warn",), moderator_id=MAX) == []
    assert await cases.count(TOWN, CaseFilter(target_id=ANN)) == 3


async def test_pages_and_order(cases: CasesStore):
    for _ in range(5):
        await cases.open(new())
    everything = CaseFilter()
    assert [case.number for case in await cases.find(TOWN, everything, limit=2, offset=2)] == [3, 2]
    assert [case.number for case in await cases.find(TOWN, everything, limit=2, oldest_first=True)] == [1, 2]
    assert [case.number for case in await cases.numbered(TOWN, [4, 2, 99])] == [2, 4]
    assert await cases.numbered(TOWN, []) == []


TEXTS = ("100% sure", "100 percent", "a_b", "aXb", "back\\slash", "GROSSE Straße ÄÖÜ", "it's; DROP TABLE cases;--")


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("100%", [1]), ("a_b", [3]), ("\\", [5]), ("%", [1]), ("_", [3]), ("grosse", [6]), ("äöü", [6]),
        ("STRASSE", [6]), ("';", []), ("it's; d", [7]), ("%'", []), ("BOB", [7]), ("", [7, 6, 5, 4, 3, 2, 1]),
    ],
)  # fmt: skip
async def test_text_is_found_as_written_whatever_its_case(cases: CasesStore, text: str, fits: list[int]):
    for reason in TEXTS:
        await cases.open(new(reason=reason, target_name="Bob" if reason == TEXTS[-1] else "ann"))
    assert await found(cases, text=text) == fits


async def test_a_changed_reason_is_what_is_searched(cases: CasesStore):
    case = await done(cases, reason="spam")
    await cases.amend(case, {"reason": "RAID"}, by=MONA, at=NOW)
    assert await found(cases, text="raid") == [1]
    assert await found(cases, text="spam") == []
    assert await found(cases, text="ann") == [1]


async def test_what_is_in_force(cases: CasesStore, sanctions: SanctionsStore):
    await done(cases, points=1, ends_at=NOW + DAY)
    await done(cases, points=1, ends_at=NOW - DAY)
    ban = await done(cases, kind="ban")
    await done(cases, kind="ban", target_id=BOB)
    await done(cases, kind="kick")
    await sanctions.put(Sanction(TOWN, ANN, "ban", ban.number))
    assert await found(cases, in_force_at=NOW) == [3, 1]
    assert await cases.undone(TOWN, 1, by=MONA, at=NOW)
    assert await found(cases, in_force_at=NOW) == [3]


async def test_the_latest(cases: CasesStore):
    assert await cases.latest(TOWN) is None
    await done(cases)
    await done(cases, moderator_id=MAX)
    await done(cases, guild_id=ELSEWHERE)
    latest, monas = await cases.latest(TOWN), await cases.latest(TOWN, moderator_id=MONA)
    assert latest is not None
    assert monas is not None
    assert (latest.number, monas.number) == (2, 1)
    assert await cases.latest(TOWN, moderator_id=99) is None


async def test_people_by_the_name_they_had(cases: CasesStore):
    for target in (ANN, ANN, BOB):
        await done(cases, target_id=target)
    await done(cases, target_id=99, target_name="gone")
    await done(cases, target_id=77, target_name="gone", guild_id=ELSEWHERE)
    assert await cases.targets_named(TOWN, "ann") == [ANN, BOB]
    assert await cases.targets_named(TOWN, "gone") == [99]
    assert await cases.targets_named(TOWN, "nobody") == []


async def test_counting(cases: CasesStore):
    for kind, moderator in (("warn", MONA), ("warn", MONA), ("ban", MONA), ("warn", MAX), ("kick", None)):
        await done(cases, kind=kind, moderator_id=moderator)
    everything = CaseFilter()
    assert list((await cases.counts_by_kind(TOWN, everything)).items()) == [("warn", 3), ("ban", 1), ("kick", 1)]
    assert await cases.counts_by_moderator(TOWN, everything) == {
        MONA: {"warn": 2, "ban": 1}, MAX: {"warn": 1}, None: {"kick": 1},
    }  # fmt: skip


async def test_points_that_count(cases: CasesStore):
    await done(cases, points=1)
    await done(cases, points=2, ends_at=NOW + DAY)
    await done(cases, points=4, ends_at=NOW)
    await done(cases, points=8, opened_at=NOW - 10 * DAY)
    await done(cases, points=16, target_id=BOB)
    await cases.open(new(points=32))
    undone = await done(cases, points=64)
    await cases.undone(TOWN, undone.number, by=MONA, at=NOW)
    assert await cases.points(TOWN, ANN, since=None, now=NOW) == 11
    assert await cases.points(TOWN, ANN, since=NOW - DAY, now=NOW) == 3
    assert await cases.points(TOWN, ANN, since=None, now=NOW + 2 * DAY) == 9
    assert await cases.points(TOWN, 99, since=None, now=NOW) == 0


# --- Amending ----------------------------------------------------------------------------------------------


async def test_changes_are_written_down(cases: CasesStore):
    case = await done(cases, ends_at=NOW)
    amended = await cases.amend(case, {"reason": "raid", "ends_at": NOW + DAY}, by=MAX, at=NOW + DAY)
    assert (amended.reason, amended.ends_at) == ("raid", NOW + DAY)
    first, second = await cases.changes(TOWN, case.number)
    assert (first.field, first.old_value, first.new_value, first.changed_by) == ("reason", "spam", "raid", MAX)
    assert (second.field, second.old_value, second.new_value) == (
        "ends_at", NOW.isoformat(), (NOW + DAY).isoformat(),
    )  # fmt: skip
    assert first.changed_at == NOW + DAY
    assert await cases.changes(ELSEWHERE, case.number) == []


async def test_no_change_is_none(cases: CasesStore):
    case = await done(cases)
    assert await cases.amend(case, {"reason": "spam"}, by=MAX, at=NOW) == case
    assert await cases.changes(TOWN, case.number) == []


async def test_changes_in_a_race_make_one_story(cases: CasesStore):
    case = await done(cases, reason="0")
    await asyncio.gather(*(cases.amend(case, {"reason": str(one)}, by=MAX, at=NOW) for one in range(1, 9)))
    changes = await cases.changes(TOWN, case.number)
    assert len(changes) == 8
    story = {change.old_value: change.new_value for change in changes}
    value: str | None = "0"
    for _ in range(8):
        value = story[value]
    last = await cases.get(TOWN, case.number)
    assert last is not None
    assert last.reason == value


async def test_a_case_that_is_not_there_cant_be_changed(cases: CasesStore):
    case = await done(cases)
    with pytest.raises(LookupError):
        await cases.amend(replace(case, number=99), {"reason": "x"}, by=MAX, at=NOW)
    assert await cases.changes(TOWN, 99) == []


async def test_changes_of_many(cases: CasesStore):
    for _ in range(3):
        case = await done(cases)
        await cases.amend(case, {"reason": f"was {case.number}"}, by=MAX, at=NOW)
    changes = await cases.changes_between(TOWN, 2, 3)
    assert {number: [one.new_value for one in found] for number, found in changes.items()} == {
        2: ["was 2"], 3: ["was 3"],
    }  # fmt: skip


# --- The log's trouble, and sanctions ----------------------------------------------------------------------


async def test_trouble_is_told_once_a_channel(cases: CasesStore):
    told = await asyncio.gather(*(cases.log_is_in_trouble(TOWN, 5) for _ in range(4)))
    assert sorted(told) == [False] * 3 + [True]
    assert await cases.log_is_in_trouble(TOWN, 6)
    assert await cases.log_is_in_trouble(ELSEWHERE, 6)
    await cases.log_works(TOWN)
    assert await cases.log_is_in_trouble(TOWN, 6)
    assert not await cases.log_is_in_trouble(ELSEWHERE, 6)


async def test_a_sanction_replaces_the_one_before(sanctions: SanctionsStore):
    first = Sanction(TOWN, ANN, "ban", 1, NOW + DAY, 77)
    second = Sanction(TOWN, ANN, "ban", 2)
    await sanctions.put(first)
    assert await sanctions.get(TOWN, ANN, "ban") == first
    assert await sanctions.of_timer(77) == first
    await sanctions.put(second)
    assert await sanctions.of(TOWN, ANN) == [second]
    assert await sanctions.of_timer(77) is None
    assert not await sanctions.remove(first), "another case's is in force now"
    assert sorted(await asyncio.gather(*(sanctions.remove(second) for _ in range(3)))) == [False, False, True]
    assert await sanctions.of(TOWN, ANN) == []


async def test_sanctions_of_different_kinds_stand_side_by_side(sanctions: SanctionsStore):
    kept = [
        Sanction(TOWN, ANN, "role", 1, role_id=5),
        Sanction(TOWN, ANN, "role", 2, role_id=6),
        Sanction(TOWN, ANN, "timeout", 3),
    ]
    for one in [*kept, Sanction(TOWN, BOB, "ban", 4), Sanction(ELSEWHERE, ANN, "ban", 1)]:
        await sanctions.put(one)
    assert await sanctions.of(TOWN, ANN) == kept
    assert await sanctions.get(TOWN, ANN, "role") is None
