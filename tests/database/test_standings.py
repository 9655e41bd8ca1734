"""Standings: whatever is done to them, ranks and boards are those of the rows; what the tables refuse."""

# ruff: noqa: PT012 - what a change raises is raised by its whole block

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from database import standings as module
from database.errors import ConstraintViolated, DatabaseError
from database.manager import DatabaseManager
from database.standing_values import BOARDS, MOST, Gain, Standing, bucket_of, bucket_start, period_start
from database.standings import KEPT_DAYS, StandingsStore
from tests.support.standings import prove_standings

TOWN = 1
SUNDAY = date(2026, 3, 1)
DAYS = [SUNDAY + timedelta(days=number) for number in (0, 1, 2)]  # the last of a week, and two of the next
PEOPLE = 3
PERIODS = ("day", "week")

guilds = count(1000)
"""A new one for each example that hypothesis tries on the same database."""


@pytest.fixture
def store(db: DatabaseManager) -> StandingsStore:
    return StandingsStore(db)


# --- buckets

values = st.one_of(st.integers(0, 2_000), st.integers(0, MOST), st.integers(0, 50).map(lambda power: 2**power - 1))


@given(values, values)
def test_a_larger_value_is_in_no_lower_bucket(one, two):
    low, high = sorted((one, two))
    assert bucket_of(low) <= bucket_of(high)
    assert bucket_start(bucket_of(low)) <= low < bucket_start(bucket_of(low) + 1)


@given(st.integers(0, 64 * 50))
def test_a_bucket_begins_where_it_begins(bucket):
    assert bucket_of(bucket_start(bucket)) == bucket
    assert bucket_of(bucket_start(bucket + 1) - 1) == bucket


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)))
def test_weeks_begin_on_monday(day):
    monday = day - timedelta(days=day.isoweekday() - 1)
    assert period_start("week", day) == period_start("day", monday) == (monday - date(1970, 1, 1)).days


# --- any sequence of changes, beside standings on paper


@dataclass
class Paper:
    """The same standings in dictionaries."""

    standings: dict[int, Standing] = field(default_factory=dict)
    recent: dict[tuple[str, int, int], list[int]] = field(default_factory=dict)
    batches: set[int] = field(default_factory=set)

    def of(self, user_id: int) -> Standing:
        return self.standings.get(user_id, Standing(user_id))

    def add(self, gains: dict[int, Gain], today: date | None) -> None:
        for user_id, gain in gains.items():
            before = self.of(user_id)
            now = [min(max(0, before.value(board) + getattr(gain, board)), MOST) for board in BOARDS]
            is_there = before.present or gain.messages > 0 or gain.voice_minutes > 0
            self.put(Standing(user_id, *now, is_there))
            for period in PERIODS if today is not None else ():
                key = (period, period_start(period, today), user_id)
                sums = self.recent.get(key, [0, 0, 0])
                self.recent[key] = [
                    min(max(0, one + getattr(gain, board)), MOST) for one, board in zip(sums, BOARDS, strict=True)
                ]

    def put(self, standing: Standing) -> None:
        if standing != self.of(standing.user_id):
            self.standings[standing.user_id] = standing

    def board(self, board: str) -> list[Standing]:
        ranked = [one for one in self.standings.values() if one.present and one.value(board)]
        return sorted(ranked, key=lambda one: (-one.value(board), one.user_id))

    def recent_board(self, period: str, today: date, board: str) -> list[Standing]:
        ranked = [
            Standing(user_id, *sums)
            for (of, starts_on, user_id), sums in self.recent.items()
            if of == period and starts_on == period_start(period, today) and self.of(user_id).present
        ]
        return sorted((one for one in ranked if one.value(board)), key=lambda one: (-one.value(board), one.user_id))


