"""The way of every action when something goes wrong at one of its steps."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from cogs.moderation.actions import Target
from cogs.moderation.pipeline import Origin, Pipeline
from cogs.moderation.punishments import Ban, Kick, Softban, Timeout, Unban, Warn
from tests.support.town import Town
from utils.events import ModAction

sqlite = pytest.mark.engines("sqlite")


async def the_cases(town: Town) -> list[dict[str, Any]]:
    return [dict(row) for row in await town.db.fetchall("SELECT * FROM cases ORDER BY number")]


def pipeline_of(town: Town) -> Pipeline:
    return town.bot.get_cog("People").pipeline


async def begun(town: Town, kind: type, who: Any, **fields: Any) -> None:
    """A case of somebody's action that the process died after: it was written down, and no more is known."""
    target = Target(town.guild.live, who.id, who.name)
    action = kind(town.bot, await town.as_bot(target.looked_up()), "reasons", **fields)
    origin = Origin("command", town.moderator.live, town.general.id, who.id)
    await town.as_bot(pipeline_of(town).open(action, origin))
    await town.wait(seconds=1)


# --- The message to the target ----------------------------------------------------------------------------


async def test_closed_direct_messages_stop_nothing(town: Town):
    town.close_dms(town.ann)
    answer = await town.says(town.moderator, "!ban @ann")
    assert "They couldn't be told: their direct messages are closed." in answer
    assert town.ann.is_banned
    [case] = await the_cases(town)
    assert (case["status"], case["told"]) == ("done", "closed")


async def test_trouble_with_direct_messages_stops_nothing(town: Town):
    town.refuse("POST", f"/channels/{town.ann.dm.id}/messages", status=503)
    answer = await town.says(town.moderator, "!kick @ann")
    assert "They weren't told" in answer
    assert not town.ann.is_here
    [case] = await the_cases(town)
    assert (case["status"], case["told"]) == ("done", None)


@sqlite
async def test_what_they_are_told_is_a_setting(town: Town):
    await town.says(town.admin, "!config set dm-note Appeal at https://example.com")
    await town.says(town.moderator, "!timeout @ann 1h")
    assert "Appeal at https://example.com" in town.last(town.ann)
    await town.says(town.admin, "!config set dm-targets off")
    await town.says(town.moderator, "!kick @ann")
    assert len(town.messages(town.ann)) == 1


@sqlite
async def test_who_is_told_before_and_who_after(town: Town):
    await town.says(town.moderator, "!ban @ann")
    await town.says(town.moderator, "!timeout @bob 1h")
    steps = [
        (call.method, call.path.split("/")[-2])
        for call in town.calls()
        if (call.method, call.path.split("/")[1]) in {("PUT", "guilds"), ("PATCH", "guilds")}
        or call.path in {f"/channels/{who.dm.id}/messages" for who in (town.ann, town.bob)}
    ]
    assert [method for method, _path in steps] == ["POST", "PUT", "PATCH", "POST"]


# --- The action -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("status", "says"), [(500, "error (500)"), (403, "Discord doesn't let me")])
async def test_a_refusal_is_told_and_kept(town: Town, status: int, says: str):
    await town.says(town.admin, "!config set mod-log #private")
    town.refuse("PUT", "/guilds/*/bans/*", status=status)
    answer = await town.says(town.moderator, "!ban @ann scam")
    assert says in answer
    assert not town.ann.is_banned
    [case] = await the_cases(town)
    assert case["status"] == "failed"
    assert says in case["failure"]
    assert town.sent(ModAction) == []
    assert says in town.last(town.private).fields["State"]
    # Who was told of a ban that then wasn't one is told so.
    assert [heard.splitlines()[0] for heard in town.messages(town.ann)] == [
        "You were banned from **Town**.",
        "That didn't happen after all: nothing has changed for you.",
    ]
    # Nothing stands in the way of a second attempt, and its number is the next.
    assert "Case **2**" in await town.says(town.moderator, "!ban @ann scam")


async def test_a_target_who_left_in_between(town: Town):
    town.refuse("DELETE", "/guilds/*/members/*", status=404, code=10007, message="Unknown Member")
    answer = await town.says(town.moderator, "!kick @ann")
    assert "Unknown Member" in answer
    assert [case["status"] for case in await the_cases(town)] == ["failed"]


async def test_a_softban_that_discord_leaves_half_done(town: Town):
    town.refuse("DELETE", "/guilds/*/bans/*", status=503)
    answer = await town.says(town.moderator, "!softban @ann")
    assert "is banned, but" in answer
    [case] = await the_cases(town)
    assert case["status"] == "failed"
    assert len(town.messages(town.ann)) == 1  # nobody tells them that nothing has changed


