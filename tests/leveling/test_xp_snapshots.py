"""What is kept of changes of many standings."""

from datetime import UTC, datetime

import pytest

from database import pages, standing_snapshots
from database.errors import DatabaseError
from database.standing_snapshots import NewSnapshot, StandingSnapshotsStore
from database.standing_values import Move, Standing
from database.standings import StandingsStore

AT = datetime(2026, 1, 1, tzinfo=UTC)


async def test_what_is_kept(db, monkeypatch):
    monkeypatch.setattr(pages, "PAGE_ROWS", 2)
    monkeypatch.setattr(standing_snapshots, "KEPT", 2)
    standings, store = StandingsStore(db), StandingSnapshotsStore(db)
    moves = [Move(Standing(one, one, 2, 3), Standing(one, 0, 5, 6)) for one in range(1, 6)]
    numbers = []
    for number in range(3):
        async with standings.change(7) as change:
            new = NewSnapshot("import", AT, 9, digest="abc", reverses=number or None)
            numbers.append(await store.begin(change, new))
            await store.keep(change, numbers[-1], moves[:3])
        async with standings.change(7) as change:
            await store.keep(change, numbers[-1], moves[3:])
        if number != 1:
            await store.finish(7, numbers[-1])
    async with standings.change(8) as change:
        assert await store.begin(change, NewSnapshot("give", AT, None)) == 1
    assert numbers == [1, 2, 3]
    newest, cut_short, _oldest = await store.all(7)
    assert (newest.number, newest.people, newest.digest, newest.reverses, newest.taken_at) == (3, 5, "abc", 2, AT)
    assert cut_short.people is None
    assert [[move async for page in store.rows(7, number) for move in page] for number in numbers] == [
        [], moves, moves,
    ]  # fmt: skip
    with pytest.raises(DatabaseError):  # nobody is kept twice
        async with standings.change(7) as change:
            await store.keep(change, 3, moves[:1])