amounts = st.one_of(st.integers(-30, 300), st.sampled_from([0, 127, 128, -MOST, MOST, 10 * MOST, 1_000_000]))
gains = st.builds(Gain, amounts, st.integers(-3, 200), st.integers(-2, 200))
people = st.integers(1, PEOPLE)
kept = st.one_of(st.integers(0, 300), st.integers(0, MOST))
steps = st.one_of(
    st.tuples(
        st.just("add"), st.dictionaries(people, gains, min_size=1), st.sampled_from([*DAYS, None]), st.integers(1, 4)
    ),
    st.tuples(st.just("put"), st.lists(st.builds(Standing, people, kept, kept, kept, st.booleans()), max_size=4)),
    st.tuples(st.just("mark"), st.sets(people), st.booleans()),
    st.tuples(st.just("fail"), st.dictionaries(people, gains)),
)  # fmt: skip


AGAIN = [  # what is lost is no more than there was; who is back counts again; sums have an end
    ("add", {1: Gain(200, 2, 2), 2: Gain(130, 1)}, SUNDAY, 1),
    ("mark", {1, 2}, False),
    ("add", {1: Gain(-300, -3, -3), 2: Gain(-2, 0)}, SUNDAY, 2),
    ("add", {1: Gain(5, 1), 3: Gain(MOST, 1)}, SUNDAY, 3),
    ("add", {2: Gain(5, 0, 1), 3: Gain(10 * MOST, 1)}, SUNDAY, 4),
    ("add", {2: Gain(5)}, DAYS[1], 4),
]


class Broken(Exception):
    """An error at the end of a change."""


async def do(store: StandingsStore, paper: Paper, guild_id: int, step: Any) -> None:
    """Do a step on both; of a batch that has an id already, nothing."""
    match step:
        case "add", gained, today, batch_id:
            if today is None:
                async with store.change(guild_id) as change:
                    await change.add(gained)
            else:
                before = {user_id: paper.of(user_id) for user_id in gained}
                moves = await store.add_batch(guild_id, batch_id, gained, today=today)
                if batch_id in paper.batches:
                    assert moves == {}
                    return
                paper.batches.add(batch_id)
                assert {one.user_id: one.before for one in moves.values()}.items() <= before.items()
            paper.add(gained, today)
        case "put", new:
            async with store.change(guild_id) as change:
                await change.put(new)
            for one in {one.user_id: one for one in new}.values():
                paper.put(one)
        case "mark", user_ids, present:
            async with store.change(guild_id) as change:
                await change.mark(user_ids, present=present)
            for user_id in user_ids & paper.standings.keys():
                paper.put(replace(paper.of(user_id), present=present))
        case "fail", gained:
            with pytest.raises(Broken):
                async with store.change(guild_id) as change:
                    await change.add(gained, today=DAYS[0])
                    raise Broken


async def compare(store: StandingsStore, paper: Paper, guild_id: int) -> None:
    """All that can be asked of the standings, beside the paper."""
    assert await store.get_many(guild_id, range(1, PEOPLE + 1)) == {
        one: paper.of(one) for one in range(1, PEOPLE + 1)
    }
    assert [one async for some in store.all(guild_id) for one in some] == sorted(
        paper.standings.values(), key=lambda one: one.user_id
    )
    for board in BOARDS:
        ranked = paper.board(board)
        assert await store.top(guild_id, board, limit=9) == ranked
        assert await store.top(guild_id, board, limit=1, offset=1) == ranked[1:2]
        assert await store.count(guild_id, board) == len(ranked)
        for one in ranked[:2]:
            above = [other for other in ranked if other.value(board) > one.value(board)]
            assert await store.rank(guild_id, one.value(board), board) == len(above) + 1
    for today in DAYS[:2]:
        for period in PERIODS:
            ranked = paper.recent_board(period, today, "xp")
            assert await store.recent_top(guild_id, period, today, limit=9) == ranked
            assert await store.recent_count(guild_id, period, today) == len(ranked)
            for one in ranked[-1:]:
                assert await store.recent(guild_id, period, today, one.user_id) == one
                assert await store.recent_rank(guild_id, period, today, one.xp) == 1 + sum(
                    other.xp > one.xp for other in ranked
                )


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(steps, min_size=1, max_size=8))
@example(AGAIN)
async def test_any_sequence_of_changes(store: StandingsStore, play):
    guild_id, paper = next(guilds), Paper()
    for step in play:
        await do(store, paper, guild_id, step)
        await prove_standings(store.db, guild_id)
    await compare(store, paper, guild_id)


