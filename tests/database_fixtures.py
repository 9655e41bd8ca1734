"""Databases for tests: each one fresh, on both engines unless the test says otherwise.

- `db`: a connected `DatabaseManager` with all migrations applied.
- `migrated_url`: the address of such a database, for tests that connect, restart or run processes themselves.
- `database_url`: the address of an empty database.

A test (or a file, by `pytestmark`) that has nothing to do with the engine says `@pytest.mark.engines("sqlite")`.
PostgreSQL is the server in TEST_DATABASE_URL or one of our own a worker; see `tests/support/postgres.py`.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import uuid
from collections.abc import AsyncIterator, Iterator
from itertools import count
from pathlib import Path

import pytest
import pytest_asyncio

from database.manager import MIGRATIONS, DatabaseManager
from tests.support.postgres import Databases, PostgresServer

ENGINES = ("sqlite", "postgresql")

_numbers = count(1)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", 'engines(*names): run on these engines only, "sqlite" or "postgresql"')


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database_engine" in metafunc.fixturenames:
        marker = metafunc.definition.get_closest_marker("engines")
        metafunc.parametrize("database_engine", marker.args if marker else ENGINES, indirect=True)


@pytest.fixture
def database_engine(request: pytest.FixtureRequest) -> str:
    """The engine that this run of the test is on."""
    return str(request.param)


@pytest.fixture(scope="session")
def postgres_databases() -> Iterator[Databases]:
    """The PostgreSQL server of this test run; started when the first test asks for it."""
    if url := os.environ.get("TEST_DATABASE_URL"):
        databases = Databases(url)
        yield databases
        databases.close()
        return
    server = PostgresServer()
    try:
        server.start()
        databases = Databases(server.url())
        yield databases
        databases.close()
    finally:
        server.remove()


@pytest.fixture(scope="session")
def postgres_template(postgres_databases: Databases) -> Iterator[str]:
    """The name of a migrated database to copy."""
    name = _new_name("template")
    _migrate(postgres_databases.create(name))
    yield name
    postgres_databases.drop(name)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file to copy."""
    file = tmp_path_factory.mktemp("template") / "template.db"
    _migrate(f"sqlite:///{file}")
    return file


@pytest.fixture
def database_url(request: pytest.FixtureRequest, database_engine: str, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database of this test's own."""
    if database_engine == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
    else:
        yield from _postgres_copy(request.getfixturevalue("postgres_databases"), "template0")


@pytest.fixture
def migrated_url(request: pytest.FixtureRequest, database_engine: str, tmp_path: Path) -> Iterator[str]:
    """The address of a database of this test's own with all migrations applied."""
    if database_engine == "sqlite":
        file = tmp_path / "migrated.db"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), file)
        yield f"sqlite:///{file}"
    else:
        databases = request.getfixturevalue("postgres_databases")
        yield from _postgres_copy(databases, request.getfixturevalue("postgres_template"))


@pytest_asyncio.fixture
async def db(migrated_url: str) -> AsyncIterator[DatabaseManager]:
    """A connected database with all migrations applied."""
    async with DatabaseManager(migrated_url, pool_min=1) as database:
        yield database


def _postgres_copy(databases: Databases, template: str) -> Iterator[str]:
    name = _new_name("test")
    yield databases.create(name, template)
    databases.drop(name)


def _new_name(purpose: str) -> str:
    # Several runs may share one server.
    return f"hearth_{purpose}_{uuid.uuid4().hex[:12]}_{next(_numbers)}"


def _migrate(url: str) -> None:
    async def migrate() -> None:
        async with DatabaseManager(url, pool_min=1) as database:
            await database.migrate(MIGRATIONS)

    loop = asyncio.new_event_loop()
    try:
        loop.run_until_complete(migrate())
    finally:
        loop.close()
