"""Cases as files."""

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cogs.moderation.cases import cog as cases
from cogs.moderation.cases import export as case_export
from database.manager import DatabaseManager
from database.moderation import Case, CaseFilter, CasesStore, NewCase
from tests.moderation.case_help import given_case
from tests.support.town import Town
from utils.spreadsheets import harmless

sqlite = pytest.mark.engines("sqlite")

unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # machines may be busy
NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
CASE = Case(guild_id=1, kind="warn", source="command", moderator_name="mona", opened_at=NOW, number=1)


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


async def file_of(answer) -> bytes:
    [file] = answer.files
    return await file.read()


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "＝1", "＠x", '=HYPERLINK("http://x")']
)
def test_no_cell_is_a_formula(cell: str):
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "spam", "1", "a=b", "'=1", "mail@example.com"])
def test_other_cells_stay(cell: str):
    assert harmless(cell) == cell


@unhurried
@given(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=50))
def test_whatever_a_reason_is_it_comes_back_and_runs_nothing(reason: str):
    case = replace(CASE, reason=reason)
    head = case_export._frame("csv")[0]
    [row] = rows_of(head + case_export.csv_row(case).encode())
    assert row["reason"].removeprefix("'") == reason.removeprefix("'")
    assert row["reason"].lstrip(" ")[:1] not in set("=+-@\t\r\n")
    assert json.loads(case_export.json_object(case, []))["reason"] == reason


async def test_parts_hold_every_case_once(db: DatabaseManager, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(case_export, "BATCH", 3)
    store = CasesStore(db)
    for number in range(10):
        await store.open(
            NewCase(guild_id=1, kind="warn", source="command", moderator_name="mona", opened_at=NOW,
                    reason=f"reason {number}")
        )  # fmt: skip
    whole = [part async for part in case_export.export(store, 1, CaseFilter(), "csv", 10**6)]
    assert [row["number"] for row in rows_of(whole[0])] == [str(number) for number in range(1, 11)]
    for form in ("csv", "json"):
        parts = [part async for part in case_export.export(store, 1, CaseFilter(), form, 700)]
        assert len(parts) > 1
        assert all(len(part) <= 700 for part in parts)
        found = [row for part in parts for row in (rows_of(part) if form == "csv" else json.loads(part))]
        assert [int(row["number"]) for row in found] == list(range(1, 11))
    tiny = [part async for part in case_export.export(store, 1, CaseFilter(), "json", 1)]
    assert len(tiny) == 10, "a case that alone is too large is still there"


async def test_nothing_to_export_is_an_empty_file(db: DatabaseManager):
    for form, content in (("csv", []), ("json", [])):
        [part] = [part async for part in case_export.export(CasesStore(db), 1, CaseFilter(), form, 1000)]
        assert (rows_of(part) if form == "csv" else json.loads(part)) == content


async def test_a_file_in_a_channel_for_staff(town: Town):
    case = await given_case(town, reason='Äh; "no", =1', ends_at=town.now + timedelta(days=1), points=1)
    await given_case(town, "note", reason="steals horses")
    await given_case(town, "ban")
    store = CasesStore(town.bot.db)
    await store.amend(case, {"reason": "=raid()"}, by=town.admin.id, at=town.now)
    answer = await town.says(town.admin, "!cases export CSV", channel=town.private)
    assert answer.files[0].filename == "cases-1.csv"
    rows = rows_of(await file_of(answer))
    assert [row["reason"] for row in rows] == ["'=raid()", "steals horses", "spam"]
    assert rows[0]["target_id"] == str(town.bob.id)
    assert rows[0]["ends_at"] == (town.now + timedelta(days=1)).isoformat()
    answer = await town.says(town.admin, "!cases export json type:warn", channel=town.private)
    [exported] = json.loads(await file_of(answer))
    assert (exported["target_id"], exported["points"], exported["moderator_name"]) == (str(town.bob.id), 1, "mona")
    [change] = exported["changes"]
    assert (change["old"], change["new"], change["by"]) == ('Äh; "no", =1', "=raid()", str(town.admin.id))


@sqlite
async def test_where_everybody_reads_it_comes_directly(town: Town):
    await given_case(town, "note", reason="steals horses")
    answer = await town.says(town.admin, "!cases export csv")
    assert answer == "I've sent it to you directly: not only staff can read this channel."
    assert not answer.files
    assert b"steals horses" in await file_of(town.last(town.admin))
    town.close_dms(town.admin)
    assert "I can't send you direct messages" in await town.says(town.admin, "!cases export csv")


@sqlite
async def test_too_much_for_one_file(town: Town, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(cases, "MOST_FILE_BYTES", 700)
    monkeypatch.setattr(cases, "MOST_FILES", 3)
    for _ in range(4):
        await given_case(town, reason="x" * 300)
    answer = await town.says(town.admin, "!cases export csv", channel=town.private)
    assert [reply.files[0].filename for reply in answer.replies if reply.files] == [
        "cases-1.csv", "cases-2.csv", "cases-3.csv",
    ]  # fmt: skip
    assert "narrow it down" in answer.replies[-1]


@sqlite
async def test_other_forms(town: Town):
    assert "Choose one of `csv`, `json`" in await town.says(town.admin, "!cases export xlsx")
    assert "Something is missing" in await town.says(town.admin, "!cases export")
    assert "don't know the filter" in await town.says(town.admin, "!cases export csv colour:red")
