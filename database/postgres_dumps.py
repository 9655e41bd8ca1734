"""Reading the SQL that `pg_restore` makes of a dump: how many rows each table has, without a database."""

from __future__ import annotations

import asyncio
import re
from typing import Final

PIECE_BYTES: Final = 1 << 16
COPY_COLUMNS: Final = ("version", "name", "checksum")

_COPY: Final = re.compile(rb'COPY (?:"(?:[^"]|"")*"|\w+)\.("(?:[^"]|"")*"|\w+) \((.*)\) FROM stdin;')
_END: Final = rb"\."


async def rows_in(script: asyncio.StreamReader, history: str) -> tuple[dict[str, int], list[tuple[int, str, str]]]:
    """Count the rows of each table, and gather those of the table `history`: version, name, checksum.

    In COPY's text format a row is a line: line breaks inside values are written as escapes.
    """
    reader = _Reader(history)
    rest = b""
    while piece := await script.read(PIECE_BYTES):
        *lines, rest = (rest + piece).split(b"\n")
        for line in lines:
            reader.take(line)
    reader.take(rest)
    return reader.counts, sorted(reader.rows)


class _Reader:
    """Takes line after line."""

    def __init__(self, history: str) -> None:
        self.counts: dict[str, int] = {}
        self.rows: list[tuple[int, str, str]] = []
        self._history = history
        self._table = ""
        self._places: list[int] = []

    def take(self, line: bytes) -> None:
        if self._table:
            if line == _END:
                self._table = ""
            else:
                self._count(line)
        elif match := _COPY.fullmatch(line):
            self._table = match[1].decode().strip('"').replace('""', '"')
            self.counts[self._table] = 0
            names = [name.strip() for name in match[2].decode().split(",")]
            if self._table == self._history:
                self._places = [names.index(column) for column in COPY_COLUMNS]

    def _count(self, line: bytes) -> None:
        self.counts[self._table] += 1
        if self._table == self._history:
            values = line.decode().split("\t")
            version, name, checksum = (values[place] for place in self._places)
            self.rows.append((int(version), name, checksum))