async def test_discord_in_trouble_before_there_is_a_case(town: Town):
    town.refuse("GET", "/guilds/*/bans/*", status=503)
    assert "error (503)" in await town.says(town.moderator, "!ban @ann")
    assert await the_cases(town) == []


# --- Settling and the log ---------------------------------------------------------------------------------


async def test_the_database_fails_after_the_action(town: Town):
    """The ban is there, and can't be written down: the case stays pending, and is settled later."""
    await town.db.execute("ALTER TABLE timers RENAME TO timers_away")
    town.expect_errors()
    assert "couldn't write that down" in await town.says(town.moderator, "!ban @ann 2 days")
    assert town.ann.is_banned
    assert [case["status"] for case in await the_cases(town)] == ["pending"]
    await town.db.execute("ALTER TABLE timers_away RENAME TO timers")
    await town.wait(hours=12)
    assert [case["status"] for case in await the_cases(town)] == ["done"]
    await town.wait(hours=36, seconds=1)
    assert not town.ann.is_banned


async def test_trouble_with_the_log_loses_no_case(town: Town):
    await town.says(town.admin, "!config set mod-log #private")
    town.refuse("POST", f"/channels/{town.private.id}/messages", status=503)
    assert "Case **1**" in await town.says(town.moderator, "!warn @ann")
    assert [case["status"] for case in await the_cases(town)] == ["done"]
    assert town.messages(town.private) == []
    assert "Case **2**" in await town.says(town.moderator, "!warn @ann")
    assert len(town.messages(town.private)) == 2, "the first one comes later"


async def test_a_deleted_log_channel_is_said_once(town: Town):
    await town.says(town.admin, "!config set mod-log #private")
    await town.delete_channel(town.private)
    for number in (1, 2, 3):
        assert f"Case **{number}**" in await town.says(town.moderator, "!warn @ann")
    told = [heard for who in (town.owner, town.admin) for heard in town.messages(who)]
    assert len(set(told)) == 1
    assert "mod log channel was deleted" in told[0]
    assert [case["status"] for case in await the_cases(town)] == ["done"] * 3


# --- Twice ------------------------------------------------------------------------------------------------


async def test_two_bans_at_once(town: Town):
    first, second = (
        Ban(town.bot, Target(town.guild.live, town.ann.id, "ann"), reason) for reason in ("one", "two")
    )  # fmt: skip
    origin = Origin("automod", None)

    async def both() -> list[Any]:
        pipeline = pipeline_of(town)
        return await asyncio.gather(
            pipeline.perform(first, origin), pipeline.perform(second, origin), return_exceptions=True
        )

    done, refused = await town.as_bot(both())
    assert done.status == "done"
    assert "is banned already" in str(refused)
    assert len(town.calls("PUT", "/guilds/*/bans/*")) == 1
    assert len(await the_cases(town)) == 1


async def test_fifty_at_once_leave_no_hole_in_the_numbers(town: Town):
    people = [town.outsider(f"raider{number}") for number in range(50)]
    actions = [Ban(town.bot, Target(town.guild.live, person.id, person.name)) for person in people]
    town.refuse("PUT", "/guilds/*/bans/*", status=503, times=10)

    async def all_of_them() -> list[Any]:
        pipeline = pipeline_of(town)
        wanted = (pipeline.perform(action, Origin("automod", None)) for action in actions)
        return await asyncio.gather(*wanted, return_exceptions=True)

    await town.as_bot(all_of_them())
    cases = await the_cases(town)
    assert [case["number"] for case in cases] == list(range(1, 51))
    assert sorted(case["status"] for case in cases) == ["done"] * 40 + ["failed"] * 10


async def test_the_same_message_twice(town: Town):
    await town.says(town.moderator, "!warn @ann")
    assert await town.redeliver() is None
    await town.restart(clean=False)  # the new process remembers no messages
    assert await town.redeliver() is None
    assert len(await the_cases(town)) == 1
    await town.says(town.moderator, f"!ban {town.ann.mention}")
    assert town.ann.is_banned
    await town.restart(clean=False)
    assert await town.redeliver() is None
    assert len(await the_cases(town)) == 2


async def test_a_second_moderator_is_asked(town: Town):
    await town.says(town.moderator, "!warn @ann spam")
    question = await town.says(town.admin, "!ban @ann spam")
    assert "Do this as well?" in question
    assert town.moderator.mention in question
    assert not town.ann.is_banned
    await town.press(town.admin, question, "No")
    assert not town.ann.is_banned
    question = await town.says(town.admin, "!ban @ann spam")
    await town.press(town.admin, question, "Yes")
    assert town.ann.is_banned
    assert len(await the_cases(town)) == 2


@sqlite
async def test_a_nickname_hides_no_case_of_another(town: Town):
    await town.says(town.moderator, "!warn @ann spam")
    assert "Case **2**" in await town.says(town.admin, "!nick @ann Annie")
    assert "Do this as well?" in await town.says(town.admin, "!ban @ann spam")


