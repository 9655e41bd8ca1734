"""What is gathered in memory and written later: nothing twice, nothing lost, nothing without bound."""

import operator
from datetime import UTC, datetime, timedelta
from itertools import count

from hypothesis import given
from hypothesis import strategies as st

from database.errors import DatabaseError, DatabaseUnavailable
from tests.support.town import Town
from utils import gathering
from utils.gathering import Batch, Gathering, Waits, Writer

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("add"), st.integers(1, 3), st.integers(1, 5), st.integers(1, 9)),
            st.tuples(st.just("write"), st.sets(st.integers(1, 3))),
            st.tuples(st.just("forget"), st.integers(1, 5), st.none() | st.integers(1, 3)),
        )
    )
)
def test_whatever_fails_each_gain_is_written_once(steps):
    """Writes of some guilds fail: what was gathered for them is kept, under the same id, until it is written."""
    held, ids = Gathering(operator.add), count(1)
    got: dict[tuple[int, int], int] = {}
    written: dict[int, Batch] = {}

    def write(failing: set[int]) -> None:
        for guild_id in held.guilds():
            batch = held.sealed(guild_id, lambda: next(ids))
            assert batch.id not in written
            if batch.guild_id not in failing:
                written[batch.id] = batch
                held.written(batch)

    for step in steps:
        if step[0] == "add":
            _word, guild_id, user_id, coins = step
            assert held.add(guild_id, user_id, coins)
            got[guild_id, user_id] = got.get((guild_id, user_id), 0) + coins
        elif step[0] == "forget":  # what isn't written of somebody
            _word, user_id, where = step
            held.forget(user_id, where)
            for guild_id in (1, 2, 3) if where is None else (where,):
                paid = [batch.gains.get(user_id, 0) for batch in written.values() if batch.guild_id == guild_id]
                got[guild_id, user_id] = sum(paid)
        else:
            write(step[1])
    for _ in range(2):
        write(set())
    assert held.is_empty
    came: dict[tuple[int, int], int] = {}
    for batch in written.values():
        for user_id, coins in batch.gains.items():
            came[batch.guild_id, user_id] = came.get((batch.guild_id, user_id), 0) + coins
    assert came == {who: coins for who, coins in got.items() if coins}


def test_memory_is_bounded(monkeypatch):
    monkeypatch.setattr(gathering, "MOST_HELD", 3)
    held = Gathering(operator.add)
    assert [held.add(1, user_id, 5) for user_id in range(5)] == [True, True, True, False, False]
    assert held.add(1, 2, 5)  # who is held already
    batch = held.sealed(1, lambda: 1)
    assert batch.gains == {0: 5, 1: 5, 2: 10}
    assert not held.add(2, 1, 5)  # what isn't written yet is still held
    held.written(batch)
    assert held.add(1, 3, 5)


def test_nobody_gains_who_must_wait(monkeypatch):
    monkeypatch.setattr(gathering, "MOST_WAITING", 1)
    waits, later = Waits(), NOW + timedelta(minutes=1)
    assert not waits.must(1, 3, NOW)
    waits.begin(1, 3, later)
    assert (waits.must(1, 3, NOW), waits.must(1, 3, later)) == (True, False)
    assert waits.must(1, 9, NOW)  # there is no room to remember them
    waits.forget(later)
    assert not waits.must(1, 9, NOW)


async def test_one_guild_s_trouble_is_not_the_others(town: Town):
    """Whatever keeps a guild's gains from being written, others' are; with the database away nobody's are tried."""
    town.expect_errors()
    tried: list[int] = []
    trouble: dict[int, Exception] = {1: ZeroDivisionError(), 2: DatabaseError("no"), 4: DatabaseUnavailable("away")}

    async def write(batch: Batch[int]) -> None:
        tried.append(batch.guild_id)
        if batch.guild_id in trouble:
            raise trouble[batch.guild_id]

    writer: Writer[int] = Writer(town.bot.get_cog("Chat"), "Gains", operator.add, write)

    async def gather_and_write(*guild_ids: int) -> list[int]:
        tried.clear()
        for guild_id in guild_ids:
            writer.gathering.add(guild_id, 7, 1)
        await writer.write()
        return list(tried)

    assert await town.as_bot(gather_and_write(1, 2, 3, 4, 5)) == [1, 2, 3, 4]
    assert any("ZeroDivisionError" in text for text in town.errors)
    kept = {guild_id: batch.id for guild_id, batch in writer.gathering.batches.items()}
    assert sorted(kept) == [1, 2, 4]
    trouble.clear()
    writer.gathering.add(2, 7, 1)  # what comes meanwhile is written right after what was kept
    await town.as_bot(writer.write(2))
    assert tried[-2:] == [2, 2]
    assert await town.as_bot(gather_and_write()) == [1, 4, 5]
    assert writer.gathering.is_empty
