"""What is typed by hand: reading can't write, on either engine, and nothing takes for ever."""

import asyncio
from pathlib import Path

import pytest

from database import DatabaseManager
from database.console import Limits, NotAllowed, TookTooLong
from database.errors import ConstraintViolated, DatabaseError

WRITING = (
    "INSERT INTO accounts VALUES (3, 1, NULL)",
    "UPDATE accounts SET coins = 0",
    "DELETE FROM accounts",
    "DROP TABLE accounts",
    "CREATE TABLE mine (id BIGINT)",
    "BEGIN",
    "COMMIT",
    "WITH gone AS (SELECT 1) INSERT INTO accounts SELECT 9, 9, 'x'",
    "SELECT 1; DELETE FROM accounts",
    "VACUUM INTO 'elsewhere-by-hand.db'",
    "ATTACH 'elsewhere-by-hand.db' AS elsewhere",
)
WRITING_ON = {
    "sqlite": (
        "PRAGMA query_only = OFF",
        "PRAGMA writable_schema = ON",
        "PRAGMA journal_mode = DELETE",
        "SELECT load_extension('x')",
    ),
    "postgresql": (
        "WITH gone AS (DELETE FROM accounts RETURNING id) SELECT * FROM gone",
        "EXPLAIN ANALYZE DELETE FROM accounts",
        "SELECT set_config('transaction_read_only', 'off', true)",
        "SELECT lo_create(0)",
        "SET default_transaction_read_only = off",
        "COPY accounts TO PROGRAM 'cat'",
    ),
}
FOR_EVER = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n",
    "postgresql": "SELECT pg_sleep(60)",
}


@pytest.fixture
async def filled(bank: DatabaseManager) -> DatabaseManager:
    await bank.executemany("INSERT INTO accounts VALUES ($1, $2, $3)", [(1, 10, "ann"), (2, 20, "bob")])
    await bank.execute("INSERT INTO things (id, flag, text) VALUES (1, $1, $2)", True, "a;b $1")
    return bank


async def test_reading(filled: DatabaseManager):
    found = await filled.look("SELECT id, nick FROM accounts ORDER BY id;")
    assert (found.columns, found.rows, found.more) == (("id", "nick"), ((1, "ann"), (2, "bob")), False)
    found = await filled.look("SELECT id FROM accounts ORDER BY id", limits=Limits(rows=1))
    assert (found.rows, found.more) == (((1,),), True)
    assert (await filled.look("SELECT flag, text FROM things")).rows == ((True, "a;b $1"),)
    assert (await filled.look("SELECT id FROM accounts WHERE id > 5")).columns == ("id",)
    assert (await filled.look("WITH one AS (SELECT 1 AS n) SELECT n FROM one")).rows == ((1,),)
    assert (await filled.look("EXPLAIN SELECT * FROM accounts")).rows
    with pytest.raises(DatabaseError):
        await filled.look("SELECT nothing FROM nowhere")
    with pytest.raises(DatabaseError):
        await filled.look("SELECT $1")


async def test_reading_writes_nothing_whatever_it_says(filled: DatabaseManager):
    for sql in (*WRITING, *WRITING_ON[filled.dialect]):
        with pytest.raises(DatabaseError):
            await filled.look(sql)
    assert await filled.fetchval("SELECT SUM(coins) FROM accounts") == 30
    assert not Path("elsewhere-by-hand.db").exists()


async def test_a_change_is_tried_and_then_made(filled: DatabaseManager):
    sql = "UPDATE accounts SET coins = coins + 1 WHERE coins > 5"
    assert (await filled.look(sql, "try")).changed == 2
    assert await filled.fetchval("SELECT SUM(coins) FROM accounts") == 30, "tried alone"
    assert (await filled.look(sql, "write")).changed == 2
    assert await filled.fetchval("SELECT SUM(coins) FROM accounts") == 32
    found = await filled.look("DELETE FROM accounts WHERE id = 1 RETURNING nick", "write")
    assert (found.columns, found.rows, found.changed) == (("nick",), (("ann",),), 1)
    sql = "WITH rich AS (SELECT 2 AS id) DELETE FROM accounts WHERE id IN (SELECT id FROM rich)"
    assert (await filled.look(sql, "try")).changed == 1


async def test_what_a_change_may_not_do(filled: DatabaseManager):
    for sql in (
        "DROP TABLE accounts",
        "ALTER TABLE accounts ADD x TEXT",
        "SELECT 1",
        "COMMIT",
        "CREATE TABLE x (y TEXT)",
    ):
        with pytest.raises(NotAllowed):
            await filled.look(sql, "write")
    with pytest.raises(ConstraintViolated):
        await filled.look("UPDATE accounts SET coins = -1", "write")
    with pytest.raises(ConstraintViolated):
        await filled.look("INSERT INTO entries VALUES (77, 1)", "write")
    async with filled.transaction():
        with pytest.raises(DatabaseError):
            await filled.look("SELECT 1")
    await filled.execute("UPDATE accounts SET coins = 0")  # nothing holds anything


async def test_what_takes_too_long_is_stopped(filled: DatabaseManager):
    with pytest.raises(TookTooLong):
        await filled.look(FOR_EVER[filled.dialect], limits=Limits(seconds=0.2))
    assert (await filled.look("SELECT 1 AS n")).rows == ((1,),)


async def test_who_stops_waiting_stops_it(filled: DatabaseManager):
    asking = asyncio.create_task(filled.look(FOR_EVER[filled.dialect], limits=Limits(seconds=30)))
    await asyncio.sleep(0.1)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(asyncio.shield(asking), 5)


async def test_no_more_is_read_than_has_room(filled: DatabaseManager):
    text = "x" * 1_000
    sql = (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)"
        f" SELECT i, '{text}' AS text FROM n"
    )
    found = await filled.look(sql, limits=Limits(all_bytes=5_500))
    assert (len(found.rows), found.more, found.rows[4]) == (5, True, (5, text))
    found = await filled.look(sql, limits=Limits(all_bytes=10))
    assert (len(found.rows), found.more) == (1, True), "a long one is shown all the same"
    found = await filled.look(sql, "try", limits=Limits(rows=3))
    assert (len(found.rows), found.more, found.changed) == (3, True, 0)
    sql = "UPDATE accounts SET coins = coins + 1 RETURNING id"
    found = await filled.look(sql, "write", limits=Limits(rows=1))
    assert (len(found.rows), found.more, found.changed) == (1, True, 2), "done to its end"
    assert await filled.fetchval("SELECT SUM(coins) FROM accounts") == 32


@pytest.mark.engines("postgresql")
async def test_who_reads_has_no_power_over_the_server(filled: DatabaseManager):
    is_super = await filled.fetchval("SELECT rolsuper FROM pg_roles WHERE rolname = session_user")
    assert is_super, "or this proves nothing"
    other = await filled.fetchval("SELECT pg_backend_pid()")
    for does in (
        "pg_read_file('PG_VERSION')",
        "pg_ls_dir('.')",
        "lo_export(1, '/tmp/by-hand')",
        "pg_reload_conf()",
        "pg_switch_wal()",
        f"pg_terminate_backend({other})",
    ):
        with pytest.raises(DatabaseError, match="permission denied"):
            await filled.look(f"SELECT {does}")
    assert (await filled.look("SELECT COUNT(*) FROM accounts")).rows == ((2,),)


@pytest.mark.engines("sqlite")
async def test_no_value_is_larger_than_the_limit(filled: DatabaseManager):
    with pytest.raises(DatabaseError):
        await filled.look("SELECT length(hex(zeroblob(900000000)))")