# --- ranks among many


async def test_ranks_and_pages_among_many(store: StandingsStore, monkeypatch):
    """More than fit into one statement, with ties, leavers, and places deep down found by buckets."""
    monkeypatch.setattr(module, "PASSED_AT_MOST", 64)
    everybody = [
        Standing(one, xp=one * one * 7 % 1_000, messages=one % 3, present=one % 5 > 0) for one in range(1, 301)
    ]
    async with store.change(TOWN) as change:
        await change.put(everybody)
        assert len(change.moves) == len(everybody)
    ranked = sorted((one for one in everybody if one.present and one.xp), key=lambda one: (-one.xp, one.user_id))
    for offset in (0, 63, 64, 65, 150, len(ranked) - 1, len(ranked), 1_000):
        assert await store.top(TOWN, limit=10, offset=offset) == ranked[offset : offset + 10]
    for one in ranked[::23]:
        assert await store.rank(TOWN, one.xp) == 1 + sum(other.xp > one.xp for other in ranked)
    assert await store.rank(TOWN, 0) == len(ranked) + 1
    assert await store.rank(TOWN, MOST) == 1
    assert await store.top(2, limit=10) == []
    assert await store.rank(2, 5) == 1
    assert await prove_standings(store.db, TOWN) == len(everybody)


Asked = Callable[[StandingsStore], Awaitable[object]]
PLANS: dict[str, tuple[Asked, str]] = {
    "a rank": (lambda store: store.rank(TOWN, 500), "COVERING INDEX standings_by_xp (guild_id=? AND xp>? AND xp<?)"),
    "a rank by messages": (
        lambda store: store.rank(TOWN, 500, "messages"),
        "COVERING INDEX standings_by_messages (guild_id=? AND messages>? AND messages<?)",
    ),
    "a page": (lambda store: store.top(TOWN, limit=10), "COVERING INDEX standings_by_xp (guild_id=? AND xp<?)"),
    "a week's page": (
        lambda store: store.recent_top(TOWN, "week", SUNDAY, "voice_minutes", limit=10),
        "INDEX recent_standings_by_voice (guild_id=? AND period=? AND starts_on=?)",
    ),
    "a week's rank": (
        lambda store: store.recent_rank(TOWN, "week", SUNDAY, 500),
        "COVERING INDEX recent_standings_by_xp (guild_id=? AND period=? AND starts_on=? AND xp>?)",
    ),
}


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize("what", PLANS)
async def test_found_along_an_index(store: StandingsStore, what):
    ask, index = PLANS[what]
    seen: list[str] = []
    store.db.on_statement = lambda text, *_more: seen.append(text)
    await ask(store)
    store.db.on_statement = None
    values = max(int(number) for number in re.findall(r"\$(\d+)", seen[-1]))
    rows = await store.db.fetchall(f"EXPLAIN QUERY PLAN {seen[-1]}", *[None] * values)
    assert index in "\n".join(row["detail"] for row in rows)


# --- batches


async def test_a_batch_is_written_once_whoever_writes_between(store: StandingsStore, monkeypatch):
    """Its commit may be done although nobody heard of it; meanwhile other writers write theirs."""
    monkeypatch.setattr(module, "KEPT_BATCHES", 5)
    for batch_id in (7, 8, 7, 9, 8, 7):
        await store.add_batch(TOWN, batch_id, {1: Gain(xp=5, messages=1)}, today=SUNDAY)
    assert await store.get(TOWN, 1) == Standing(1, 15, 3)
    await store.add_batch(2, 7, {1: Gain(xp=5)}, today=SUNDAY)  # another guild's
    assert (await store.get(2, 1)).xp == 5
    for batch_id in range(100, 110):
        await store.add_batch(TOWN, batch_id, {1: Gain(xp=1)}, today=SUNDAY)
    kept = await store.db.fetchval("SELECT COUNT(*) FROM level_batches WHERE guild_id = $1", TOWN)
    assert kept == 5


