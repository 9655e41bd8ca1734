"""Locking channels, and slowing them down."""

import logging
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import ClassVar

import discord
from discord.ext import commands

from cogs.moderation.channels import aftermath as channel_aftermath  # noqa: F401 - it says what became of what was under way
from cogs.moderation.channels.locks import Done, Locks, Outcome
from cogs.moderation.channels.places import Place
from cogs.moderation.channels.slowmodes import Slowmodes
from cogs.moderation.kinds import performs
from cogs.moderation.pipeline import Origin, Pipeline
from cogs.moderation.reading import Words, read_words
from cogs.moderation.refusals import REFUSALS
from database.errors import DatabaseUnavailable
from database.moderation import Case
from database.moderation_channels import ChannelState
from utils.bot import Hearth
from utils.cog import Cog
from utils.commands import command, example
from utils.context import Context
from utils.converters import ChannelConverter
from utils.errors import UserError
from utils.events import ChannelTimer
from utils.formatting import bullets
from utils.i18n import _, format_list, ngettext, using
from utils.time import human_duration, parse_duration, timestamp
from utils.timers import InHand

log = logging.getLogger("hearth.moderation")

ALL = frozenset({"all", "everything", "alle", "alles"})
OFF = frozenset({"off", "0", "none", "aus"})
SHOWN_CHANNELS = 20
RETRY_AFTER = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1))
"""How long after each refusal a channel that should open by itself is tried again."""
SHORTEST_TIME = timedelta(minutes=1)
LONGEST_TIME = timedelta(days=365)
LONGEST_SLOWMODE = timedelta(hours=6)  # Discord's limit

QUOTES = '"“”„'

_WORD = re.compile(rf"[{QUOTES}][^{QUOTES}]+[{QUOTES}](?!\S)|\S+")
_FOR = re.compile(r"\s+(?:for|für)\s+", re.IGNORECASE)


