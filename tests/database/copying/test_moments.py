"""Copies beside others that write, start, or end the copy."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from database.copying import Progress, copy
from database.manager import DatabaseManager
from tests.support.copies import (
    ENGINES,
    Empty,
    JsonColumns,
    contents,
    quietly,
    rows_in,
)


@ENGINES
async def test_the_copy_is_of_one_moment(engine: str, full: str, empty: Empty, json_columns: JsonColumns):
    source, target = empty(engine), empty("sqlite")
    await copy(full, source, quietly)
    before = await contents(source, json_columns)

    async def write() -> None:
        async with DatabaseManager(source, pool_min=1) as db:
            for table in ("xp_boosts", "user_settings"):
                await db.execute(f"DELETE FROM {table}")
            await db.execute("INSERT INTO user_settings VALUES (999, 'late', 'comer')")

    def meanwhile(progress: Progress) -> None:
        if progress.done and not written:
            written.append(True)
            with ThreadPoolExecutor(1) as threads:
                threads.submit(lambda: asyncio.run(write())).result()

    written: list[bool] = []
    await copy(source, target, meanwhile, anyway=True)
    assert written
    assert await rows_in(source, "user_settings") == 1, "it was written meanwhile"
    assert await contents(target, json_columns) == before


@ENGINES
async def test_a_bot_that_starts_meanwhile_waits(engine: str, full: str, empty: Empty):
    target = empty(engine)
    found: list[int] = []

    async def start() -> None:
        db = DatabaseManager(target, pool_min=1)
        await db.migrate()
        async with db:
            found.append(await db.fetchval("SELECT COUNT(*) FROM reminders"))

    starting: list[asyncio.Task[None]] = []

    def meanwhile(progress: Progress) -> None:
        if not starting:
            starting.append(asyncio.create_task(start()))

    await copy(full, target, meanwhile)
    await starting[0]
    assert found == [await rows_in(full, "reminders")]


def test_a_cancelled_copy_leaves_nothing_and_can_be_begun_anew(full: str, empty: Empty):
    async def cancelled(target: str) -> None:
        def stop(progress: Progress) -> None:
            task.cancel()

        task = asyncio.create_task(copy(full, target, stop))
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await rows_in(target, "user_settings") == 0
        await copy(full, target, quietly)

    for engine in ("sqlite", "postgresql"):
        asyncio.run(cancelled(empty(engine)))