async def test_changes_at_once_come_one_after_the_other(store: StandingsStore):
    """Batches, staff's changes and marks of the same people: none is lost, and none waits for ever."""

    async def give(number: int) -> None:
        await store.add_batch(TOWN, number, {one: Gain(xp=2, messages=1) for one in range(1, 9)}, today=SUNDAY)

    async def double(user_id: int) -> None:
        async with store.change(TOWN) as change:
            one = (await change.standings([user_id]))[user_id]
            await asyncio.sleep(0)
            await change.put([replace(one, voice_minutes=one.voice_minutes + 1)])

    async def mark(number: int) -> None:
        async with store.change(TOWN) as change:
            await change.mark([1, 2], present=number % 2 == 0)

    jobs = [job(number) for number in range(1, 9) for job in (give, double, mark)]
    async with asyncio.timeout(30):
        await asyncio.gather(*jobs)
    found = await store.get_many(TOWN, range(1, 9))
    assert {(one.xp, one.messages, one.voice_minutes) for one in found.values()} == {(16, 8, 1)}
    await prove_standings(store.db, TOWN)


async def test_a_change_is_a_transaction_of_its_own(store: StandingsStore):
    async with store.db.transaction():
        with pytest.raises(DatabaseError, match="a transaction of its own"):
            async with store.change(TOWN):
                raise AssertionError


async def test_old_days_are_forgotten(store: StandingsStore):
    await store.add_batch(TOWN, 1, {1: Gain(xp=5)}, today=SUNDAY - timedelta(days=KEPT_DAYS + 7))
    await store.add_batch(TOWN, 2, {1: Gain(xp=5)}, today=SUNDAY - timedelta(days=7))
    await store.forget_old(SUNDAY)
    assert (await store.recent(TOWN, "day", SUNDAY - timedelta(days=7), 1)).xp == 5
    assert await store.db.fetchval("SELECT COUNT(*) FROM recent_standings") == 2
    assert (await store.get(TOWN, 1)).xp == 10


# --- what the tables refuse

STANDING = "INSERT INTO standings (guild_id, user_id, xp, messages, voice_minutes) VALUES (1, 1, {}, {}, {})"
RECENT = (
    "INSERT INTO recent_standings (guild_id, period, starts_on, user_id, xp, messages, voice_minutes)"
    " VALUES (1, {}, 0, 1, {}, 0, 0)"
)
REFUSED = [
    STANDING.format(-1, 0, 0),
    STANDING.format(MOST + 1, 0, 0),
    STANDING.format(0, -1, 0),
    STANDING.format(0, 0, MOST + 1),
    RECENT.format("'year'", 1),
    RECENT.format("'day'", -1),
    RECENT.format("'day'", MOST + 1),
    "INSERT INTO standing_buckets (guild_id, board, bucket, members) VALUES (1, 'coins', 1, 1)",
    "INSERT INTO standing_buckets (guild_id, board, bucket, members) VALUES (1, 'xp', 1, -1)",
    "INSERT INTO xp_multipliers (guild_id, kind, target_id, percent) VALUES (1, 'server', 0, 1001)",
    "INSERT INTO xp_multipliers (guild_id, kind, target_id, percent) VALUES (1, 'member', 0, 100)",
    "INSERT INTO level_rewards (guild_id, role_id, level) VALUES (1, 1, 0)",
]


async def test_bad_rows_are_refused(store: StandingsStore):
    for sql in REFUSED:
        with pytest.raises(ConstraintViolated) as caught:
            await store.db.execute(sql)
        assert caught.value.kind == "check", sql
    with pytest.raises(ConstraintViolated):
        async with store.change(TOWN) as change:
            await change.put([Standing(1, xp=5), Standing(2, xp=MOST + 1)])
    assert await store.get(TOWN, 1) == Standing(1)
