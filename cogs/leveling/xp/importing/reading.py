"""Reading files of XP: CSV, TSV or JSON of whatever bot. Pure, and of bounded size."""

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from cogs.leveling.xp.importing.columns import LISTS, Columns, are_enough, cell, find_columns
from cogs.leveling.xp.importing.values import Flaw, FlawError, looks_rounded, parse_id, parse_number
from utils.i18n import _, format_list, format_number

MOST_BYTES: Final = 8 * 1024 * 1024
MOST_ROWS: Final = 200_000
KEPT_FLAWS: Final = 20
"""Of how many rows that are left out it is kept which they were."""
_SEPARATORS: Final = (",", ";", "\t", "|")
_LONGEST_HEAD: Final = 10_000
_MOST_NESTS: Final = 2 * MOST_ROWS + 1_000
"""Objects and lists in JSON: a row of MEE6's is two."""


class ReadError(ValueError):
    """The file can't be used; the message is the sentence for whoever gave it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a file says of somebody; None for what it doesn't say. `row` counts from one."""

    row: int
    user_id: int
    xp: int | None
    level: int | None
    messages: int | None
    voice_minutes: int | None


@dataclass(slots=True)
class Reading:
    """What was read."""

    rows: int = 0
    entries: dict[int, Entry] = field(default_factory=dict)
    flaws: Counter[Flaw] = field(default_factory=Counter)
    """Why how many rows are left out."""
    examples: list[tuple[int, Flaw]] = field(default_factory=list)
    """The first of them, by row."""
    repeated: int = 0
    """How many rows say the same again."""

    def leave_out(self, row: int, flaw: Flaw) -> None:
        """Leave a row out."""
        self.flaws[flaw] += 1
        if len(self.examples) < KEPT_FLAWS:
            self.examples.append((row, flaw))


def read_file(content: bytes) -> Reading:
    """Read a file. Raises `ReadError` if nothing in it can be used."""
    text = _text(content)
    begin = text.lstrip()[:1]
    if not begin:
        raise ReadError(_("The file is empty."))
    rows = _json_rows(text) if begin in {"{", "["} else _table_rows(text)
    reading = Reading()
    suspected = 0
    for number, row, columns in rows:
        reading.rows += 1
        if reading.rows > MOST_ROWS:
            raise _too_many_rows()
        suspected += _read_row(reading, number, row, columns)
    sure = reading.flaws[Flaw.ROUNDED]
    if (sure and sure * 10 >= reading.rows) or (suspected >= 3 and suspected * 10 >= reading.rows):
        raise ReadError(
            _(
                "A spreadsheet rounded the ids in this file, as in 1.23E+17, so nobody can be told from them. Take"
                " the file as it was exported, or keep the ids as text."
            )
        )
    return reading


def _read_row(reading: Reading, number: int, row: Any, columns: Columns) -> bool:
    """Read one row, and say whether its id looks like one that was rounded."""
    if not isinstance(row, Mapping):
        reading.leave_out(number, Flaw.NO_ROW)
        return False
    try:
        user_id = parse_id(cell(row, columns, "user_id"))
        entry = _entry(number, user_id, row, columns)
    except FlawError as error:
        reading.leave_out(number, error.flaw)
        return False
    earlier = reading.entries.get(user_id)
    if earlier is None:
        reading.entries[user_id] = entry
    elif _said(earlier) == _said(entry):
        reading.repeated += 1
    else:
        more, less = sorted((earlier, entry), key=lambda one: (one.xp or 0, one.level or 0), reverse=True)
        reading.entries[user_id] = more
        reading.leave_out(less.row, Flaw.TWICE)
    return looks_rounded(user_id)


def _entry(number: int, user_id: int, row: Mapping[str, Any], columns: Columns) -> Entry:
    xp, level, messages, minutes = (
        parse_number(cell(row, columns, column)) for column in ("xp", "level", "messages", "voice_minutes")
    )
    if xp is None and level is None:
        raise FlawError(Flaw.NOTHING)
    return Entry(number, user_id, xp, level, messages, minutes)


def _said(entry: Entry) -> tuple[int | None, ...]:
    return entry.xp, entry.level, entry.messages, entry.voice_minutes


def _too_many_rows() -> ReadError:
    return ReadError(_("The file has more than {most} rows.").format(most=format_number(MOST_ROWS)))


