"""The way of a benchmark that compares us with the bare drivers: SQLite, then PostgreSQL, then the goal."""

import argparse
import asyncio
import tempfile
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from tests.support.postgres import PostgresServer

Bench = Callable[[str, str, int], Coroutine[Any, Any, bool]]
"""Measures the engine of a name, at a URL, in so many rounds; prints that, and tells whether the goal is reached."""


def run_on_both(bench: Bench, page: str | None, goal: str, *, rounds: int, quick_rounds: int) -> None:
    """Read the command line, run a benchmark on both engines and print whether it reached its goal.

    `page` is the benchmark's docstring, whose first line is its help.
    """
    parser = argparse.ArgumentParser(description=(page or "").partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="a few seconds: does it run, is the order right")
    quick = parser.parse_args().quick
    turns = quick_rounds if quick else rounds
    with tempfile.TemporaryDirectory() as folder:
        reached = asyncio.run(bench("SQLite", f"sqlite:///{Path(folder) / 'bench.db'}", turns))
    server = PostgresServer()
    try:
        server.start()
        reached &= asyncio.run(bench("PostgreSQL", server.url(), turns))
    finally:
        server.remove()
    if quick:
        print("Too few rounds to say whether the goal is reached; leave --quick out for that.")
        return
    print(f"Goal, {goal}: {'reached' if reached else 'missed'}")
