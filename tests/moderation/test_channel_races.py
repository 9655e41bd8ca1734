"""Two things at once in one channel, and clocks that strike while Discord is slow or the guild is away."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import discord
import pytest

from cogs.moderation.channels.cog import ChannelControl
from cogs.moderation.pipeline import Origin
from tests.moderation.deeds import at_the_call, clocks, in_force, the_cases
from tests.support import simcord_adapter as adapter
from tests.support.places import Channel
from tests.support.town import Town
from utils.events import ChannelTimer

pytestmark = pytest.mark.town(languages=("en",))
BY_NOBODY = Origin("automod", None)
SEND = discord.Permissions(send_messages=True).value


def channels_of(town: Town) -> ChannelControl:
    return town.bot.get_cog("Channels")


def overwrites(channel: Channel) -> dict[int, tuple[int, int]]:
    return {found.id: (found.allow, found.deny) for found in channel.live._overwrites}


async def while_it_is_done(
    town: Town, method: str, path: str, first: Awaitable[Any], second: Callable[[], Awaitable[Any]]
) -> None:
    """Do the first, and begin the second at the moment of a call of it."""
    begun: list[asyncio.Future[Any]] = []

    def begin() -> None:
        if not begun:
            begun.append(asyncio.ensure_future(second()))

    async def both() -> None:
        await first
        await asyncio.gather(*begun)

    with at_the_call(town, method, path, before=begin, slowly=True):
        await town.as_bot(both())
    assert begun


async def test_unlocking_what_is_being_locked(town: Town):
    before, guild = overwrites(town.general), town.guild.live
    locks, channel = channels_of(town).locks, town.general.live
    await while_it_is_done(
        town,
        "PUT",
        "/channels/*/permissions/*",
        locks.lock(guild, [channel], BY_NOBODY, reason=None, ends_at=None),
        lambda: locks.unlock(guild, [channel.id], BY_NOBODY),
    )
    assert await in_force(town) == []
    assert overwrites(town.general) == before


async def test_two_slowmodes_at_once(town: Town):
    slowmodes, channel = channels_of(town).slowmodes, town.general.live
    ends_at = discord.utils.utcnow() + timedelta(hours=2)
    await while_it_is_done(
        town,
        "PATCH",
        "/channels/*",
        slowmodes.set(channel, 30, BY_NOBODY, ends_at=ends_at),
        lambda: slowmodes.set(channel, 10, BY_NOBODY),
    )
    assert await in_force(town) == []
    await town.wait(hours=3)
    assert town.general.slowmode_delay == 10


async def test_what_somebody_changes_while_many_are_locked(town: Town):
    everyone = town.guild.everyone
    locks, guild = channels_of(town).locks, town.guild.live

    async def change() -> None:
        adapter.change_overwrite(town.env, town.bots_corner.id, everyone.id, is_role=True, deny=SEND)

    places = [town.general.live, town.bots_corner.live]
    first = locks.lock(guild, places, BY_NOBODY, reason=None, ends_at=None)
    await while_it_is_done(town, "PUT", f"/channels/{town.general.id}/permissions/*", first, change)
    assert overwrites(town.bots_corner)[everyone.id][1] & SEND
    await town.as_bot(locks.unlock(guild, [place.id for place in places], BY_NOBODY))
    assert overwrites(town.bots_corner) == {everyone.id: (0, SEND)}


async def the_timer(town: Town) -> ChannelTimer:
    row = await town.db.fetchone("SELECT * FROM timers WHERE name = 'channel_timer'")
    now = discord.utils.utcnow()
    return ChannelTimer(row["id"], now, now - now, row["guild_id"], None, {}, 1)


async def test_a_clock_that_strikes_again_while_discord_is_slow(town: Town):
    await town.says(town.admin, f"!lock {town.general.mention} {town.bots_corner.mention} 1h")
    cog, event = channels_of(town), await the_timer(town)
    path = "/channels/*/permissions/*"
    await while_it_is_done(town, "*", path, cog.on_channel_timer(event), lambda: cog.on_channel_timer(event))
    assert [case["kind"] for case in await the_cases(town)] == ["lock", "unlock"]
    assert await clocks(town) == 0


async def test_a_clock_that_strikes_as_the_guild_goes_away(town: Town):
    await town.says(town.admin, "!lock 1h")
    cog, event = channels_of(town), await the_timer(town)
    await town.kick_bot_from(town.guild)
    await town.as_bot(cog.on_channel_timer(event))
    assert await clocks(town) == 1
    assert len(await in_force(town)) == 1


async def test_a_lock_whose_clock_was_given_up(town: Town):
    """Timers wait a month for a guild."""
    await town.says(town.admin, "!lock 1h")
    await town.kick_bot_from(town.guild)
    await town.db.execute("DELETE FROM timers")
    await town.wait(hours=2)
    await town.invite_bot_to(town.guild)
    await town.wait(seconds=5)
    assert await in_force(town) == []


# --- No answer comes ---------------------------------------------------------------------------------------


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize("whose", ["everyone", "the first"])
async def test_a_lock_that_gets_no_answer_is_taken_back(town: Town, whose: str):
    before = overwrites(town.general)
    path = f"/channels/*/permissions/{town.guild.id if whose == 'everyone' else '*'}"
    with at_the_call(town, "PUT", path, cut="after"):
        assert "Discord can't be reached" in await town.says(town.admin, "!lock")
    assert overwrites(town.general) == before
    assert await in_force(town) == []


@pytest.mark.engines("sqlite")
async def test_a_lock_of_a_thread_that_gets_no_answer_is_taken_back(town: Town):
    thread = await town.as_bot(town.general.live.create_thread(name="chess"))
    locks = channels_of(town).locks
    await town.give_permission(town.guild, "manage_threads")
    with at_the_call(town, "PATCH", "/channels/*", cut="after", times=1):
        done = await town.as_bot(locks.lock(town.guild.live, [thread], BY_NOBODY, reason=None, ends_at=None))
    assert not done.changed
    assert (await town.as_bot(town.guild.live.fetch_channel(thread.id))).locked is False


@pytest.mark.engines("sqlite")
async def test_a_thread_that_discord_doesnt_lock_isnt_known_as_locked(town: Town):
    thread = await town.as_bot(town.general.live.create_thread(name="chess"))
    await town.give_permission(town.guild, "manage_threads")
    town.refuse("PATCH", "/channels/*", status=403)
    done = await town.as_bot(
        channels_of(town).locks.lock(town.guild.live, [thread], BY_NOBODY, reason=None, ends_at=None)
    )
    assert not done.changed
    assert await in_force(town) == []


@pytest.mark.engines("sqlite")
async def test_a_slowmode_that_gets_no_answer(town: Town):
    with at_the_call(town, "PATCH", "/channels/*", cut="after"):
        assert "Case **1**" in await town.says(town.admin, "!slowmode 10s for 2h")
    assert [case["status"] for case in await the_cases(town)] == ["done"]
    await town.wait(hours=3)
    assert town.general.slowmode_delay == 0


@pytest.mark.engines("sqlite")
async def test_a_purge_that_gets_no_answer(town: Town):
    await town.says(town.admin, "!config set mod-log #private")
    for text in ("one", "two", "three"):
        await town.says(town.ann, text)
    with at_the_call(town, "POST", "/channels/*/messages/bulk-delete", cut="after"):
        answer = await town.says(town.admin, "!purge 3 @ann")
    assert "Deleted 3 messages." in answer
    assert town.last(town.private).message.attachments != []