def _text(content: bytes) -> str:
    if len(content) > MOST_BYTES:
        raise ReadError(_("The file is too large: {most} MiB are the most.").format(most=MOST_BYTES // 1024 // 1024))
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace").removeprefix("\ufeff")
    if b"\0" in content:
        raise ReadError(_("This isn't a text file. Attach CSV, TSV or JSON; a spreadsheet can save as CSV."))
    return content.decode("utf-8-sig", errors="replace")


Row = tuple[int, Any, Columns]


# --- JSON


def _json_rows(text: str) -> Iterator[Row]:
    if text.count("{") + text.count("[") > _MOST_NESTS:  # millions of them would take very much memory
        raise _too_many_rows()
    try:
        found = json.loads(text, parse_float=_decimal, parse_constant=lambda _name: None)
    except RecursionError as error:
        raise ReadError(_("This JSON is nested too deeply to be a list of members.")) from error
    except json.JSONDecodeError as error:
        raise ReadError(_("This JSON is broken in line {line}.").format(line=error.lineno)) from error
    except ValueError as error:  # a number of thousands of digits
        raise ReadError(_("This JSON holds a number that is far too long.")) from error
    rows = _list_in(found)
    if rows is None:
        raise ReadError(
            _(
                "I don't see a list of members in this JSON. It goes under one of {names}, or is the whole file."
            ).format(names=format_list([f"`{name}`" for name in LISTS], style="or"))
        )
    yield from _with_columns(rows)


def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:  # an exponent beyond all bounds
        return None


def _list_in(found: Any) -> list[Any] | None:
    """The rows of a file, wherever they are; those of pages one after the other."""
    if isinstance(found, list):
        pages = [_named_list(one) for one in found if isinstance(one, dict)]
        if pages and len(pages) == len(found) and all(page is not None for page in pages):
            return [row for page in pages for row in page or ()]
        return found
    if not isinstance(found, dict):
        return None
    named = _named_list(found)
    return _by_id(found) if named is None else named


def _named_list(found: dict[str, Any]) -> list[Any] | None:
    for name in LISTS:
        value = found.get(name)
        if isinstance(value, list):
            return value
        if isinstance(value, dict):
            rows = _by_id(value)
            if rows is not None:
                return rows
    return None


def _by_id(found: dict[str, Any]) -> list[Any] | None:
    """Rows out of `{"<id>": {…}}` or `{"<id>": XP}`; None if the keys aren't ids."""
    rows: list[Any] = []
    for key, value in found.items():
        try:
            parse_id(key)
        except FlawError:
            continue
        rows.append({**value, "user_id": key} if isinstance(value, dict) else {"user_id": key, "xp": value})
    return rows or None


def _with_columns(rows: list[Any]) -> Iterator[Row]:
    """Rows with their columns: those of the first that has enough of them, unless a row has others."""
    usual: Columns = {}
    for number, row in enumerate(rows, 1):
        if not isinstance(row, dict):
            yield number, row, usual
            continue
        if not usual or any(name not in row for name in usual.values()):
            own = find_columns(row)
            usual = own if are_enough(own) else usual
            yield number, row, own
        else:
            yield number, row, usual


# --- tables


def _table_rows(text: str) -> Iterator[Row]:
    first, _newline, rest = text.lstrip("\r\n").partition("\n")
    if first.strip().casefold().startswith("sep="):  # what tells Excel the separator
        text = rest
    separator, names, has_head = _head(text[:_LONGEST_HEAD].lstrip("\r\n").splitlines())
    columns = find_columns(names)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, skipinitialspace=True)
    try:
        for cells in reader:
            if not any(one.strip() for one in cells):
                continue
            if has_head:
                has_head = False
                continue
            yield reader.line_num, dict(zip(names, cells, strict=False)), columns
    except csv.Error as error:
        raise ReadError(
            _("Line {line} can't be read; a quotation mark may lack its partner.").format(line=reader.line_num)
        ) from error


def _head(lines: list[str]) -> tuple[str, list[str], bool]:
    """By what the cells of a table are separated, how its columns are called, and whether its first line says so."""
    for separator in _SEPARATORS:
        cells = next(csv.reader(lines[:1], delimiter=separator, skipinitialspace=True), [])
        if are_enough(find_columns(cells)):
            return separator, cells, True
        if _is_bare(cells):
            return separator, ["user_id", "xp"], False
    raise ReadError(
        _(
            "I don't see which columns these are. The first line has to name them: one with the users' ids, like"
            " `user_id`, and one with their XP or level, like `xp` or `level`."
        )
    )


def _is_bare(cells: list[str]) -> bool:
    """Whether this is an id and XP, in a file without a head."""
    try:
        return len(cells) == 2 and parse_id(cells[0]) > 0 and parse_number(cells[1]) is not None
    except FlawError:
        return False
