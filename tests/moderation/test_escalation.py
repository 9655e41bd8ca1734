"""What follows on warnings: the rules, the commands, and what happens when a threshold is crossed."""

import asyncio
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.moderation.actions import Target
from cogs.moderation.escalation.rules import MOST_THRESHOLDS, PRESET, crossed, described, read_threshold
from cogs.moderation.pipeline import Origin
from cogs.moderation.punishments import Warn
from cogs.moderation.reading import read_warning
from database.moderation_thresholds import Threshold, ThresholdsStore
from tests.moderation.case_help import given_case
from tests.support.answers import Answer
from tests.support.town import Town
from utils.errors import UserError
from utils.time import TimeError

english = pytest.mark.town(languages=("en",))
sqlite = pytest.mark.engines("sqlite")

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def the_cases(town: Town) -> list[dict]:
    return [dict(row) for row in await town.db.fetchall("SELECT * FROM cases ORDER BY number")]


async def given_thresholds(town: Town, *thresholds: Threshold) -> None:
    await ThresholdsStore(town.db).replace(town.guild.id, thresholds)


async def warns(town: Town, words: str = "@ann spam") -> Answer:
    """The moderator warns, says yes to what is asked, and gets the answer."""
    answer = await town.says(town.moderator, f"!warn {words}")
    assert answer is not None
    if "Warn them?" in answer:
        reaction = await town.press(town.moderator, answer, "Yes")
        return reaction.replies[-1]
    return answer


# --- Rules ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("points", "rule", "expected"),
    [
        ("3", "timeout 2h", Threshold(3, "timeout", 2 * HOUR)),
        ("3", "Mute for 90 min", Threshold(3, "timeout", timedelta(minutes=90))),
        ("4", "kick", Threshold(4, "kick")),
        ("4", "within 30 days  kick", Threshold(4, "kick", None, 30 * DAY)),
        ("5", "within 1 week ban 1d", Threshold(5, "ban", DAY, 7 * DAY)),
        ("5", "innerhalb von 2 Tagen ban", Threshold(5, "ban", None, 2 * DAY)),
        ("100", "ban", Threshold(100, "ban")),
    ],
)
def test_rules_are_read(points, rule, expected):
    assert read_threshold(points, rule) == expected


@pytest.mark.parametrize(
    ("points", "rule"),
    [
        ("0", "kick"), ("101", "kick"), ("three", "kick"), ("-1", "kick"), ("3", "timeout"), ("3", "kick 2h"),
        ("3", "warn"), ("3", ""), ("3", "ban soon"), ("3", "within kick"), ("3", "timeout 5s"),
        ("3", "timeout 20 years"), ("3", "within 5s kick"),
    ],
)  # fmt: skip
def test_what_is_no_rule_is_refused(points, rule):
    with pytest.raises((UserError, TimeError)) as refused:
        read_threshold(points, rule)
    assert str(refused.value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (None, (1, None)),
        ("spam", (1, "spam")),
        ("--points 3", (3, None)),
        ("--points=2 spam", (2, "spam")),
        ("spam --points 100 again", (100, "spam again")),
        ("he wrote--points 3", (1, "he wrote--points 3")),
    ],
)
def test_points_of_a_warning(text, expected):
    assert read_warning(text) == expected


@pytest.mark.parametrize("text", ["--points", "--points 0", "--points 101", "x --points many", "--points -1"])
def test_points_that_are_none(text):
    with pytest.raises(UserError):
        read_warning(text)


WITHIN = st.sampled_from([None, DAY, 7 * DAY])
THRESHOLDS = st.lists(
    st.builds(Threshold, st.integers(1, 20), st.just("kick"), st.none(), WITHIN), unique_by=lambda one: one.points
)


@given(THRESHOLDS, st.lists(st.integers(1, 5), max_size=12))
def test_each_threshold_is_crossed_once_on_the_way_up(thresholds, warnings):
    """Without expiry, no threshold takes effect twice, and the highest one reached has taken effect."""
    have, hit = 0, []
    for added in warnings:
        found = crossed(thresholds, dict.fromkeys([None, DAY, 7 * DAY], have), added)
        have += added
        if found is not None:
            hit.append(found.points)
            assert have - added < found.points <= have
    assert hit == sorted(set(hit))
    reached = [one.points for one in thresholds if one.points <= have]
    assert (hit[-1] if hit else None) == max(reached, default=None)


