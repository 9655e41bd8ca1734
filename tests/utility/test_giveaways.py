"""Giveaways: reading, terms, a fair draw that happens once, and rerolls without earlier winners."""

import asyncio
import random
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.utility.giveaways import rules
from cogs.utility.giveaways.desk import TELL_WINNERS
from cogs.utility.giveaways.rules import Person, Terms, TypedTerms, drawn, entries_of, lacks
from database.giveaways import Giveaway, GiveawaysStore
from database.ids import new_id
from database.polls import PollsStore
from utils.errors import UserError
from utils.events import GiveawayTimer, publish
from utils.time import TimeError

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
DAY = 86_400


def read(text):
    return rules.read_plan(text, NOW, UTC)


# --- the rules


@pytest.mark.parametrize(
    ("text", "prize", "winners", "hours"),
    [
        ("2d Steam key", "Steam key", 1, 48),
        ("1h30m 3x  Gift   card", "Gift card", 3, 1.5),
        ("2h 3w key", "key", 3, 2),
        ("2h 3 winners key", "key", 3, 2),
        ("2h 3 golden keys", "3 golden keys", 1, 2),
        ('"tomorrow 12:00" Cake', "Cake", 1, 24),
        ("2h --winners 4 Cake — big", "Cake — big", 4, 2),
    ],
)
def test_what_people_write(text, prize, winners, hours):
    plan = read(text)
    assert (plan.prize, plan.winners) == (prize, winners)
    assert plan.ends_at == NOW + timedelta(hours=hours)


def test_the_terms_are_read():
    plan = read(
        '2h Cake --role "Old Guard" --role B --block Muted --bonus "My Boosters=3" --level 5 --age 30d --here 1w'
    )
    roles, blocked, bonus = ("Old Guard", "B"), ("Muted",), (("My Boosters", 3),)
    assert plan.terms == TypedTerms(roles, blocked, bonus, 5, 30 * DAY, 7 * DAY)


def new_giveaway():
    return Giveaway(
        id=new_id(), guild_id=1, channel_id=5, host_id=7, prize="Cake", winners=1, terms=Terms().encode(),
        opened_at=NOW, ends_at=NOW + timedelta(hours=1), timer_id=9,
    )  # fmt: skip


GIFT = new_giveaway()


@pytest.mark.parametrize(
    ("text", "changed", "typed"),
    [
        ("end 5h", {"ends_at": NOW + timedelta(hours=5)}, {}),
        ("Prize Two  cakes --level NONE", {"prize": "Two cakes"}, {"level": 0}),
        ("--role none --block A --block B", {}, {"roles": (), "blocked": ("A", "B")}),
        ("--bonus none --age aus winners 3", {"winners": 3}, {"bonus": (), "account_seconds": 0}),
        ("--here 1d --bonus A=2", {}, {"bonus": (("A", 2),), "here_seconds": DAY}),
    ],
)
def test_what_is_changed(text, changed, typed):
    assert rules.read_changes(GIFT, text, NOW, UTC) == (replace(GIFT, **changed), TypedTerms(**typed))


@pytest.mark.parametrize(
    "text", ["", "colour red", "x --level 5", "winners", "winners 0", "--level x", "--channel a"]
)
def test_what_cannot_be_changed_is_refused(text):
    with pytest.raises((UserError, TimeError)):
        rules.read_changes(GIFT, text, NOW, UTC)


@pytest.mark.parametrize(
    "text",
    [
        "", "2h", "Cake", "2h \u200b", "5s Cake", "2y Cake", "0x Cake", "2h 0x Cake", "2h 51x Cake", "-1h Cake",
        "2h Cake --winners ²", "2h Cake --level 0", "2h Cake --level -1", "2h Cake --age soon", "2h " + "x" * 201,
        "2h Cake --bonus Booster", "2h Cake --bonus =3", "2h Cake --bonus Booster=1", "2h Cake --bonus Booster=21",
        "2h Cake --colour red", "2h Cake" + " --role A" * 11,
    ],
)  # fmt: skip
def test_what_cannot_be_a_giveaway_is_refused(text):
    with pytest.raises((UserError, TimeError)) as refused:
        read(text)
    assert str(refused.value)


