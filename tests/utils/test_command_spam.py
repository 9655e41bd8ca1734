"""When commands are too many."""

from itertools import count, pairwise

from hypothesis import given
from hypothesis import strategies as st

from utils.command_spam import MOST_KEPT, CommandSpam, SpamLimits, Verdict

LIMITS = SpamLimits(commands=3, seconds=10, strikes=2)


def judged(moments: list[float], limits: SpamLimits = LIMITS) -> list[Verdict]:
    spam = CommandSpam()
    return [spam.judge(1, 5, number, moment, limits) for number, moment in enumerate(sorted(moments), 1)]


def test_ten_in_twelve_seconds_and_five_strikes():
    verdicts = judged([number / 10 for number in range(15)], SpamLimits())
    assert verdicts == [Verdict.RUN] * 10 + [Verdict.DROP] * 4 + [Verdict.BLOCK]


def test_who_waits_is_heard_again():
    assert judged([0, 0, 0, 5, 11, 11, 11, 12]) == [
        Verdict.RUN, Verdict.RUN, Verdict.RUN, Verdict.DROP, Verdict.RUN, Verdict.RUN, Verdict.RUN, Verdict.DROP,
    ]  # fmt: skip


@given(st.lists(st.floats(0, 100), max_size=60))
def test_never_more_than_the_limit_in_any_window(moments: list[float]):
    moments.sort()
    ran = [moment for moment, verdict in zip(moments, judged(moments), strict=True) if verdict is Verdict.RUN]
    for first, fourth in zip(ran, ran[LIMITS.commands :], strict=False):
        assert fourth - first >= LIMITS.seconds


@given(st.lists(st.floats(0, 100), max_size=60))
def test_only_who_goes_on_is_blocked(moments: list[float]):
    verdicts = judged(moments)
    assert all(before is not Verdict.RUN for before, now in pairwise(verdicts) if now is Verdict.BLOCK)


def test_people_and_servers_are_counted_apart_and_a_message_once():
    spam = CommandSpam()
    for number in range(1, 4):
        assert spam.judge(1, 5, number, 0, LIMITS) is Verdict.RUN
        assert spam.judge(1, 5, number, 0, LIMITS) is Verdict.RUN
    assert spam.judge(1, 5, 9, 0, LIMITS) is Verdict.DROP
    assert spam.judge(1, 6, 10, 0, LIMITS) is Verdict.RUN
    assert spam.judge(2, 5, 11, 0, LIMITS) is Verdict.RUN
    spam.forgive(1, 5)
    assert spam.judge(1, 5, 12, 0, LIMITS) is Verdict.RUN


def test_memory_has_an_end():
    spam = CommandSpam()
    numbers = count(1)
    for user_id in range(MOST_KEPT + 5):
        spam.judge(1, user_id, next(numbers), 0, LIMITS)
    assert len(spam._people) == MOST_KEPT
