"""Opening a locked channel: what the lock left is put back, and what somebody changed since stays."""

from typing import TYPE_CHECKING

import discord

from cogs.moderation.channels import lock_rules, overwrites
from cogs.moderation.channels.lock_rules import Bits
from cogs.moderation.channels.places import Place
from database.moderation_channels import ChannelState, ChannelStatesStore
from utils.i18n import _, format_list
from utils.members import get_member
from utils.permissions import permission_names

if TYPE_CHECKING:
    from utils.bot import Hearth


async def restore(bot: "Hearth", channel: Place, state: ChannelState, audit_reason: str) -> str | None:
    """Put back what is still as the lock left it; the sentence about the rest. Raises discord.HTTPException."""
    if isinstance(channel, discord.Thread):
        if not channel.locked:
            return None
        await channel.edit(locked=False, reason=audit_reason)
        return None
    before, after = lock_rules.from_stored(state.state_before), lock_rules.from_stored(state.state_after)
    now, notes = overwrites.current(channel), []
    for target_id, left in reversed(everyone_last(after, channel.guild.id)):
        if not (target_id in now or await _is_known(channel.guild, target_id)):
            continue  # Discord deleted its overwrites with the role
        back = lock_rules.put_back(before[target_id], left or Bits(), now.get(target_id))
        if back.bits != now.get(target_id):
            await overwrites.write(bot, channel, target_id, back.bits, reason=audit_reason)
        if back.changed_since:
            notes.append(_changed(target_id, back.changed_since, channel.guild))
    return " ".join(notes) or None


async def forget(bot: "Hearth", state: ChannelState) -> None:
    """The channel is as it was; with the last one of a case its timer goes, too."""
    store = ChannelStatesStore(bot.db)
    async with bot.db.transaction():
        await store.remove(state)
        if state.timer_id is not None and not await store.of_timer(state.timer_id):
            await bot.timers.cancel(state.timer_id)


def everyone_last(found: dict[int, Bits | None], everyone: int) -> list[tuple[int, Bits | None]]:
    """Overwrites with @everyone's at the end; a database may keep them in another order."""
    return sorted(found.items(), key=lambda item: item[0] == everyone)


async def _is_known(guild: discord.Guild, target_id: int) -> bool:
    """Whether there is such a role or member, who may get an overwrite."""
    return guild.get_role(target_id) is not None or await get_member(guild, target_id) is not None


def _changed(target_id: int, bits: int, guild: discord.Guild) -> str:
    names = [name for name, is_on in discord.Permissions(bits) if is_on]
    role = guild.get_role(target_id)
    who = f"<@{target_id}>" if role is None else "@everyone" if role.is_default() else role.mention
    return _("Somebody changed {permissions} for {who} meanwhile; I left that as it is.").format(
        permissions=format_list(permission_names(names)), who=who
    )