@given(text=st.text(max_size=100))
def test_any_text_is_read_or_refused(text):
    with suppress(UserError, TimeError):
        assert read(f"2h {text}").prize


terms = st.builds(
    Terms,
    role_ids=st.lists(st.integers(1, 5), max_size=3).map(tuple),
    blocked_ids=st.lists(st.integers(1, 5), max_size=3).map(tuple),
    level=st.integers(0, 3), account_seconds=st.integers(0, 9), here_seconds=st.integers(0, 9),
    bonus=st.dictionaries(st.integers(1, 5), st.integers(2, 20), max_size=3),
)  # fmt: skip
people = st.builds(
    Person,
    role_ids=st.frozensets(st.integers(1, 5)),
    account_since=st.integers(0, 9).map(lambda seconds: NOW - timedelta(seconds=seconds)),
    joined_at=st.none() | st.integers(0, 9).map(lambda seconds: NOW - timedelta(seconds=seconds)),
    level=st.none() | st.integers(0, 3),
)


named = st.fixed_dictionaries({}, optional={
    "roles": st.lists(st.sampled_from("12345")).map(tuple), "blocked": st.lists(st.sampled_from("12345")).map(tuple),
    "bonus": st.dictionaries(st.sampled_from("12345"), st.integers(2, 20)).map(lambda found: tuple(found.items())),
    "level": st.integers(0, 3), "account_seconds": st.integers(0, 9), "here_seconds": st.integers(0, 9),
})  # fmt: skip


@given(before=terms, named=named)
def test_what_is_named_takes_the_place_of_what_was_there(before, named):
    after = TypedTerms(**named).put_into(before, int)
    for name, kept in (("roles", "role_ids"), ("blocked", "blocked_ids")):
        expected = set(map(int, named[name])) if name in named else set(getattr(before, kept))
        assert set(getattr(after, kept)) == expected
    assert after.bonus == ({int(role): count for role, count in named["bonus"]} if "bonus" in named else before.bonus)
    for name in ("level", "account_seconds", "here_seconds"):
        assert getattr(after, name) == named.get(name, getattr(before, name))


@given(terms=terms, person=people)
def test_each_term_keeps_out_and_nothing_else(terms, person):
    lack = lacks(terms, person, {1, 2, 3}, NOW)
    wanted = {1, 2, 3} & set(terms.role_ids)
    fits = {
        "role": not wanted or bool(wanted & person.role_ids),
        "blocked": not set(terms.blocked_ids) & person.role_ids,
        "level": person.level is None or person.level >= terms.level,
        "account": (NOW - person.account_since).total_seconds() >= terms.account_seconds,
        "here": not terms.here_seconds
        or (person.joined_at is not None and (NOW - person.joined_at).total_seconds() >= terms.here_seconds),
    }
    assert (lack is None) == all(fits.values())
    assert lack is None or not fits[lack]
    assert 1 <= entries_of(terms, person) <= terms.most_entries
    assert Terms.decode(terms.encode()) == terms


def draw(held, count, seed, most=None):
    async def entries(user_id):
        return held[user_id]

    most = most or max([1, *held.values()])
    return asyncio.run(drawn(sorted(held), count, most, entries, random.Random(seed)))


@given(
    held=st.dictionaries(st.integers(1, 99), st.integers(0, 5), max_size=12),
    count=st.integers(1, 9),
    seed=st.integers(),
)
def test_as_many_win_as_can_and_each_once(held, count, seed):
    winners = draw(held, count, seed)
    can_win = [user_id for user_id, entries in held.items() if entries]
    assert len(winners) == len(set(winners)) == min(count, len(can_win))
    assert set(winners) <= set(can_win)


