"""`python main.py copy`: all data into another, empty database, from SQLite to PostgreSQL, back, or to their like."""

import argparse
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from database.copying import Copied, Progress, copy
from operations.running import OperationError, run_operation
from utils.config import Config

if TYPE_CHECKING:
    from operations.cli import Subparsers

LINE_SECONDS = 5.0
"""How often a line tells how far it is, where there is no terminal for a bar."""
BAR = "{desc:<34} {percentage:3.0f}% |{bar}| {n_fmt}/{total_fmt} rows [{elapsed}, {remaining} left]"
LONGEST_TABLE = 22  # characters of a name beside the bar


def add_to(subparsers: "Subparsers") -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "copy",
        help="copy all data into another database, such as from SQLite to PostgreSQL",
        description="Copy all data into another, empty database: from SQLite to PostgreSQL, back, or to their like. "
        "Stop the bot first. All of it arrives or nothing; a copy that was cut off is simply begun anew. "
        "See docs/DEPLOYMENT.md.",
    )
    parser.add_argument("--from", dest="source", metavar="URL", help="the database to read (default: DATABASE_URL)")
    parser.add_argument("--to", dest="target", metavar="URL", required=True, help="the new, empty database")
    parser.add_argument(
        "--anyway", action="store_true", help="although a bot is using the source: what it writes then isn't copied"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Copy, and print what was copied; returns the exit status."""

    async def operation(config: Config) -> None:
        source = arguments.source or config.database_url
        started = time.monotonic()
        with _progress() as told:
            try:
                copied = await copy(source, arguments.target, told, anyway=arguments.anyway)
            except ValueError as error:  # an address that is none; it isn't shown, because of its password
                raise OperationError(str(error)) from None
        print_table(copied, time.monotonic() - started)

    return run_operation(operation, secrets=_secrets(arguments.source, arguments.target))


def _secrets(*urls: str | None) -> frozenset[str]:
    """The passwords in addresses."""
    found: set[str] = set()
    for url in filter(None, urls):
        try:
            found |= replace(Config(), database_url=url).secrets
        except ValueError:  # no address at all; then nothing of it is shown
            found.add(url)
    return frozenset(found)


@contextmanager
def _progress() -> Iterator[Any]:
    """What hears how far it is: a bar at a terminal, else a line now and then."""
    if not sys.stderr.isatty():
        yield _Lines()
        return
    from tqdm import tqdm  # noqa: PLC0415 - no start of the bot needs it

    with tqdm(unit=" rows", bar_format=BAR, dynamic_ncols=True, file=sys.stderr, leave=False) as bar:

        def told(progress: Progress) -> None:
            bar.total = progress.total
            bar.set_description_str(f"{progress.doing} {progress.table[:LONGEST_TABLE]}", refresh=False)
            bar.update(progress.done - bar.n)

        yield told


class _Lines:
    """A line at the beginning of each of the two passes, and then every few seconds."""

    def __init__(self) -> None:
        self._next = 0.0
        self._doing = ""

    def __call__(self, progress: Progress) -> None:
        if progress.doing != self._doing or time.monotonic() >= self._next:
            self._doing = progress.doing
            self._next = time.monotonic() + LINE_SECONDS
            percent = 100 * progress.done // max(1, progress.total)
            print(f"{percent:3} % ({progress.doing} {progress.table})", file=sys.stderr, flush=True)


def print_table(copied: list[Copied], seconds: float) -> None:
    """Print each table that has rows, with what both ends agree on."""
    filled = sorted((one for one in copied if one.rows), key=lambda one: one.table)
    width = max((len(one.table) for one in filled), default=5)
    print(f"{'table':<{width}}  {'rows':>12}  checksum, the same at both ends")
    for one in filled:
        print(f"{one.table:<{width}}  {one.rows:>12,}  {one.checksum}")
    rows = sum(one.rows for one in copied)
    print(
        f"\n{rows:,} rows in {len(filled)} tables, {len(copied) - len(filled)} more tables are empty; {seconds:.1f} s"
    )