@sqlite
async def test_notes_are_no_reason_to_ask(town: Town):
    await town.says(town.moderator, "!warn @ann")
    assert "Case **2**" in await town.says(town.admin, "!note @ann was warned before")
    assert "Do this as well?" in await town.says(town.admin, "!warn @ann")
    assert "Case **3**" in await town.says(town.moderator, "!warn @ann")


@sqlite
async def test_nobody_is_asked_about_their_own_or_what_is_long_ago(town: Town):
    await town.says(town.moderator, "!warn @ann")
    assert "Case **2**" in await town.says(town.moderator, "!warn @ann")
    await town.wait(minutes=6)
    assert "Case **3**" in await town.says(town.admin, "!warn @ann")


async def test_what_changed_while_somebody_thought(town: Town):
    await town.says(town.moderator, "!warn @ann spam")
    question = await town.says(town.admin, "!kick @ann")
    await town.leave(town.ann)
    reaction = await town.press(town.admin, question, "Yes")
    assert "isn't in this server" in reaction.replies[0]
    assert len(await the_cases(town)) == 1


@sqlite
async def test_acting_on_staff_asks_first(town: Town):
    await town.says(town.admin, "!config set mod-roles Member")
    await town.give_role(town.ann, "Member")
    for target in ("@mona", "@ann"):
        question = await town.says(town.admin, f"!timeout {target} 5m")
        assert "is staff. Do it anyway?" in question
    assert (await the_cases(town)) == []
    await town.press(town.admin, question, "Yes")
    assert len(await the_cases(town)) == 1
    await town.says(town.admin, "!config set confirm-on-staff off")
    assert "Case **2**" in await town.says(town.admin, "!warn @mona")


@sqlite
async def test_a_length_counts_from_the_answer_to_a_question(town: Town):
    question = await town.says(town.admin, "!timeout @mona 1m")
    await town.wait(seconds=50)
    await town.press(town.admin, question, "Yes")
    [case] = await the_cases(town)
    assert case["ends_at"] - case["opened_at"] == 60_000
    assert town.moderator.live.timed_out_until == town.now + timedelta(minutes=1)


# --- The bot was ended in between -------------------------------------------------------------------------


async def test_killed_between_case_and_action(town: Town):
    await town.says(town.admin, "!config set mod-log #private")
    await begun(town, Ban, town.ann)
    await begun(town, Kick, town.bob)
    await town.restart(clean=False)
    await town.settle()
    for case in await the_cases(town):
        assert case["status"] == "failed"
        assert "I was stopped before this was done." in case["failure"]
    assert [shown.fields["State"] for shown in town.messages(town.private)] == [
        "failed: I was stopped before this was done."
    ] * 2
    assert town.sent(ModAction) == []


async def test_killed_between_action_and_settlement(town: Town):
    ends_at = town.now + timedelta(days=2)
    await begun(town, Ban, town.ann, ends_at=ends_at)
    await town.as_bot(town.guild.live.ban(town.ann.handle))
    await begun(town, Timeout, town.bob, ends_at=ends_at)
    await town.as_bot(town.bob.live.timeout(ends_at))
    await town.restart(clean=False)
    await town.settle()
    assert [case["status"] for case in await the_cases(town)] == ["done", "done"]
    assert [news.kind for news in town.sent(ModAction)] == ["ban", "timeout"]
    assert "You were timed out" in town.last(town.bob)
    # What is in force came with the settlement: the ban ends.
    await town.wait(days=2, seconds=1)
    assert not town.ann.is_banned


@sqlite
async def test_killed_in_the_middle_of_a_softban(town: Town):
    await begun(town, Softban, town.ann)
    await town.as_bot(town.guild.live.ban(town.ann.handle))
    await town.restart(clean=False)
    await town.settle()
    assert not town.ann.is_banned
    assert [case["status"] for case in await the_cases(town)] == ["done"]


@sqlite
async def test_killed_and_nobody_can_know(town: Town):
    await begun(town, Timeout, town.ann, ends_at=town.now + timedelta(seconds=1))
    await begun(town, Warn, town.bob)
    await begun(town, Unban, town.developer)
    await town.restart(clean=False)
    await town.settle()
    timeout, warn, unban = await the_cases(town)
    assert "please look yourself" in timeout["failure"]
    assert (warn["status"], unban["status"]) == ("done", "done")


@sqlite
async def test_recovery_waits_while_discord_has_trouble(town: Town):
    await begun(town, Ban, town.ann)
    town.refuse("GET", "/guilds/*/bans/*", status=503)
    await town.restart(clean=False)
    await town.settle()
    assert [case["status"] for case in await the_cases(town)] == ["pending"]
    await town.wait(hours=7)
    assert [case["status"] for case in await the_cases(town)] == ["failed"]
