"""The end of what was done for a time: a temporary ban is lifted, a long timeout is renewed.

Each end is a case of its own, whose parent is the case that it ends. What was ended by hand meanwhile is closed
quietly. When Discord refuses, it is tried again after a minute, ten minutes and an hour; then the staff is told once.
"""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import discord

from cogs.moderation.actions import Action, Target
from cogs.moderation.pipeline import Origin, Pipeline, audit_reason
from cogs.moderation.punishments import (
    RENEW_BEFORE_END,
    Ban,
    Timeout,
    Unban,
    Untimeout,
    longest_timeout,
    renew_at,
)
from cogs.moderation.refusals import REFUSALS, AlreadySoError, why_refused
from database.moderation import Case, Sanction, SanctionsStore
from utils.cog import Cog
from utils.errors import UserError
from utils.events import SanctionTimer
from utils.i18n import _, set_language
from utils.owners import tell_owner
from utils.timers import InHand

if TYPE_CHECKING:
    from utils.bot import Hearth

log = logging.getLogger("hearth.moderation")

TRY_AGAIN_AFTER = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1))
LOOK_FOR_AWAY = timedelta(days=1)
TRIES, WAS_AWAY = "tries", "was_away"
"""What a timer's payload may hold."""


@dataclass(frozen=True, slots=True)
class Look:
    """When something in force is looked at. `was_away`: the person wasn't here, so it may not be on them now."""

    at: datetime
    was_away: bool = False


Ending = Callable[["Hearth", Target, Sanction], Action]
Renewal = Callable[["Hearth", Target, Sanction, Look], Awaitable[Look | None]]

ENDINGS: dict[str, Ending] = {Ban.kind_key: lambda bot, target, sanction: Unban(bot, target)}
"""Which action ends what, by the kind of what is in force. What isn't here, Discord ends by itself."""

RENEWALS: dict[str, Renewal] = {}
"""How to keep up what Discord would end too early, by kind; gives the next look, None if it was ended by hand."""


