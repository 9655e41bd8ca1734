"""The same statement gives the same answer on both engines."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from database import (
    ConstraintViolated,
    DatabaseError,
    DatabaseManager,
    DatabaseUnavailable,
    json_value,
    moment,
    placeholders,
)

LARGEST = 2**63 - 1
SMALLEST = -(2**63)


async def test_parameters_go_by_their_number(bank: DatabaseManager) -> None:
    await bank.execute("INSERT INTO things (number, text, id) VALUES ($3, $2, $1)", 1, "two", 3)
    assert await bank.fetchone("SELECT id, text, number FROM things") == {"id": 1, "text": "two", "number": 3}


async def test_a_parameter_may_repeat(bank: DatabaseManager) -> None:
    await bank.execute("INSERT INTO things (id, number) VALUES ($1, $1)", 7)
    assert await bank.fetchall("SELECT id FROM things WHERE id = $1 AND number = $1 AND id < $2", 7, 8) == [{"id": 7}]


async def test_dollars_in_strings_names_and_comments_are_text(bank: DatabaseManager) -> None:
    row = await bank.fetchone(
        """
        SELECT '$1; it''s $2' AS text, -- costs $3; or $4
               id AS "$5;" /* $6
               ; */
        FROM things WHERE id = $1 UNION ALL SELECT 'none', 0 WHERE $1 <> 4
        """,
        5,
    )
    assert row == {"text": "none", "$5;": 0}


async def test_more_than_nine_parameters(bank: DatabaseManager) -> None:
    numbers = list(range(1, 13))
    for number in numbers:
        await bank.execute("INSERT INTO things (id) VALUES ($1)", number)
    sql = f"SELECT id FROM things WHERE id IN ({placeholders(12)}) AND id >= $12 ORDER BY id"
    assert await bank.fetchall(sql, *numbers) == [{"id": 12}]
    assert placeholders(3, first=2) == "$2, $3, $4"


async def test_a_cast_behind_a_parameter_is_taken_on_both(bank: DatabaseManager) -> None:
    assert await bank.fetchval("SELECT $1::bigint + 1", 41) == 42


@pytest.mark.parametrize("sql", ["SELECT 1; SELECT 2", "SELECT $$x$$", "SELECT $tag$x$tag$", "SELECT $2"])
async def test_what_one_engine_alone_understands_is_refused(bank: DatabaseManager, sql: str) -> None:
    with pytest.raises(DatabaseError):
        await bank.fetchone(sql)


async def test_a_final_semicolon_is_fine(bank: DatabaseManager) -> None:
    assert await bank.fetchval("SELECT 1 ; \n") == 1


@pytest.mark.parametrize("args", [(), (1, 2)])
async def test_the_number_of_values_must_fit(bank: DatabaseManager, args: tuple[int, ...]) -> None:
    with pytest.raises(DatabaseError, match=r"1 values are wanted and . were given"):
        await bank.fetchone("SELECT id FROM things WHERE id = $1", *args)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("flag", True),
        ("flag", False),
        ("flag", None),
        ("text", "ünïcödé 🏡 'quoted' $1"),
        ("text", ""),
        ("number", LARGEST),
        ("number", SMALLEST),
        ("number", 0),
        ("number", None),
        ("ratio", 0.1),
        ("ratio", -1e300),
    ],
)
async def test_values_come_back_as_they_went(bank: DatabaseManager, column: str, value: Any) -> None:
    await bank.execute(f"INSERT INTO things (id, {column}) VALUES ($1, $2)", LARGEST, value)
    row = await bank.fetchone(f"SELECT id, {column} FROM things")
    assert row == {"id": LARGEST, column: value}
    assert row is not None
    assert type(row[column]) is type(value)
    returned = await bank.fetchval(f"UPDATE things SET {column} = $1 RETURNING {column}", value)
    assert type(returned) is type(value)


async def test_bytes_come_back(empty: DatabaseManager) -> None:
    kind = "BLOB" if empty.dialect == "sqlite" else "BYTEA"
    await empty.execute(f"CREATE TABLE files (content {kind})")
    await empty.execute("INSERT INTO files VALUES ($1)", b"\x00\xff")
    assert await empty.fetchval("SELECT content FROM files") == b"\x00\xff"


async def test_times_are_stored_as_milliseconds(bank: DatabaseManager) -> None:
    at = datetime(2026, 1, 2, 3, 4, 5, 678_999, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    await bank.execute("INSERT INTO things (id, number) VALUES (1, $1)", at)
    stored = await bank.fetchval("SELECT number FROM things")
    assert stored == 1_767_303_245_678
    assert moment(stored) == at.replace(microsecond=678_000)
    assert await bank.fetchval("SELECT count(*) FROM things WHERE number <= $1", at) == 1


async def test_a_naive_time_is_refused(bank: DatabaseManager) -> None:
    with pytest.raises(ValueError, match="time zone"):
        await bank.execute("INSERT INTO things (id, number) VALUES (1, $1)", datetime(2026, 1, 1))


async def test_json_goes_in_and_can_be_asked(empty: DatabaseManager) -> None:
    kind = "TEXT" if empty.dialect == "sqlite" else "JSONB"
    await empty.execute(f"CREATE TABLE notes (id BIGINT, payload {kind})")
    value = {"who": "Zoë", "list": [1, 2.5, None, True], "deep": {"id": LARGEST}}
    await empty.execute("INSERT INTO notes VALUES (1, $1), (2, $2), (3, $3)", value, [], None)
    rows = await empty.fetchall("SELECT payload FROM notes ORDER BY id")
    assert [json_value(row["payload"]) for row in rows] == [value, [], None]
    assert await empty.fetchval("SELECT payload->>'who' FROM notes WHERE id = 1") == "Zoë"


@pytest.mark.parametrize("value", [2**63, -(2**63) - 1, "a\0b", {"text": "a\0b"}, "\ud800"])
async def test_what_one_engine_cannot_hold_is_refused_by_both(bank: DatabaseManager, value: Any) -> None:
    column = "number" if isinstance(value, int) else "text"
    with pytest.raises(DatabaseError):
        await bank.execute(f"INSERT INTO things (id, {column}) VALUES (1, $1)", value)
    assert await bank.fetchval("SELECT count(*) FROM things") == 0


@pytest.mark.parametrize("value", [object(), {1}, 1j, float("nan")])
async def test_values_without_a_column_type_are_refused(bank: DatabaseManager, value: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        await bank.execute("INSERT INTO things (id, number) VALUES (1, $1)", value)


@pytest.mark.engines("postgresql")
async def test_a_wrong_type_is_a_database_error(bank: DatabaseManager) -> None:
    with pytest.raises(DatabaseError, match=r"'77'"):
        await bank.execute("INSERT INTO things (id) VALUES ($1)", "77")


async def test_sums_and_averages_are_plain_numbers(bank: DatabaseManager) -> None:
    for number in (1, 2, 4):
        await bank.execute("INSERT INTO things (id, number) VALUES ($1, $1)", number)
    row = await bank.fetchone("SELECT sum(number) AS total, avg(number) AS average, count(*) AS size FROM things")
    assert row is not None
    assert row["total"] == 7
    assert type(row["total"]) is int
    assert type(row["average"]) is float
    assert row["average"] == pytest.approx(7 / 3)
    assert row["size"] == 3


async def test_a_number_with_an_upper_limit_cannot_overflow(bank: DatabaseManager) -> None:
    # Without the limit SQLite would store a float. PostgreSQL refuses the sum before it looks at the limit.
    await bank.execute(f"CREATE TABLE purses (coins BIGINT NOT NULL CHECK (coins BETWEEN 0 AND {LARGEST - 1}))")
    await bank.execute("INSERT INTO purses VALUES ($1)", LARGEST - 1)
    with pytest.raises(DatabaseError):
        await bank.execute("UPDATE purses SET coins = coins + $1", LARGEST)
    assert await bank.fetchval("SELECT coins FROM purses") == LARGEST - 1


async def test_affected_rows(bank: DatabaseManager) -> None:
    assert await bank.execute("INSERT INTO accounts (id, coins) VALUES (1, 1), (2, 2), (3, 3)") == 3
    assert await bank.execute("INSERT INTO accounts (id, coins) VALUES (1, 1) ON CONFLICT DO NOTHING") == 0
    assert await bank.execute("UPDATE accounts SET coins = coins + 1 WHERE id > $1", 1) == 2
    assert await bank.execute("UPDATE accounts SET coins = 0 WHERE id = 99") == 0
    assert await bank.execute("UPDATE accounts SET coins = coins RETURNING id") == 3
    assert await bank.execute("SELECT id FROM accounts WHERE id < 3") == 2
    assert await bank.execute("CREATE INDEX accounts_coins ON accounts (coins)") == 0
    poorest = "WITH poor AS (SELECT id FROM accounts ORDER BY coins, id LIMIT 2) "
    assert await bank.execute(poorest + "UPDATE accounts SET coins = 9 WHERE id IN (SELECT id FROM poor)") == 2
    assert await bank.execute("DELETE FROM accounts WHERE coins = 9") == 2
    assert await bank.execute("/* all */ DELETE FROM accounts") == 1


async def test_returning_changes_and_tells(bank: DatabaseManager) -> None:
    sql = "INSERT INTO accounts (id, coins) VALUES ($1, $2), ($3, $4) RETURNING id, coins"
    assert await bank.fetchall(sql, 1, 10, 2, 20) == [{"id": 1, "coins": 10}, {"id": 2, "coins": 20}]
    assert await bank.fetchone("UPDATE accounts SET coins = coins + 1 RETURNING coins") in (
        {"coins": 11},
        {"coins": 21},
    )
    # Also the rows beyond the first were changed.
    assert await bank.fetchval("SELECT sum(coins) FROM accounts") == 32
    assert await bank.fetchval("DELETE FROM accounts WHERE id = $1 RETURNING coins", 2) == 21
    assert await bank.fetchval("DELETE FROM accounts WHERE id = $1 RETURNING coins", 2) is None
    assert await bank.fetchone("UPDATE accounts SET coins = 0 WHERE coins > $1 RETURNING id", 11) is None


async def test_upserts_add_up(bank: DatabaseManager) -> None:
    sql = (
        "INSERT INTO accounts (id, coins) VALUES ($1, $2) "
        "ON CONFLICT (id) DO UPDATE SET coins = accounts.coins + excluded.coins RETURNING coins"
    )
    assert [await bank.fetchval(sql, 1, amount) for amount in (5, 7, LARGEST - 12)] == [5, 12, LARGEST]


@pytest.mark.parametrize(
    ("sql", "kind"),
    [
        ("INSERT INTO accounts (id, coins) VALUES (1, 0)", "unique"),
        ("INSERT INTO accounts (id, coins, nick) VALUES (2, 0, 'one')", "unique"),
        ("UPDATE accounts SET coins = -1", "check"),
        ("INSERT INTO entries (account_id, amount) VALUES (99, 1)", "foreign_key"),
        ("DELETE FROM accounts WHERE id = 1", "foreign_key"),
        ("INSERT INTO accounts (id) VALUES (3)", "not_null"),
    ],
)
async def test_a_broken_rule_has_a_kind(bank: DatabaseManager, sql: str, kind: str) -> None:
    await bank.execute("INSERT INTO accounts (id, coins, nick) VALUES (1, 5, 'one')")
    await bank.execute("INSERT INTO entries (account_id, amount) VALUES (1, 5)")
    with pytest.raises(ConstraintViolated) as caught:
        await bank.execute(sql)
    assert caught.value.kind == kind
    assert await bank.fetchall("SELECT id, coins FROM accounts") == [{"id": 1, "coins": 5}]


async def test_bad_sql_is_a_database_error_and_does_no_harm(bank: DatabaseManager) -> None:
    for sql in ("SELEKT 1", "SELECT nothing FROM nowhere", "INSERT INTO accounts (id, coins) SELECT 1"):
        with pytest.raises(DatabaseError) as caught:
            await bank.execute(sql)
        assert type(caught.value) is DatabaseError
    assert await bank.fetchval("SELECT 1") == 1


async def test_nothing_found(bank: DatabaseManager) -> None:
    assert await bank.fetchone("SELECT id FROM accounts") is None
    assert await bank.fetchall("SELECT id FROM accounts") == []
    assert await bank.fetchval("SELECT id FROM accounts") is None


async def test_a_first_row_of_many_leaves_nothing_open(bank: DatabaseManager) -> None:
    for number in range(50):
        await bank.execute("INSERT INTO things (id) VALUES ($1)", number)
    assert await bank.fetchone("SELECT id FROM things ORDER BY id") == {"id": 0}
    assert await bank.execute("DELETE FROM things") == 50
    assert await bank.fetchval("SELECT count(*) FROM things") == 0


async def test_executemany_is_all_or_nothing(bank: DatabaseManager) -> None:
    sql = "INSERT INTO accounts (id, coins) VALUES ($1, $2)"
    await bank.executemany(sql, ((number, number) for number in range(1000)))
    with pytest.raises(ConstraintViolated):
        await bank.executemany(sql, [(1000, 1), (1001, 1), (1002, -1), (1003, 1)])
    await bank.executemany(sql, [])
    assert await bank.fetchone("SELECT count(*) AS size, sum(coins) AS total FROM accounts") == {
        "size": 1000,
        "total": 499_500,
    }


async def test_many_rows_are_inserted_or_added_all_or_none(bank: DatabaseManager) -> None:
    sql = (
        "INSERT INTO accounts (id, coins) VALUES ($1::bigint, $2::bigint)"
        " ON CONFLICT (id) DO UPDATE SET coins = accounts.coins + excluded.coins"
    )
    await bank.insert_all(sql, ((number, number) for number in range(1000)))
    await bank.insert_all(sql, [(998, 1), (999, 1), (1000, 7)])
    await bank.insert_all(sql, [])
    async with bank.transaction():
        await bank.insert_all(sql, [(1001, 2)])
    with pytest.raises(ConstraintViolated):
        await bank.insert_all(sql, [(1, 1), (2000, -1), (2, 1)])
    total = "SELECT count(*) AS size, sum(coins) AS total FROM accounts"
    assert await bank.fetchone(total) == {"size": 1002, "total": 499_500 + 2 + 7 + 2}


async def test_what_is_inserted_at_once_says_its_types(bank: DatabaseManager) -> None:
    if bank.dialect == "sqlite":
        pytest.skip("SQLite has one form for both")
    for sql in (
        "INSERT INTO accounts (id, coins) VALUES ($1, $2)",
        "INSERT INTO accounts (id, coins) VALUES ($2::bigint, $1::bigint)",
        "INSERT INTO accounts (id, coins) VALUES ($1::bigint, $2::bigint) ON CONFLICT (id) DO UPDATE SET coins = $2",
        "INSERT INTO accounts (id, coins) VALUES ($1::bigint, 5)",
    ):
        with pytest.raises(DatabaseError, match="with its type"):
            await bank.insert_all(sql, [(1, 2)])
    with pytest.raises(DatabaseError, match="2 values are wanted"):
        await bank.insert_all("INSERT INTO accounts (id, coins) VALUES ($1::bigint, $2::bigint)", [(1,)])


async def test_a_written_row_is_read_at_once(bank: DatabaseManager) -> None:
    for number in range(100):
        await bank.execute("INSERT INTO things (id) VALUES ($1)", number)
        assert await bank.fetchval("SELECT count(*) FROM things") == number + 1


async def test_before_and_after_the_connection(database_url: str) -> None:
    db = DatabaseManager(database_url, pool_min=1)
    with pytest.raises(DatabaseUnavailable):
        await db.fetchval("SELECT 1")
    await db.close()
    await db.connect()
    assert await db.fetchval("SELECT 1") == 1
    await db.close()
    await db.close()
    with pytest.raises(DatabaseUnavailable):
        await db.execute("CREATE TABLE t (id BIGINT)")
    with pytest.raises(DatabaseUnavailable):
        async with db.transaction():
            await db.fetchval("SELECT 1")
    await db.connect()
    assert await db.fetchval("SELECT 1") == 1
    await db.close()


async def test_the_observer_hears_each_statement(bank: DatabaseManager) -> None:
    heard: list[tuple[str, int | type[BaseException]]] = []
    took: list[float] = []

    def observe(sql: str, seconds: float, outcome: int | BaseException) -> None:
        took.append(seconds)
        heard.append((sql, outcome if isinstance(outcome, int) else type(outcome)))

    bank.on_statement = observe
    await bank.fetchval("SELECT $1::bigint", 7)
    async with bank.transaction():
        await bank.execute("INSERT INTO accounts (id, coins) VALUES (1, 1)")
    await bank.executemany("INSERT INTO accounts (id, coins) VALUES ($1, 1)", [[2], [3]])
    await bank.fetchall("SELECT id FROM accounts")
    await bank.fetchone("SELECT id FROM accounts WHERE id = $1", 9)
    with pytest.raises(DatabaseError):
        await bank.fetchval("SELECT nothing")
    assert heard == [
        ("SELECT $1::bigint", 1),
        ("INSERT INTO accounts (id, coins) VALUES (1, 1)", 1),
        ("INSERT INTO accounts (id, coins) VALUES ($1, 1)", 2),
        ("SELECT id FROM accounts", 3),
        ("SELECT id FROM accounts WHERE id = $1", 0),
        ("SELECT nothing", DatabaseError),
    ]
    assert all(0 < seconds < 30 for seconds in took)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "mysql://x/y",
        "sqlite://",
        "sqlite:///",
        "sqlite:///:memory:",
        "sqlite://data/x.db",
        "hearth.db",
        "sqlite:x",
    ],
)
def test_other_addresses_are_refused(url: str) -> None:
    with pytest.raises(ValueError, match="address"):
        DatabaseManager(url)


def test_the_password_does_not_show() -> None:
    shown = repr(DatabaseManager("postgresql://hearth:s3cret@db.example:5433/hearth"))
    assert "s3cret" not in shown
    assert "db.example:5433/hearth" in shown


async def test_the_moment_of_nothing_is_nothing() -> None:
    assert moment(None) is None
    assert json_value(None) is None
    assert moment(0) == datetime(1970, 1, 1, tzinfo=UTC)
