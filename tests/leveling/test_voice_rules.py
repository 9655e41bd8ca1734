"""Whose minutes in voice channels count, and how many."""

from datetime import UTC, datetime, timedelta
from typing import Any

import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.leveling.chat.rules import Places
from cogs.leveling.voice.rules import GOES_ON_WITHIN, MINUTE, Known, Talks, earning_there, unknown_there
from cogs.leveling.voice.states import takes_part

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ANYWHERE = Places((), (), (), ())
HUMAN, BOT = Known(True, (), NOW), Known(False, (), NOW)
ANN, CHANNEL = 1, 7


def test_nobody_earns_alone():
    known = {1: HUMAN, 2: HUMAN, 3: BOT}
    assert earning_there([1, 2, 3], known, ANYWHERE, [CHANNEL]) == {1, 2}
    assert earning_there([1, 3], known, ANYWHERE, [CHANNEL]) == set()
    assert earning_there([], known, ANYWHERE, [CHANNEL]) == set()


def test_where_and_for_whom_nothing_counts():
    known = {1: Known(True, (50,), NOW), 2: HUMAN}
    assert earning_there([1, 2], known, Places((), (), (50,), ()), [CHANNEL]) == {2}  # the other is company
    assert earning_there([1, 2], known, Places((), (), (), (50,)), [CHANNEL]) == {1}
    assert earning_there([1, 2], known, Places((9,), (), (), ()), [CHANNEL, 9]) == set()
    assert earning_there([1, 2], known, Places((), (9,), (), ()), [CHANNEL]) == set()


def test_who_has_to_be_asked_about():
    assert unknown_there([1, 2], {}) == {1, 2}
    assert unknown_there([1, 2], {1: HUMAN}) == {2}
    assert unknown_there([1, 2], {1: BOT}) == set()  # alone with a bot, whoever it is
    assert unknown_there([1], {}) == set()
    assert unknown_there([1, 2], {1: HUMAN, 2: HUMAN}) == set()


@pytest.mark.parametrize("flag", ["mute", "deaf", "self_mute", "self_deaf", "suppress"])
def test_who_takes_part(flag):
    data: Any = {"user_id": "1", "session_id": "1", "channel_id": "7"}
    assert takes_part(discord.VoiceState(data=data))
    assert not takes_part(discord.VoiceState(data={**data, flag: True}))


class Talker:
    """Somebody who talks, by the clock on the wall."""

    def __init__(self) -> None:
        self.talks, self.now, self.channel = Talks(5), NOW, CHANNEL
        self.earned, self.lost, self.counted = timedelta(), timedelta(), 0

    @property
    def earns(self) -> bool:
        return ANN in self.talks.running

    def passes(self, seconds: int) -> None:
        """Time goes by, at the end of which minutes are counted."""
        self.now += timedelta(seconds=seconds)
        if self.earns:
            self.earned += timedelta(seconds=seconds)
            minutes = self.talks.minutes(ANN, self.now)
            self.counted += minutes
            self.talks.running[ANN] = self.talks.counted(ANN, minutes)

    def talk(self) -> None:
        if not self.earns:
            self.talks.begin(ANN, self.channel, self.now)

    def mute(self) -> None:
        if self.earns:
            self.talks.end(ANN, self.now)

    def move(self) -> None:
        self.mute()
        self.channel += 1
        self.talk()

    def restart(self) -> None:
        stored, self.talks = self.talks.running, Talks(5)
        self.talks.held = dict(stored)
        if stored:
            self.now += timedelta(seconds=30)
            self.earned += timedelta(seconds=30)
            self.talk()
        else:
            self.lost += timedelta(minutes=1)  # at most: what was begun of a minute


@given(st.lists(st.tuples(st.sampled_from(["talk", "mute", "move", "passes", "restart"]), st.integers(0, 500))))
def test_all_the_time_counts_once(steps):
    """However often it is interrupted and counted, and the bot started anew."""
    talker = Talker()
    for step, seconds in steps:
        talker.passes(seconds)
        if step != "passes":
            getattr(talker, step)()
    talker.passes(0)
    sure, most = talker.earned - talker.lost, talker.earned
    if talker.earns:
        assert sure // MINUTE <= talker.counted <= most // MINUTE
    else:
        assert sure / MINUTE - 1 < talker.counted <= most // MINUTE


@given(st.integers(-(10**6), 10**6))
def test_a_clock_that_is_set_brings_nothing(seconds):
    talks, then = Talks(5), NOW + timedelta(seconds=seconds)
    talks.begin(ANN, CHANNEL, NOW)
    minutes = talks.minutes(ANN, then)
    if timedelta() <= then - NOW <= GOES_ON_WITHIN:
        assert minutes == seconds // 60
    else:
        assert minutes == 0
        assert talks.minutes(ANN, then + timedelta(seconds=119)) == 1  # and it goes on from there
    talks.end(ANN, then)
    assert talks.begin(ANN, CHANNEL, then).counted_until >= then - timedelta(minutes=1)


@given(st.integers(-(10**6), 10**6), st.booleans())
def test_who_was_held_goes_on_there_and_soon(seconds, stays):
    talks, then = Talks(5), NOW + timedelta(seconds=seconds)
    talks.begin(ANN, CHANNEL, NOW)
    talks.hold()
    assert talks.running == {}
    session = talks.begin(ANN, CHANNEL if stays else 8, then)
    goes_on = stays and timedelta() <= then - NOW <= GOES_ON_WITHIN
    assert session.counted_until == (NOW if goes_on else then)
    assert talks.held == {}


def test_nothing_is_remembered_of_who_is_gone():
    talks = Talks(5)
    talks.known[ANN] = HUMAN
    talks.begin(ANN, CHANNEL, NOW)
    talks.end(ANN, NOW + timedelta(seconds=59))
    assert not talks.is_empty
    talks.forget(ANN)
    assert talks.is_empty
    assert talks.begin(ANN, CHANNEL, NOW).counted_until == NOW
