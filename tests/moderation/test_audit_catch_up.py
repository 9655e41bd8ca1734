"""What moderators did in Discord's own client while the bot was away: found when it is back."""

import asyncio
from datetime import timedelta

import discord
import pytest

from database.audit_marks import AuditMarksStore
from tests.support.town import Town

sqlite = pytest.mark.engines("sqlite")


async def the_cases(town: Town) -> list[tuple]:
    rows = await town.db.fetchall("SELECT number, kind, source, reason FROM cases ORDER BY number")
    return [(row["number"], row["kind"], row["source"], row["reason"]) for row in rows]


async def in_force(town: Town) -> list[tuple]:
    rows = await town.db.fetchall("SELECT kind, number, timer_id FROM sanctions ORDER BY number")
    return [(row["kind"], row["number"], row["timer_id"] is not None) for row in rows]


async def mark(town: Town) -> int | None:
    return await AuditMarksStore(town.db).get(town.guild.id)


async def another_session(town: Town) -> None:
    """Discord had forgotten the bot's session, and all begins anew; nothing is told again."""
    town.bot.dispatch("connect")
    await asyncio.sleep(0)
    town.bot.dispatch("ready")


# --- the store


async def test_a_mark_only_moves_forward(db):
    store = AuditMarksStore(db)
    assert await store.get(1) is None
    for entry, stands in ((0, 0), (7, 7), (5, 7), (8, 8)):
        await store.advance(1, entry)
        assert await store.get(1) == stands
    assert await store.get(2) is None


# --- in a town


async def test_what_was_done_while_the_bot_was_away_becomes_cases(town: Town):
    await town.says(town.admin, "!config set mod-log #private")
    with town.not_listening():
        await town.acts_in_client(town.moderator, "ban", town.ann, reason="raid")
        await town.acts_in_client(town.moderator, "kick", town.bob)
        await town.acts_in_client(town.admin, "unban", town.ann, reason="sorry")
        until = town.now + timedelta(hours=5)
        await town.acts_in_client(town.admin, "timeout", town.developer, until=until)
    assert await the_cases(town) == []
    await town.restart(clean=False)
    await town.settle()
    assert await the_cases(town) == [
        (1, "ban", "client", "raid"), (2, "kick", "client", None), (3, "unban", "client", "sorry"),
        (4, "timeout", "client", None),
    ]  # fmt: skip
    assert await in_force(town) == [("timeout", 4, True)]
    assert len(town.messages(town.private)) == 4
    await town.restart()
    await town.settle()
    assert len(await the_cases(town)) == 4, "nothing is taken twice"


