"""Changing how long what is in force lasts."""

from datetime import timedelta

import discord
import pytest

from cogs.moderation.pipeline import Pipeline
from database.moderation import CasesStore, SanctionsStore
from tests.moderation.case_help import given_case
from tests.support.town import Town

sqlite = pytest.mark.engines("sqlite")

DAY = timedelta(days=1)


async def case_of(town: Town, number: int):
    return await CasesStore(town.bot.db).get(town.guild.id, number)


async def test_a_ban_gets_another_end(town: Town):
    await town.says(town.moderator, "!ban bob 2d spam")
    began = (await case_of(town, 1)).opened_at
    answer = await town.says(town.moderator, "!duration 1 5d")
    end = int((began + 5 * DAY).timestamp())
    assert answer == f"Case **#1** ends <t:{end}:f>, <t:{end}:R>: 5 days after it began."
    await town.wait(days=4)
    assert town.bob.is_banned
    await town.wait(days=2)
    assert not town.bob.is_banned
    assert "changed **End** from <t:" in (await town.says(town.moderator, "!case 1")).fields["Changes"]


async def test_shorter_and_from_the_present_end(town: Town):
    await town.says(town.moderator, "!ban bob 10d spam")
    await town.says(town.moderator, "!duration 1 -6d")
    await town.says(town.moderator, "!duration latest +1d")
    assert (await case_of(town, 1)).ends_at == (await case_of(town, 1)).opened_at + 5 * DAY
    await town.wait(days=4)
    assert town.bob.is_banned
    await town.wait(days=2)
    assert not town.bob.is_banned


async def test_for_good_and_back(town: Town):
    await town.says(town.moderator, "!ban bob 2d spam")
    assert await town.says(town.moderator, "!duration 1 permanent") == "Case **#1** has no end any more."
    await town.wait(days=4)
    assert town.bob.is_banned
    assert "over already" in await town.says(town.moderator, "!duration 1 3d")
    await town.says(town.moderator, "!duration 1 6d")
    await town.wait(days=3)
    assert not town.bob.is_banned


async def test_a_timeouts_end_is_discords_too(town: Town):
    await town.says(town.moderator, "!timeout bob 1h spam")
    began = (await case_of(town, 1)).opened_at
    await town.says(town.moderator, "!duration 1 2d")
    assert abs(town.bob.live.timed_out_until - (began + 2 * DAY)) < timedelta(seconds=1)
    await town.says(town.moderator, "!duration 1 40d")
    assert town.bob.live.timed_out_until < town.now + 28 * DAY
    await town.wait(days=30)
    assert town.bob.live.timed_out_until is not None
    assert abs(town.bob.live.timed_out_until - (began + 40 * DAY)) < timedelta(seconds=1)


@sqlite
async def test_a_timeout_has_an_end(town: Town):
    await town.says(town.moderator, "!timeout bob 1h spam")
    assert "A timeout has an end" in await town.says(town.moderator, "!duration 1 permanent")


@sqlite
async def test_discord_refuses_and_all_is_as_before(town: Town):
    await town.says(town.moderator, "!timeout bob 1h spam")
    before = await SanctionsStore(town.bot.db).get(town.guild.id, town.bob.id, "timeout")
    town.refuse("PATCH", f"/guilds/*/members/{town.bob.id}")
    assert "Discord doesn't let me" in await town.says(town.moderator, "!duration 1 5d")
    after = await SanctionsStore(town.bot.db).get(town.guild.id, town.bob.id, "timeout")
    assert (after.ends_at, after.number) == (before.ends_at, before.number)
    assert (await case_of(town, 1)).ends_at == before.ends_at
    assert await CasesStore(town.bot.db).changes(town.guild.id, 1) == []
    await town.wait(hours=2)
    assert await SanctionsStore(town.bot.db).get(town.guild.id, town.bob.id, "timeout") is None


@sqlite
async def test_somebody_who_left(town: Town):
    await town.says(town.moderator, "!timeout bob 1h spam")
    await town.leave(town.bob)
    assert "5 days after it began" in await town.says(town.moderator, "!duration 1 5d")


@sqlite
async def test_what_is_over_or_has_no_length(town: Town):
    await town.says(town.moderator, "!ban bob 1h spam")
    await town.says(town.moderator, f"!unban {town.bob.id}")
    await given_case(town, "kick")
    for number in (1, 3):
        assert "is in force any more" in await town.says(town.moderator, f"!duration {number} 5d")
    assert (await case_of(town, 1)).ends_at < town.now + DAY


