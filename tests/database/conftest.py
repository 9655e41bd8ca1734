from collections.abc import AsyncIterator

import pytest_asyncio

from database import DatabaseManager

SCHEMA = (
    "CREATE TABLE accounts (id BIGINT PRIMARY KEY, coins BIGINT NOT NULL CHECK (coins >= 0), nick TEXT UNIQUE)",
    "CREATE TABLE entries (account_id BIGINT NOT NULL REFERENCES accounts (id), amount BIGINT NOT NULL)",
    "CREATE TABLE things (id BIGINT PRIMARY KEY, flag BOOLEAN, text TEXT, number BIGINT, ratio DOUBLE PRECISION)",
)


@pytest_asyncio.fixture
async def empty(database_url: str) -> AsyncIterator[DatabaseManager]:
    """A connected database without tables."""
    async with DatabaseManager(database_url, pool_min=1) as database:
        yield database


@pytest_asyncio.fixture
async def bank(empty: DatabaseManager) -> DatabaseManager:
    """A database with accounts, their entries, and a table of all sorts of things."""
    for sql in SCHEMA:
        await empty.execute(sql)
    return empty
