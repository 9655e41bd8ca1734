"""A database that a bot can lose as a killed process loses it."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from database.manager import DatabaseManager, Row


class MortalDatabase(DatabaseManager):
    """After `die`, no statement runs and no transaction commits; whoever tries ends there. `close` it then."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self._dead = False

    def die(self) -> None:
        """Let nothing of the bot be stored from now on."""
        self._dead = True

    def transaction(self) -> AbstractAsyncContextManager[None]:
        return self._unless_dead(super().transaction())

    @asynccontextmanager
    async def _unless_dead(self, transaction: AbstractAsyncContextManager[None]) -> AsyncIterator[None]:
        self._must_live()
        async with transaction:
            yield
            self._must_live()

    async def execute(self, sql: str, *args: Any) -> int:
        self._must_live()
        return await super().execute(sql, *args)

    async def executemany(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        self._must_live()
        await super().executemany(sql, rows)

    async def fetchone(self, sql: str, *args: Any) -> Row | None:
        self._must_live()
        return await super().fetchone(sql, *args)

    async def fetchall(self, sql: str, *args: Any) -> list[Row]:
        self._must_live()
        return await super().fetchall(sql, *args)

    async def fetchval(self, sql: str, *args: Any) -> Any:
        self._must_live()
        return await super().fetchval(sql, *args)

    def _must_live(self) -> None:
        if self._dead:
            raise asyncio.CancelledError
