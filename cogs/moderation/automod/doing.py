"""What rules do: delete, punish, give roles, slow down, alert. All that somebody does in one go is one burst.

A burst is punished once, with one case; a heavier punishment that a later message brings is a case of its own. The
messages of a burst are deleted as they come.
"""

import asyncio
import logging
import math
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import discord

from cogs.moderation import settings
from cogs.moderation.actions import Action, Target
from cogs.moderation.automod.alerts import Alerts, Report
from cogs.moderation.automod.clauses import PUNISHMENTS
from cogs.moderation.automod.rules import Hit
from cogs.moderation.channels.slowmodes import Slowmodes, pace_of
from cogs.moderation.pipeline import Origin, Pipeline
from cogs.moderation.punishments import Ban, Kick, Timeout, Warn
from cogs.moderation.purge.cog import delete
from cogs.moderation.refusals import REFUSALS, AlreadySoError, DoneBeforeError, why_refused
from cogs.moderation.roles.actions import RoleAdd, RoleTemp
from database.automod import AutomodHit, AutomodStore, new_hit_id
from database.errors import DatabaseError
from database.moderation import Case
from database.removed_messages import RemovedMessage
from utils.errors import UserError
from utils.i18n import _, ngettext, using

log = logging.getLogger("hearth.moderation")

BURST: Final = timedelta(seconds=6)
"""How long somebody has to be quiet for what they do next to be another burst."""
LONGEST_BURST: Final = timedelta(minutes=1)
"""After this long it is told, even if they go on."""
SOURCE: Final = "automod"


