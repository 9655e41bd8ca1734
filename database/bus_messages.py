"""Messages between the processes of one bot, carried by PostgreSQL: rows, and a bell that says there are new ones.

A notification reaches only who listens at that moment, and holds 8,000 bytes. So messages are rows, numbered without
holes in the order of their commits, and NOTIFY is only the bell: who was away reads on where they were.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import asyncpg

from database.errors import DatabaseUnavailable
from database.postgres import CONNECT_TIMEOUT_SECONDS, translating, watch

BELL: Final = "hearth_bus"
ANSWER_SECONDS: Final = 30.0
GOODBYE_SECONDS: Final = 0.5
MOST_READ: Final = 50  # rows at once; each may be a megabyte

_NOW: Final = "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)"
# The row of bus_position is held until the commit, so whoever reads a number can read all below it.
_APPEND: Final = f"""
    WITH place AS (
        INSERT INTO bus_position (id, last_id) VALUES (1, $3)
        ON CONFLICT (id) DO UPDATE SET last_id = bus_position.last_id + $3
        RETURNING last_id
    ), kept AS (
        INSERT INTO bus_messages (id, sender, sent_at, envelope)
        SELECT place.last_id - $3 + message.place, $1, {_NOW}, message.envelope
        FROM place, unnest(CAST($2 AS TEXT[])) WITH ORDINALITY AS message (envelope, place)
        RETURNING id
    )
    SELECT pg_notify('{BELL}', CAST(max(id) AS TEXT)) FROM kept
"""
_LATEST: Final = """
    SELECT place.last_id AS id, message.sender, message.sent_at
    FROM bus_position AS place LEFT JOIN bus_messages AS message ON message.id = place.last_id
"""
_HOLDS: Final = """
    SELECT (SELECT last_id FROM bus_position) AS last_id, message.sender, message.sent_at
    FROM (SELECT 1) AS one LEFT JOIN bus_messages AS message ON message.id = $1
"""
_AFTER: Final = f"""
    SELECT id, sender, sent_at, CASE WHEN sender = $2 THEN NULL ELSE envelope END AS envelope
    FROM bus_messages WHERE id > $1 ORDER BY id LIMIT {MOST_READ}
"""
# The latest stays: by it whoever comes back sees that nothing was lost.
_CLEAN: Final = f"""
    DELETE FROM bus_messages
    WHERE sent_at < {_NOW} - $1 AND id < (SELECT last_id FROM bus_position)
"""


@dataclass(frozen=True, slots=True)
class Place:
    """A message that was seen: its number, and by what it is known again. 0 is before the first."""

    id: int
    sender: str | None = None
    sent_at: int | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """A message as it is stored; without its text if it is the reader's own."""

    place: Place
    envelope: str | None


class BusMessages:
    """The tables `bus_messages` and `bus_position`, over one connection of its own that hears the bell.

    Every call raises `DatabaseError`, and `DatabaseUnavailable` when the connection is gone: then open it anew.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: Any = None
        self._turn = asyncio.Lock()  # a connection does one thing at a time
        self._bell = asyncio.Event()

    async def open(self) -> None:
        """Connect, and listen from here on."""
        with translating:
            connection = await asyncpg.connect(
                self._url,
                timeout=CONNECT_TIMEOUT_SECONDS,
                command_timeout=ANSWER_SECONDS,
                server_settings={"application_name": "hearth bus"},
            )
            self._connection = connection
            watch(connection)
            connection.add_termination_listener(self._ring)
            await connection.add_listener(BELL, self._ring)

    async def close(self) -> None:
        """Say goodbye and let the connection go; at once if there is nobody to say it to."""
        connection, self._connection = self._connection, None
        if connection is not None and not connection.is_closed():
            with translating:
                await connection.close(timeout=GOODBYE_SECONDS)

    async def latest(self) -> Place:
        """The newest message of all."""
        row = await self._fetch_one(_LATEST)
        return Place(0) if row is None else Place(row["id"], row["sender"], row["sent_at"])

    async def still_holds(self, place: Place) -> bool:
        """Whether all that came after a message can be read: it is still there, and the same."""
        row = await self._fetch_one(_HOLDS, place.id)
        assert row is not None
        return (row["last_id"] or 0) >= place.id and (row["sender"], row["sent_at"]) == (place.sender, place.sent_at)

    async def append(self, sender: str, envelopes: Sequence[str]) -> None:
        """Keep messages, all or none, and ring the bell."""
        await self._fetch_one(_APPEND, sender, envelopes, len(envelopes))

    async def after(self, place: Place, reader: str) -> list[Kept]:
        """The oldest messages after one, at most `MOST_READ`, without the texts of the reader's own."""
        async with self._turn:
            with translating:
                rows = await self._open_connection.fetch(_AFTER, place.id, reader)
        return [Kept(Place(row["id"], row["sender"], row["sent_at"]), row["envelope"]) for row in rows]

    async def clean(self, older_than_seconds: float) -> None:
        """Remove what is older, but for the latest."""
        await self._fetch_one(_CLEAN, round(older_than_seconds * 1000))

    async def rung(self, seconds: float) -> None:
        """Wait for the bell, but not longer: through a pooler before PostgreSQL none is heard."""
        try:
            async with asyncio.timeout(seconds):
                await self._bell.wait()
        except TimeoutError:
            return
        self._bell.clear()

    @property
    def _open_connection(self) -> Any:
        if self._connection is None:
            raise DatabaseUnavailable("The connection for messages between processes isn't open.")
        return self._connection

    async def _fetch_one(self, sql: str, *args: Any) -> Any:
        async with self._turn:
            with translating:
                return await self._open_connection.fetchrow(sql, *args)

    def _ring(self, *_heard: object) -> None:
        self._bell.set()
