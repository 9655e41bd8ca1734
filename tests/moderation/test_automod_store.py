"""Automod's rules and what they found, as rows."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from database.automod import AutomodHit, AutomodRule, AutomodStore, new_hit_id
from database.manager import DatabaseManager

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
CLAUSES = {"words": ["a", "ß"], "delete": [], "timeout": [600]}


def hit(rule: AutomodRule, message_id: int, at: datetime = NOW) -> AutomodHit:
    return AutomodHit(
        new_hit_id(), rule.guild_id, rule.number, rule.name, "words", "a", 100, 10, message_id, at, done=True
    )  # fmt: skip


async def test_rules_are_kept_by_guild(db: DatabaseManager):
    store = AutomodStore(db)
    first = await store.add(1, "slurs", "observe", CLAUSES, most=2)
    assert first == AutomodRule(1, 1, "slurs", "observe", CLAUSES)
    assert await store.add(1, "slurs", "on", {}, most=2) is None
    assert await store.add(2, "slurs", "on", CLAUSES, most=2) is not None
    second = await store.add(1, "spam", "on", CLAUSES, most=2)
    assert second is not None
    assert await store.add(1, "more", "on", CLAUSES, most=2) is None
    changed = replace(first, name="words", mode="off", clauses={"links": [], "delete": []})
    assert await store.change(changed)
    assert await store.of(1) == [changed, second]
    assert len(await store.all()) == 3
    assert await store.remove(1, 1)
    assert not await store.remove(1, 1)
    assert not await store.change(changed)
    await store.replace(1, [changed, replace(second, clauses={})])
    assert [(one.name, one.mode, one.clauses) for one in await store.of(1)] == [
        ("words", "off", changed.clauses), ("spam", "on", {}),
    ]  # fmt: skip


async def test_of_many_at_once_no_more_are_kept_than_may_be(db: DatabaseManager):
    store = AutomodStore(db)
    added = await asyncio.gather(*(store.add(1, f"rule{index}", "on", {}, most=3) for index in range(8)))
    assert sum(one is not None for one in added) == 3
    numbers = [one.number for one in added if one is not None]
    assert len(set(numbers)) == 3


async def test_hits_are_counted_and_forgotten(db: DatabaseManager):
    store = AutomodStore(db)
    rule, other = await store.add(1, "a", "on", {}, most=9), await store.add(1, "b", "on", {}, most=9)
    assert rule is not None
    assert other is not None
    old, new = hit(rule, 5, NOW - timedelta(days=40)), hit(rule, 6)
    await store.found([old, new, replace(hit(other, 6), case_number=3)])
    assert [one.hits for one in await store.of(1)] == [2, 1]
    assert await store.hits(1, rule_number=rule.number, limit=9) == [new, old]
    assert [one.rule_name for one in await store.hits(1, message_id=6, limit=9)] == ["b", "a"]
    assert await store.hits(2, limit=9) == []
    await store.forget(texts_before=NOW + timedelta(hours=1), hits_before=NOW - timedelta(days=30))
    left = await store.hits(1, limit=9)
    assert [(one.message_id, one.matched) for one in left] == [(6, None), (6, None)]