def test_only_recent_points_count_within_a_time():
    rule = Threshold(3, "kick", None, DAY)
    assert crossed([rule], {DAY: 2}, 1) == rule
    assert crossed([rule], {DAY: 0}, 1) is None


def test_the_preset_climbs():
    assert [described(one) for one in PRESET] == [
        "a timeout of 10 minutes", "a timeout of 2 hours", "a kick", "a ban of 1 day", "a ban for good",
    ]  # fmt: skip
    assert [one.points for one in PRESET] == [2, 3, 4, 5, 6]


# --- The store --------------------------------------------------------------------------------------------


async def test_thresholds_are_kept_by_guild(town: Town):
    store = ThresholdsStore(town.db)
    assert await store.put(1, Threshold(3, "ban", DAY, HOUR), most=2)
    assert await store.put(1, Threshold(2, "kick"), most=2)
    assert not await store.put(1, Threshold(4, "kick"), most=2)
    assert await store.put(1, Threshold(3, "timeout", HOUR), most=2)
    assert await store.of(1) == [Threshold(2, "kick"), Threshold(3, "timeout", HOUR)]
    assert await store.of(2) == []
    assert await store.remove(1, 2)
    assert not await store.remove(1, 2)


# --- The commands -----------------------------------------------------------------------------------------


async def test_listing_adding_and_removing(town: Town):
    assert "Nothing follows" in await town.says(town.moderator, "!escalation")
    assert "**3 points**: a timeout of 2 hours" in await town.says(town.admin, "!escalation add 3 timeout 2h")
    await town.says(town.admin, "!escalation add 4 within 30 days kick")
    await town.says(town.admin, "!escalation add 3 timeout 3h")
    listed = await town.says(town.moderator, "!escalation")
    assert "**3 points**: a timeout of 3 hours" in listed
    assert "**4 points** within 30 days: a kick" in listed
    assert "2 hours" not in listed
    assert "any more" in await town.says(town.admin, "!escalation remove 4")
    assert "exactly 4 points" in await town.says(town.admin, "!escalation remove 4")
    assert "kick" not in await town.says(town.moderator, "!escalation")


@sqlite
async def test_there_is_a_limit(town: Town):
    await given_thresholds(town, *(Threshold(points, "kick") for points in range(1, MOST_THRESHOLDS + 1)))
    assert "at most" in await town.says(town.admin, "!escalation add 99 ban")
    assert "a ban for good" in await town.says(town.admin, "!escalation add 5 ban")


@sqlite
async def test_only_who_manages_the_server_changes_them(town: Town):
    for command in ("add 3 kick", "remove 3", "preset"):
        assert "You need" in await town.says(town.moderator, f"!escalation {command}")
    assert "You need" in await town.says(town.bob, "!escalation")


async def test_the_preset_is_asked_about(town: Town):
    await given_thresholds(town, Threshold(9, "kick"))
    question = await town.says(town.admin, "!escalation preset")
    assert "**6 points**: a ban for good" in question
    await town.press(town.admin, question, "No")
    assert await ThresholdsStore(town.db).of(town.guild.id) == [Threshold(9, "kick")]
    await town.press(town.admin, await town.says(town.admin, "!escalation preset"), "Yes")
    assert await ThresholdsStore(town.db).of(town.guild.id) == list(PRESET)


# --- Crossing ---------------------------------------------------------------------------------------------


async def test_a_threshold_is_foreseen_and_then_follows(town: Town):
    await given_thresholds(town, *PRESET)
    first = await town.says(town.moderator, "!warn @ann one")
    assert first == f"Warned {town.ann.mention}. Case **1**."
    question = await town.says(town.moderator, "!warn @ann two")
    assert "has 2 warning points, and a timeout of 10 minutes follows" in question
    assert len(await the_cases(town)) == 1
    reaction = await town.press(town.moderator, question, "Yes")
    answer = reaction.replies[-1]
    assert "Case **2**" in answer
    assert "2 warning points: Timed" in answer
    assert "Case **3**" in answer
    assert town.ann.timed_out_until == town.now + timedelta(minutes=10)
    timeout = (await the_cases(town))[2]
    assert (timeout["kind"], timeout["status"], timeout["source"]) == ("timeout", "done", "escalation")
    assert (timeout["parent"], timeout["moderator_id"]) == (2, town.moderator.id)
    assert "2 warning points" in timeout["reason"]
    assert "You were timed out" in town.last(town.ann)


