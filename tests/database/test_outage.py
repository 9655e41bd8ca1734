"""PostgreSQL goes away and comes back; a start waits for it."""

# ruff: noqa: PT012 - what a transaction raises at its end is raised by the whole block

import asyncio
import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from database import DatabaseError, DatabaseManager, DatabaseUnavailable
from tests.support.postgres import PostgresServer

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def own_server() -> Iterator[PostgresServer]:
    """A server that these tests may stop; the others keep theirs."""
    server = PostgresServer()
    server.start()
    yield server
    server.remove()


@pytest.fixture
def server(own_server: PostgresServer) -> PostgresServer:
    own_server.stop()
    own_server.start()
    return own_server


async def test_a_query_in_the_outage_fails_and_the_next_one_works(server: PostgresServer) -> None:
    async with DatabaseManager(server.url()) as db:
        await db.execute("CREATE TABLE IF NOT EXISTS outage (id BIGINT)")
        for _ in range(2):
            await asyncio.to_thread(server.stop)
            for query in (db.fetchval("SELECT 1"), db.execute("INSERT INTO outage VALUES (1)")):
                with pytest.raises(DatabaseUnavailable, match="can't be reached"):
                    await query
            with pytest.raises(DatabaseUnavailable):
                async with db.transaction():
                    await db.fetchval("SELECT 1")
            await asyncio.to_thread(server.start)
            assert await asyncio.gather(*(db.fetchval("SELECT 1") for _ in range(20))) == [1] * 20
            async with db.transaction():
                await db.execute("INSERT INTO outage VALUES (2)")
            assert await db.fetchval("DELETE FROM outage RETURNING id") == 2


async def test_a_restart_between_two_queries_costs_one_query_at_most(server: PostgresServer) -> None:
    async with DatabaseManager(server.url()) as db:
        assert await db.fetchval("SELECT 1") == 1
        server.stop()
        server.start()  # the loop saw nothing of it
        try:
            await db.fetchval("SELECT 1")
        except DatabaseUnavailable:
            await asyncio.sleep(0)
        assert await db.fetchval("SELECT 1") == 1


async def test_an_outage_inside_a_transaction(server: PostgresServer) -> None:
    async with DatabaseManager(server.url()) as db:
        await db.execute("CREATE TABLE IF NOT EXISTS halves (id BIGINT)")
        with pytest.raises(DatabaseUnavailable):
            async with db.transaction():
                await db.execute("INSERT INTO halves VALUES (1)")
                await asyncio.to_thread(server.stop)
                await db.execute("INSERT INTO halves VALUES (2)")
        with pytest.raises(DatabaseUnavailable):
            await db.fetchval("SELECT 1")
        await asyncio.to_thread(server.start)
        assert await db.fetchval("SELECT count(*) FROM halves") == 0

        # The connection goes between the last statement and the commit.
        with pytest.raises(DatabaseUnavailable):
            async with db.transaction():
                async with db.transaction():
                    await db.execute("INSERT INTO halves VALUES (1)")
                await asyncio.to_thread(server.stop)
        await asyncio.to_thread(server.start)
        assert await db.fetchval("SELECT count(*) FROM halves") == 0


async def test_a_start_waits_for_the_server(server: PostgresServer, caplog: pytest.LogCaptureFixture) -> None:
    server.stop()
    url = server.url().replace("hearth@", "hearth:s3cret-word@")
    db = DatabaseManager(url, startup_wait=30)
    with caplog.at_level(logging.DEBUG):
        connecting = asyncio.create_task(db.connect())
        while "Waiting for PostgreSQL" not in caplog.text:
            await asyncio.sleep(0.01)
        assert not connecting.done()
        await asyncio.to_thread(server.start)
        await connecting
    assert await db.fetchval("SELECT 1") == 1
    await db.close()
    assert f"127.0.0.1:{server.port}/postgres" in caplog.text
    assert "s3cret-word" not in caplog.text


async def test_a_start_gives_up_after_its_time(server: PostgresServer, caplog: pytest.LogCaptureFixture) -> None:
    server.stop()
    db = DatabaseManager(server.url().replace("hearth@", "hearth:s3cret-word@"), startup_wait=0.6)
    with pytest.raises(DatabaseUnavailable, match=r"didn't answer within 0\.6 seconds") as caught:
        await db.connect()
    assert "s3cret-word" not in str(caught.value) + caplog.text
    assert 2 <= caplog.text.count("Waiting for PostgreSQL") <= 4


async def test_a_start_does_not_wait_for_what_waiting_does_not_cure(server: PostgresServer) -> None:
    for url in (server.url("nowhere"), server.url().replace("hearth@", "nobody_known@")):
        with pytest.raises(DatabaseError) as caught:
            await DatabaseManager(url).connect()
        assert type(caught.value) is DatabaseError


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="Linux shows the timers of its connections")
async def test_a_vanished_server_would_be_noticed(server: PostgresServer) -> None:
    async with DatabaseManager(server.url(), pool_min=2) as db:
        await db.fetchval("SELECT 1")
        rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
        ours = [row for row in rows if row[2].endswith(f":{server.port:04X}") and row[3] == "01"]
        assert len(ours) == 2
        keepalive = "02"
        assert all(row[5].startswith(keepalive) for row in ours)


@pytest.mark.skipif(sys.platform == "win32", reason="uvloop doesn't run there")
def test_it_works_on_uvloop(server: PostgresServer, tmp_path: Path) -> None:
    import uvloop

    async def transact(url: str) -> object:
        async with DatabaseManager(url, pool_min=1) as db, db.transaction():
            return await db.fetchval("SELECT 1")

    for url in (server.url(), f"sqlite:///{tmp_path}/uvloop.db"):
        assert uvloop.run(transact(url)) == 1


async def test_an_unreadable_address_keeps_its_password() -> None:
    for url in (
        "postgresql://hearth:s3cret#word@host/x",
        "postgresql://u:s3cret@h:port/x",
        "postgresql://u:s3cret@[/x",
    ):
        with pytest.raises(DatabaseError) as caught:
            await DatabaseManager(url, startup_wait=0).connect()
        seen: BaseException | None = caught.value
        while seen is not None:
            assert "s3cret" not in str(seen)
            seen = seen.__cause__
        assert "s3cret" not in repr(DatabaseManager(url))