def test_each_entry_is_as_likely_as_any_other():
    async def many():
        async def entries(user_id):
            return user_id

        chance = random.Random(7)
        return Counter([(await drawn([1, 2, 5], 1, 5, entries, chance))[0] for _draw in range(8_000)])

    found = asyncio.run(many())
    assert {user_id: round(found[user_id] / 1_000) for user_id in (1, 2, 5)} == {1: 1, 2: 2, 5: 5}


# --- the tables


async def test_fifty_clicks_are_one_entry_and_none_comes_late(db):
    store = GiveawaysStore(db)
    giveaway = await store.add(new_giveaway(), most=3)
    entered = await asyncio.gather(*(store.enter(giveaway.id, 9, NOW) for _click in range(50)))
    assert sorted(entered)[-2:] == [False, True]
    assert await store.entrants(giveaway.id) == [9]
    assert not await store.enter(giveaway.id, 8, giveaway.ends_at)
    assert not await store.leave(giveaway.id, 9, giveaway.ends_at)
    left = await asyncio.gather(*(store.leave(giveaway.id, 9, NOW) for _click in range(9)))
    assert left.count(True) == 1
    assert await store.count(giveaway.id) == 0


async def test_each_draw_happens_once_and_nobody_wins_twice(db):
    store = GiveawaysStore(db)
    giveaway = await store.add(new_giveaway(), most=3)
    for user_id in range(10, 20):
        await store.enter(giveaway.id, user_id, NOW)

    async def draw_one(seen, user_id):
        async with db.transaction():
            return await store.draw(seen, [user_id])

    first = await asyncio.gather(*(draw_one(giveaway, user_id) for user_id in range(10, 20)))
    assert first.count(True) == 1
    [winner] = await store.winners(giveaway.id)
    assert winner.user_id not in await store.entrants(giveaway.id)
    assert not await store.cancel(giveaway.id)
    assert not await store.edit(giveaway.id, prize="x", winners=2, terms="{}", ends_at=giveaway.ends_at, now=NOW)
    again = await store.get(giveaway.id)
    rerolls = await asyncio.gather(*(draw_one(again, user_id) for user_id in await store.entrants(giveaway.id)))
    assert rerolls.count(True) == 1
    assert [one.round for one in await store.winners(giveaway.id)] == [1, 2]
    assert not await draw_one(replace(again, rounds=9), 10)


async def test_numbers_go_on_and_a_server_has_not_too_many(db):
    store = GiveawaysStore(db)
    assert [(await store.add(new_giveaway(), most=3)).number for _one in range(3)] == [1, 2, 3]
    assert await store.add(new_giveaway(), most=3) is None
    assert await store.cancel((await store.numbered(1, 2)).id)
    assert (await store.add(new_giveaway(), most=3)).number == 4
    assert [one.number for one in await store.unfinished_in(1)] == [1, 3, 4]


# --- in a town


async def dispatched(town, event):
    publish(town.bot, event)


async def enter(town, giveaway, *who):
    return [(await town.press(person, giveaway, "Enter")).reply for person in who]


