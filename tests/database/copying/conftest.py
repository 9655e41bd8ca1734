"""New databases, and a file with rows in every table."""

import asyncio
import shutil
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import asyncpg
import pytest

from tests.support.copies import (
    Empty,
    JsonColumns,
)
from tests.support.filling import fill_every_table
from tests.support.postgres import Databases


@pytest.fixture
def empty(tmp_path: Path, postgres_databases: Databases) -> Iterator[Empty]:
    """Make the address of a new empty database: of PostgreSQL, or of a file that isn't there yet."""
    made: list[str] = []

    def make(engine: str) -> str:
        name = f"hearth_copy_{uuid.uuid4().hex[:12]}"
        if engine == "sqlite":
            return f"sqlite:///{tmp_path / name}.db"
        made.append(name)
        # Its loop can't run in a thread in which another one runs.
        with ThreadPoolExecutor(1) as threads:
            return threads.submit(postgres_databases.create, name).result()

    yield make
    for name in made:
        postgres_databases.drop(name)


@pytest.fixture(scope="session")
def json_columns(postgres_databases: Databases, postgres_template: str) -> JsonColumns:
    """Which columns hold JSON: only PostgreSQL knows."""

    async def ask() -> JsonColumns:
        connection = await asyncpg.connect(postgres_databases.address(postgres_template))
        rows = await connection.fetch(
            "SELECT table_name, column_name FROM information_schema.columns WHERE data_type = 'jsonb'"
        )
        await connection.close()
        return {(row[0], row[1]) for row in rows}

    with ThreadPoolExecutor(1) as threads:
        return threads.submit(lambda: asyncio.run(ask())).result()


@pytest.fixture(scope="session")
def full_file(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path, json_columns: JsonColumns) -> Path:
    """A file with rows in every table."""
    file = tmp_path_factory.mktemp("full") / "full.db"
    shutil.copyfile(sqlite_template, file)
    counts = fill_every_table(file, json_columns)
    assert all(counts.values()), "a table without rows proves nothing"
    return file


@pytest.fixture
def full(full_file: Path, tmp_path: Path) -> str:
    """The address of a file of this test's own with rows in every table."""
    return f"sqlite:///{shutil.copyfile(full_file, tmp_path / 'full.db')}"
