"""Cases as files: CSV for spreadsheets, JSON for programs. In parts that Discord takes."""

import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from database.moderation import Case, CaseChange, CaseFilter, CasesStore
from utils.spreadsheets import csv_head, csv_line, in_files

BATCH: Final = 500  # cases read and written at once
CSV_COLUMNS: Final = (
    "number", "kind", "status", "target_id", "target_name", "moderator_id", "moderator_name", "reason", "source",
    "opened_at", "ends_at", "settled_at", "points", "told", "failure", "parent", "channel_id", "message_id",
)  # fmt: skip
JSON_FIELDS: Final = (*CSV_COLUMNS, "state_before", "details")
IDS: Final = frozenset({"target_id", "moderator_id", "channel_id", "message_id"})


async def export(
    store: CasesStore, guild_id: int, wanted: CaseFilter, form: str, most_bytes: int
) -> AsyncIterator[bytes]:
    """Files of at most `most_bytes` each with the cases that fit, the oldest first; one even if there are none.

    `form` is csv or json. Read in batches, so that a long history is never in memory as a whole.
    """
    head, between, tail = _frame(form)
    entries = _entries(store, guild_id, wanted, form)
    async for file in in_files(entries, most_bytes, head=head, between=between, tail=tail):
        yield file


def _frame(form: str) -> tuple[bytes, bytes, bytes]:
    if form == "csv":
        return csv_head(CSV_COLUMNS), b"", b""
    return b"[\n", b",\n", b"\n]\n"


async def _entries(store: CasesStore, guild_id: int, wanted: CaseFilter, form: str) -> AsyncIterator[bytes]:
    after = 0
    while batch := await store.find(
        guild_id, replace(wanted, after_number=after), limit=BATCH, oldest_first=True
    ):  # fmt: skip
        after = batch[-1].number
        changes = await store.changes_between(guild_id, batch[0].number, after) if form == "json" else {}
        for case in batch:
            text = csv_row(case) if form == "csv" else json_object(case, changes.get(case.number, []))
            yield text.encode()


def csv_row(case: Case) -> str:
    """A case as a line of CSV, none of whose cells a spreadsheet runs as a formula."""
    return csv_line([getattr(case, name) for name in CSV_COLUMNS])


def json_object(case: Case, changes: Sequence[CaseChange]) -> str:
    """A case as JSON. Ids are strings: many programs round numbers as large as these."""
    values: dict[str, Any] = {name: _json_value(name, getattr(case, name)) for name in JSON_FIELDS}
    values["changes"] = [
        {
            "field": change.field,
            "old": change.old_value,
            "new": change.new_value,
            "by": str(change.changed_by),
            "at": change.changed_at.isoformat(),
        }
        for change in changes
    ]
    return json.dumps(values, ensure_ascii=False)


def _json_value(name: str, value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if name in IDS and value is not None else value