@sqlite
async def test_very_much_that_was_missed_doesnt_fill_the_log(town: Town, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("cogs.moderation.cases.missed.MOST_SHOWN_LATER", 3)
    await town.says(town.admin, "!config set mod-log #private")
    with town.not_listening():
        for number in range(10):
            await town.acts_in_client(town.moderator, "unban" if number % 2 else "ban", town.ann)
    await town.restart()
    await town.settle()
    first, *others = town.messages(town.private)
    assert first.startswith("This log missed 7 cases more")
    assert [answer.embed.title.rpartition(" ")[2] for answer in others] == ["8", "9", "10"]


async def test_history_isnt_imported(town: Town):
    """The bot comes for the first time, or its moderation does."""
    await town.db.execute("DELETE FROM audit_marks")
    with town.not_listening():
        await town.acts_in_client(town.moderator, "ban", town.ann)
    await town.restart()
    await town.settle()
    assert await the_cases(town) == []
    with town.not_listening():
        await town.acts_in_client(town.moderator, "ban", town.bob)
    await town.restart()
    await town.settle()
    assert [kind for _number, kind, *_ in await the_cases(town)] == ["ban"]


async def test_a_ban_for_good_by_hand_stops_the_clock_that_struck_meanwhile(town: Town):
    await town.says(town.moderator, "!ban @ann 2 days")
    with town.not_listening():
        await town.acts_in_client(town.admin, "unban", town.ann)
        await town.acts_in_client(town.admin, "ban", town.ann, reason="for good")
    await town.as_bot(town.bot.stop(grace_seconds=0))
    await town.env.advance_time(timedelta(days=3).total_seconds())
    await town.restart(clean=False)
    await town.wait(minutes=1)
    assert town.ann.is_banned
    assert [kind for _number, kind, *_ in await the_cases(town)] == ["ban", "unban", "ban"]
    assert await in_force(town) == [("ban", 3, False)]


@sqlite
async def test_a_clock_waits_until_discord_tells_what_was_missed(town: Town):
    await town.says(town.moderator, "!ban @ann 2 days")
    with town.not_listening():
        await town.acts_in_client(town.admin, "unban", town.ann)
        await town.acts_in_client(town.admin, "ban", town.ann, reason="for good")
    town.refuse("GET", "/guilds/*/audit-logs", status=500, times=None)
    await town.restart(clean=False)
    await town.wait(days=2, seconds=5)
    assert town.ann.is_banned
    assert await the_cases(town) == [(1, "ban", "command", None)]
    town.refuse_no_more()
    await town.wait(minutes=15)
    assert town.ann.is_banned
    assert await in_force(town) == [("ban", 3, False)]


@sqlite
async def test_a_clock_strikes_although_discord_never_tells(town: Town):
    await town.says(town.moderator, "!ban @ann 2 days")
    town.refuse("GET", "/guilds/*/audit-logs", status=500, times=None)
    await town.restart(clean=False)
    await town.wait(days=2, minutes=70)
    assert town.ann.is_banned
    await town.wait(minutes=2)
    assert not town.ann.is_banned


async def test_an_unban_by_hand_closes_the_clock(town: Town):
    await town.says(town.moderator, "!ban @ann 2 days")
    with town.not_listening():
        await town.acts_in_client(town.admin, "unban", town.ann)
    await town.restart(clean=False)
    await town.settle()
    assert await in_force(town) == []
    assert await town.db.fetchval("SELECT COUNT(*) FROM timers WHERE name = 'sanction_timer'") == 0


async def test_a_newer_case_counts_more_than_what_is_found_late(town: Town):
    """Somebody bans again by command before the bot could read that the first ban was lifted."""
    await town.says(town.moderator, "!ban @ann 2 days")
    with town.not_listening():
        await town.acts_in_client(town.admin, "unban", town.ann)
    town.refuse("GET", "/guilds/*/audit-logs", status=500, times=1)
    await town.restart(clean=False)
    await town.wait(minutes=1)
    await town.says(town.moderator, f"!ban {town.ann.id} 5 days")
    await town.wait(minutes=15)
    assert [kind for _number, kind, *_ in await the_cases(town)] == ["ban", "ban", "unban"]
    assert await in_force(town) == [("ban", 2, True)]


@sqlite
@pytest.mark.parametrize("how", ["outage", "session"])
async def test_after_an_outage_or_a_lost_session(town: Town, how: str):
    with town.not_listening():
        await town.acts_in_client(town.moderator, "ban", town.ann, reason="raid")
    if how == "outage":
        await town.is_there_again(town.guild)
    else:
        await town.as_bot(another_session(town))
    assert await the_cases(town) == [(1, "ban", "client", "raid")]


@sqlite
async def test_more_than_a_page_and_the_newest_of_too_many(town: Town, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("cogs.moderation.audit.catch_up.MOST_ENTRIES", 120)
    with town.not_listening():
        for number in range(125):
            action = "unban" if number % 2 else "ban"
            await town.acts_in_client(town.moderator, action, town.ann, reason=str(number))
    await town.restart()
    await town.settle()
    assert [reason for *_, reason in await the_cases(town)] == [str(number) for number in range(5, 125)]


@sqlite
async def test_without_the_permission_and_when_it_comes(town: Town):
    await town.take_permission(town.guild, "view_audit_log")
    with town.not_listening():
        await town.acts_in_client(town.moderator, "ban", town.ann, reason="raid")
    await town.restart()
    await town.settle()
    assert await the_cases(town) == []
    await town.give_permission(town.guild, "view_audit_log")
    await town.acts_in_client(town.moderator, "kick", town.bob)
    assert {(kind, reason) for _number, kind, _source, reason in await the_cases(town)} == {
        ("kick", None), ("ban", "raid"),
    }  # fmt: skip


@sqlite
async def test_the_bots_own_entries_arent_taken(town: Town):
    await town.says(town.moderator, "!ban @ann")
    await town.db.execute("UPDATE audit_marks SET entry_id = 0")
    await town.restart()
    await town.settle()
    assert await the_cases(town) == [(1, "ban", "command", None)]


@sqlite
async def test_switched_off_there_are_no_cases_but_clocks_stop(town: Town):
    await town.says(town.moderator, "!ban @ann 7d")
    await town.says(town.admin, "!config set client-actions off")
    with town.not_listening():
        await town.acts_in_client(town.admin, "unban", town.ann)
        await town.acts_in_client(town.admin, "ban", town.ann)
    await town.restart()
    await town.wait(days=8)
    assert town.ann.is_banned
    assert len(await the_cases(town)) == 1


# --- who came back meanwhile


async def test_coming_back_while_the_bot_is_away_shakes_nothing_off(town: Town):
    jail, artist = town.role("Jailed"), town.role("Artist")
    await town.says(town.admin, f"!config set jail-role {jail.mention}")
    await town.says(town.admin, f"!jail {town.ann.mention}")
    await town.says(town.admin, f"!role temp {town.bob.mention} Artist 7d")
    await town.says(town.admin, f"!timeout {town.developer.mention} 60d")
    await town.wait(minutes=1)
    with town.not_listening():
        for who in (town.ann, town.bob, town.developer):
            await town.leave(who)
            await town.join(who)
    await town.restart(clean=False)
    await town.wait(seconds=1)
    assert town.ann.role_names == {jail.name}
    assert town.bob.role_names == {artist.name}
    with town.clock():
        assert town.developer.live.is_timed_out()


@sqlite
async def test_who_only_stayed_is_left_alone(town: Town):
    """What was taken by hand stays taken, also when nothing told the bot of it."""
    artist = town.role("Artist")
    await town.says(town.admin, f"!role temp {town.ann.mention} Artist 7d")
    await town.wait(minutes=1)
    with town.not_listening():
        await town.take_role(town.ann, artist)
    await town.restart(clean=False)
    await town.wait(seconds=1)
    assert town.ann.role_names == set()


@sqlite
async def test_discord_doesnt_tell_at_once_who_came_back(town: Town, monkeypatch: pytest.MonkeyPatch):
    await town.says(town.admin, f"!timeout {town.ann.mention} 60d")
    await town.wait(minutes=1)
    with town.not_listening():
        await town.leave(town.ann)
        await town.join(town.ann)
    asked = discord.Guild.query_members

    async def silent(*_args: object, **_named: object) -> None:
        raise TimeoutError

    monkeypatch.setattr(discord.Guild, "query_members", silent)
    await town.restart(clean=False)
    await town.wait(seconds=1)
    assert town.ann.timed_out_until is None
    monkeypatch.setattr(discord.Guild, "query_members", asked)
    await town.wait(minutes=11)
    assert town.ann.timed_out_until is not None


@sqlite
async def test_what_comes_live_moves_the_mark(town: Town):
    before = await mark(town)
    entry = await town.acts_in_client(town.moderator, "kick", town.ann)
    await town.says(town.moderator, "!note @bob next")
    await town.wait(seconds=11)
    assert before is not None
    assert await mark(town) == int(entry["id"]) > before
