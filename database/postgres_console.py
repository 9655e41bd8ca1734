"""What is typed by hand, on PostgreSQL: a connection of its own, in a transaction that the server lets only read."""

from __future__ import annotations

from typing import Any, Final

import asyncpg

from database.console import Found, Limits, Mode, TookTooLong, found
from database.engine import to_the_end
from database.placeholders import Statement

CONNECT_TIMEOUT_SECONDS: Final = 10
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
        await connection.execute("BEGIN READ ONLY" if mode == "read" else "BEGIN")
        answer = await _run(connection, statement, mode, limits)
        await connection.execute("COMMIT" if mode == "write" else "ROLLBACK")
    except (asyncpg.QueryCanceledError, TimeoutError) as error:
        raise TookTooLong(f"It took longer than {limits.seconds:g} seconds.") from error
    finally:
        await to_the_end(_close(connection))
    return answer


async def _run(connection: Any, statement: Statement, mode: Mode, limits: Limits) -> Found:
    # Prepared, so that the server itself refuses a second statement behind a semicolon.
    prepared = await connection.prepare(statement.text)
    columns = tuple(attribute.name for attribute in prepared.get_attributes())
    if mode == "read" and columns:
        cursor = await prepared.cursor()
        return found(columns, [tuple(row) for row in await cursor.fetch(limits.rows + 1)], limits)
    rows = [tuple(row) for row in await prepared.fetch()]
    last = (prepared.get_statusmsg() or "").rpartition(" ")[2]  # "INSERT 0 3", "UPDATE 3"
    return found(columns, rows, limits, int(last) if last.isdecimal() and mode != "read" else 0)


async def _close(connection: Any) -> None:
    try:
        await connection.close(timeout=ANSWER_AFTER_SECONDS)
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
        connection.terminate()
