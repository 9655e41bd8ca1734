"""The ball, choosing, hands, matches, and playing with words."""

import random
import re
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.fun.toys import rules
from utils.errors import UserError

words = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=10).filter(
    lambda word: word.casefold() not in {"or", "oder"}
)


@given(
    st.lists(words, min_size=2, max_size=9, unique=True), st.sampled_from([", ", ",", "; ", "|", "\n", " or ", " "])
)
def test_things_are_told_apart(things, between):
    assert rules.read_choices(between.join(things)) == things


@given(st.lists(st.lists(words, min_size=1, max_size=3).map(", ".join), min_size=2, max_size=5, unique=True))
def test_quotes_keep_together(things):
    for opening, closing in ('""', "“”", "„“", "«»"):
        for between in (" ", ", ", " or "):
            assert rules.read_choices(between.join(f"{opening}{thing}{closing}" for thing in things)) == things


@pytest.mark.parametrize(
    ("text", "things"),
    [
        ('"green tea" coffee', ["green tea", "coffee"]),
        ("green tea, black tea or none", ["green tea", "black tea or none"]),
        ("pizza oder Nudeln mit Käse", ["pizza", "Nudeln mit Käse"]),
        ("tea,, ,coffee,tea", ["tea", "coffee"]),
        ('a "quote with one end', ["a", '"quote', "with", "one", "end"]),
    ],
)
def test_choices(text, things):
    assert rules.read_choices(text) == things


@given(st.text())
def test_no_choice_does_harm(text):
    with suppress(UserError):
        assert len(rules.read_choices(text)) > 1


@pytest.mark.parametrize("text", ["", "tea", '"tea, coffee"', ", ,", "tea, tea", " ".join(map(str, range(99)))])
def test_nothing_to_choose_from(text):
    with pytest.raises(UserError):
        rules.read_choices(text)


def test_each_hand_beats_one():
    for mine in rules.HANDS:
        assert sorted(rules.outcome(mine, theirs) for theirs in rules.HANDS) == [-1, 0, 1]
        assert rules.read_hand(f" {rules.HANDS[mine]} ") == rules.read_hand(mine.upper()) == mine
    assert rules.outcome("rock", "scissors") == rules.outcome("paper", "rock") == 1
    assert rules.read_hand("well") is rules.read_hand("") is None


@given(st.integers(1, 2**63), st.integers(1, 2**63))
def test_matches_stay(one, other):
    percent = rules.match_percent(one, other)
    assert percent == rules.match_percent(other, one)
    assert 0 <= percent <= 100
    assert rules.verdict(percent)


@given(st.text(), st.integers())
def test_mocking_changes_case_alone(text, seed):
    chance = random.Random(seed)
    mocked = rules.mocked(text, lambda: chance.random() < 0.5)
    assert len(mocked) == len(text)
    assert mocked.upper() == text.upper() or mocked.casefold() == text.casefold() or not text.isascii()
    assert not re.search(r"[A-Z]{3}|[a-z]{3}", mocked)


def test_emoji():
    assert rules.emojified("Hä 1!") == "🇭 🇦   1️⃣ ❗"
    assert rules.joined_name("Annabel", "Bobby") == "Annabby"
    for text in ("...", "@ /"):
        with pytest.raises(UserError):
            rules.emojified(text)


@given(st.text(min_size=1, max_size=200))
def test_emoji_of_anything(text):
    with suppress(UserError):
        assert rules.emojified(text)


@pytest.mark.town(languages=("en",))  # words of people, in a message of their own
async def test_playing_with_words(town):
    assert await town.says(town.ann, "!emojify hi") == "🇭 🇮"
    mocked = await town.says(town.ann, "!mock @everyone look **here**")
    assert mocked.lower().replace("\u200b", "") == r"@everyone look \*\*here\*\*"
    assert not mocked.pings_everyone
    said = await town.says(town.bob, "shall we meet?")
    assert said is None
    assert (await town.says(town.ann, "!mock", reply_to=town.last_said)).lower() == "shall we meet?"
    await town.says(town.bob, f"||the butler, {town.ann.mention}|| did it")
    hidden = await town.says(town.ann, "!mock", reply_to=town.last_said)
    assert hidden.lower().replace("\u200b", "") == "||the butler, @ann|| did it"
    assert await town.says(town.ann, "!emojify ||hi||") == "||🇭 🇮||"
    assert "no letter and no digit" in await town.says(town.ann, "!emojify ||||")
    assert "reply with it to a message" in await town.says(town.ann, "!emojify")
    assert "too long" in await town.says(town.ann, "!emojify " + "a" * 201)


async def test_games_that_are_over_at_once(town):
    town.bot.chance = random.Random(1)
    asked = await town.says(town.ann, f"!8ball Will {town.bob.mention} see it rain, @everyone?")
    assert "🎱" in asked
    assert asked.embed.author.name == "Will @bob see it rain, @everyone?"
    assert "Usage: " in await town.says(town.ann, "!8ball")
    assert await town.says(town.ann, "!choose tea, tea, `tea`") in {"I choose **tea**.", "I choose **\\`tea\\`**."}
    assert "at least two things" in await town.says(town.ann, "!choose tea")
    chosen = await town.says(town.ann, f"!choose {town.bob.mention}, {town.bob.mention} again")
    assert chosen.startswith("I choose **@\u200bbob")
    rolled = await town.says(town.ann, "!roll 2d6kh1+1 to @everyone")
    assert re.search(r"🎲 You roll \d\nto @\u200beveryone\n2d6kh1 \[.+\] \+ 1", rolled)
    assert "from `oops` on" in await town.says(town.ann, "!roll oops")

    assert "You: 🪨 Rock" in await town.says(town.ann, "!rps rock")
    assert "Choose `rock`, `paper`, or `scissors`." in await town.says(town.ann, "!rps well")
    asked = await town.says(town.ann, "!rps")
    await town.restart()
    assert "not yours" in (await town.press(town.bob, asked, "Paper")).reply
    ended = (await town.press(town.ann, asked, "Paper")).message
    assert "You: 📄 Paper" in ended
    assert not ended.buttons

    match = await town.says(town.ann, "!ship bob")
    assert f"{town.ann.mention} and {town.bob.mention} go together to" in match
    assert match.pings <= {town.ann.id}
    percent = re.search(r"to (\d+%)", match)[1]
    assert f"to {percent}" in await town.says(town.bob, f"!ship {town.bob.mention} ann")
    assert "two different people" in await town.says(town.ann, "!ship ann")
    assert "can't find" in await town.says(town.ann, "!ship nobody")
