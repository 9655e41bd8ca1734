"""The tables of games on boards: one change of each version, and ratings that keep their sum."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from database.board_games import BoardGame, BoardGamesStore, BoardRating, BoardRatingsStore

NOW = datetime(2026, 5, 1, tzinfo=UTC)


async def test_of_changes_at_once_one_counts(db):
    store = BoardGamesStore(db)
    game = BoardGame(1, 5, 6, "connect4", "asked", 11, 11, 12, NOW, "en", {}, stake=50)
    assert await store.add(game)
    assert not await store.add(game)
    assert not await store.add(replace(game, id=2))
    assert await store.add(replace(game, id=3, game="tictactoe"))
    await store.sent(1, 99)
    assert await store.open_of(5, 11, "connect4") == replace(game, message_id=99)
    saved = await asyncio.gather(
        *(store.save(replace(game, phase="playing", state={"n": n}, bet_id=8)) for n in range(20))
    )
    (kept,) = [one for one in saved if one is not None]
    assert kept.version == 1
    assert await store.get(1) == await store.with_bet(8) == kept
    over = replace(kept, phase="over", ending="drawn", ended_at=NOW)
    assert await store.save(over) is not None
    assert await store.save(replace(over, version=2)) is None
    assert await store.open_of(5, 11, "connect4") is None
    assert await store.add(replace(game, id=2))
    assert await store.remove_old(NOW, NOW) == 0
    assert await store.remove_old(NOW + timedelta(seconds=1), NOW) == 1
    assert await store.get(1) is None
    assert await store.remove_old(NOW, NOW + timedelta(seconds=1)) == 2


async def test_ratings_add_up_and_leave_out_who_left(db):
    store = BoardRatingsStore(db)

    async def played(first, second, gain):
        async with db.transaction():
            for user_id, change in sorted([(first, gain), (second, -gain)]):
                outcome = "won" if change > 0 else "lost"
                await store.count(5, "connect4", user_id, begin=1000, gain=change, outcome=outcome)

    await asyncio.gather(*(played(*pair) for pair in [(1, 2, 16), (2, 1, 5), (3, 1, 20), (2, 3, 7)] * 3))
    top = await store.top(5, "connect4", limit=10)
    assert sum(one.rating for one in top) == 3000
    assert [one.user_id for one in top] == [3, 2, 1]
    assert top[0] == BoardRating(5, "connect4", 3, 1039, won=3, lost=3)
    assert [await store.place(one) for one in top] == [1, 2, 3]
    await store.note_presence(5, [3, 4], present=False)
    assert [one.user_id for one in await store.top(5, "connect4", limit=1, offset=1)] == [1]
    assert await store.ranked(5, "connect4") == 2
    await store.note_presence(5, [3], present=True)
    assert await store.ranked(5, "connect4") == 3
    assert await store.of(5, 3, "tictactoe") == []
