"""Raids from the first suspicious join to the end: beginning, holding, telling, ending, and putting back."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, Final
from weakref import WeakValueDictionary

import discord

from cogs.moderation.automod.alerts import Alerts
from cogs.moderation.pipeline import Pipeline
from cogs.moderation.raids import settings
from cogs.moderation.raids.holding import Holding
from cogs.moderation.raids.rules import Join, Limits, Verdict, Watch
from cogs.moderation.raids.texts import influx_embed, raid_embed
from cogs.moderation.raids.views import buttons_of
from database.ids import new_id
from database.raids import Raid, RaidMember, RaidsStore
from utils.bot import CANNOT_SAY
from utils.errors import UserError
from utils.events import RaidTimer
from utils.i18n import _, ngettext, using
from utils.time import human_duration

log = logging.getLogger("hearth.moderation")

HIGHEST: Final = discord.VerificationLevel.highest
INVITES_PAUSED: Final = timedelta(hours=24)
"""Discord's limit: it lets them go by itself then, should the bot not be there."""
AGAIN_AFTER: Final = timedelta(minutes=5)
"""When it is tried again to open a guild, if Discord couldn't just now."""
SHOWN_AFTER_SECONDS: Final = 2.0
"""How long people are gathered before the message of a raid changes: they come many a second."""
OPEN: Final = ("waiting", "noted", "quarantined", "failed", "gone")
"""Those about whom nothing is decided."""


