"""Suggestions: what members want, voted on by members and decided by staff."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from database.errors import ConstraintViolated
from database.ids import new_id
from database.manager import DatabaseManager
from database.suggestions import Suggestion, SuggestionsStore, Votes
from tests.support.town import Town

NOW = datetime(2026, 1, 1, tzinfo=UTC)


async def add(store: SuggestionsStore, author_id: int) -> Suggestion | None:
    one = Suggestion(new_id(), 1, 0, author_id, "tea ☕", False, NOW)
    while True:
        try:
            return await store.add(one, none_since=NOW - timedelta(minutes=5))
        except ConstraintViolated:
            continue


async def test_the_tables(db: DatabaseManager):
    store = SuggestionsStore(db)
    kept = [one for one in await asyncio.gather(*(add(store, 11 + number % 3) for number in range(9))) if one]
    assert sorted(one.number for one in kept) == [1, 2, 3]  # one each, however often they try at once
    one, other = kept[0], kept[1]
    assert await store.numbered(1, one.number) == await store.get(one.id) == one
    assert (await asyncio.gather(*(store.vote(one.id, 7, supports=True) for _press in range(50)))).count(True) == 1
    assert await store.vote(one.id, 8, supports=False)
    assert await store.votes(one.id) == Votes(1, 1)
    assert await store.vote(one.id, 8, supports=True)
    assert await store.votes(one.id) == Votes(2, 0)
    assert (await store.undecided(1))[0][0].id == one.id
    assert await store.take_back(one.id, 8)
    assert not await store.take_back(one.id, 8)
    await store.shown(one.id, 5, 6)
    decided = await store.decide(one.id, "denied", 9, NOW, "no")
    expected = replace(one, status="denied", decided_by=9, decided_at=NOW, reason="no", channel_id=5, message_id=6)
    assert decided == expected
    told = await asyncio.gather(*(store.tell(one.id, "denied") for _staff in range(9)))
    assert told.count(True) == 1
    assert await store.tell(one.id, "approved")
    assert not await store.tell(one.id, "denied")
    assert not await store.vote(one.id, 8, supports=True)
    assert not await store.take_back(one.id, 7)
    assert await store.votes(one.id) == Votes(1, 0)
    assert await store.withdraw(other.id)
    assert not await store.withdraw(other.id)
    assert await store.get(other.id) is await store.numbered(1, other.number) is None
    assert other.id not in [open_one.id for open_one, _votes in await store.undecided(1)]
    assert await add(store, other.author_id) is None  # deleting doesn't shorten the wait
    await store.forget((last := kept[2]).id)
    again = await add(store, last.author_id)
    assert again is not None
    assert again.number == max(one.number, other.number) + 1
    assert not await store.vote(other.id, 7, supports=True)
    assert await store.decide(other.id, "denied", 9, NOW, None) is None


async def test_a_suggestion_from_asking_to_deciding(town: Town):
    assert "no suggestions" in await town.says(town.ann, "!suggest tea")
    await town.says(town.admin, "!config set suggestion-channel #bots-corner")
    await town.says(town.admin, "!config set suggestion-threads on")
    said = await town.says(town.ann, "!suggest Tea for @everyone **now**")
    assert "#1" in said
    shown = town.last(town.bots_corner)
    assert town.ann.mention in shown
    assert not shown.pings_everyone
    store = SuggestionsStore(town.db)
    (kept, _votes) = (await store.undecided(town.guild.id))[0]
    await store.shown(kept.id, None, None)  # as after a crash before it was written down
    assert "Not so fast" in await town.says(town.ann, "!suggest more tea")
    await town.press(town.developer, shown, "Against it")
    await town.restart()
    assert "👎 1" in town.now_of(shown)  # what was to be shown is shown before the bot ends
    await town.press(town.developer, shown, "Take back")
    await town.press_at_once(*[(town.bob, shown, "For it")] * 50)
    await town.press(town.ann, shown, "Against it")
    assert "so already" in (await town.press(town.ann, shown, "Against it")).reply
    await town.wait(seconds=6)
    assert "👍 1 · 👎 1" in town.now_of(shown)
    await town.press(town.ann, shown, "Take back")
    await town.wait(seconds=6)
    assert "👍 1 · 👎 0" in town.now_of(shown)
    assert "#1" in await town.says(town.bob, "!suggestions")
    assert "Manage Server" in await town.says(town.bob, "!suggestion approve 1")
    assert "by its number" in await town.says(town.admin, "!suggestion approve 99999999999999999999")
    assert "by its number" in await town.says(town.admin, "!suggestion 2")
    assert "too long" in await town.says(town.admin, f"!suggestion consider #1 {'no' * 251}")
    assert "considered" in await town.says(town.admin, "!suggestion consider #1")
    assert town.now_of(shown).buttons
    assert "is being considered" in town.last(town.ann)
    assert "Approved" in await town.says(town.admin, "!suggestion approve 1 of course **yes**")
    decided = town.now_of(shown)
    assert not decided.buttons
    news = town.last(town.ann)
    assert "is approved" in news
    assert "of course \\*\\*yes" in news
    assert f"/{shown.id}" in news
    town.close_dms(town.ann)
    denied = await town.says(town.admin, "!suggestion deny 1")
    assert "Denied" in denied
    assert len(denied.replies) == 1  # nothing of what Discord refused
    town.open_dms(town.ann)
    assert "Approved" in await town.says(town.admin, "!suggestion approve 1 of course **yes**")
    assert town.last(town.ann).id == news.id
    assert "of course" in decided
    assert "No suggestion" in await town.says(town.bob, "!suggestions list")
    assert "Only its author" in await town.says(town.bob, "!suggestion delete 1")
    assert "deleted" in await town.says(town.ann, "!suggestion delete 1")
    assert town.now_of(shown) is None


async def test_an_anonymous_suggestion(town: Town):
    await town.says(town.admin, "!config set suggestion-channel #bots-corner")
    await town.says(town.admin, "!config set anonymous-suggestions on")
    await town.give_permission(town.general, "manage_messages")
    assert await town.says(town.ann, "!suggest less noise") is None
    shown = town.last(town.bots_corner)
    assert "less noise" in shown
    assert town.ann.mention not in shown
    assert len(town.calls("DELETE", f"/channels/{town.general.id}/messages/*")) == 1
    await town.delete_message(shown)
    await town.says(town.admin, "!config set suggestion-dm off")
    answer = await town.says(town.admin, "!suggestion consider 1")
    assert "was it deleted" in answer
    assert town.last(town.ann) is None
    await town.says(town.admin, "!config set suggestion-dm on")
    await town.says(town.admin, "!suggestion deny 1 too quiet")
    assert "too quiet" in town.last(town.ann)