class Expiry(Cog):
    """Ends and renews what is in force, when its timer says so."""

    def __init__(self, bot: "Hearth", pipeline: Pipeline) -> None:
        super().__init__(bot)
        self.pipeline = pipeline
        self._in_hand = InHand()

    @Cog.listener()
    async def on_sanction_timer(self, event: SanctionTimer) -> None:
        """Something ends or has to be renewed. A timer may be heard again while Discord is slow."""
        await self._in_hand.handle(event, self._wake)

    @Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Wake what has no timer: timers don't wait for a guild for ever, nor after too many refusals."""
        for sanction in await self.pipeline.sanctions.store.asleep(guild.id):
            await self.wake_again(sanction, sanction.ends_at)

    async def _wake(self, event: SanctionTimer) -> None:
        sanction = await self.pipeline.sanctions.store.of_timer(event.timer_id)
        if sanction is None:
            await self.bot.timers.done(event)  # lifted or replaced since
            return
        guild = self.bot.get_guild(sanction.guild_id)
        if guild is None:
            return  # away since the timer was handed out; it comes again
        set_language(self.bot.language_of(guild))
        target = Target(guild, sanction.user_id, await self._name_of(sanction))
        unknown = await self._learn(guild, event)
        async with self.pipeline.lock(target):
            if await self.pipeline.sanctions.store.of_timer(event.timer_id) is None:
                await self.bot.timers.done(event)  # while it waited for its turn
                return
            try:
                if unknown is not None:
                    raise unknown
                look = Look(event.due_at, event.payload.get(WAS_AWAY, False))
                await self._end_or_renew(await target.looked_up(), sanction, look)
            except (*REFUSALS, UserError) as error:
                await self._refused(target, sanction, event, why_refused(error))

    async def _learn(self, guild: discord.Guild, event: SanctionTimer) -> Exception | None:
        """Find out what others did while the bot was away; why not, unless it was tried often enough."""
        try:
            for learn in self.pipeline.learn_first:
                await learn(guild)
        except REFUSALS as error:
            if event.payload.get(TRIES, 0) < len(TRY_AGAIN_AFTER):
                return error
            log.warning("Guild %d: nobody knows what was done while I was away", guild.id, exc_info=True)
        return None

    async def _end_or_renew(self, target: Target, sanction: Sanction, look: Look) -> None:
        if sanction.ends_at is None or sanction.ends_at > discord.utils.utcnow():
            await self._renew(target, sanction, look)
        elif sanction.kind in ENDINGS:
            await self._end(ENDINGS[sanction.kind](self.bot, target, sanction), sanction)
        else:
            await self._close(sanction)

    async def _renew(self, target: Target, sanction: Sanction, look: Look) -> None:
        if sanction.kind not in RENEWALS:
            await self.wake_again(sanction, sanction.ends_at)  # it lasts longer than when the timer was set
            return
        again = await RENEWALS[sanction.kind](self.bot, target, sanction, look)
        if again is None:
            await self._close(sanction)
        else:
            await self.wake_again(sanction, again.at, {WAS_AWAY: True} if again.was_away else None)

    async def _end(self, action: Action, sanction: Sanction) -> None:
        origin = Origin("timer", None, parent=sanction.number)
        case = await self._begun(action, sanction)
        try:
            await self.pipeline.check(action, origin)
        except AlreadySoError:
            if case is not None:  # done just before a crash
                await self.pipeline.done(action, case)
            await self._close(sanction)
            return
        case = case or await self.pipeline.open(action, origin)
        await action.act(audit_reason(action, origin))
        await self.pipeline.done(action, case)
        await self._close(sanction)

    async def _begun(self, action: Action, sanction: Sanction) -> Case | None:
        """The case of this end, if it was opened before a refusal or a crash."""
        return await self.pipeline.cases.pending_of(sanction.guild_id, sanction.number, action.kind_key)

    async def _close(self, sanction: Sanction) -> None:
        """Let it be in force no longer, unless another case has taken its place."""
        async with self.bot.db.transaction():
            if await self.pipeline.sanctions.store.remove(sanction) and sanction.timer_id is not None:
                await self.bot.timers.cancel(sanction.timer_id)

    async def wake_again(
        self, sanction: Sanction, at: datetime | None, payload: dict[str, Any] | None = None
    ) -> None:
        """Give it another timer in place of the one it has; None lets it stand without one."""
        async with self.bot.db.transaction():
            timer_id = None
            if at is not None:
                timer_id = await self.bot.timers.schedule(
                    SanctionTimer, at, guild_id=sanction.guild_id, user_id=sanction.user_id, payload=payload
                )
            replaced = await self.pipeline.sanctions.store.wake_by(sanction, timer_id)
            useless = sanction.timer_id if replaced else timer_id
            if useless is not None:
                await self.bot.timers.cancel(useless)

    # --- when Discord refuses

    async def _refused(self, target: Target, sanction: Sanction, event: SanctionTimer, why: str) -> None:
        tries = event.payload.get(TRIES, 0)
        log.info("What is in force by case %d in guild %d: %s", sanction.number, sanction.guild_id, why)
        if tries < len(TRY_AGAIN_AFTER):
            at = discord.utils.utcnow() + TRY_AGAIN_AFTER[tries]
            await self.wake_again(sanction, at, {**event.payload, TRIES: tries + 1})
            return
        # It stays in force until somebody ends it by hand.
        await self.wake_again(sanction, None)
        await self._tell_staff(target, sanction, why)

    async def _tell_staff(self, target: Target, sanction: Sanction, why: str) -> None:
        """Once, by a failed case in the log; where there is no log, to the owner."""
        case = None
        ending = ENDINGS.get(sanction.kind)
        if ending is not None and sanction.ends_at is not None and sanction.ends_at <= discord.utils.utcnow():
            action = ending(self.bot, target, sanction)
            case = await self._begun(action, sanction)
            case = case or await self._open_anyway(action, sanction)
        if case is not None:
            case = await self.pipeline.failed(case, why)
            shown = await self.pipeline.cases.get(case.guild_id, case.number)
            if shown is not None and shown.log_message_id is not None:
                return
        sentence = _("I could not end or renew what case {number} did to {target}: {why}").format(
            number=sanction.number, target=target.mention, why=why
        )
        await tell_owner(self.bot, target.guild, sentence)

    async def _open_anyway(self, action: Action, sanction: Sanction) -> Case | None:
        try:
            return await self.pipeline.open(action, Origin("timer", None, parent=sanction.number))
        except REFUSALS:  # what was there before can't be asked for, either
            return None

    async def _name_of(self, sanction: Sanction) -> str:
        case = await self.pipeline.cases.get(sanction.guild_id, sanction.number)
        return (case.target_name if case else None) or str(sanction.user_id)


async def renew_timeout(_bot: "Hearth", target: Target, sanction: Sanction, look: Look) -> Look | None:
    """Put a timeout on for as long as Discord takes it; on somebody who isn't here, when they come back.

    One that isn't on any more, although Discord's own end is days away, was lifted or cut short by hand.
    """
    assert sanction.ends_at is not None
    now = discord.utils.utcnow()
    if target.member is None:
        return Look(min(now + LOOK_FOR_AWAY, sanction.ends_at), was_away=True)
    if not (target.member.is_timed_out() or look.was_away) and now < look.at + RENEW_BEFORE_END:
        return None
    reason = _("Case {number} goes on.").format(number=sanction.number)
    await target.member.timeout(longest_timeout(sanction.ends_at, now), reason=reason)
    return Look(renew_at(sanction.ends_at, now))


async def lift_timeout(bot: "Hearth", target: Target, sanction: Sanction, _look: Look) -> Look | None:
    """Take from somebody who came back the timeout that Discord kept for them, and that was lifted meanwhile."""
    assert sanction.ends_at is not None
    if target.member is None:
        return Look(min(discord.utils.utcnow() + LOOK_FOR_AWAY, sanction.ends_at), was_away=True)
    newer = await SanctionsStore(bot.db).get(target.guild.id, target.id, Timeout.kind_key)
    if newer is None and target.member.is_timed_out():
        await target.member.timeout(None, reason=_("Case {number} goes on.").format(number=sanction.number))
    return None


RENEWALS[Timeout.kind_key] = renew_timeout
RENEWALS[Untimeout.kind_key] = lift_timeout