async def test_a_giveaway_from_its_start_to_a_reroll(town):
    await town.as_bot(town.bot.guild_settings.set(town.guild.id, TELL_WINNERS, True, changed_by=None))
    assert "need" in (await town.says(town.ann, "!giveaway start 2h Cake")).lower()
    gift = await town.says(town.admin, "!giveaway start 2h A **cake** for @everyone --block Moderator")
    assert "\\*\\*cake\\*\\*" in gift
    assert not gift.pings_everyone
    assert "keeps you out" in (await enter(town, gift, town.moderator))[0]
    assert "You are in." in (await enter(town, gift, town.ann, town.bob, town.developer))[0]
    assert "already" in (await enter(town, gift, town.ann))[0]
    await town.press_at_once(*[(town.bob, gift, "Enter")] * 20)
    assert "You are out" in (await town.press(town.developer, gift, "Leave")).reply
    await town.wait(seconds=5)
    assert "2 people entered" in town.now_of(gift)
    await enter(town, gift, town.developer)
    await town.give_role(town.developer, "Moderator")  # who doesn't meet the terms any more doesn't win
    await town.leave(town.bob)
    await town.restart(clean=False)
    heard = await town.wait(hours=2)
    [news] = [answer for answer in heard if answer.channel_id == town.general.id]
    assert news.pings == {town.ann.id}
    assert not news.pings_everyone
    assert news.replies_to == gift.id
    assert "You won" in town.last(town.ann)
    assert not town.now_of(gift).buttons
    assert "Nobody else" in await town.says(town.admin, "!giveaway reroll 1")
    await town.join(town.bob)
    said = len(town.calls("POST", f"/channels/{town.general.id}/messages"))
    assert "drawn again" in await town.says(town.admin, "!giveaway reroll 1 5")
    await town.wait(seconds=1)
    assert len(town.calls("POST", f"/channels/{town.general.id}/messages")) == said + 2  # the answer and the news
    assert town.last().pings == {town.bob.id}
    assert "Nobody else" in await town.says(town.admin, "!giveaway reroll 1")
    count = len(town.messages())
    for timer in town.sent(GiveawayTimer):  # as if they came again
        await town.as_bot(dispatched(town, timer))
    assert len(town.messages()) == count


async def test_a_giveaway_is_edited_ended_and_called_off(town):
    gift = await town.says(town.admin, "!giveaway start 2h 2x Cake")
    assert "changed" in await town.says(town.admin, "!giveaway edit 1 end 5h")
    assert "Say what changes" in await town.says(town.admin, "!giveaway edit 1 colour red")
    await town.says(town.admin, "!giveaway edit 1 prize Two cakes")
    await town.wait(hours=3)
    assert "Two cakes" in town.now_of(gift)
    store = GiveawaysStore(town.db)
    giveaway_id = (await store.numbered(town.guild.id, 1)).id
    await store.posted(giveaway_id, town.general.id, None)  # as after a crash before it was written down
    await enter(town, gift, town.ann, town.bob)
    assert (await store.get(giveaway_id)).message_id == gift.id
    await town.delete_message(gift)
    assert "2 people entered" in await town.says(town.admin, "!giveaway repost 1")
    await town.give_role(town.developer, "Moderator")
    gift = town.last()
    await enter(town, gift, town.developer)
    assert "changed" in await town.says(town.admin, "!giveaway edit 1 --level 5")
    assert "no role" in await town.says(town.admin, "!giveaway edit 1 --block nobody")
    await town.says(town.admin, "!giveaway edit 1 --block Moderator --here 300d")
    answer = await town.says(town.admin, "!giveaway edit 1 --here none --level none prize A cake")
    assert "can't win" in answer
    await town.wait(seconds=5)
    assert f"Not for {town.role('Moderator').mention}" in town.now_of(gift)
    assert "longer than" not in town.now_of(gift)
    await town.says(town.admin, "!giveaway end 1")
    await town.wait(seconds=1)
    assert town.last().pings == {town.ann.id, town.bob.id}
    assert "over already" in await town.says(town.admin, "!giveaway end 1")
    second = await town.says(town.admin, "!giveaway start 2h Pie")
    question = await town.says(town.admin, "!giveaway cancel 2")
    await town.press(town.admin, question, "Yes")
    await town.wait(seconds=10)
    assert "called off" in town.now_of(second)
    assert await town.wait(hours=3) == ()
    assert "called off" in await town.says(town.ann, "!giveaway list")
    assert "No giveaway is open" in await town.says(town.ann, "!giveaway")