async def test_saying_no_warns_nobody(town: Town):
    await given_thresholds(town, Threshold(1, "kick"))
    await town.press(town.moderator, await town.says(town.moderator, "!warn @ann"), "No")
    assert await the_cases(town) == []
    assert town.ann.is_here


async def test_it_follows_once_and_not_on_each_later_warning(town: Town):
    await given_thresholds(town, Threshold(2, "timeout", HOUR))
    for _ in range(4):
        await warns(town)
    assert [case["kind"] for case in await the_cases(town)] == ["warn", "warn", "timeout", "warn", "warn"]


async def test_of_several_crossed_at_once_the_highest_follows(town: Town):
    await given_thresholds(town, *PRESET)
    answer = await warns(town, "@ann insults --points 5")
    assert "5 warning points: Banned" in answer
    assert [case["kind"] for case in await the_cases(town)] == ["warn", "ban"]
    assert town.ann.is_banned
    await town.wait(days=1, seconds=1)
    assert not town.ann.is_banned


async def test_what_expired_counts_no_more_and_can_be_crossed_again(town: Town):
    await town.says(town.admin, "!config set warning-lifetime 2d")
    await given_thresholds(town, Threshold(2, "timeout", HOUR))
    await warns(town)
    await town.wait(days=3)
    assert "warning points" not in await warns(town)
    assert "warning points" in await warns(town)
    await town.wait(days=3)
    await warns(town)
    assert "warning points" in await warns(town)
    assert [case["kind"] for case in await the_cases(town)].count("timeout") == 2


async def test_what_was_undone_counts_no_more_and_can_be_crossed_again(town: Town):
    await given_thresholds(town, Threshold(2, "timeout", HOUR))
    await warns(town)
    assert "2 warning points" in await warns(town)
    answer = await town.says(town.moderator, "!undo 2")
    while "Yes" in answer.buttons:
        answer = (await town.press(town.moderator, answer, "Yes")).replies[-1]
    assert town.ann.timed_out_until is None, "undone with its warning"
    assert "2 warning points" in await warns(town)
    assert town.ann.timed_out_until is not None
    assert "warning points" not in await warns(town)
    done = [case["kind"] for case in await the_cases(town) if case["status"] == "done"]
    assert (done.count("warn"), done.count("timeout")) == (3, 1)


@sqlite
async def test_within_a_time(town: Town):
    await given_thresholds(town, Threshold(2, "timeout", HOUR, DAY))
    await warns(town)
    await town.wait(days=1, seconds=1)
    assert "warning points" not in await warns(town)
    assert "warning points" in await warns(town)


async def test_a_failure_leaves_the_warning(town: Town):
    await given_thresholds(town, Threshold(1, "kick"))
    town.refuse("DELETE", "/guilds/*/members/*", status=500, times=None)
    answer = await warns(town)
    assert "Case **1**" in answer
    assert "Discord answers with an error (500)" in answer
    warning, kick = await the_cases(town)
    assert (warning["kind"], warning["status"]) == ("warn", "done")
    assert (kick["kind"], kick["status"], kick["parent"]) == ("kick", "failed", 1)


async def test_what_the_bot_may_not_do_is_said_and_kept(town: Town):
    await given_thresholds(town, Threshold(1, "ban"))
    await town.take_permission(town.guild, "ban_members")
    answer = await warns(town)
    assert "I need **Ban Members** for this" in answer
    warning, ban = await the_cases(town)
    assert (warning["status"], ban["status"], ban["kind"]) == ("done", "failed", "ban")
    assert "Ban Members" in ban["failure"]
    assert not town.ann.is_banned


