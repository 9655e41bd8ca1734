"""Taking back locks, their ends, and slowmodes: each by the opposite, which has a case of its own."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import discord

from cogs.moderation.cases.details import pace
from cogs.moderation.channels.locks import Done, Locks
from cogs.moderation.channels.places import Place, place_now
from cogs.moderation.channels.slowmodes import Slowmodes, pace_of
from cogs.moderation.kinds import title_of
from cogs.moderation.pipeline import Ask, Origin, Pipeline
from cogs.moderation.undo.action import case_is_undone
from database.moderation import Case
from utils.errors import UserError
from utils.formatting import bullets
from utils.i18n import _, format_list

if TYPE_CHECKING:
    from utils.bot import Hearth


class ChannelUndo:
    """Takes back what was done to channels."""

    def __init__(self, bot: "Hearth", pipeline: Pipeline) -> None:
        self.pipeline = pipeline
        self.locks = Locks(bot, pipeline)
        self.slowmodes = Slowmodes(bot, pipeline)

    async def undo(
        self, guild: discord.Guild, case: Case, origin: Origin, ask: Ask, *, reason: str | None, always_asks: bool
    ) -> str | None:
        """Undo one case; what has come of it, or None if the moderator said no. Raises UserError.

        The case is the parent in `origin`.
        """
        changed = await self._changed(guild, case)
        if changed or always_asks:
            if not await ask(_question(case, changed)):
                return None
            origin = await self.pipeline.looked_up(origin)
        if case.kind == "slowmode":
            return await self._old_pace(guild, case, origin)
        again = case.kind == "unlock"
        done = await (self._lock_again if again else self._unlock)(guild, case, origin, reason)
        return _outcome(case, done)

    async def _changed(self, guild: discord.Guild, case: Case) -> list[str]:
        if case.kind == "slowmode":
            channel = await self._channel(guild, case)
            now = pace_of(channel)
            if now == case.details["seconds"]:
                return []
            return [_("The slowmode is {length} by now.").format(length=pace(now))]
        locked = {state.channel_id for state in await self.locks.store.of_guild(guild.id, "lock")}
        if case.kind == "lock":
            locked = {state.channel_id for state in await self.locks.store.of_case(guild.id, case.number)}
            other, sentence = set(case.details["channels"]) - locked, _("Open already: {channels}.")
        else:
            other, sentence = set(case.details["channels"]) & locked, _("Locked again already: {channels}.")
        return [sentence.format(channels=format_list([f"<#{one}>" for one in sorted(other)]))] if other else []

    async def _unlock(self, guild: discord.Guild, case: Case, origin: Origin, reason: str | None) -> Done:
        states = await self.locks.store.of_case(guild.id, case.number)
        return await self._marked(
            case, origin, await self.locks.unlock(guild, [one.channel_id for one in states], origin, reason=reason)
        )

    async def _lock_again(self, guild: discord.Guild, case: Case, origin: Origin, reason: str | None) -> Done:
        ends_at = await self._end_of_locks(guild, case.state_before.get("locks", []))
        found = [await place_now(guild, channel_id) for channel_id in case.details["channels"]]
        channels = [channel for channel in found if channel is not None]
        return await self._marked(
            case, origin, await self.locks.lock(guild, channels, origin, reason=reason, ends_at=ends_at)
        )

    async def _end_of_locks(self, guild: discord.Guild, numbers: Sequence[int]) -> datetime | None:
        """When the locks that were opened would have ended; None for never. Raises UserError if that is over."""
        ends = [case.ends_at for case in await self.pipeline.cases.numbered(guild.id, numbers)]
        if not ends or None in ends:
            return None
        latest = max(end for end in ends if end is not None)
        if latest <= discord.utils.utcnow():
            raise UserError(_("That lock would be over by now."))
        return latest

    async def _marked(self, case: Case, origin: Origin, done: Done) -> Done:
        """Mark the case as undone, unless Discord refused something: then it can be tried again."""
        if all(outcome.refused is None or outcome.needless for outcome in done.outcomes):
            await self._mark(case, origin)
        return done

    async def _mark(self, case: Case, origin: Origin) -> None:
        assert origin.moderator is not None
        now = discord.utils.utcnow()
        if await self.pipeline.cases.undone(case.guild_id, case.number, by=origin.moderator.id, at=now):
            await self.pipeline.case_log.show(case)

    async def _old_pace(self, guild: discord.Guild, case: Case, origin: Origin) -> str:
        channel, seconds = await self._channel(guild, case), int(case.state_before["seconds"])
        if pace_of(channel) != seconds or await self.slowmodes.store.get(guild.id, channel.id, "slowmode"):
            await self.slowmodes.set(channel, seconds, origin)
        await self._mark(case, origin)
        return " ".join([case_is_undone(case), _("The slowmode of {channel} is {length} again.").format(
            channel=channel.mention, length=pace(seconds)
        )])  # fmt: skip

    async def _channel(self, guild: discord.Guild, case: Case) -> Place:
        channel = await place_now(guild, int(case.state_before["channel"]))
        if channel is None:
            raise UserError(_("This channel was deleted."))
        return channel


def _question(case: Case, changed: list[str]) -> str:
    parts = [_("What has changed since:") + "\n" + bullets(changed)] if changed else []
    parts.append(_("Undo case {number} ({kind})?").format(number=f"**{case.number}**", kind=title_of(case.kind)))
    return "\n".join(parts)


def _outcome(case: Case, done: Done) -> str:
    """What has come of each channel. Raises UserError if nothing has."""
    lines = [f"{one.mention}: {one.refused or one.note}" for one in done.outcomes if one.refused or one.note]
    refused = [one for one in done.refused if not one.needless]
    if refused and not done.changed:
        raise UserError(bullets(lines))
    in_part = _("Case {number} is undone in part:").format(number=f"**{case.number}**")
    head = in_part if refused else case_is_undone(case)
    mentions = [one.mention for one in done.changed]
    if mentions:
        opened = _("🔒 Locked {channels}.") if case.kind == "unlock" else _("🔓 Opened {channels}.")
        head += " " + opened.format(channels=format_list(mentions))
    return "\n".join([head, bullets(lines)]).strip()