@dataclass
class Burst:
    """What somebody did in one go, and what has to be done about it."""

    report: Report
    began: datetime
    until: datetime
    to_delete: dict[int, set[int]] = field(default_factory=dict)
    """Messages by channel that are still there."""
    deleted: set[int] = field(default_factory=set)
    seen: set[int] = field(default_factory=set)
    taken: set[tuple[int, datetime | None]] = field(default_factory=set)
    """Messages and edits that were taken up: Discord may deliver one twice."""
    new_hits: list[tuple[Hit, discord.Message]] = field(default_factory=list)
    """What has yet to be acted on and written down."""
    rank: int = -1
    """How heavy the punishment was: its place in `PUNISHMENTS`."""
    case: Case | None = None
    done_once: set[tuple[str, int]] = field(default_factory=set)
    """What is done once for a burst: by clause and rule."""
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class Doing:
    """Carries out what rules say."""

    def __init__(
        self, pipeline: Pipeline, store: AutomodStore, spawn: Callable[[Coroutine[Any, Any, Any]], Any]
    ) -> None:
        self.bot = pipeline.bot
        self.pipeline = pipeline
        self.store = store
        self.spawn = spawn
        self.slowmodes = Slowmodes(pipeline.bot, pipeline)
        self.alerts = Alerts(pipeline.bot)
        self._bursts: dict[tuple[int, int], Burst] = {}

    def take(self, message: discord.Message, member: discord.Member, hits: list[Hit]) -> None:
        """Take up what was found in a message; what is done about it is done beside."""
        key, now = (member.guild.id, member.id), discord.utils.utcnow()
        burst = self._bursts.get(key)
        if burst is None:
            report = Report(member, message.channel.id, message.id, message.content)
            burst = self._bursts[key] = Burst(report, now, now + BURST)
            self.spawn(self._end(key, burst))
        if (message.id, message.edited_at) in burst.taken:
            return
        burst.taken.add((message.id, message.edited_at))
        burst.until = min(now + BURST, burst.began + LONGEST_BURST)
        report = burst.report
        if any(hit.acts for hit in hits) and not any(hit.acts for hit in report.hits):
            report.channel_id, report.message_id, report.text = message.channel.id, message.id, message.content
        known = {hit.rule.number for hit in report.hits}
        report.hits += [hit for hit in hits if hit.rule.number not in known]
        for hit in hits:
            burst.seen.update(reference.id for reference in hit.references)
            if hit.acts and "delete" in hit.rule.clauses:
                for reference in hit.references:
                    if reference.id not in burst.deleted:
                        burst.to_delete.setdefault(reference.channel_id, set()).add(reference.id)
            burst.new_hits.append((hit, message))
        self.spawn(self._act(member, burst))

    async def end_all(self) -> None:
        """Tell of what is under way: the cog goes."""
        for key, burst in list(self._bursts.items()):
            await self._tell(key, burst)

    # --- one after the other

    async def _act(self, member: discord.Member, burst: Burst) -> None:
        async with burst.lock:
            if not burst.new_hits:
                return  # another message's turn took this one along
            hits, burst.new_hits = burst.new_hits, []
            with using(self.bot.language_of(member.guild)):
                await self._delete(member, burst, hits)
                acting = [(hit, message) for hit, message in hits if hit.acts]
                await self._punish(member, burst, acting)
                for hit, message in acting:
                    await self._give(member, burst, hit, message)
                    await self._slow_down(burst, hit, message)
            await self._write_down(member, burst, hits)

    async def _end(self, key: tuple[int, int], burst: Burst) -> None:
        while (left := (burst.until - discord.utils.utcnow()).total_seconds()) > 0:  # noqa: ASYNC110 - until a moment
            await asyncio.sleep(left)  # and once more if they went on meanwhile
        await self._tell(key, burst)

    async def _tell(self, key: tuple[int, int], burst: Burst) -> None:
        if self._bursts.get(key) is burst:
            del self._bursts[key]
        guild = burst.report.member.guild
        async with burst.lock:
            report = burst.report
            report.messages, report.deleted = len(burst.seen), len(burst.deleted)
            asked = any(not hit.acts or "alert" in hit.rule.clauses for hit in report.hits)
            failed = any(name == "failed" for name, _number in burst.done_once)
            if asked or failed:
                with using(self.bot.language_of(guild)):
                    if report.deleted:
                        report.done.insert(0, ngettext(
                            "Deleted {count} message.", "Deleted {count} messages.", report.deleted
                        ).format(count=report.deleted))  # fmt: skip
                    await self.alerts.send(guild, report)

    # --- the actions

    async def _delete(self, member: discord.Member, burst: Burst, hits: list[tuple[Hit, discord.Message]]) -> None:
        to_delete, burst.to_delete = burst.to_delete, {}
        for channel_id, ids in to_delete.items():
            channel: Any = member.guild.get_channel_or_thread(channel_id)
            left = sorted(ids - burst.deleted)
            if channel is None or not left:
                continue
            names = ", ".join(dict.fromkeys(hit.rule.name for hit, _message in hits if hit.acts))
            gone, error = await delete(channel, left, _("Automod: {rules}").format(rules=names))
            burst.deleted |= gone
            await self._note_removed(member, channel_id, gone, [hit for hit, _message in hits])
            if error is not None:
                self._failed(burst, "delete", 0, why_refused(error))

    async def _note_removed(self, member: discord.Member, channel_id: int, gone: set[int], hits: list[Hit]) -> None:
        removed: dict[int, RemovedMessage] = {}
        now = discord.utils.utcnow()
        for hit in hits:
            if hit.acts and "delete" in hit.rule.clauses:
                for reference in hit.references:  # what adds up in a channel was written by several people
                    one = RemovedMessage(
                        member.guild.id, reference.id, channel_id, reference.author_id, SOURCE, now, _why(hit)
                    )
                    removed.setdefault(reference.id, one)
        await self.bot.removals.note([removed[one] for one in sorted(gone & removed.keys())])

    async def _punish(self, member: discord.Member, burst: Burst, hits: list[tuple[Hit, discord.Message]]) -> None:
        """Punish once, by the heaviest there is; what can't be done leaves room for what is milder."""
        for hit, message in sorted(hits, key=lambda one: _weight(one[0]), reverse=True):
            rank = _weight(hit)[0]
            if rank <= burst.rank or ("punish", hit.rule.number) in burst.done_once:
                continue
            burst.done_once.add(("punish", hit.rule.number))
            action = self._punishment(member, hit, PUNISHMENTS[rank])
            if isinstance(action, Timeout) and _is_out_for_longer(member, action):
                continue
            in_force, case = await self._perform(burst, hit, action, message, None)
            if in_force:
                burst.rank, burst.case = rank, case or burst.case

    def _punishment(self, member: discord.Member, hit: Hit, name: str) -> Action:
        values, now = hit.rule.clauses[name], discord.utils.utcnow()
        target, reason = Target.of(member.guild, member), reason_of(hit)
        details = {"rule": hit.rule.number, "rule_name": hit.rule.name}
        if name == "warn":
            ends_at = now + self.bot.guild_settings.get(member.guild.id, settings.WARNING_LIFETIME)
            return Warn(self.bot, target, reason, ends_at, values[0], details)
        if name == "kick":
            return Kick(self.bot, target, reason, details=details)
        ends = now + timedelta(seconds=values[0]) if values else None
        if name == "timeout":
            return Timeout(self.bot, target, reason, ends, details=details)
        days = self.bot.guild_settings.get(member.guild.id, settings.BAN_DELETES_DAYS)
        return Ban(self.bot, target, reason, ends, details=details, deletes=timedelta(days=days))

    async def _give(self, member: discord.Member, burst: Burst, hit: Hit, message: discord.Message) -> None:
        values = hit.rule.clauses.get("give")
        is_out = burst.rank >= PUNISHMENTS.index("kick")
        if values is None or is_out or ("give", hit.rule.number) in burst.done_once:
            return
        burst.done_once.add(("give", hit.rule.number))
        role = member.guild.get_role(values[0])
        if role is None:
            self._failed(burst, "give", hit.rule.number, _("The role that I should give was deleted."))
            return
        target, reason = Target.of(member.guild, member), reason_of(hit)
        action: Action = RoleAdd(self.bot, target, reason, role=role)
        if len(values) > 1:
            ends_at = discord.utils.utcnow() + timedelta(seconds=values[1])
            action = RoleTemp(self.bot, target, reason, ends_at, role=role)
        parent = burst.case.number if burst.case is not None else None
        await self._perform(burst, hit, action, message, parent)

    async def _slow_down(self, burst: Burst, hit: Hit, message: discord.Message) -> None:
        values, channel = hit.rule.clauses.get("slowmode"), message.channel
        if values is None or ("slowmode", channel.id) in burst.done_once:
            return
        burst.done_once.add(("slowmode", channel.id))
        place: Any = channel
        if pace_of(place) >= values[0]:
            return
        ends_at = discord.utils.utcnow() + timedelta(seconds=values[1])
        try:
            case = await self.slowmodes.set(place, values[0], Origin(SOURCE, None, channel.id), ends_at=ends_at)
        except (UserError, *REFUSALS) as error:
            self._failed(burst, "slowmode", channel.id, why_refused(error))
        except DatabaseError:
            log.warning("Channel %d isn't slowed down", channel.id, exc_info=True)
        else:
            burst.report.done.append(_("Slowed {channel} down. Case {number}.").format(
                channel=f"<#{channel.id}>", number=f"**{case.number}**"
            ))  # fmt: skip

    async def _perform(
        self, burst: Burst, hit: Hit, action: Action, message: discord.Message, parent: int | None
    ) -> tuple[bool, Case | None]:
        """Whether what should be done is in force now, and its case if it was done now."""
        origin = Origin(SOURCE, None, message.channel.id, message.id, parent)
        try:
            case = await self.pipeline.perform(action, origin)
        except (AlreadySoError, DoneBeforeError):
            return True, None
        except (UserError, *REFUSALS) as error:
            self._failed(burst, action.kind_key, hit.rule.number, why_refused(error))
            return False, None
        except DatabaseError:
            log.warning("Automod couldn't act on user %d", action.target.id, exc_info=True)
            return False, None
        done = _("{what} Case {number}.").format(what=action.done_sentence(), number=f"**{case.number}**")
        burst.report.done += [done, *action.outcomes]
        return True, case

    def _failed(self, burst: Burst, what: str, about: int, why: str) -> None:
        """Say once in a burst what couldn't be done."""
        if (f"failed {what}", about) not in burst.done_once:
            burst.done_once |= {(f"failed {what}", about), ("failed", 0)}
            burst.report.done.append(_("Not done ({what}): {why}").format(what=what, why=why))

    async def _write_down(
        self, member: discord.Member, burst: Burst, hits: list[tuple[Hit, discord.Message]]
    ) -> None:
        now, number = discord.utils.utcnow(), burst.case.number if burst.case is not None else None
        found = [
            AutomodHit(
                new_hit_id(), member.guild.id, hit.rule.number, hit.rule.name, hit.trigger, hit.matched, member.id,
                message.channel.id, message.id, now, done=hit.acts, case_number=number if hit.acts else None,
            )
            for hit, message in hits
        ]  # fmt: skip
        try:
            await self.store.found(found)
        except DatabaseError:
            log.warning("What automod found in guild %d isn't written down", member.guild.id, exc_info=True)


def reason_of(hit: Hit) -> str:
    """Why somebody was punished, as they and the case read it."""
    given = hit.rule.clauses.get("reason")
    return given[0] if given else _("Automod: {rules}").format(rules=hit.rule.name)


def _weight(hit: Hit) -> tuple[int, float]:
    """How heavy a hit's punishment is: its place in `PUNISHMENTS` (-1 for none), and how much or how long."""
    name = next((name for name in PUNISHMENTS if name in hit.rule.clauses), None)
    if name is None:
        return -1, 0
    return PUNISHMENTS.index(name), next(iter(hit.rule.clauses[name]), math.inf)


def _why(hit: Hit) -> dict[str, Any]:
    return {"rule": hit.rule.number, "name": hit.rule.name, "trigger": hit.trigger}


def _is_out_for_longer(member: discord.Member, action: Timeout) -> bool:
    until = member.timed_out_until
    return until is not None and action.ends_at is not None and until >= action.ends_at