@sqlite
async def test_discord_does_not_say_who_is_here(town: Town, monkeypatch: pytest.MonkeyPatch):
    """The case of what follows is settled as failed, rather than left for the next start."""
    await given_thresholds(town, Threshold(1, "kick"))

    async def nobody_answers(_target: Target) -> Target:
        raise TimeoutError

    monkeypatch.setattr(Target, "looked_up", nobody_answers)
    warning = Warn(town.bot, Target.of(town.guild.live, town.ann.live), points=1)
    await town.as_bot(town.bot.get_cog("Escalation").pipeline.perform(warning, Origin("automod", None)))
    assert [(case["kind"], case["status"]) for case in await the_cases(town)] == [
        ("warn", "done"),
        ("kick", "failed"),
    ]
    assert "can't be reached" in warning.outcomes[0]


@sqlite
async def test_the_rule_counts_and_not_what_the_moderator_may_do(town: Town):
    await given_thresholds(town, Threshold(1, "ban"))
    warner = town.role("Warner")
    await town.give_permission(town.guild, "moderate_members", of=warner)
    await town.give_role(town.bob, warner)
    question = await town.says(town.bob, "!warn @ann")
    await town.press(town.bob, question, "Yes")
    assert town.ann.is_banned
    assert [case["moderator_id"] for case in await the_cases(town)] == [town.bob.id, town.bob.id]


@sqlite
async def test_a_longer_timeout_is_not_cut_short(town: Town):
    await given_thresholds(town, Threshold(1, "timeout", HOUR))
    await town.says(town.moderator, "!timeout @ann 60d")
    before = town.ann.timed_out_until
    assert "anyway" in await warns(town)
    assert town.ann.timed_out_until == before
    assert [case["kind"] for case in await the_cases(town)] == ["timeout", "warn"]


@sqlite
async def test_a_message_that_comes_twice_escalates_once(town: Town):
    await given_thresholds(town, Threshold(1, "timeout", HOUR))
    await warns(town)
    await town.redeliver()
    assert [case["kind"] for case in await the_cases(town)] == ["warn", "timeout"]


@sqlite
async def test_staff_and_threshold_are_asked_about_together(town: Town):
    await given_thresholds(town, Threshold(1, "timeout", HOUR))
    question = await town.says(town.admin, "!warn @mona")
    assert "is staff" in question
    assert "a timeout of 1 hour follows" in question


# --- The bot is killed in between -------------------------------------------------------------------------


@sqlite
async def test_killed_between_the_warning_and_what_follows(town: Town):
    """The warning stands, and the log says that nothing came of what was to follow."""
    await town.says(town.admin, "!config set mod-log #private")
    await given_thresholds(town, Threshold(1, "kick"))
    pipeline = town.bot.get_cog("Escalation").pipeline
    warning = await given_case(town, "warn", status="pending", points=1, on=town.ann)
    async with town.db.transaction():
        settled = await pipeline.cases.settle(warning, "done", town.now)
        target = Target.of(town.guild.live, town.ann.live)
        action = Warn(town.bot, target, points=1)
        assert await town.bot.get_cog("Escalation").begin(action, settled) is not None
    await town.wait(minutes=1)
    await town.restart(clean=False)
    await town.settle()
    done, kick = await the_cases(town)
    assert (done["status"], kick["kind"], kick["status"]) == ("done", "kick", "failed")
    assert "I was stopped before this was done" in town.last(town.private)
    assert town.ann.is_here


@sqlite
async def test_killed_before_the_warning_was_settled(town: Town):
    """The warning is settled at the next start, and what follows on it follows."""
    await given_thresholds(town, Threshold(1, "kick"))
    await given_case(town, "warn", status="pending", points=1, on=town.ann, source="command")
    await town.wait(minutes=1)
    await town.restart(clean=False)
    await town.settle()
    assert [(case["kind"], case["status"]) for case in await the_cases(town)] == [("warn", "done"), ("kick", "done")]
    assert not town.ann.is_here


@sqlite
async def test_two_warnings_at_once_are_followed_once(town: Town):
    await given_thresholds(town, Threshold(2, "timeout", HOUR))
    pipeline = town.bot.get_cog("Escalation").pipeline
    origin = Origin("automod", None)
    warnings = [Warn(town.bot, Target.of(town.guild.live, town.ann.live), points=1) for _ in range(5)]

    async def all_at_once() -> None:
        await asyncio.gather(*(pipeline.perform(warning, origin) for warning in warnings))

    await town.as_bot(all_at_once())
    assert [case["kind"] for case in await the_cases(town)].count("timeout") == 1
