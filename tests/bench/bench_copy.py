"""How many rows a second a copy takes to the other engine, and how much memory.

    python -m tests.bench.bench_copy [--quick]

A million rows of standings and half as many of the ledger, as members of servers gather them. There is no goal but
that memory doesn't grow with the rows.
"""

import argparse
import asyncio
import resource
import sqlite3
import tempfile
import time
from contextlib import closing
from pathlib import Path

from database.copying import Progress, copy
from database.manager import DatabaseManager
from tests.support.postgres import PostgresServer

ROWS = 1_000_000
QUICK_ROWS = 5_000
GUILDS = 50
NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows})"
STANDINGS = (
    NUMBERS + " INSERT INTO standings (guild_id, user_id, xp, messages, voice_minutes)"
    " SELECT 900000000000000000 + i % {guilds}, 800000000000000000 + i, i * 7919 % 1000003, i % 997, i % 131 FROM n"
)
LEDGER = (
    NUMBERS + " INSERT INTO ledger (guild_id, user_id, entry, operation, pocket, amount, balance, kind, written_at)"
    " SELECT 900000000000000000 + i % {guilds}, 800000000000000000 + i, 1, i, 'cash', 5, 5, 'work', 1790000000000"
    " FROM n"
)


def fill(file: Path, rows: int) -> None:
    """Put the rows into a new SQLite file."""
    asyncio.run(DatabaseManager(f"sqlite:///{file}").migrate())
    with closing(sqlite3.connect(file)) as raw:
        raw.execute(STANDINGS.format(rows=rows, guilds=GUILDS))
        raw.execute(LEDGER.format(rows=rows // 2, guilds=GUILDS))
        raw.commit()


def peak_megabytes() -> float:
    """The most memory that this process ever had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def quietly(progress: Progress) -> None:
    """Nobody looks."""


def measure(title: str, source: str, target: str) -> None:
    """Copy, and print how fast it was."""
    before, started, worked = peak_megabytes(), time.perf_counter(), time.process_time()
    copied = asyncio.run(copy(source, target, quietly))
    seconds, worked = time.perf_counter() - started, time.process_time() - worked
    rows = sum(one.rows for one in copied)
    print(
        f"{title:<24} {rows:>11,} rows {seconds:>8.1f} s {rows / seconds:>10,.0f} rows/s {worked:>8.1f} s of CPU"
        f" {peak_megabytes() - before:>8.0f} MB more at the peak"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="a few seconds: does it run")
    rows = QUICK_ROWS if parser.parse_args().quick else ROWS
    server = PostgresServer()
    try:
        server.start()
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder) / "source.db"
            fill(source, rows)
            print(f"The SQLite file has {source.stat().st_size / 1e6:,.0f} MB.")
            measure("SQLite → PostgreSQL", f"sqlite:///{source}", server.url())
            measure("PostgreSQL → SQLite", server.url(), f"sqlite:///{folder}/back.db")
            measure("SQLite → SQLite", f"sqlite:///{source}", f"sqlite:///{folder}/same.db")
    finally:
        server.remove()


if __name__ == "__main__":
    main()
