"""Counting together: what is a number, who may go on, and what is left after edits, deletions and restarts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.fun.counting import rules
from cogs.fun.counting.rules import Count
from tests.support.town import Town

# --- rules


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("7", 7), (" 7 bananas", 7), ("**7**", 7), ("7!", 7), ("7, finally", 7), ("7.", 7), ("1,000", 1000),
        ("1.000 yes", 1000), ("1000000", 1_000_000), ("0", 0),
        ("seven", None), ("", None), ("-7", None), ("7.5", None), ("1,5", None), ("7th", None), ("6 + 1", None),
        ("10:30", None), ("50 %", 50), ("50%", None), ("7=7", None), ("7/2", None), ("7 - nice", 7), ("2*3", None),
        ("no 7", None),
    ],
)  # fmt: skip
def test_what_is_a_number(text, number):
    assert rules.read_number(text) == number


@given(st.text(max_size=100))
def test_any_text_is_a_number_or_talk(text):
    number = rules.read_number(text)
    assert number is None or number >= 0


said = st.lists(st.tuples(st.integers(1, 3), st.integers(-1, 2)), max_size=40)


@given(said=said, starts_over=st.booleans(), alone=st.booleans())
def test_a_count_grows_by_one_or_begins_anew(said, starts_over, alone):
    count = Count()
    for user_id, off_by in said:
        number = count.number + off_by
        verdict = rules.judge(count, number, user_id, again_allowed=alone)
        then = rules.after(count, verdict, user_id, starts_over=starts_over)
        if verdict == "right":
            assert number == then.number == count.number + 1
            assert then.last_user_id == user_id
            assert alone or user_id != count.last_user_id
        elif starts_over:
            assert (then.number, then.last_user_id) == (0, None)
        else:
            assert then == count
        assert then.highest >= max(count.highest, then.number)
        count = then


# --- in a town


async def set_up(town: Town) -> None:
    town.channel("counting")
    await town.says(town.admin, "!config set counting-channel #counting")


async def test_counting_together(town: Town):
    assert "No channel is set for counting" in await town.says(town.ann, "!counting")
    await set_up(town)
    place = town.channel("counting")
    with town.sql_statements() as statements:
        assert await town.says(town.ann, "1") is None  # in #general
        assert await town.says(town.ann, "hello", channel=place) is None
    assert not statements
    for who, text in ((town.ann, "1"), (town.bob, "2 of us"), (town.ann, "3")):
        assert await town.says(who, text, channel=place) is None
    third = town.last_said
    assert await town.redeliver() is None
    assert len(town.calls("PUT", "*reactions*")) == 3

    await town.says(town.admin, f"!blocklist add {town.bob.mention}")
    assert await town.says(town.bob, "77", channel=place) is None, "who is blocked ruins nothing"
    await town.says(town.admin, f"!blocklist remove {town.bob.mention}")

    answer = await town.says(town.bob, "!counting")
    assert f"In {place.mention}, the next number is **4**." in answer
    assert f"The last one was by {town.ann.mention}." in answer
    assert "The record is **3**" in answer

    assert await town.edits(town.ann, "3!", message=third) is None
    told = await town.edits(town.ann, "5", message=third)
    assert told == f"{town.ann.mention} changed their **3**. The next number is **4**."
    assert not told.pings
    await town.deletes(town.ann, third)
    assert town.last(place).id == told.id  # told once

    await town.restart(clean=False)
    ruined = await town.says(town.ann, "4", channel=place)
    assert ruined == f"{town.ann.mention}, nobody counts twice in a row. It begins again with **1**."
    assert await town.says(town.bob, "5", channel=place) is None  # nothing to ruin
    await town.says(town.ann, "1", channel=place)
    await town.deletes(town.ann)
    assert town.last(place) == f"{town.ann.mention}'s **1** was deleted. The next number is **2**."
    top = await town.says(town.ann, "!counting top")
    assert f"**1.** {town.ann.mention} · 3 counted, 1 wrong" in top
    assert f"**2.** {town.bob.mention} · 1 counted, 1 wrong" in top
    await town.leave(town.ann)
    assert f"**1.** {town.bob.mention} · 1 counted" in await town.says(town.bob, "!counting top")


async def test_what_staff_sets(town: Town):
    await set_up(town)
    place = town.channel("counting")
    assert "permission" in await town.says(town.ann, "!counting set 41")
    assert "from 0 to" in await town.says(town.admin, "!counting set -1")
    assert "from 0 to" in await town.says(town.admin, f"!counting set {'9' * 30}")
    assert await town.says(town.admin, "!counting set 98") == "The next number is **99** now."
    await town.says(town.admin, "!config set counting-starts-over off")
    await town.says(town.admin, "!config set counting-alone on")
    assert await town.says(town.ann, "99", channel=place) is None
    assert await town.says(town.ann, "100", channel=place) is None
    wrong = await town.says(town.ann, "100", channel=place)
    assert wrong == f"{town.ann.mention}, that's not the next number. The next number is still **101**."
    # Counted while the bot was away.
    with town.not_listening():
        await town.says(town.bob, "101", channel=place)
        await town.says(town.ann, "102", channel=place)
    await town.restart()
    await town.settle()
    assert "the next number is **103**" in await town.says(town.ann, "!counting")
    await town.take_permission(place, "add_reactions", of=town.guild.everyone)
    assert await town.says(town.bob, "103", channel=place) is None
    assert "**104**" in await town.says(town.ann, "!counting")


async def test_what_was_counted_while_the_session_was_lost(town: Town):
    await set_up(town)
    place = town.channel("counting")
    await town.says(town.ann, "1", channel=place)
    with town.not_listening():
        await town.says(town.bob, "2", channel=place)
        await town.says(town.ann, "a word between", channel=place)
        await town.says(town.ann, "3", channel=place)
    town.bot.dispatch("connect")
    assert await town.says(town.bob, "4", channel=place) is None
    assert "the next number is **5**" in await town.says(town.ann, "!counting")
    await town.goes_away(town.guild)
    with town.not_listening():
        await town.says(town.ann, "5", channel=place)
    await town.is_there_again(town.guild)
    assert "the next number is **6**" in await town.says(town.ann, "!counting")
    assert await town.says(town.bob, "6", channel=place) is None
    assert len(town.calls("PUT", "*reactions*")) == 6
    assert len(town.calls("GET", "/channels/*/messages")) == 2  # once a session, and after the outage
