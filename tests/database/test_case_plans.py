"""How cases are found when there are very many: along an index, as SQLite's own plan says."""

import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import pytest

from database.case_filter import CaseFilter
from database.manager import DatabaseManager
from database.moderation import CasesStore

pytestmark = pytest.mark.engines("sqlite")
NOW = datetime(2026, 1, 1, tzinfo=UTC)

Asked = Callable[[CasesStore], Awaitable[object]]
ASKED: dict[str, tuple[Asked, str]] = {
    "a history": (lambda cases: cases.find(1, CaseFilter(target_id=2), limit=500), "cases_by_target"),
    "points": (lambda cases: cases.points(1, 2, since=None, now=NOW), "cases_by_target"),
    "a moderator's": (lambda cases: cases.find(1, CaseFilter(moderator_id=2), limit=500), "cases_by_moderator"),
    "a moderator's latest": (lambda cases: cases.latest(1, moderator_id=2), "cases_by_moderator"),
    "the latest": (lambda cases: cases.latest(1), "sqlite_autoindex_cases_1"),
    "a history's kinds": (lambda cases: cases.counts_by_kind(1, CaseFilter(target_id=2)), "cases_by_target"),
    "since a day": (lambda cases: cases.count(1, CaseFilter(since=NOW)), "cases_by_time"),
    "who is called so": (lambda cases: cases.targets_named(1, "ann"), "cases_by_name"),
    "what a message did": (lambda cases: cases.by_message(1, 2, "ban", 3), "cases_by_message"),
    "what belongs to one": (lambda cases: cases.find(1, CaseFilter(parent=2), limit=21), "cases_by_parent"),
    "what a crash left": (lambda cases: cases.pending(NOW), "cases_pending"),
}


async def plan(db: DatabaseManager, ask: Asked) -> str:
    """How SQLite carries out the last statement of a question."""
    seen: list[str] = []
    db.on_statement = lambda text, *_more: seen.append(text)
    await ask(CasesStore(db))
    db.on_statement = None
    values = max(int(number) for number in re.findall(r"\$(\d+)", seen[-1]))
    return "\n".join(row["detail"] for row in await db.fetchall(f"EXPLAIN QUERY PLAN {seen[-1]}", *[None] * values))


@pytest.mark.parametrize("what", ASKED)
async def test_along_an_index(db: DatabaseManager, what: str):
    ask, index = ASKED[what]
    assert index in await plan(db, ask)


async def test_what_is_in_force_is_asked_once(db: DatabaseManager):
    """Not anew for each case: of a hundred thousand, with a hundred locked channels, that took seconds."""
    steps = await plan(db, lambda cases: cases.count(1, CaseFilter(in_force_at=NOW)))
    assert "LIST SUBQUERY" in steps
    assert "CORRELATED" not in steps