class Raids:
    """What goes on, in memory and as rows."""

    def __init__(self, pipeline: Pipeline, spawn: Callable[[Coroutine[Any, Any, Any]], Any]) -> None:
        self.bot = pipeline.bot
        self.spawn = spawn
        self.store = RaidsStore(pipeline.bot.db)
        self.holding = Holding(pipeline)
        self.alerts = Alerts(pipeline.bot)
        self.current: dict[int, Raid] = {}
        """By guild."""
        self._watches: dict[int, Watch] = {}
        self._influx_told: dict[int, datetime] = {}
        self._working: dict[int, bool] = {}
        """The raids whose people are looked after, and whether somebody has come since the last look."""
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._decisions: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        """By raid: who is let go mustn't be held a moment later."""

    async def load(self, guild_id: int | None = None) -> None:
        """Take up what goes on, everywhere or in a guild."""
        for raid in await self.store.going_on(guild_id):
            self.current[raid.guild_id] = raid
            # Whoever comes now is compared with those who came before.
            watch = self._watches[raid.guild_id] = Watch(self.limits(raid.guild_id))
            for one in await self.store.members(raid.id):
                watch.hear(Join(one.user_id, one.name, one.joined_at, discord.utils.snowflake_time(one.user_id)))

    async def resume(self, guild: discord.Guild) -> None:
        """Go on with a raid where the last process left it: close what it didn't come to close, hold who waits."""
        async with self._lock(guild.id):
            current = self.current.get(guild.id)
            raid = await self.store.get(current.id) if current is not None else None
            if raid is None or raid.ended_at is not None:
                return
            if "done" not in raid.state_before:
                await self._close_all(guild, raid)
            self._work_on(raid)

    def forget(self, guild_id: int) -> None:
        """Let go of a guild that the bot isn't in any more; its rows stay."""
        self.current.pop(guild_id, None)
        self._watches.pop(guild_id, None)

    def limits(self, guild_id: int) -> Limits:
        """What a guild has set."""
        return settings.limits_of(self.bot.guild_settings, guild_id)

    def _lock(self, guild_id: int) -> asyncio.Lock:
        return self._locks.setdefault(guild_id, asyncio.Lock())

    def _deciding(self, raid_id: int) -> asyncio.Lock:
        return self._decisions.setdefault(raid_id, asyncio.Lock())

    # --- joining

    async def hear(self, member: discord.Member) -> None:
        """Look at somebody who joins."""
        guild, limits = member.guild, self.limits(member.guild.id)
        watch = self._watches.get(guild.id)
        if watch is None or watch.limits != limits:
            watch = self._watches[guild.id] = Watch(limits)
        join = Join(member.id, str(member), member.joined_at or discord.utils.utcnow(), member.created_at)
        verdict = watch.hear(join)
        if guild.id not in self.current and verdict is None:
            return
        async with self._lock(guild.id):  # many join at once, and the first begins it
            raid = self.current.get(guild.id)
            if raid is not None:
                if watch.belongs(join):
                    await self._add(raid, join)
            elif verdict is not None and verdict.is_raid:
                await self._begin(guild, verdict, join.at)
            elif verdict is not None:
                await self._tell_influx(guild, verdict, limits)

    async def _add(self, raid: Raid, join: Join) -> None:
        await self.store.joined(raid, [self._new(raid.guild_id, join)], join.at)
        self.current[raid.guild_id] = replace(raid, last_at=max(raid.last_at, join.at))
        self._work_on(raid)

    def _new(self, guild_id: int, join: Join) -> RaidMember:
        does: tuple[str, ...] = self.bot.guild_settings.get(guild_id, settings.DOES)
        return RaidMember(join.user_id, join.name, join.at, "waiting" if "quarantine" in does else "noted")

    async def _begin(self, guild: discord.Guild, verdict: Verdict, now: datetime) -> None:
        paused_until, does = guild.invites_paused_until, self.bot.guild_settings.get(guild.id, settings.DOES)
        before: dict[str, Any] = {
            "verification": guild.verification_level.value,
            "invites_until": paused_until.isoformat() if paused_until is not None else None,
            "does": list(does),
        }
        raid = Raid(new_id(), guild.id, now, now, tuple(sorted(verdict.signs)), before)
        async with self.bot.db.transaction():
            timer_id = await self.bot.timers.schedule(
                RaidTimer, now + self.limits(guild.id).quiet, guild_id=guild.id, payload={"raid_id": raid.id}
            )
            raid = replace(raid, timer_id=timer_id)
            begun = await self.store.begin(raid, [self._new(guild.id, one) for one in verdict.cohort])
        if not begun:
            await self.load(guild.id)
            return
        log.warning("A raid in guild %d: %d people", guild.id, len(verdict.cohort))
        self.current[guild.id] = raid
        await self._close_all(guild, raid)
        await self._show(guild, raid)
        self._work_on(raid)

    async def _close_all(self, guild: discord.Guild, raid: Raid) -> None:
        with using(self.bot.language_of(guild)):
            does = raid.state_before["does"]
            done = [sentence for name in does if (sentence := await self._close(guild, name))]
        await self._note_done(raid, done)

    async def _note_done(self, raid: Raid, done: Sequence[str]) -> None:
        """Keep what was done, for the message of the raid."""
        so_far = raid.state_before.get("done", [])
        await self.store.describe(raid.id, {**raid.state_before, "done": [*so_far, *done]})

    async def _close(self, guild: discord.Guild, what: str) -> str | None:
        """Make joining harder; the sentence that says so, or why not."""
        reason = _("A raid")
        try:
            if what == "verification" and guild.verification_level != HIGHEST:
                await guild.edit(verification_level=HIGHEST, reason=reason)
                return _("Raised the verification level until it is over.")
            if what == "invites" and not guild.invites_paused():
                await guild.edit(invites_disabled_until=discord.utils.utcnow() + INVITES_PAUSED, reason=reason)
                return _("Paused the invites until it is over.")
        except CANNOT_SAY as error:
            log.warning("Guild %d isn't closed (%s): %s", guild.id, what, error)
            return _("Discord doesn't let me do this: {what}.").format(what=what)
        return None

    async def _tell_influx(self, guild: discord.Guild, verdict: Verdict, limits: Limits) -> None:
        now, told = discord.utils.utcnow(), self._influx_told.get(guild.id)
        channel = self.alerts.channel(guild)
        if channel is None or (told is not None and now - told < limits.quiet):
            return
        self._influx_told[guild.id] = now
        with using(self.bot.language_of(guild)):
            embed = influx_embed(verdict.cohort, human_duration(limits.within))
        try:
            await channel.send(embed=embed)
        except CANNOT_SAY as error:
            log.info("Nobody of guild %d is told that many join: %s", guild.id, error)

    # --- holding, and showing how it is

    def _work_on(self, raid: Raid) -> None:
        if raid.id not in self._working:
            self.spawn(self._work(raid.id))
        self._working[raid.id] = True

    async def _work(self, raid_id: int) -> None:
        """Hold those who wait, one after the other; then show it."""
        try:
            await asyncio.sleep(SHOWN_AFTER_SECONDS)
            raid = await self.store.get(raid_id)
            guild = self.bot.get_guild(raid.guild_id) if raid is not None else None
            if raid is None or guild is None:
                return  # it goes on when the guild is back
            while self._working[raid_id]:
                self._working[raid_id] = False
                while await self._hold_next(guild, raid_id):
                    pass
        finally:
            del self._working[raid_id]
        await self._show(guild, raid)

    async def _hold_next(self, guild: discord.Guild, raid_id: int) -> bool:
        if not self.bot.switches.feature_is_on(guild.id, "moderation"):
            return False  # they wait, in case it is switched on again before the raid is over
        async with self._deciding(raid_id):
            one = await self.store.next_waiting(raid_id)
            if one is None:
                return False
            with using(self.bot.language_of(guild)):
                status = await self.holding.hold(guild, raid_id, one)
            await self.store.set_status(raid_id, [one.user_id], status)
        return True

    async def _show(self, guild: discord.Guild, raid: Raid) -> None:
        """Show a raid as it is: change its message, or send one."""
        raid = await self.store.get(raid.id) or raid
        members = await self.store.members(raid.id)
        with using(self.bot.language_of(guild)):
            embed = raid_embed(raid, members, raid.state_before.get("done", ()))
            view: Any = buttons_of(
                raid.id, over=raid.ended_at is not None, open_members=any(one.status in OPEN for one in members)
            )
        channel: Any = guild.get_channel(raid.channel_id or 0)
        try:
            if channel is not None and raid.message_id is not None:
                with suppress(discord.NotFound):  # somebody deleted it
                    await channel.get_partial_message(raid.message_id).edit(embed=embed, view=view)
                    return
            place = self.alerts.channel(guild)
            if place is None:
                return
            sent = await place.send(embed=embed, **({"view": view} if view is not None else {}))
        except CANNOT_SAY as error:
            log.warning("Raid %d in guild %d isn't shown: %s", raid.id, guild.id, error)
            return
        await self.store.shown(raid.id, place.id, sent.id)

    # --- the end

    async def look(self, event: RaidTimer) -> None:
        """See whether a raid is over; else look again later."""
        raid = await self.store.get(int(event.payload["raid_id"]))
        guild = self.bot.get_guild(event.guild_id or 0)
        if raid is None or raid.ended_at is not None:
            await self.bot.timers.done(event)
            return
        if guild is None:
            return  # the timer waits for the guild
        if await self.store.next_waiting(raid.id) is not None:
            self._work_on(raid)  # the database wasn't there when it was their turn
        over_at, now = raid.last_at + self.limits(guild.id).quiet, discord.utils.utcnow()
        if now < over_at:
            await self._look_again(event, raid, over_at)
            return
        try:
            await self.end(guild, raid, patiently=True)
        except CANNOT_SAY as error:
            log.warning("Guild %d can't be opened again now: %s", guild.id, error)
            await self._look_again(event, raid, now + AGAIN_AFTER)
        else:
            await self.bot.timers.done(event)

    async def _look_again(self, event: RaidTimer, raid: Raid, at: datetime) -> None:
        async with self.bot.db.transaction():
            timer_id = await self.bot.timers.schedule(
                RaidTimer, at, guild_id=raid.guild_id, payload={"raid_id": raid.id}
            )
            await self.store.move_timer(raid.id, timer_id)
            await self.bot.timers.done(event)

    async def end(self, guild: discord.Guild, raid: Raid, *, patiently: bool = False) -> list[str]:
        """End a raid: what was closed is open again. What was done, in sentences.

        `patiently` it raises where Discord may be able to do so later, and the raid goes on until then.
        """
        async with self._lock(guild.id):
            raid = await self.store.get(raid.id) or raid
            with using(self.bot.language_of(guild)):
                done = await self._open(guild, raid, patiently=patiently) if raid.ended_at is None else []
            await self._note_done(raid, done)
            ended = await self.store.end(raid.id, discord.utils.utcnow())
            if self.current.get(guild.id) is not None and self.current[guild.id].id == raid.id:
                del self.current[guild.id]
            self._watches.pop(guild.id, None)  # or the next to join would begin it anew
        if ended:
            await self._show(guild, raid)
        return done

    async def _open(self, guild: discord.Guild, raid: Raid, *, patiently: bool) -> list[str]:
        """Put back what the raid changed, unless somebody has set it to something else meanwhile."""
        done = []
        for sentence, change in self._ways_back(guild, raid):
            try:
                await guild.edit(**change, reason=_("The raid is over"))
                done.append(sentence)
            except CANNOT_SAY as error:
                refused = isinstance(error, discord.HTTPException) and error.status < HTTPStatus.INTERNAL_SERVER_ERROR
                if patiently and not refused:
                    raise
                log.warning("Guild %d isn't opened again: %s", guild.id, error)
                done.append(_("Discord doesn't let me put back what I changed; look at the server's settings."))
        return list(dict.fromkeys(done))

    @staticmethod
    def _ways_back(guild: discord.Guild, raid: Raid) -> list[tuple[str, dict[str, Any]]]:
        """What has to be changed back, and what to say then."""
        before, found = raid.state_before, list[tuple[str, dict[str, Any]]]()
        does, level = before.get("does", ()), discord.VerificationLevel(before["verification"])
        if "verification" in does and guild.verification_level == HIGHEST != level:
            found.append((_("The verification level is what it was."), {"verification_level": level}))
        if "invites" in does and before["invites_until"] is None and guild.invites_paused():
            found.append((_("Invites work again."), {"invites_disabled_until": None}))
        return found

    # --- the buttons

    async def press(self, doing: str, raid_id: int, moderator: discord.Member, channel_id: int, asked_id: int) -> str:
        """Do what a button or command says; what to answer. Raises UserError.

        `asked_id` is the id of the press or of the message, which does the same only once.
        """
        raid = await self.store.get(raid_id)
        guild = moderator.guild
        if raid is None or raid.guild_id != guild.id:
            raise UserError(_("I know nothing of this raid any more."))
        if doing == "end":
            return "\n".join([_("The raid is over."), *await self.end(guild, raid)])
        async with self._deciding(raid_id):
            people = await self.store.members(raid_id, *OPEN)
            if not people:
                raise UserError(_("Nobody of them is left to decide about."))
            said = await (
                self._release(moderator, raid, people)
                if doing == "release"
                else self._ban(moderator, raid, people, channel_id, asked_id)
            )
        await self._show(guild, raid)
        return said

    async def _release(self, moderator: discord.Member, raid: Raid, people: Sequence[RaidMember]) -> str:
        """Release everybody, and end the raid: it was none."""
        whys = []
        for one in people:
            why = await self.holding.let_go(moderator, raid.id, one) if one.status == "quarantined" else None
            if why is None:
                await self.store.set_status(raid.id, [one.user_id], "released")
            else:
                whys.append(why)
        if raid.ended_at is None:
            await self.end(moderator.guild, raid)
        released = len(people) - len(whys)
        said = ngettext("Released {count} person.", "Released {count} people.", released).format(count=released)
        return "\n".join([said, *dict.fromkeys(whys)])

    async def _ban(
        self, moderator: discord.Member, raid: Raid, people: list[RaidMember], channel_id: int, asked_id: int
    ) -> str:
        banned, said = await self.holding.ban(moderator, people, channel_id, asked_id)
        await self.store.set_status(raid.id, banned, "banned")
        return said
