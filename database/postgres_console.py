"""What is typed by hand, on PostgreSQL: a connection of its own, in a transaction that the server lets only read."""

from __future__ import annotations

from typing import Any, Final

import asyncpg

from database.console import Found, Limits, Mode, Taken, TookTooLong
from database.engine import to_the_end
from database.placeholders import Statement

CONNECT_TIMEOUT_SECONDS: Final = 10
ROWS_AT_ONCE: Final = 20  # in memory before they are looked at
READER: Final = "pg_read_all_data"
READER_SINCE: Final = 14  # major version
ANSWER_AFTER_SECONDS: Final = 5.0  # the server has its own limit; this is for one that doesn't answer


async def look(url: str, statement: Statement, mode: Mode, limits: Limits) -> Found:
    """Run a statement on a connection of its own."""
    connection = await asyncpg.connect(
        url,
        timeout=CONNECT_TIMEOUT_SECONDS,
        command_timeout=limits.seconds + ANSWER_AFTER_SECONDS,
        server_settings={"application_name": "hearth console"},
    )
    try:
        await connection.execute(f"SET statement_timeout = {round(limits.seconds * 1000)}")
        if mode == "read":
            await _step_down(connection)
        await connection.execute("BEGIN READ ONLY" if mode == "read" else "BEGIN")
        answer = await _run(connection, statement, mode, limits)
        await connection.execute("COMMIT" if mode == "write" else "ROLLBACK")
    except (asyncpg.QueryCanceledError, TimeoutError) as error:
        raise TookTooLong(f"It took longer than {limits.seconds:g} seconds.") from error
    finally:
        await to_the_end(_close(connection))
    return answer


async def _step_down(connection: Any) -> None:
    """Be a role that only reads tables: a superuser could read and write the server's files also while reading."""
    if connection.get_settings().is_superuser == "on" and connection.get_server_version().major >= READER_SINCE:
        await connection.execute(f"SET ROLE {READER}")


async def _run(connection: Any, statement: Statement, mode: Mode, limits: Limits) -> Found:
    # Prepared, so that the server itself refuses a second statement behind a semicolon.
    prepared = await connection.prepare(statement.text)
    columns = tuple(attribute.name for attribute in prepared.get_attributes())
    taken = Taken(limits)
    only_reads = mode == "read" or statement.reads
    if not columns and not only_reads:
        await prepared.fetch()
        last = (prepared.get_statusmsg() or "").rpartition(" ")[2]  # "INSERT 0 3", "UPDATE 3"
        return taken.found(columns, int(last) if last.isdecimal() else 0)
    count = 0
    async for row in prepared.cursor(prefetch=ROWS_AT_ONCE):
        count += 1
        taken.take(tuple(row))
        if taken.is_full and only_reads:
            break
    return taken.found(columns, 0 if only_reads else count)


async def _close(connection: Any) -> None:
    try:
        await connection.close(timeout=ANSWER_AFTER_SECONDS)
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
        connection.terminate()
