"""What became of locks and slowmodes in whose middle the bot was ended: asked of Discord at the next start."""

from dataclasses import replace
from typing import TYPE_CHECKING

import discord

from cogs.moderation.channels import lock_rules, overwrites
from cogs.moderation.channels.places import Place, place_now
from cogs.moderation.channels.restoring import forget, restore
from cogs.moderation.recovery import AFTERMATHS
from database.moderation import Case
from database.moderation_channels import ChannelState, ChannelStatesStore
from utils.i18n import _

if TYPE_CHECKING:
    from utils.bot import Hearth


async def after_lock(bot: "Hearth", guild: discord.Guild, case: Case) -> bool:
    """Whether a channel is locked. One that is locked by half is as it was before, and so are those not come to."""
    store, locked = ChannelStatesStore(bot.db), False
    for state in await store.of_case(guild.id, case.number):
        channel = await place_now(guild, state.channel_id)
        if channel is not None and _is_locked(channel, state):
            locked = True
            continue
        if channel is not None and not isinstance(channel, discord.Thread):
            await _take_back(bot, channel, state, case)
        await forget(bot, state)
    return locked


async def after_unlock(bot: "Hearth", guild: discord.Guild, case: Case) -> bool:
    """Whether a channel was opened. What wasn't is still known as locked, so `unlock` or its timer opens it."""
    store, opened = ChannelStatesStore(bot.db), False
    for channel_id in case.details["channels"]:
        state = await store.get(guild.id, channel_id, "lock")
        if state is None:
            opened = True
            continue
        channel = await place_now(guild, channel_id)
        if channel is None or _was_begun(channel, state):
            opened = True
            if channel is not None:
                await restore(bot, channel, state, _stopped(case))
            await forget(bot, state)
    return opened


async def after_slowmode(bot: "Hearth", guild: discord.Guild, case: Case) -> bool:
    """Whether the channel has this slowmode. If not, its clock has nothing to put back, unless an older one had."""
    (channel_id,) = case.details["channels"]
    channel = await place_now(guild, channel_id)
    if getattr(channel, "slowmode_delay", None) == case.details["seconds"]:
        return True
    store = ChannelStatesStore(bot.db)
    for state in await store.of_case(guild.id, case.number):
        pace = case.state_before["seconds"]
        if state.state_before["seconds"] == pace:
            await forget(bot, state)
        else:
            await store.change(replace(state, state_after={"seconds": pace}))
    return False


def _is_locked(channel: Place, state: ChannelState) -> bool:
    if isinstance(channel, discord.Thread):
        return channel.locked
    now = overwrites.current(channel)
    return all(now.get(id_) == bits for id_, bits in lock_rules.from_stored(state.state_after).items())


def _was_begun(channel: Place, state: ChannelState) -> bool:
    """Whether something is put back already; then people may speak, since theirs comes first."""
    if isinstance(channel, discord.Thread):
        return not channel.locked
    before, now = lock_rules.from_stored(state.state_before), overwrites.current(channel)
    after = lock_rules.from_stored(state.state_after)
    return any(now.get(id_) == before[id_] != bits for id_, bits in after.items())


def _stopped(case: Case) -> str:
    return _("I was stopped in the middle of case {number}.").format(number=case.number)


async def _take_back(bot: "Hearth", channel: discord.abc.GuildChannel, state: ChannelState, case: Case) -> None:
    now, before = overwrites.current(channel), lock_rules.from_stored(state.state_before)
    for target_id, bits in lock_rules.from_stored(state.state_after).items():
        if now.get(target_id) == bits:  # as far as the lock had come
            await overwrites.write(bot, channel, target_id, before[target_id], reason=_stopped(case))


AFTERMATHS["lock"] = after_lock
AFTERMATHS["unlock"] = after_unlock
AFTERMATHS["slowmode"] = after_slowmode
