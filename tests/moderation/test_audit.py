"""What moderators do in Discord's own client, as it becomes cases."""

from datetime import timedelta

import pytest

from tests.support.town import Town
from utils.events import ModAction

english = pytest.mark.town(languages=("en",))
sqlite = pytest.mark.engines("sqlite")


async def the_cases(town: Town) -> list[dict]:
    return [dict(row) for row in await town.db.fetchall("SELECT * FROM cases ORDER BY number")]


async def in_force(town: Town) -> list[tuple]:
    rows = await town.db.fetchall("SELECT kind, number, timer_id FROM sanctions ORDER BY number")
    return [(row["kind"], row["number"], row["timer_id"] is not None) for row in rows]


async def timers(town: Town) -> int:
    return int(await town.db.fetchval("SELECT COUNT(*) FROM timers WHERE name = 'sanction_timer'"))


async def test_a_ban_by_hand_becomes_a_case(town: Town):
    await town.says(town.admin, "!config set mod-log #private")
    entry = await town.acts_in_client(town.moderator, "ban", town.ann, reason="raid")
    [case] = await the_cases(town)
    assert (case["kind"], case["status"], case["source"], case["reason"]) == ("ban", "done", "client", "raid")
    assert (case["target_id"], case["target_name"]) == (town.ann.id, "ann")
    assert (case["moderator_id"], case["moderator_name"]) == (town.moderator.id, "mona")
    assert (case["entry_id"], case["ends_at"], case["told"]) == (int(entry["id"]), None, None)
    assert await in_force(town) == [("ban", 1, False)]
    shown = town.last(town.private)
    assert "raid" in shown
    assert "Discord's own menu" in shown
    assert [(news.kind, news.source) for news in town.sent(ModAction)] == [("ban", "client")]
    assert town.last(town.ann) is None


@pytest.mark.parametrize("action", ["ban", "kick", "unban"])
@sqlite
async def test_an_entry_that_comes_twice_is_one_case(town: Town, action: str):
    if action == "unban":
        await town.says(town.moderator, "!ban @ann")
    entry = await town.acts_in_client(town.moderator, action, town.ann)
    before = len(await the_cases(town))
    await town.hear_entry_again(entry)
    assert len(await the_cases(town)) == before
    await town.says(town.moderator, "!note @bob next")
    assert [case["number"] for case in await the_cases(town)] == list(range(1, before + 2))


async def test_the_bots_own_actions_are_not_counted_twice(town: Town):
    for command in ("!timeout @ann 5m", "!untimeout @ann", "!kick @ann", "!ban @bob", f"!unban {town.bob.id}"):
        await town.says(town.moderator, command)
    assert [(case["kind"], case["source"]) for case in await the_cases(town)] == [
        ("timeout", "command"), ("untimeout", "command"), ("kick", "command"), ("ban", "command"),
        ("unban", "command"),
    ]  # fmt: skip


async def test_kick_by_hand(town: Town):
    await town.acts_in_client(town.admin, "kick", town.ann)
    [case] = await the_cases(town)
    assert (case["kind"], case["moderator_id"], case["reason"]) == ("kick", town.admin.id, None)
    assert await in_force(town) == []


async def test_a_timeout_by_hand_and_its_end(town: Town):
    until = town.now + timedelta(hours=1)
    await town.acts_in_client(town.moderator, "timeout", town.ann, until=until, reason="calm down")
    await town.acts_in_client(town.moderator, "untimeout", town.ann)
    timeout, lifted = await the_cases(town)
    assert (timeout["kind"], timeout["ends_at"]) == ("timeout", int(until.timestamp() * 1000))
    assert lifted["kind"] == "untimeout"
    assert until.isoformat() in lifted["state_before"]
    assert await in_force(town) == []
    assert await timers(town) == 0


async def test_a_timeout_by_hand_runs_out_quietly(town: Town):
    await town.acts_in_client(town.moderator, "timeout", town.ann, until=town.now + timedelta(minutes=10))
    assert [kind for kind, *_ in await in_force(town)] == ["timeout"]
    await town.wait(minutes=11)
    assert await in_force(town) == []
    # Clearing a timeout that is over lifts nothing.
    await town.acts_in_client(town.moderator, "untimeout", town.ann)
    assert len(await the_cases(town)) == 1


async def test_a_shorter_timeout_by_hand_stops_the_renewals_of_a_long_one(town: Town):
    await town.says(town.moderator, "!timeout @ann 60d")
    await town.acts_in_client(town.moderator, "timeout", town.ann, until=town.now + timedelta(hours=1))
    await town.wait(days=30)
    assert town.ann.timed_out_until is None or town.ann.timed_out_until < town.now


async def test_an_unban_by_hand_closes_the_clock(town: Town):
    await town.says(town.moderator, "!ban @ann 7d")
    await town.acts_in_client(town.admin, "unban", town.ann)
    assert await timers(town) == 0
    await town.acts_in_client(town.admin, "ban", town.ann, reason="for good")
    await town.wait(days=8)
    assert town.ann.is_banned
    assert [case["kind"] for case in await the_cases(town)] == ["ban", "unban", "ban"]


@pytest.mark.parametrize("off", ["!config set client-actions off", "!feature disable moderation"])
@sqlite
async def test_switched_off_there_are_no_cases_but_clocks_stop(town: Town, off: str):
    await town.says(town.moderator, "!ban @ann 7d")
    await town.says(town.admin, off)
    await town.acts_in_client(town.admin, "unban", town.ann)
    await town.acts_in_client(town.admin, "ban", town.ann)
    await town.acts_in_client(town.admin, "kick", town.bob)
    assert len(await the_cases(town)) == 1
    await town.wait(days=8)
    assert town.ann.is_banned


@sqlite
async def test_what_else_changes_about_a_member_is_not_kept(town: Town):
    await town.rename(town.ann, "Annie")
    entry = await town.acts_in_client(town.moderator, "timeout", town.ann, until=town.now + timedelta(hours=1))
    await town.hear_entry_again(
        {**entry, "id": str(int(entry["id"]) + 1), "changes": [{"key": "nick", "new_value": "Annie"}]}
    )
    assert len(await the_cases(town)) == 1


@sqlite
async def test_nobody_knows_the_name(town: Town):
    town.refuse("GET", "/users/*", status=500, times=None)
    await town.acts_in_client(town.moderator, "ban", town.ann)
    [case] = await the_cases(town)
    assert case["target_id"] == town.ann.id
    assert case["target_name"] in {"ann", str(town.ann.id)}


@sqlite
async def test_a_reason_cannot_break_the_log(town: Town):
    await town.says(town.admin, "!config set mod-log #private")
    await town.acts_in_client(town.moderator, "ban", town.ann, reason="@everyone **{x}** `\n" + "x" * 480)
    assert town.last(town.private).pings_everyone is False
    assert len(await the_cases(town)) == 1
