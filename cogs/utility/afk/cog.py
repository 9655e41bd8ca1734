"""`afk`: being away. Who mentions somebody who is away is told so, and who comes back is told who did."""

import logging
from typing import Annotated, Final

import discord
from discord.ext import commands

from cogs.utility.afk import rules
from cogs.utility.afk.rules import Absence, Absences
from database.away import Away, AwayStore, Mention
from database.errors import DatabaseError
from utils import checks, embeds
from utils.bot import CANNOT_SAY, Hearth
from utils.cog import Cog
from utils.commands import example, group
from utils.context import Context, GuildContext
from utils.converters import BoundedText, GuildMember
from utils.errors import UserError
from utils.formatting import message_link, safe
from utils.i18n import _, ngettext
from utils.lookup import can_see
from utils.shared_memory import Part
from utils.time import human_duration, timestamp

log = logging.getLogger("hearth.afk")

LINES_A_PAGE: Final = 15


class Afk(Cog):
    """Being away from the keyboard."""

    def __init__(self, bot: Hearth) -> None:
        super().__init__(bot)
        self.store = AwayStore(bot.db)
        self.absences = Absences()
        self.in_memory = (Part("who is away", self._read, here_alone=True),)

    async def cog_load(self) -> None:
        """Remember who is away, and begin to hear what is said."""
        await self._read(None)
        self.bot.chat_hearers.append(self.hear)

    async def _read(self, guild_id: int | None) -> None:
        found = await self.store.all(guild_id)
        if guild_id is not None:
            self.absences.forget_guild(guild_id)
        for away, mentions in found:
            self.absences.begin(away, mentions)

    async def cog_unload(self) -> None:
        """Hear no more."""
        self.bot.chat_hearers.remove(self.hear)

    async def forget_person(self, user_id: int, guild_id: int | None) -> None:
        """Let somebody be there again: else mentions of them would be told of, and kept anew."""
        self.absences.forget_person(user_id, guild_id)

    async def forget_guild(self, guild_id: int) -> None:
        """Know nobody there who is away."""
        self.absences.forget_guild(guild_id)

    # --- on the path of every message

    def hear(self, message: discord.Message) -> None:
        """Greet who is back, and tell who mentions somebody who is away. Without I/O where nobody is."""
        guild = message.guild
        if guild is None or not self.absences.of(guild.id) or not self.is_on(guild.id):
            return
        now, author = message.created_at, message.author
        back = self.absences.returns(guild.id, author.id, now)
        if back is not None:
            self.spawn(self._greet(message, back))
        away = self.absences.mentioned(guild.id, (user.id for user in message.mentions if user.id != author.id))
        kept = [one for one in away if self.absences.is_kept(one)]
        told = [one for one in away if self.absences.is_told(one, author.id, now)]
        if kept or told:
            self.spawn(self._mentioned(message, kept, told))

    async def _greet(self, message: discord.Message, absence: Absence) -> None:
        try:
            await self.store.end(absence.away)
            await self.bot.speak_to(message.author.id, message.guild)
        except DatabaseError:
            log.warning("Somebody is back, and perhaps away again after the next start", exc_info=True)
            return
        away = human_duration(message.created_at - absence.away.since)
        words = [_("Welcome back, {member}! You were away for {duration}.").format(
            member=message.author.mention, duration=away
        )]  # fmt: skip
        if absence.mentions:
            words.append(
                ngettext(
                    "{count} message mentioned you; `afk mentions` shows it.",
                    "{count} messages mentioned you; `afk mentions` shows them.",
                    absence.mentions,
                ).format(count=absence.mentions)
            )
        await self._say(message, " ".join(words))

    async def _mentioned(self, message: discord.Message, kept: list[Absence], told: list[Absence]) -> None:
        mention = Mention(message.id, message.channel.id, message.author.id, message.created_at)
        try:
            if told:
                await self.bot.speak_to(message.author.id, message.guild)
                await self._say(message, "\n".join(_line(absence) for absence in told))
            for absence in kept:
                await self.store.mention(absence.away, mention)
        except DatabaseError:
            log.warning("A mention of somebody away isn't told of, or not kept", exc_info=True)

    async def _say(self, message: discord.Message, text: str) -> None:
        """Answer a message without notifying anybody, if its author is heard there."""
        ctx: Context = await self.bot.get_context(message)
        if not await checks.is_heard(ctx):
            return
        try:
            await ctx.reply(embed=embeds.info(text), mention_author=False)
        except CANNOT_SAY:
            log.info("Could not answer in channel %d", message.channel.id, exc_info=True)

    @Cog.listener()
    async def on_raw_member_remove(self, event: discord.RawMemberRemoveEvent) -> None:
        """Forget who leaves."""
        absence = self.absences.end(event.guild_id, event.user.id)
        if absence is not None:
            await self.store.end(absence.away)
            await self.store.forget_mentions(event.guild_id, event.user.id)

    # --- commands

    @group(aliases=["away"], ignore_extra=True)
    @commands.guild_only()
    @example("", "lunch, back at two")
    async def afk(self, ctx: GuildContext, *, text: Annotated[str, BoundedText(rules.TEXT_LIMIT)] = "") -> None:
        """Say that you are away: who mentions you is told so.

        You are back with the next message you write here, after the first 15 seconds; commands don't count. Who
        mentions you is told once in five minutes, and the first 50 messages that do are kept for `afk mentions`.
        """
        away = Away(ctx.guild.id, ctx.author.id, " ".join(text.split()), ctx.message.created_at)
        await self.store.begin(away)
        self.absences.begin(away)
        await ctx.success(_("You are away now; I tell who mentions you, until you write again."))

    @afk.command(name="mentions")
    @example("")
    async def afk_mentions(self, ctx: GuildContext) -> None:
        """Show which messages mentioned you since you were last away."""
        mentions = await self.store.mentions(ctx.guild.id, ctx.author.id)
        seen = {channel_id: await _may_see(ctx, channel_id) for channel_id in {one.channel_id for one in mentions}}
        lines = [_mention_line(ctx.guild, one) for one in mentions if seen[one.channel_id]]
        if not lines:
            raise UserError(_("Nobody mentioned you while you were away."))
        await ctx.paginate_lines(lines, most_lines=LINES_A_PAGE, title=_("Who mentioned you"))

    @afk.command(name="list")
    @example("")
    async def afk_list(self, ctx: GuildContext) -> None:
        """Show who is away."""
        lines = [_line(absence) for absence in self.absences.of(ctx.guild.id).values()]
        if not lines:
            raise UserError(_("Nobody is away."))
        await ctx.paginate_lines(lines, most_lines=LINES_A_PAGE, title=_("Who is away"))

    @afk.command(name="clear")
    @checks.requires(manage_messages=True)
    @example("@Ann")
    async def afk_clear(self, ctx: GuildContext, *, member: Annotated[discord.Member, GuildMember]) -> None:
        """End that a member is away, such as for a bad text."""
        absence = self.absences.end(ctx.guild.id, member.id)
        if absence is None:
            raise UserError(_("{member} isn't away.").format(member=member.mention))
        await self.store.end(absence.away)
        await ctx.success(_("{member} isn't away any more.").format(member=member.mention))


async def _may_see(ctx: GuildContext, channel_id: int) -> bool:
    channel = ctx.guild.get_channel_or_thread(channel_id)
    return channel is not None and await can_see(ctx.author, channel)


def _line(absence: Absence) -> str:
    away = absence.away
    when = timestamp(away.since, "R")
    if not away.text:
        return _("{member} went away {when}.").format(member=f"<@{away.user_id}>", when=when)
    return _("{member} went away {when}: {text}").format(member=f"<@{away.user_id}>", when=when, text=safe(away.text))


def _mention_line(guild: discord.Guild, mention: Mention) -> str:
    link = message_link(guild.id, mention.channel_id, mention.message_id)
    return f"{timestamp(mention.at, 'R')} · <@{mention.author_id}> · {link}"