@sqlite
async def test_a_ban_by_a_newer_case(town: Town):
    await town.says(town.moderator, "!ban bob 1h spam")
    await town.says(town.moderator, f"!ban {town.bob.id} raid")
    assert "is in force any more" in await town.says(town.moderator, "!duration 1 5d")
    await town.says(town.moderator, "!duration 2 5d")
    await town.wait(days=4)
    assert town.bob.is_banned


@sqlite
async def test_until_when_a_warning_counts(town: Town):
    case = await given_case(town, points=2, ends_at=town.now + DAY)
    await town.says(town.moderator, "!duration 1 5d")
    await town.wait(days=3)
    assert "**2** points count" in await town.says(town.moderator, "!history bob")
    now = discord.utils.utcnow()
    await CasesStore(town.bot.db).undone(town.guild.id, case.number, by=town.moderator.id, at=now)
    assert "doesn't count" in await town.says(town.moderator, "!duration 1 50d")


@sqlite
async def test_who_may_not_ban_may_not_lengthen_a_ban(town: Town):
    await town.says(town.moderator, "!ban bob 2d spam")
    await town.take_permission(town.guild, "ban_members", of=town.role("Moderator"))
    assert "You need **Ban Members**" in await town.says(town.moderator, "!duration 1 5d")


@sqlite
async def test_who_is_above_the_moderator_now(town: Town):
    await town.says(town.moderator, "!timeout bob 2d spam")
    await town.give_role(town.bob, "Admin")
    assert "You can't act on" in await town.says(town.moderator, "!duration 1 5d")


async def test_a_locks_end(town: Town):
    def is_locked() -> bool:
        return not town.general.live.permissions_for(town.ann.live).send_messages

    await town.says(town.admin, "!lock 1h")
    assert is_locked()
    assert (await town.says(town.admin, "!cases active")).embed.title == "1 case"
    assert "2 days after it began" in await town.says(town.admin, "!duration 1 2d")
    await town.wait(days=1)
    assert is_locked()
    await town.says(town.admin, "!duration 1 permanent")
    await town.wait(days=3)
    assert is_locked()
    await town.says(town.admin, "!duration 1 5d")
    await town.wait(days=2)
    assert not is_locked()
    assert "is in force any more" in await town.says(town.admin, "!duration 1 50d")
    assert "No case fits" in await town.says(town.admin, "!cases active")


@sqlite
async def test_a_slow_modes_end(town: Town):
    await town.says(town.admin, "!slowmode 30s for 1h")
    assert town.general.live.slowmode_delay == 30
    await town.says(town.admin, "!duration 1 2d")
    await town.wait(days=1)
    assert town.general.live.slowmode_delay == 30
    await town.wait(days=2)
    assert town.general.live.slowmode_delay == 0


NOT_LENGTHS = {
    "1": "Something is missing",
    "1 0d": "too short",
    "1 soon": "can't read",
    "1 11 years": "too long",
    "1 -1d": "over already",
    "9 3d": "There is no case",
    "1-2 3d": "Name one case",
    "0 3d": "from 1",
}


@sqlite
async def test_lengths_that_are_none(town: Town):
    await town.says(town.moderator, "!ban bob 2h spam")
    end = (await case_of(town, 1)).ends_at
    for words, says in NOT_LENGTHS.items():
        assert says in await town.says(town.moderator, f"!duration {words}"), words
    assert (await case_of(town, 1)).ends_at == end


@sqlite
async def test_what_waits_for_who_left_has_no_length(town: Town):
    await town.says(town.moderator, "!timeout bob 9d")
    await town.leave(town.bob)
    await town.says(town.moderator, f"!untimeout {town.bob.id}")
    assert "Nothing of case **#2**" in await town.says(town.moderator, "!duration 2 3d")


@sqlite
async def test_it_ends_while_its_end_is_moved(town: Town):
    await town.says(town.moderator, "!ban bob 2h spam")
    sanctions = Pipeline(town.bot).sanctions
    sanction = await sanctions.store.get(town.guild.id, town.bob.id, "ban")
    await town.as_bot(sanctions.end(town.guild.id, town.bob.id, "ban"))
    assert await town.as_bot(sanctions.move_end(sanction, None, wake_at=None)) is None
    assert await sanctions.store.of(town.guild.id, town.bob.id) == []