class ChannelControl(Cog, name="Channels"):
    """Lock channels and slow them down, for good or for a time: what was there before comes back exactly."""

    also_needs: ClassVar[Mapping[str, str]] = {
        "manage_threads": "`lock`, `unlock` and `slowmode` of a thread; the moderator needs it, too"
    }

    def __init__(self, bot: Hearth, pipeline: Pipeline) -> None:
        super().__init__(bot)
        self.locks = Locks(bot, pipeline)
        self.slowmodes = Slowmodes(bot, pipeline)
        self._in_hand = InHand()

    @Cog.listener()
    async def on_channel_timer(self, event: ChannelTimer) -> None:
        """Put back what was locked or slowed down for a time; a refusal is tried again, and told in the log."""
        try:
            await self._in_hand.handle(event, self._time_is_over)
        except DatabaseUnavailable:
            log.warning("Timer %d waits for the database", event.timer_id, exc_info=True)

    @Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Wake what has lost its timer: timers don't wait for a guild for ever."""
        asleep = {state.timer_id for state in await self.locks.store.asleep(guild.id)}
        for timer_id in asleep - {None}:
            assert timer_id is not None
            async with self.bot.db.transaction():
                now = discord.utils.utcnow()
                again = await self.bot.timers.schedule(ChannelTimer, now, guild_id=guild.id)
                await self.locks.store.move_timer(timer_id, again)

    # --- locks

    @command(aliases=["lockdown"])
    @example("", "2h raid", "#general #memes 30m", '"Town square" 1h', "all raid")
    @performs("lock")
    async def lock(self, ctx: Context, *, channels_duration_and_reason: str = "") -> None:
        """Let nobody but staff speak in channels.

        Name channels like `#general`, categories, or `all`; without any it is this one. A name with spaces goes into
        quotes. A length opens them again by itself, and what follows is the reason. Staff are the roles set as
        `mod-roles` and those that may moderate. Threads are locked with their channel; one thread alone can be
        locked from within it. Permissions that single people have in a channel are taken away for the time, too, and
        come back with the rest.
        """
        assert ctx.guild is not None
        channels, words = await self._channels_and_words(ctx, channels_duration_and_reason)
        length = None if words.length is None else _within(words.length)
        everything = channels is None
        places = lockable(ctx.guild) if channels is None else channels
        if everything and not await ctx.confirm(_("Lock all channels of this server?")):
            return
        ends_at = None if length is None else discord.utils.utcnow() + length
        done = await self.locks.lock(ctx.guild, places, Origin.of_command(ctx), reason=words.reason, ends_at=ends_at)
        await self._answer(ctx, done, quietly=everything, nothing=_("There is no channel left to lock."))

    @command()
    @example("", "#general", "all")
    @performs("unlock")
    async def unlock(self, ctx: Context, *, channels_and_reason: str = "") -> None:
        """Let people speak again in channels that I locked.

        Each channel gets back exactly what it had before. If somebody changed its permissions meanwhile, that change
        stays, and I say so.
        """
        assert ctx.guild is not None
        channels, rest = await self._channels(ctx, channels_and_reason)
        if channels is None:
            ids = [state.channel_id for state in await self.locks.store.of_guild(ctx.guild.id, "lock")]
        else:
            ids = [channel.id for channel in channels]
        done = await self.locks.unlock(ctx.guild, ids, Origin.of_command(ctx), reason=read_words(rest).reason)
        await self._answer(ctx, done, quietly=channels is None, nothing=_("No channel is locked."))

    # --- slowmode

    @command(aliases=["slow"])
    @example("10s", "#general 1m", "30s for 2h", "off")
    @performs("slowmode")
    async def slowmode(self, ctx: Context, *, channel_and_length: str = "") -> None:
        """Let people wait between their messages, up to 6 hours; `off` ends it.

        With `for` and a time, the old slowmode is back after it. Without a length I say what it is now.
        """
        channels, rest = await self._channels(ctx, channel_and_length, most=1)
        assert channels is not None
        if not rest:
            await ctx.info(_shown_pace(channels[0]))
            return
        seconds, length = read_slowmode(rest)
        ends_at = None if length is None else discord.utils.utcnow() + length
        case = await self.slowmodes.set(channels[0], seconds, Origin.of_command(ctx), ends_at=ends_at)
        await ctx.success(_slowed(channels[0], seconds, case))

    # --- helpers

    async def _channels(self, ctx: Context, text: str, *, most: int = 500) -> tuple[list[Place] | None, str]:
        """The channels at the beginning, None for all, and what follows; without any it is this channel."""
        found = dict[int, Place]()
        word, rest = _first_word(text)
        if most > 1 and word.casefold() in ALL:
            return None, rest
        while len(found) < most and _names_channel(word):
            channel = await ChannelConverter().convert(ctx, word.strip(QUOTES))
            inside = channel.channels if isinstance(channel, discord.CategoryChannel) and most > 1 else [channel]
            found.update({one.id: one for one in inside})
            text = rest
            word, rest = _first_word(text)
        if found:
            return list(found.values()), text
        assert isinstance(ctx.channel, discord.abc.GuildChannel | discord.Thread)
        return [ctx.channel], text

    async def _channels_and_words(self, ctx: Context, text: str) -> tuple[list[Place] | None, Words]:
        """The same, with a length and a reason; the length may come before the channels, too: `30m #general`."""
        channels, rest = await self._channels(ctx, text)
        words = read_words(rest)
        if rest == text and words.length is not None and words.reason is not None:
            try:
                channels, reason = await self._channels(ctx, words.reason)
            except commands.BadArgument:
                if words.reason.startswith(tuple(QUOTES)):
                    return channels, words  # `2h "raid"`
                raise
            words = replace(words, reason=reason or None)
        return channels, words

    async def _answer(self, ctx: Context, done: Done, *, quietly: bool, nothing: str) -> None:
        """Say what became of each channel; `quietly` leaves out where nothing was to do."""
        told = [one for one in done.outcomes if not (quietly and one.needless)]
        lines = [f"{one.mention}: {one.refused or one.note}" for one in told if one.refused or one.note]
        if done.case is None or not done.changed:
            raise UserError(bullets(lines) if lines else nothing)
        await ctx.success("\n".join([_done(done.case, done.changed), bullets(lines)]).strip())

    async def _time_is_over(self, event: ChannelTimer) -> None:
        states = await self.locks.store.of_timer(event.timer_id)
        if not states:
            await self.bot.timers.done(event)
            return
        guild = self.bot.get_guild(event.guild_id or 0)
        if guild is None:
            return  # away since the timer was handed out; it comes again
        attempt = int(event.payload.get("attempt", 0))
        with using(self.bot.language_of(guild)):
            again = await self._put_back(guild, states, is_last_try=attempt == len(RETRY_AFTER))
        async with self.bot.db.transaction():
            if again and attempt < len(RETRY_AFTER):
                due_at = discord.utils.utcnow() + RETRY_AFTER[attempt]
                timer_id = await self.bot.timers.schedule(
                    ChannelTimer, due_at, guild_id=guild.id, payload={"attempt": attempt + 1}
                )
                await self.locks.store.move_timer(event.timer_id, timer_id)
            await self.bot.timers.done(event)

    async def _put_back(self, guild: discord.Guild, states: list[ChannelState], *, is_last_try: bool) -> bool:
        locked, again = [state for state in states if state.kind == "lock"], False
        if locked:
            again = await self.locks.expire(guild, locked, is_last_try=is_last_try)
        for state in states:
            if state.kind == "slowmode":
                try:
                    await self.slowmodes.end(guild, state)
                except REFUSALS:
                    log.info("The slowmode of channel %d stays for now", state.channel_id, exc_info=True)
                    again = True
        return again


