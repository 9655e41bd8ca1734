"""Polls: reading, counting, one vote a person, and one end that is told."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.utility.polls import rules
from cogs.utility.polls.cog import STARTERS
from cogs.utility.polls.texts import poll_embed
from database.ids import new_id
from database.polls import Poll, PollsStore
from utils.errors import UserError
from utils.events import PollTimer, publish
from utils.time import TimeError

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)


def read(text):
    return rules.read_plan(text, NOW, UTC)


# --- the rules


@pytest.mark.parametrize(
    ("text", "question", "options"),
    [
        ("Shall we?", "Shall we?", ()),
        ("Eat? | Pizza | Sushi", "Eat?", ("Pizza", "Sushi")),
        ("Eat?\nPizza\n\nSushi", "Eat?", ("Pizza", "Sushi")),
        ('"Eat where?" "Pizza Hut" Sushi', "Eat where?", ("Pizza Hut", "Sushi")),
        ("Eat? --multi | Pizza | Sushi —hidden", "Eat?", ("Pizza", "Sushi")),
        ('5" or 6"? | 5" | 6"', '5" or 6"?', ('5"', '6"')),
        ("a —b? | c | d", "a —b?", ("c", "d")),
        ('"Is --for bad?" "Yes --multi" "No" --for 2h', "Is --for bad?", ("Yes --multi", "No")),
        ("“—multi or „not?” | A | B —multi", "“—multi or „not?”", ("A", "B")),
    ],
)
def test_what_people_write(text, question, options):
    plan = read(text)
    assert (plan.question, plan.options) == (question, options)


def test_flags_are_read_wherever_they_stand():
    plan = read('--multi Eat? | A | B | C --for 2h --role Member --role "Old Guard" --anonymous')
    assert (plan.most_choices, plan.anonymous, plan.hidden) == (3, True, False)
    assert plan.roles == ("Member", "Old Guard")
    assert plan.ends_at == NOW + timedelta(hours=2)
    assert read("Eat? | A | B | C --choices=2").most_choices == 2
    assert read("Eat? | A | B").most_choices == 1


@pytest.mark.parametrize(
    "text",
    [
        "", "   ", "--multi", "\u200b", "| |", "Eat? | Pizza", "Eat? | Pizza | pizza", "x" * 2_000,
        "Eat? | A | " + "x" * 81, "Eat? | " + " | ".join(map(str, range(21))), "Eat? --colour red", "Eat? --for",
        "Eat? --for 5s", "Eat? --for 2y", "Eat? --for 1h --until 2h", "Eat? | A | B --choices 3",
        "Eat? | A | B --choices 0", "Eat? | A | B --choices ⁵", '"Eat? | A', "Eat? --role", '"Eat? A B',
    ],
)  # fmt: skip
def test_what_cannot_be_a_poll_is_refused_with_a_sentence(text):
    with pytest.raises((UserError, ValueError)) as refused:
        read(text)
    assert str(refused.value)


@given(text=st.text(max_size=200))
def test_any_text_is_read_or_refused(text):
    with suppress(UserError, TimeError):
        plan = read(text)
        assert plan.question
        assert len(plan.options) in {0, *range(2, 21)}


@given(ballots=st.lists(st.tuples(st.sets(st.integers(0, 4), min_size=1), st.integers(1, 50))))
def test_counting(ballots):
    counted = rules.tally(5, [(tuple(choices), people) for choices, people in ballots])
    assert counted.people == sum(people for _choices, people in ballots)
    assert sum(counted.votes) == sum(len(choices) * people for choices, people in ballots)
    assert all(0 <= counted.share(place) <= 1 for place in range(5))
    assert bool(counted.leaders) == bool(ballots)
    assert all(counted.votes[place] == max(counted.votes) for place in counted.leaders)


def test_a_bar_is_empty_for_nothing_only_and_full_for_all_only():
    bars = [rules.bar(share / 1000).count("▰") for share in range(1001)]
    assert (bars[0], bars[1], bars[999], bars[1000]) == (0, 1, 9, 10)
    assert all(earlier <= later for earlier, later in pairwise(bars))


def test_the_longest_poll_fits_and_shows_each_option():
    poll = replace(new_poll(most=20), question="*" * 250, options=tuple("_" * 78 + str(10 + n) for n in range(20)))
    poll = replace(poll, role_ids=tuple(10**19 + n for n in range(10)), anonymous=True, hidden=True, ends_at=NOW)
    standing = rules.tally(20, [(tuple(range(20)), 10**9)])
    for shown in (poll, replace(poll, closed_at=NOW)):
        description = poll_embed(shown, standing).description
        assert "**20.**" in description
        assert "<@&10000000000000000009>" in description
        assert len(description) < 4_096


# --- the tables


def new_poll(*, author=7, most=1, ends_at=None):
    return Poll(
        id=new_id(), guild_id=1, channel_id=5, author_id=author, question="Eat?", options=("A", "B", "C"),
        role_ids=(), most_choices=most, anonymous=False, hidden=False, opened_at=NOW, ends_at=ends_at,
    )  # fmt: skip


async def add(store, **fields):
    added = await store.add(new_poll(**fields), most=2)
    assert added is not None
    return added


async def test_fifty_clicks_are_one_vote(db):
    store = PollsStore(db)
    poll = await add(store)
    assert all(await asyncio.gather(*(store.vote(poll.id, 9, [click % 3], NOW) for click in range(50))))
    assert len(await store.votes(poll.id)) == 1
    several = await add(store, most=3)
    await asyncio.gather(*(store.toggle(several.id, 9, click % 3, 3, NOW) for click in range(51)))
    [vote] = await store.votes(several.id)  # 17 clicks on each of three: an odd number on each
    assert vote.choices == (0, 1, 2)
    chosen = await asyncio.gather(*(store.toggle(several.id, 8, click % 3, 2, NOW) for click in range(51)))
    assert max(map(len, chosen)) == 2


async def test_a_vote_is_changed_taken_back_and_refused_after_the_end(db):
    store = PollsStore(db)
    poll = await add(store, ends_at=NOW + timedelta(hours=1))
    assert await store.vote(poll.id, 9, [0], NOW)
    assert await store.vote(poll.id, 9, [2], NOW)
    assert await store.choices_of(poll.id, 9) == (2,)
    assert await store.masks(poll.id) == [((2,), 1)]
    assert not await store.vote(poll.id, 9, [1], NOW + timedelta(hours=1))
    assert await store.vote(poll.id, 9, [], NOW)
    assert await store.votes(poll.id) == []
    assert [await store.close(poll.id, NOW), await store.close(poll.id, NOW)] == [True, False]
    assert await store.toggle(poll.id, 9, 1, 2, NOW) is None
    assert not await store.move(poll.id, None, None, NOW)


async def test_numbers_go_on_and_nobody_has_too_many(db):
    store = PollsStore(db)
    first, second = await add(store), await add(store)
    assert (first.number, second.number) == (1, 2)
    assert await store.add(new_poll(), most=2) is None
    await store.close(first.id, NOW)
    assert (await add(store)).number == 3
    assert await store.get(second.id) == await store.numbered(1, 2) == second


# --- in a town


async def votes_in(town, answer, *presses):
    """Presses, and what each person reads."""
    return [(await town.press(who, answer, button)).reply for who, button in presses]


async def id_of(town, number):
    return (await PollsStore(town.db).numbered(town.guild.id, number)).id


async def again(town, timer):
    publish(town.bot, timer)


async def test_a_poll_from_its_question_to_its_end(town):
    poll = await town.says(town.ann, "!poll Where do **we** eat @everyone? | Pizza | Sushi --for 2h")
    assert "Where do \\*\\*we\\*\\* eat" in poll
    assert not poll.pings_everyone
    [bobs, _anns, changed] = await votes_in(
        town, poll, (town.bob, "1. Pizza"), (town.ann, "1. Pizza"), (town.bob, "2. Sushi")
    )
    assert "Your vote: **Pizza**." in bobs
    assert "Your vote: **Sushi**." in changed
    assert "0 people voted" in town.now_of(poll)
    await town.wait(seconds=5)
    assert "2 people voted" in town.now_of(poll)
    assert "50%" in town.now_of(poll)
    assert "no vote" in (await town.press(town.bob, poll, "Take my vote back")).reply
    await PollsStore(town.db).posted(poll_id := await id_of(town, 1), town.general.id, None)
    await town.restart(clean=False)  # a crash before it was written down where the poll is
    await town.press(town.bob, poll, "1. Pizza")
    assert (await PollsStore(town.db).get(poll_id)).message_id == poll.id
    [end] = await town.wait(hours=2)
    assert "The answer is **Pizza** with 100%." in end
    assert end.replies_to == poll.id
    assert not town.now_of(poll).buttons
    posted = len(town.calls("POST", f"/channels/{town.general.id}/messages"))
    for timer in town.sent(PollTimer):  # as if they came again
        await town.as_bot(again(town, timer))
    assert len(town.calls("POST", f"/channels/{town.general.id}/messages")) == posted
    assert "There is no poll **#2**" in await town.says(town.bob, "!poll results 2")
    results = await town.says(town.bob, "!poll results 1")
    assert town.bob.mention in (await town.press(town.bob, results, "▶")).message
    assert "over already" in await town.says(town.ann, "!poll close 1")


async def test_hidden_polls_tell_nobody_before_their_end(town):
    poll = await town.says(town.ann, "!poll Who? | A | B | C --hidden --anonymous --choices 2 --role Member")
    assert "need one of this poll's roles" in (await town.press(town.bob, poll, "1. A")).reply
    await town.give_role(town.bob, "Member")
    for button in ("1. A", "2. B"):
        reply = (await town.press(town.bob, poll, button)).reply
    assert "Your vote: **A** and **B**." in reply
    assert "which is the most" in (await town.press(town.bob, poll, "3. C")).reply
    assert "▰" not in await town.says(town.admin, "!poll results 1")
    assert "until it is over" in await town.says(town.ann, "!poll export 1")
    assert "Only moderators and who started" in await town.says(town.bob, "!poll close 1")
    await town.says(town.moderator, "!poll close 1")
    await town.wait(seconds=1)
    assert "▰" in town.now_of(poll)
    assert "tie between **A** and **B**" in town.last()
    assert not (await town.says(town.ann, "!poll results 1")).buttons  # no further pages: nobody's name
    open_one = await town.says(town.ann, "!poll Who? | A | B --hidden")
    await town.press(town.bob, open_one, "1. A")
    assert not (await town.says(town.ann, "!poll results 2")).buttons  # nor before the end
    export = await town.says(town.ann, "!poll export 1")
    [file] = export.files
    assert b"A,1,100%" in (await file.read())
    assert str(town.bob.id).encode() not in await file.read()


async def test_many_presses_are_one_edit_and_one_that_comes_twice_counts_once(town):
    poll = await town.says(town.ann, "!poll Who? | A | B --multi")
    await town.press_at_once(*[(who, poll, "1. A") for who in (town.ann, town.bob, town.admin)] * 5, times=2)
    await town.press_at_once((town.moderator, poll, "2. B"), times=2)
    await town.wait(seconds=5)
    assert "75% · 3" in town.now_of(poll)
    assert "25% · 1" in town.now_of(poll)
    assert len(town.calls("PATCH", f"/channels/*/messages/{poll.id}")) == 1
    town.refuse("POST", "/interactions/*/*/callback", status=400, code=40060)  # as after a restart in between
    town.delivers_press(town.ann, poll, "2. B")
    await town.settle()
    await town.restart()
    assert "50% · 2" in town.now_of(poll)


async def test_an_end_that_is_moved_and_a_message_that_is_gone(town):
    poll = await town.says(town.ann, "!poll Shall we? --for 1h")
    await town.press(town.bob, poll, "1. Yes")
    assert "at least 1 minute" in await town.says(town.ann, "!poll edit 1 1s")
    assert "ends" in await town.says(town.ann, "!poll edit 1 3h")
    assert await town.wait(hours=2) == ()
    await town.delete_message(poll)
    first = await town.says(town.ann, "!poll repost 1")
    assert "1 person voted" in first
    again = await town.says(town.ann, "!poll repost 1")
    assert town.now_of(first) is None
    await town.says(town.ann, "!poll edit 1 never")
    assert await town.wait(hours=9) == ()
    assert "#1" in await town.says(town.bob, "!poll list")
    await town.delete_message(again)
    await town.says(town.ann, "!poll close 1")
    await town.wait(seconds=1)
    [end] = [answer for answer in town.messages() if "The answer is" in answer]
    assert "1 person voted" in end
    assert "No poll is open" in await town.says(town.bob, "!poll list")


async def test_what_a_member_cannot_see_stays_unknown(town):
    member = town.role("Member")
    await town.as_bot(town.bot.guild_settings.set(town.guild.id, STARTERS, member.id, changed_by=None))
    assert "Only moderators and members with" in await town.says(town.ann, "!poll Mine?")
    await town.says(town.moderator, "!poll Secret?", channel=town.private)
    assert "There is no poll" in await town.says(town.ann, "!poll results 1")
    assert "No poll is open" in await town.says(town.ann, "!poll list")
    await town.delete_channel(town.private)
    assert "is closed" in await town.says(town.moderator, "!poll close 1")
