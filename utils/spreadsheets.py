"""Tables as files: CSV that spreadsheets read and don't run, and long files in parts that Discord takes."""

import csv
import io
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Final

import discord

BYTE_ORDER_MARK: Final = "\ufeff"  # without it, Excel takes umlauts for something else
MOST_FILE_BYTES: Final = discord.utils.DEFAULT_FILE_SIZE_LIMIT_BYTES - 64 * 1024  # the request around it counts, too

_FORMULA_BEGINS: Final = tuple("=+-@\t\r\n＝＋－＠")


def csv_line(cells: Sequence[object]) -> str:
    """A line of CSV, none of whose texts a spreadsheet runs as a formula; None is an empty cell."""
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow([_plain(cell) for cell in cells])
    return line.getvalue()


def csv_head(columns: Sequence[str]) -> bytes:
    """What a file of CSV begins with."""
    return (BYTE_ORDER_MARK + csv_line(columns)).encode()


def harmless(cell: str) -> str:
    """A cell that a spreadsheet takes for text: those that begin as a formula does get an apostrophe."""
    return f"'{cell}" if cell.lstrip(" ").startswith(_FORMULA_BEGINS) else cell


def as_text(number: int) -> str:
    """A large number, such as an id, as a cell that spreadsheets keep: they would round it."""
    return f"'{number}"


async def in_files(
    entries: AsyncIterator[bytes], most_bytes: int, *, head: bytes, between: bytes = b"", tail: bytes = b""
) -> AsyncIterator[bytes]:
    """Files of at most `most_bytes` each with these entries; one even if there are none.

    Each begins with `head` and ends with `tail`.
    """
    parts = [head]
    size = len(head)
    empty = True
    async for entry in entries:
        if not empty and size + len(between) + len(entry) + len(tail) > most_bytes:
            yield b"".join([*parts, tail])
            parts, size, empty = [head], len(head), True
        addition = entry if empty else between + entry
        parts.append(addition)
        size, empty = size + len(addition), False
    yield b"".join([*parts, tail])


def _plain(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.isoformat()
    return harmless(cell) if isinstance(cell, str) else str(cell)