def lockable(guild: discord.Guild) -> list[Place]:
    """The channels that `lock all` means."""
    return [channel for channel in guild.channels if not isinstance(channel, discord.CategoryChannel)]


def read_slowmode(text: str) -> tuple[int, timedelta | None]:
    """Read `10s`, `off`, `30s for 2h`: seconds between messages, and for how long. A bare number means seconds.

    Raises TimeError, whose text is a sentence for the moderator.
    """
    pace, *time = _FOR.split(text.strip(), maxsplit=1)
    length = parse_duration(time[0], minimum=SHORTEST_TIME, maximum=LONGEST_TIME) if time else None
    if pace.casefold() in OFF:
        return 0, length
    pace = f"{pace}s" if re.fullmatch(r"[0-9]{1,9}", pace) else pace
    return int(parse_duration(pace, maximum=LONGEST_SLOWMODE).total_seconds()), length


def _first_word(text: str) -> tuple[str, str]:
    """The first word, which in quotes may have spaces, and what follows it."""
    found = _WORD.match(text.lstrip())
    return (found[0], text.lstrip()[found.end() :].lstrip()) if found else ("", "")


def _names_channel(word: str) -> bool:
    """Whether a word can't be mistaken for the beginning of a reason: a mention, a link, an id, #name or "a name"."""
    return word.startswith(("#", "<#", "https://discord.com/channels/", *QUOTES)) or bool(
        re.fullmatch(r"[0-9]{15,20}", word)
    )


def _within(length: timedelta) -> timedelta:
    if not SHORTEST_TIME <= length <= LONGEST_TIME:
        raise UserError(
            _("A channel can be locked for {least} to {most}, or without an end.").format(
                least=human_duration(SHORTEST_TIME), most=human_duration(LONGEST_TIME)
            )
        )
    return length


def _done(case: Case, changed: list[Outcome]) -> str:
    mentions = [outcome.mention for outcome in changed[:SHOWN_CHANNELS]]
    if len(changed) > SHOWN_CHANNELS:
        more = len(changed) - SHOWN_CHANNELS
        mentions.append(ngettext("{count} more", "{count} more", more).format(count=more))
    sentence = _("🔒 Locked {channels}.") if case.kind == "lock" else _("🔓 Opened {channels}.")
    parts = [sentence.format(channels=format_list(mentions)), *_until(case.ends_at)]
    return " ".join([*parts, _("Case {number}.").format(number=f"**{case.number}**")])


def _slowed(channel: Place, seconds: int, case: Case) -> str:
    if seconds:
        first = _("People wait {length} between their messages in {channel}.").format(
            length=human_duration(timedelta(seconds=seconds)), channel=channel.mention
        )
    else:
        first = _("{channel} has no slowmode.").format(channel=channel.mention)
    return " ".join([first, *_until(case.ends_at), _("Case {number}.").format(number=f"**{case.number}**")])


def _shown_pace(channel: Place) -> str:
    seconds = getattr(channel, "slowmode_delay", 0)
    if not seconds:
        return _("{channel} has no slowmode.").format(channel=channel.mention)
    return _("People wait {length} between their messages in {channel}.").format(
        length=human_duration(timedelta(seconds=seconds)), channel=channel.mention
    )


def _until(ends_at: datetime | None) -> list[str]:
    if ends_at is None:
        return []
    return [_("Until {when}, {relative}.").format(when=timestamp(ends_at, "f"), relative=timestamp(ends_at, "R"))]
