"""Taking a member's report: whether they may, whom or which message they mean, and writing it down."""

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import discord
from discord.ext import commands

from cogs.moderation.refusals import DoneBeforeError
from cogs.moderation.reports import texts as report_texts
from cogs.moderation.reports.copies import copy_of
from cogs.moderation.reports.words import WHY_LIMIT, Link, ReportWords, read_report
from database.errors import ConstraintViolated
from database.reports import NewReport, Report, ReportsStore, Voice
from utils import events
from utils.context import Context
from utils.converters import MemberOrUser
from utils.errors import UserError
from utils.events import ReportOpened
from utils.formatting import truncate
from utils.i18n import _
from utils.lookup import may_know
from utils.time import timestamp

if TYPE_CHECKING:
    from utils.bot import Hearth

MOST_AT_ONCE: Final = 5
SPAN: Final = timedelta(minutes=10)
"""A member may make so many reports in this time."""
VOICE_CHANNELS = (discord.VoiceChannel, discord.StageChannel)


class KnownError(Exception):
    """Somebody reports a message that they have reported before."""

    def __init__(self, report: Report) -> None:
        super().__init__(report.id)
        self.report = report


@dataclass(frozen=True, slots=True)
class Meant:
    """Whom a report is about, and which message of theirs if one is meant."""

    target_id: int
    target_name: str
    message: discord.Message | None = None


class Taking:
    """Turns what a member wrote into a report. The sentences of its UserErrors name nobody who is reported."""

    def __init__(self, bot: "Hearth", store: ReportsStore) -> None:
        self.bot = bot
        self.store = store

    async def take(self, ctx: Context, member: discord.Member, text: str) -> tuple[Report, discord.Message | None]:
        """Write a report down; with the message that it is about, if it is about one.

        Raises UserError for what can't be reported, KnownError, and DoneBeforeError for a command that was taken
        before.
        """
        await self._check_reporter(ctx, member)
        words = read_report(text, replies=_replies(ctx.message))
        meant = await self._meant(ctx, member, words)
        self._check_target(meant, member)
        now, message = discord.utils.utcnow(), meant.message
        copy = copy_of(message) if message is not None else None
        new = NewReport(member.guild.id, meant.target_id, meant.target_name, now, copy)
        voice = Voice(ctx.message.id, member.id, truncate(words.why or "", WHY_LIMIT) or None, now)
        try:
            report, is_new = await self.store.take(new, voice)
        except ConstraintViolated as error:
            raise await self._why_known(new, voice) from error
        if is_new:
            self._publish(report, member.id)
        return report, message

    async def _why_known(self, new: NewReport, voice: Voice) -> KnownError | DoneBeforeError:
        message_id = new.message.message_id if new.message is not None else 0
        found = await self.store.voice_on(new.guild_id, voice.reporter_id, message_id) if message_id else None
        if found is None or found[0].command_id == voice.command_id:
            return DoneBeforeError()
        return KnownError(found[1])

    def _publish(self, report: Report, reporter_id: int) -> None:
        copy = report.message
        news = ReportOpened(
            report.guild_id, report.id, report.target_id, reporter_id,
            copy.channel_id if copy else None, copy.message_id if copy else None,
        )  # fmt: skip
        events.publish(self.bot, news)

    # --- who reports whom

    async def _check_reporter(self, ctx: Context, member: discord.Member) -> None:
        guild_id, people = member.guild.id, report_texts.whom_to_ask(self.bot, member.guild)
        lately = await self.store.voices_since(guild_id, member.id, discord.utils.utcnow() - SPAN)
        if any(voice.command_id == ctx.message.id for voice in lately):
            raise DoneBeforeError
        if await self.store.is_blocked(guild_id, member.id):
            raise UserError(_("The staff takes no reports from you. Please write to {people}.").format(people=people))
        if len(lately) >= MOST_AT_ONCE:
            again = timestamp(lately[-MOST_AT_ONCE].said_at + SPAN, "R")
            sentence = _(
                "That's a lot of reports at once: you can make another one {when}. If it's urgent, write to {people}."
            )
            raise UserError(sentence.format(when=again, people=people))

    def _check_target(self, meant: Meant, member: discord.Member) -> None:
        people = report_texts.whom_to_ask(self.bot, member.guild)
        if meant.target_id == member.id:
            sentence = _("You can't report yourself. If you need help, write to {people}.")
            raise UserError(sentence.format(people=people))
        if meant.target_id == member.guild.me.id:
            sentence = _("You can't report me. If I do something wrong, write to {people}.")
            raise UserError(sentence.format(people=people))

    # --- what is meant

    async def _meant(self, ctx: Context, member: discord.Member, words: ReportWords) -> Meant:
        if words.who is not None:
            return await self._person(ctx, words.who)
        message = await (_linked(member, words.link) if words.link is not None else _replied_to(ctx))
        return Meant(message.author.id, str(message.author), message)

    async def _person(self, ctx: Context, who: str) -> Meant:
        try:
            person = await MemberOrUser().convert(ctx, who)
        except commands.BadArgument as error:
            # What was typed isn't repeated: the answer may have to stand where others read it.
            raise UserError(
                _("I can't tell whom you mean: write their whole name or id, or reply to a message of theirs.")
            ) from error
        return Meant(person.id, str(person))


def _replies(message: discord.Message) -> bool:
    reference = message.reference
    return reference is not None and reference.type is discord.MessageReferenceType.reply


async def _replied_to(ctx: Context) -> discord.Message:
    reference = ctx.message.reference
    assert reference is not None
    assert reference.message_id is not None
    if isinstance(reference.resolved, discord.Message):
        return reference.resolved
    try:
        return await ctx.channel.fetch_message(reference.message_id)
    except (discord.NotFound, discord.Forbidden) as error:
        raise _no_message() from error


async def _linked(member: discord.Member, link: Link) -> discord.Message:
    """The message of a link, if its channel is one that the reporter can read. Raises UserError."""
    if link.guild_id != member.guild.id:
        raise UserError(_("That link leads out of this server: the staff here can't do anything about it."))
    channel: Any = member.guild.get_channel_or_thread(link.channel_id)
    try:
        channel = channel or await member.guild.fetch_channel(link.channel_id)
        if await _reads(member, channel):
            found: discord.Message = await channel.fetch_message(link.message_id)
            return found
    except (discord.NotFound, discord.Forbidden, discord.InvalidData) as error:
        raise _no_message() from error
    raise _no_message()


async def _reads(member: discord.Member, channel: Any) -> bool:
    """Whether somebody can read what was written in a channel."""
    may = channel.permissions_for(member)
    if not isinstance(channel, discord.abc.Messageable) or not (may.view_channel and may.read_message_history):
        return False
    if isinstance(channel, VOICE_CHANNELS) and not may.connect:
        return False
    return not isinstance(channel, discord.Thread) or await may_know(member, channel)


def _no_message() -> UserError:
    """Also for what they can't see, so that nobody finds out what there is."""
    return UserError(_("I can't find that message. You can report what we both can read, or a person by name."))
