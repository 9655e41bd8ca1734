"""Being away from the keyboard."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from cogs.utility.afk.rules import GRACE, MOST_MENTIONS, TOLD_AGAIN_AFTER, Absences
from database.away import Away, AwayStore, Mention
from database.manager import DatabaseManager
from tests.support.town import Town

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@given(st.lists(st.tuples(st.integers(0, 600), st.integers(1, 3)), max_size=40))
def test_nobody_is_told_twice_in_five_minutes(mentions: list[tuple[int, int]]):
    absences = Absences()
    absences.begin(Away(1, 9, "", NOW))
    told: dict[int, datetime] = {}
    now = NOW
    for later, author in mentions:
        now += timedelta(seconds=later)
        (absence,) = absences.mentioned(1, [9, 9, 8])
        expected = author not in told or now - told[author] >= TOLD_AGAIN_AFTER
        assert absences.is_told(absence, author, now) is expected
        if expected:
            told[author] = now


def test_so_many_mentions_are_kept():
    absences = Absences()
    absences.begin(Away(1, 9, "", NOW), MOST_MENTIONS - 1)
    (absence,) = absences.mentioned(1, [9])
    assert [absences.is_kept(absence) for _again in range(3)] == [True, False, False]


def test_the_first_seconds_bring_nobody_back():
    absences = Absences()
    absences.begin(Away(1, 9, "", NOW))
    assert absences.returns(1, 9, NOW + GRACE - timedelta(seconds=1)) is None
    assert absences.returns(2, 9, NOW + GRACE) is None
    assert absences.returns(1, 9, NOW + GRACE) is not None
    assert absences.returns(1, 9, NOW + GRACE) is None
    assert absences.of(1) == {}


async def test_the_tables(db: DatabaseManager):
    store = AwayStore(db)
    first, again = Away(1, 9, "tea ☕", NOW), Away(1, 9, "", NOW + timedelta(hours=1))
    mention = Mention(100, 5, 7, NOW)
    await store.begin(first)
    for _again in range(2):
        await store.mention(first, mention)
    assert await store.all() == [(first, 1)]
    await store.end(first)
    assert await store.all() == []
    assert await store.mentions(1, 9) == [mention]
    await store.begin(again)
    assert await store.mentions(1, 9) == []
    await store.end(first)
    assert await store.all() == [(again, 0)]


async def test_being_away(town: Town):
    assert "away now" in await town.says(town.ann, "!afk back at **two** @everyone")
    assert await town.says(town.ann, "bye!") is None
    hello = f"{town.ann.mention} are you there?"
    told = await town.says(town.bob, hello)
    assert "went away" in told
    assert "@everyone" not in told
    assert not told.pings
    assert await town.says(town.bob, hello) is None
    await town.restart()
    assert await town.says(town.bob, f"{town.ann.mention}?") is not None  # who was told is in memory alone
    assert "went away" in await town.says(town.moderator, "!afk list")
    await town.wait(minutes=1)
    with town.sql_statements() as statements:
        assert await town.says(town.bob, "nothing of interest") is None
    assert statements == []
    await town.says(town.moderator, f"psst, not a word to {town.ann.mention}", channel=town.private)
    back = await town.says(town.ann, "here again")
    assert "Welcome back" in back
    assert "4 messages" in back
    assert await town.says(town.ann, "and again") is None
    mentions = await town.says(town.ann, "!afk mentions")
    assert mentions.count("discord.com/channels") == 3  # not the one in a channel that she doesn't see
    assert await town.says(town.bob, hello) is None


async def test_what_staff_and_leaving_end(town: Town):
    assert "too long" in await town.says(town.ann, f"!afk {'x' * 201}")
    await town.says(town.ann, "!afk rude words")
    await town.says(town.bob, "!afk")
    assert "Manage Messages" in await town.says(town.bob, "!afk clear @ann")
    assert "any more" in await town.says(town.moderator, "!afk clear ann")
    assert "isn't away" in await town.says(town.moderator, "!afk clear ann")
    assert await town.says(town.moderator, f"{town.ann.mention}?") is None
    await town.leave(town.bob)
    await town.settle()
    assert await AwayStore(town.db).all() == []
    assert "Nobody" in await town.says(town.ann, "!afk list")
    assert "Nobody" in await town.says(town.ann, "!afk mentions")
