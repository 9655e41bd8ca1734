"""Reports, who made them, and what became of them: the tables, on both engines."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from database.errors import ConstraintViolated
from database.manager import DatabaseManager
from database.reports import MessageCopy, NewReport, Report, ReportsStore, Voice

NOW = datetime(2026, 1, 1, 12, 0, 0, 123_000, tzinfo=UTC)
DAY = timedelta(days=1)
TOWN, ELSEWHERE = 1, 2
ANN, BOB, EVE = 11, 22, 33
MONA, MAX = 44, 55
COPY = MessageCopy(7, 8, NOW - DAY, "Äh, «no» 100%", ("a.png", "b.txt"))


def new(**fields: Any) -> NewReport:
    return NewReport(
        **{"guild_id": TOWN, "target_id": BOB, "target_name": "bob", "opened_at": NOW, "message": COPY, **fields}
    )


def voice(command_id: int, by: int = ANN, **fields: Any) -> Voice:
    return Voice(**{"command_id": command_id, "reporter_id": by, "why": "spam", "said_at": NOW, **fields})


@pytest.fixture
def reports(db: DatabaseManager) -> ReportsStore:
    return ReportsStore(db)


async def taken(reports: ReportsStore, command_id: int = 1, by: int = ANN, **fields: Any) -> Report:
    report, _is_new = await reports.take(new(**fields), voice(command_id, by))
    return report


async def test_what_is_kept_comes_back(reports: ReportsStore):
    report, is_new = await reports.take(new(), voice(1))
    assert is_new
    assert await reports.get(report.id) == report
    assert (report.message, report.message_id, report.target_name) == (COPY, 8, "bob")
    assert (report.claimed_by, report.resolved_at, report.texts_removed) == (None, None, False)
    assert await reports.voices(report.id) == [voice(1)]
    person, _is_new = await reports.take(new(message=None), voice(2))
    assert (person.message, person.message_id) == (None, 0)


async def test_an_open_one_is_joined_and_a_resolved_one_is_not(reports: ReportsStore):
    first = await taken(reports)
    joined, is_new = await reports.take(new(), voice(2, EVE))
    assert (joined.id, is_new) == (first.id, False)
    assert [one.reporter_id for one in await reports.voices(first.id)] == [ANN, EVE]
    assert await reports.resolve(first.id, "acted", "muted", MONA, NOW) is not None
    later, is_new = await reports.take(new(), voice(3, MAX))
    assert is_new
    assert later.id > first.id
    assert await reports.count_before(later) == 1


async def test_other_guilds_people_and_messages_are_others(reports: ReportsStore):
    first = await taken(reports)
    others = [
        await taken(reports, 2, guild_id=ELSEWHERE),
        await taken(reports, 3, target_id=EVE, message=MessageCopy(7, 9, NOW, None)),
        await taken(reports, 4, message=None),
    ]
    assert len({first.id, *(one.id for one in others)}) == 4
    assert await reports.count_before(others[2]) == 1


async def test_a_message_is_reported_once_by_each_also_when_resolved(reports: ReportsStore):
    first = await taken(reports)
    with pytest.raises(ConstraintViolated):
        await taken(reports, 2)
    await reports.resolve(first.id, "dismissed", None, MONA, NOW)
    with pytest.raises(ConstraintViolated):
        await taken(reports, 3)
    assert len(await reports.find(TOWN, open_only=False, limit=9)) == 1, "nothing is left of what was refused"
    found = await reports.voice_on(TOWN, ANN, 8)
    assert found is not None
    assert (found[0].command_id, found[1].id) == (1, first.id)
    assert await reports.voice_on(TOWN, EVE, 8) is None


async def test_a_person_is_reported_again_but_by_one_command_once(reports: ReportsStore):
    first = await taken(reports, 1, message=None)
    assert (await taken(reports, 2, message=None)).id == first.id
    with pytest.raises(ConstraintViolated):
        await taken(reports, 2, message=None)
    assert len(await reports.voices(first.id)) == 2


async def test_a_race_of_reporters_makes_one_report(reports: ReportsStore):
    results = await asyncio.gather(*(reports.take(new(), voice(number, 100 + number)) for number in range(20)))
    assert len({report.id for report, _is_new in results}) == 1
    assert [is_new for _report, is_new in results].count(True) == 1
    assert len(await reports.voices(results[0][0].id)) == 20


async def test_a_race_of_claims_has_one_winner(reports: ReportsStore):
    report = await taken(reports)
    claims = await asyncio.gather(*(reports.claim(report.id, by, NOW) for by in range(100, 110)))
    [winner] = [claim for claim in claims if claim is not None]
    now = await reports.get(report.id)
    assert now == winner
    assert now is not None
    assert (now.claimed_at, now.claimed_by is not None) == (NOW, True)


async def test_a_race_of_resolutions_has_one_winner(reports: ReportsStore):
    report = await taken(reports)
    ends = await asyncio.gather(*(reports.resolve(report.id, "acted", str(by), by, NOW) for by in range(100, 110)))
    [winner] = [end for end in ends if end is not None]
    assert (winner.note, winner.outcome, winner.resolved_at) == (str(winner.resolved_by), "acted", NOW)
    assert await reports.claim(report.id, MONA, NOW) is None


async def test_only_who_claimed_it_releases_it(reports: ReportsStore):
    report = await taken(reports)
    assert await reports.release(report.id, MONA) is None
    await reports.claim(report.id, MONA, NOW)
    assert await reports.release(report.id, MAX) is None
    released = await reports.release(report.id, MONA)
    assert released is not None
    assert (released.claimed_by, released.claimed_at) == (None, None)


async def test_finding(reports: ReportsStore):
    first = await taken(reports)
    second = await taken(reports, 2, target_id=EVE, message=None)
    await taken(reports, 3, guild_id=ELSEWHERE)
    await reports.resolve(first.id, "acted", None, MONA, NOW)
    assert [one.id for one in await reports.find(TOWN, limit=9)] == [second.id]
    assert [one.id for one in await reports.find(TOWN, open_only=False, limit=9)] == [second.id, first.id]
    assert [one.id for one in await reports.find(TOWN, open_only=False, limit=1)] == [second.id]
    assert [one.id for one in await reports.find(TOWN, target_id=BOB, open_only=False, limit=9)] == [first.id]


async def test_where_open_ones_are_shown(reports: ReportsStore):
    first, second = await taken(reports), await taken(reports, 2, target_id=EVE, message=None)
    elsewhere = await taken(reports, 3, guild_id=ELSEWHERE)
    await reports.shown(first.id, 70, 80)
    assert await reports.open_places(TOWN) == [(first.id, TOWN, 70), (second.id, TOWN, None)]
    await reports.resolve(second.id, "acted", None, MONA, NOW)
    assert await reports.open_places() == [(first.id, TOWN, 70), (elsewhere.id, ELSEWHERE, None)]
    shown = await reports.get(first.id)
    assert shown is not None
    assert (shown.staff_channel_id, shown.staff_message_id) == (70, 80)


async def test_what_a_member_reported_lately(reports: ReportsStore):
    await reports.take(new(), voice(2, said_at=NOW - DAY))
    await reports.take(new(message=None), voice(1, said_at=NOW))
    await reports.take(new(message=None), voice(3, EVE))
    await reports.take(new(guild_id=ELSEWHERE), voice(4))
    assert [one.command_id for one in await reports.voices_since(TOWN, ANN, NOW - DAY)] == [2, 1]
    assert [one.command_id for one in await reports.voices_since(TOWN, ANN, NOW)] == [1]


async def test_texts_are_removed_of_what_was_resolved_long_ago(reports: ReportsStore):
    old, young, still_open = (
        await taken(reports), await taken(reports, 2, target_id=EVE, message=None),
        await taken(reports, 3, target_id=MAX, message=None),
    )  # fmt: skip
    await reports.resolve(old.id, "acted", "muted", MONA, NOW - DAY)
    await reports.resolve(young.id, "acted", "muted", MONA, NOW)
    assert await reports.remove_texts(NOW) == 1
    assert await reports.remove_texts(NOW) == 0
    now = await reports.get(old.id)
    assert now is not None
    assert now.message == MessageCopy(7, 8, NOW - DAY, None)
    assert (now.note, now.outcome, now.resolved_by, now.texts_removed) == (None, "acted", MONA, True)
    assert [[one.why for one in await reports.voices(id_)] for id_ in (old.id, young.id, still_open.id)] == [
        [None], ["spam"], ["spam"],
    ]  # fmt: skip


async def test_blocks(reports: ReportsStore):
    assert await reports.block(TOWN, ANN, MONA, NOW)
    assert not await reports.block(TOWN, ANN, MAX, NOW)
    assert await reports.is_blocked(TOWN, ANN)
    assert not await reports.is_blocked(ELSEWHERE, ANN)
    assert await reports.unblock(TOWN, ANN)
    assert not await reports.unblock(TOWN, ANN)
    assert not await reports.is_blocked(TOWN, ANN)


async def test_a_trouble_is_news_once_for_each_channel(reports: ReportsStore):
    assert await reports.is_in_trouble(TOWN, 7)
    assert not await reports.is_in_trouble(TOWN, 7)
    assert await reports.is_in_trouble(TOWN, 8)
    await reports.works(TOWN)
    assert await reports.is_in_trouble(TOWN, 8)