async def test_a_form_starts_one_and_a_deleted_channel_tells_the_host(town):
    opener = await town.says(town.admin, "!giveaway start", channel=town.bots_corner)
    form = (await town.press(town.admin, opener, "Start a giveaway")).modal
    wrong = await town.fill(town.admin, form, {"Prize": "Pie", "End": "soon", "Winners": "1"})
    assert wrong.reply
    form = (await town.press(town.admin, opener, "Start a giveaway")).modal
    await town.take_role(town.admin, "Admin")
    refused = await town.fill(town.admin, form, {"Prize": "Pie", "End": "2h", "Winners": "1"})
    assert "Manage Server" in refused.reply
    await town.give_role(town.admin, "Admin")
    form = (await town.press(town.admin, opener, "Start a giveaway")).modal
    await town.fill(town.admin, form, {"Prize": "Pie", "End": "2h", "Winners": "1"})
    gift = next(answer for answer in town.messages(town.bots_corner) if "Pie" in answer and answer.buttons)
    await enter(town, gift, town.ann)
    await town.delete_channel(town.bots_corner)
    await town.wait(hours=2)
    told = town.last(town.admin)
    assert "can't write in the channel" in told
    assert town.ann.mention in told


async def test_what_ended_while_the_bot_was_elsewhere_is_ended_when_it_is_back(town):
    gift = await town.says(town.admin, "!giveaway start 1d Pie")
    await enter(town, gift, town.ann)
    poll = await town.says(town.admin, "!poll Shall we? --for 1d")
    await town.press(town.ann, poll, "1. Yes")
    timers = town.bot.timers
    await town.kick_bot_from(town.guild)
    for store in (GiveawaysStore(town.db), PollsStore(town.db)):  # as after a month
        await town.as_bot(timers.cancel((await store.numbered(town.guild.id, 1)).timer_id))
    assert await town.wait(days=2) == ()
    await town.invite_bot_to(town.guild)
    await town.wait(seconds=5)
    assert town.ann.mention in town.last(town.admin)  # the bot came back without its channels
    ended = await PollsStore(town.db).numbered(town.guild.id, 1)
    assert ended.told
    assert not ended.is_open


async def test_roles_give_entries_and_it_is_posted_elsewhere(town):
    role = town.role("Booster")
    await town.give_role(town.bob, "Booster")
    asked = "!giveaway start 2h Pie --bonus Booster=3 --here 1d --channel"
    assert "nowhere" in await town.says(town.admin, f"{asked} #nowhere")
    await town.says(town.admin, f"{asked} {town.bots_corner.mention}")
    gift = town.last(town.bots_corner)
    assert f"{role.mention} has 3 entries" in gift
    assert "long enough" in (await enter(town, gift, town.bob))[0]
    await town.wait(hours=1)
    assert "There is no giveaway" in await town.says(town.ann, "!giveaway show 2")
    await town.says(town.admin, "!giveaway edit 1 end 2d")
    await town.wait(days=1)
    assert "with 3 entries" in (await enter(town, gift, town.bob))[0]


async def test_a_draw_waits_for_discord_and_asks_once_for_each(town, monkeypatch):
    gift = await town.says(town.admin, "!giveaway start 1h 2x Pie")
    await enter(town, gift, town.ann)
    store = GiveawaysStore(town.db)
    giveaway = await store.numbered(town.guild.id, 1)
    for user_id in range(1, 151):  # who entered and left
        await store.enter(giveaway.id, user_id, giveaway.opened_at)
    asked, answer = [], discord.Guild.query_members

    async def query(guild, *args, user_ids=None, **options):
        asked.append(user_ids)
        if len(asked) == 1:
            raise TimeoutError
        return await answer(guild, *args, user_ids=user_ids, **options)

    monkeypatch.setattr(discord.Guild, "query_members", query)
    await town.wait(hours=1)
    assert await store.winners(giveaway.id) == []
    await town.wait(seconds=25)
    assert [winner.user_id for winner in await store.winners(giveaway.id)] == [town.ann.id]
    people = [user_id for batch in asked[1:] for user_id in batch]
    assert sorted(people) == sorted([*range(1, 151), town.ann.id])
    assert len(asked) == 3
