"""Reasons that are too long, say nothing, or want to ping; and cases with more in them than Discord shows."""

import pytest

from tests.moderation.case_help import given_case
from tests.moderation.deeds import all_rights, the_cases
from tests.support.town import Town

pytestmark = [pytest.mark.engines("sqlite"), pytest.mark.town(languages=("en",))]

AUDIT_LOG_TAKES = 512  # characters
NOTHING = ("\u200b", "\u200d\u2060", "\u3164", "\u2800 \u2800", "\ufeff", "\u00a0\u2003")
PINGS = "@everyone @here <@&{role}> <@{user}> **bold"


@pytest.mark.parametrize(
    "words", ["ban @ann", "kick @ann", "timeout @ann 1h", "jail @ann", "role add @ann Member", "lock"]
)
async def test_the_audit_log_gets_what_it_takes(town: Town, words: str):
    await all_rights(town)
    assert "Case **1**" in await town.says(town.admin, f"!{words} {'x' * 1000}")
    reasons = [call.reason for call in town.calls() if call.reason]
    assert reasons
    assert all(len(reason) <= AUDIT_LOG_TAKES for reason in reasons)
    assert (await the_cases(town))[0]["reason"] == "x" * 1000
    for page in ("case 1", "cases", "history ann"):
        assert await town.says(town.admin, f"!{page}", channel=town.private) is not None


@pytest.mark.parametrize("reason", NOTHING)
async def test_a_reason_that_shows_nothing_is_none(town: Town, reason: str):
    assert "Case **1**" in await town.says(town.moderator, f"!timeout @ann 1h {reason}")
    for words in (f"warn @ann {reason}", f"note @ann {reason}", f"reason 1 {reason}"):
        answer = await town.says(town.moderator, f"!{words}")
        # Some of them discord.py takes for spaces between words, so that nothing is left.
        assert "Case **" not in answer or words.startswith("warn")
    assert {case["reason"] for case in await the_cases(town)} == {None}


async def test_a_flag_or_a_family_is_no_empty_reason(town: Town):
    """Emoji are made with the same invisible joiners."""
    for reason in ("🏳️‍🌈", "👨‍👩‍👧", "ա", "…"):
        await town.says(town.moderator, f"!warn @ann {reason}")
        assert (await the_cases(town))[-1]["reason"] == reason


async def test_nothing_pings(town: Town):
    await all_rights(town)
    words = PINGS.format(role=town.role("Member").id, user=town.bob.id)
    for said in ("warn @ann", "ban @ann", "kick @bob", "lock #bots-corner", "note @ann"):
        await town.says(town.admin, f"!{said} {words}")
    await town.says(town.admin, f"!reason 1 {words}")
    for page in ("case 1", "cases", "history ann"):
        await town.says(town.admin, f"!{page}", channel=town.private)
    heard = [
        answer
        for place in (town.general, town.private, town.bots_corner, town.ann, town.bob)
        for answer in town.messages(place)
    ]
    assert len(heard) > 10
    assert not any(answer.pings_everyone for answer in heard)
    assert not any(answer.pings & {town.bob.id, town.ann.id, town.role("Member").id} for answer in heard)


async def test_a_lock_of_500_channels(town: Town):
    """Of which Discord refused each, with a long sentence."""
    await town.says(town.admin, "!config set mod-log #private")
    ids = list(range(10**18, 10**18 + 500))
    failure = "\n".join(f"<#{one}>: Discord doesn't let me: {'very long ' * 10}." for one in ids)
    await given_case(town, "lock", on=town.ann, target_id=None, target_name=None, details={"channels": ids})
    await town.db.execute(
        "UPDATE cases SET failure = $1, status = 'failed', moderator_id = $2", failure, town.admin.id
    )
    answer = await town.says(town.admin, "!case 1")
    assert "Lock · Case 1" in answer
    await town.says(town.admin, "!reason 1 the log shows it, too")
    assert "the log shows it" in town.last(town.private)


async def test_a_lock_that_fails_in_many_channels(town: Town):
    for number in range(60):
        town.channel(f"channel-with-a-long-name-{number}")
    town.refuse("PUT", "/channels/*/permissions/*", status=403, times=None, message="Missing Access " * 10)
    question = await town.says(town.admin, "!lock all")
    reaction = await town.press(town.admin, question, "Yes")
    assert "Discord doesn't let me" in reaction.replies[0]
    assert (await the_cases(town))[0]["status"] == "failed"


async def test_what_members_read_in_a_locked_channel(town: Town):
    """Marks are escaped, so that a reason may grow to more than a message takes."""
    await town.says(town.admin, f"!lock #bots-corner {'*_' * 500}")
    assert "This channel is locked" in town.last(town.bots_corner)
