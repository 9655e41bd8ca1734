"""What became of locks and slowmodes in whose middle the bot was ended: asked of Discord at the next start."""

from typing import TYPE_CHECKING

import discord

from cogs.moderation import lock_rules, overwrites
from cogs.moderation.channel_locks import Place, place_now
from cogs.moderation.recovery import AFTERMATHS
from database.moderation import Case
from database.moderation_channels import ChannelState, ChannelStatesStore
from utils.i18n import _

if TYPE_CHECKING:
    from utils.bot import Hearth


async def after_lock(bot: "Hearth", guild: discord.Guild, case: Case) -> bool:
    """Whether a channel is locked. One that is locked by half is as it was before, and so are those not come to."""
    store, locked = ChannelStatesStore(bot.db), False
    for state in await store.of_guild(guild.id, "lock"):
        if state.number != case.number:
            continue
        channel = await place_now(guild, state.channel_id)
        if channel is not None and _is_locked(channel, state):
            locked = True
            continue
        if channel is not None and not isinstance(channel, discord.Thread):
            await _take_back(bot, channel, state)
        await store.remove(state)
    return locked


async def after_unlock(bot: "Hearth", guild: discord.Guild, case: Case) -> bool:
    """Whether a channel was opened. What wasn't is still known as locked, so `unlock` or its timer opens it."""
    store = ChannelStatesStore(bot.db)
    still = {state.channel_id for state in await store.of_guild(guild.id, "lock")}
    return any(channel_id not in still for channel_id in case.details["channels"])


async def after_slowmode(bot: "Hearth", guild: discord.Guild, case: Case) -> bool:
    """Whether the channel has this slowmode."""
    (channel_id,) = case.details["channels"]
    channel = await place_now(guild, channel_id)
    return bool(getattr(channel, "slowmode_delay", None) == case.details["seconds"])


def _is_locked(channel: Place, state: ChannelState) -> bool:
    if isinstance(channel, discord.Thread):
        return channel.locked
    now = overwrites.current(channel)
    return all(now.get(id_) == bits for id_, bits in lock_rules.from_stored(state.state_after).items())


async def _take_back(bot: "Hearth", channel: discord.abc.GuildChannel, state: ChannelState) -> None:
    now, before = overwrites.current(channel), lock_rules.from_stored(state.state_before)
    reason = _("I was stopped in the middle of case {number}.").format(number=state.number)
    for target_id, bits in lock_rules.from_stored(state.state_after).items():
        if now.get(target_id) == bits:  # as far as the lock had come
            await overwrites.write(bot, channel, target_id, before[target_id], reason=reason)


AFTERMATHS["lock"] = after_lock
AFTERMATHS["unlock"] = after_unlock
AFTERMATHS["slowmode"] = after_slowmode
