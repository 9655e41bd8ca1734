"""Slowing channels down, for good or for a time after which the old pace is back."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

import discord

from cogs.moderation.channels.places import Place, audit, check_rights, place_now
from cogs.moderation.pipeline import Origin, Pipeline
from cogs.moderation.refusals import REFUSALS, ActionFailedError, may_have_happened, why_refused
from cogs.moderation.unsettled import Known
from database.errors import DatabaseError
from database.moderation import Case, NewCase
from database.moderation_channels import ChannelState, ChannelStatesStore
from utils.errors import UserError
from utils.events import ChannelTimer
from utils.i18n import _

if TYPE_CHECKING:
    from utils.bot import Hearth


class Slowmodes:
    """Sets the slowmode of channels; what was there before a slowmode for a time is kept as a row."""

    def __init__(self, bot: "Hearth", pipeline: Pipeline) -> None:
        self.bot = bot
        self.pipeline = pipeline
        self.store = ChannelStatesStore(bot.db)

    async def set(self, channel: Place, seconds: int, origin: Origin, *, ends_at: datetime | None = None) -> Case:
        """Let people wait so many seconds between messages. Raises UserError, also if Discord refuses."""
        if isinstance(channel, discord.CategoryChannel):
            raise UserError(_("A category has no slowmode; name its channels."))
        async with self.pipeline.lock_on(channel.guild.id, channel.id):
            return await self._set(channel, seconds, origin, ends_at)

    async def _set(self, channel: Place, seconds: int, origin: Origin, ends_at: datetime | None) -> Case:
        await self.pipeline.refuse_repeated(channel.guild.id, origin.message_id, "slowmode")
        is_allowed = self.pipeline.is_allowed(origin, "slowmode", channel)
        check_rights(channel, None if is_allowed else origin.moderator, own="manage_channels")
        kept = await self.store.get(channel.guild.id, channel.id, "slowmode")
        if pace_of(channel) == seconds and ends_at is None and kept is None:
            raise UserError(_("{channel} has this slowmode already.").format(channel=channel.mention))
        async with self.bot.db.transaction():
            case = await self._open(channel, seconds, origin, ends_at)
            state = await self._keep(channel, seconds, case, kept)
        try:
            await _edit(channel, seconds, audit(case))
        except REFUSALS as error:
            if not (may_have_happened(error) and await _has_pace(channel, seconds)):
                await self._give_up(case, state, kept, why_refused(error))
                raise ActionFailedError(why_refused(error), case) from error
        with self.pipeline.unsettled.settling(case):
            settled = await self._settle(case, state, kept)
        await self.pipeline.finish(settled or case)
        return settled or case

    async def _settle(self, case: Case, state: ChannelState | None, kept: ChannelState | None) -> Case | None:
        async with self.bot.db.transaction():
            settled = await self.pipeline.cases.settle(case, "done", discord.utils.utcnow())
            if kept is not None and kept.timer_id is not None:
                await self.bot.timers.cancel(kept.timer_id)
            if state is None and kept is not None:
                await self.store.remove(kept)
        return settled

    async def end(self, guild: discord.Guild, state: ChannelState) -> None:
        """Bring the old pace back, unless somebody has set another meanwhile. Raises discord.HTTPException."""
        async with self.pipeline.lock_on(guild.id, state.channel_id):
            await self._end(guild, state)

    async def _end(self, guild: discord.Guild, state: ChannelState) -> None:
        channel = await place_now(guild, state.channel_id)
        back, changed = int(state.state_before["seconds"]), False
        if channel is not None and pace_of(channel) == state.state_after["seconds"]:
            await _edit(channel, back, _("The slowmode of case {number} is over.").format(number=state.number))
            changed = True
        async with self.bot.db.transaction():
            ended = await self.store.remove(state)
            if not (ended and changed and channel is not None):
                return
            case = await self._open(channel, back, Origin("timer", None, parent=state.number), None)
            settled = await self.pipeline.cases.settle(case, "done", discord.utils.utcnow())
        await self.pipeline.finish(settled or case)

    async def _keep(self, channel: Place, seconds: int, case: Case, kept: ChannelState | None) -> ChannelState | None:
        """Write down what comes back later, before anything is changed; None if nothing does."""
        if case.ends_at is None:
            return None
        timer_id = await self.bot.timers.schedule(ChannelTimer, case.ends_at, guild_id=channel.guild.id)
        before = kept.state_before if kept is not None else {"seconds": pace_of(channel)}
        state = ChannelState(
            channel.guild.id, channel.id, "slowmode", case.number, before, {"seconds": seconds}, timer_id
        )
        if kept is None:
            await self.store.add(state)
        else:
            await self.store.change(state)
        return state

    async def _give_up(self, case: Case, state: ChannelState | None, kept: ChannelState | None, why: str) -> None:
        try:
            async with self.bot.db.transaction():
                await self.pipeline.cases.settle(case, "failed", discord.utils.utcnow(), failure=why)
                if state is not None:
                    assert state.timer_id is not None
                    await self.bot.timers.cancel(state.timer_id)
                    await (self.store.remove(state) if kept is None else self.store.change(kept))
        except DatabaseError as error:  # why it failed is what people have to know
            self.pipeline.unsettled.report(case, error, Known(why))
        await self.pipeline.case_log.show(case)

    async def _open(self, channel: Place, seconds: int, origin: Origin, ends_at: datetime | None) -> Case:
        moderator = origin.moderator or channel.guild.me
        return await self.pipeline.write_down(
            NewCase(
                guild_id=channel.guild.id, kind="slowmode", source=origin.source, moderator_id=moderator.id,
                moderator_name=str(moderator), opened_at=discord.utils.utcnow(), ends_at=ends_at,
                state_before={"channel": channel.id, "seconds": pace_of(channel)},
                details={"channels": [channel.id], "seconds": seconds},
                channel_id=origin.channel_id, message_id=origin.message_id, parent=origin.parent,
            )
        )  # fmt: skip


def pace_of(channel: Place) -> int:
    """A channel's slowmode now, in seconds."""
    return cast("Any", channel).slowmode_delay or 0


async def _has_pace(channel: Place, seconds: int) -> bool:
    """Whether Discord has it so, asked anew."""
    try:
        now = await channel.guild.fetch_channel(channel.id)
    except REFUSALS:
        return False
    return pace_of(cast("Any", now)) == seconds


async def _edit(channel: Place, seconds: int, reason: str) -> None:
    await cast("Any", channel).edit(slowmode_delay=seconds, reason=reason)
