"""Tickets: what members do by buttons, what is done in a ticket's channel, and what staff looks up."""

import logging
from collections.abc import Coroutine, Sequence
from datetime import timedelta
from typing import Annotated, Any, ClassVar, Final

import discord
from discord.ext import commands

from cogs.utility.tickets import places, texts
from cogs.utility.tickets.board import Board
from cogs.utility.tickets.book import Book
from cogs.utility.tickets.closing import Closing
from cogs.utility.tickets.desk import Desk, is_staff
from cogs.utility.tickets.opening import Answers, Opening
from cogs.utility.tickets.panels import PanelCommands
from cogs.utility.tickets.reading import as_files, transcript
from cogs.utility.tickets.section import TicketPanelsSection
from cogs.utility.tickets.settings import SETTINGS, TIMED
from cogs.utility.tickets.views import (
    KindButton,
    KindSelect,
    QuestionsForm,
    StarsButton,
    TicketButton,
    form_of_earlier_run,
)
from cogs.utility.tickets.watching import LOOK_AGAIN, Watching
from database.errors import DatabaseError
from database.ticket_panels import TicketKind
from utils import checks, embeds
from utils.bot import CANNOT_SAY, Hearth
from utils.cog import StartingCog
from utils.commands import example
from utils.context import GuildContext
from utils.converters import BoundedText, GuildMember, MemberOrUser
from utils.errors import UserError
from utils.events import GuildSettingChanged, TicketTimer
from utils.formatting import CHANNEL_NAME_LIMIT, clean_input
from utils.i18n import _, ngettext
from utils.views import answer_failed

log = logging.getLogger("hearth.utility")

STATS_DAYS: Final = 30
LISTED: Final = 50
LINES_A_PAGE: Final = 15
MOST_CLOSERS: Final = 10
"""Shown of those who claimed tickets that are closed."""

AMember = Annotated[discord.Member, GuildMember]
Anybody = Annotated[discord.Member | discord.User, MemberOrUser]
PerhapsAnybody = Annotated[discord.Member | discord.User | None, MemberOrUser]
Reason = Annotated[str, BoundedText(texts.LONGEST_REASON)]


class Tickets(PanelCommands, StartingCog):
    """Tickets: members talk to staff in private."""

    settings = SETTINGS
    dynamic_items: ClassVar = (KindButton, KindSelect, TicketButton, StarsButton)
    also_needs: ClassVar = {
        "manage_channels": "the channels of tickets",
        "manage_roles": "closing tickets, and adding members to them",
        "create_private_threads": "tickets in private threads",
        "send_messages_in_threads": "tickets in private threads",
        "manage_threads": "tickets in private threads",
        "read_message_history": "transcripts of tickets",
        "attach_files": "transcripts of tickets",
    }

    def __init__(self, bot: Hearth) -> None:
        super().__init__(bot)
        self.book = Book(bot)
        self.board = Board(self.book)
        self.sections = (TicketPanelsSection(self, self.book.panels, self.board),)
        self.opening = Opening(self.book)
        self.closing = Closing(self.book)
        self.watching = Watching(self.book, self.opening, self.closing)
        self.desk = Desk(self.book, self.closing)

    # --- by itself

    async def from_the_start_on(self) -> None:
        """Find what was deleted meanwhile."""
        await self.watching.look_for_deleted()

    @StartingCog.listener()
    async def on_ticket_timer(self, event: TicketTimer) -> None:
        """Look at a ticket. While the database or Discord is away nothing is lost: the timer comes again."""
        try:
            if event.guild_id is not None and not self.is_on(event.guild_id):
                await self.bot.timers.reschedule(event.timer_id, discord.utils.utcnow() + LOOK_AGAIN)
            else:
                await self.watching.due(event)
        except (DatabaseError, *CANNOT_SAY):
            log.warning("Ticket timer %d comes again", event.timer_id, exc_info=True)

    @StartingCog.listener()
    async def on_guild_setting_changed(self, event: GuildSettingChanged) -> None:
        """Wait otherwise for what tickets wait for."""
        if event.key in TIMED:
            await self._unless_away(self.watching.look_now(event.guild_id))

    @StartingCog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Look at what happened while the bot wasn't there."""
        await self._unless_away(self.watching.look_now(guild.id))

    @StartingCog.listener()
    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """End the ticket whose channel somebody deleted."""
        await self._unless_away(self.watching.place_deleted(channel.id))

    @StartingCog.listener()
    async def on_raw_thread_delete(self, payload: discord.RawThreadDeleteEvent) -> None:
        """End the ticket whose thread somebody deleted."""
        await self._unless_away(self.watching.place_deleted(payload.thread_id))

    @StartingCog.listener()
    async def on_raw_member_remove(self, payload: discord.RawMemberRemoveEvent) -> None:
        """Say in the tickets of somebody that they have left."""
        if self.is_on(payload.guild_id):
            await self._unless_away(self.watching.opener_left(payload.guild_id, payload.user.id))

    async def _unless_away(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something that a look at the ticket or the next start makes up for, if the database is away."""
        try:
            await work
        except DatabaseError:
            log.warning("What happened to a ticket isn't written down", exc_info=True)

    # --- by buttons

    async def chosen(self, interaction: discord.Interaction[Any], kind_id: int) -> None:
        """Somebody wants to open a ticket of a kind: ask what there is to ask. Raises UserError."""
        kind, member = await self._kind(interaction, kind_id)
        why_not = await self.opening.why_not(member.guild.id, member.id, kind)
        if why_not is not None:
            raise UserError(why_not)
        if kind.questions:
            await interaction.response.send_modal(QuestionsForm(kind, interaction))
        else:
            await self._open(interaction, kind, member, ())

    async def answered(
        self, interaction: discord.Interaction[Any], kind_id: int, given: Sequence[tuple[str, str]]
    ) -> None:
        """Somebody answered the questions: open it. Raises UserError."""
        kind, member = await self._kind(interaction, kind_id)
        cleaned = [(question, clean_input(answer).strip()) for question, answer in given]
        await self._open(interaction, kind, member, tuple(pair for pair in cleaned if pair[1]))

    @StartingCog.listener()
    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Take the answers of who wrote them while the bot was restarted: no form waits for them any more."""
        if interaction.type is not discord.InteractionType.modal_submit:
            return
        found = form_of_earlier_run(interaction)
        if found is None:
            return
        try:
            await self.bot.speak_to(interaction.user.id, interaction.guild)
            kind_id, answers = found
            kind, _member = await self._kind(interaction, kind_id)
            given = zip([one.text for one in kind.questions], answers, strict=False)
            await self.answered(interaction, kind_id, list(given))
        except Exception as error:  # noqa: BLE001 - what a form raises reaches nobody else
            await answer_failed(self.bot, interaction, error)

    async def _kind(self, interaction: discord.Interaction[Any], kind_id: int) -> tuple[TicketKind, discord.Member]:
        self.check_on(interaction.guild_id)
        kind, member = await self.book.panels.kind(kind_id), interaction.user
        if kind is None or not isinstance(member, discord.Member) or kind.guild_id != member.guild.id:
            raise UserError(_("Tickets of this kind can't be opened any more."))
        return kind, member

    async def _open(
        self, interaction: discord.Interaction[Any], kind: TicketKind, member: discord.Member, answers: Answers
    ) -> None:
        # Making a channel may take longer than the three seconds that Discord waits for an answer.
        await interaction.response.defer(ephemeral=True, thinking=True)
        assert interaction.channel_id is not None
        ticket = await self.opening.open(member, kind, answers, interaction.id, interaction.channel_id)
        said = embeds.success(_("Your ticket is here: {channel}").format(channel=f"<#{ticket.channel_id}>"))
        await interaction.followup.send(embed=said, ephemeral=True)

    async def show_anew(self, panel_id: int) -> None:
        """Let what was chosen in a panel not be chosen any more."""
        panel = await self.book.panels.get(panel_id)
        guild = None if panel is None else self.bot.get_guild(panel.guild_id)
        if guild is not None:
            await self.board.refresh(guild, panel_id)

    async def pressed(self, interaction: discord.Interaction[Any], ticket_id: int, doing: str) -> None:
        """Somebody used a button in a ticket. Raises UserError."""
        self.check_on(interaction.guild_id)
        await self.desk.pressed(interaction, ticket_id, doing)

    async def closed_by_form(self, interaction: discord.Interaction[Any], ticket_id: int, reason: str | None) -> None:
        """Somebody said why a ticket is closed. Raises UserError."""
        await self.desk.closed_by_form(interaction, ticket_id, reason)

    async def rated(self, interaction: discord.Interaction[Any], ticket_id: int, stars: int) -> None:
        """Somebody rated their ticket. Raises UserError."""
        if not await self.book.tickets.rate(ticket_id, interaction.user.id, stars):
            raise UserError(_("Only a ticket of yours that is closed can be rated."))
        await interaction.response.edit_message(view=None)
        await interaction.followup.send(_("Thank you!"), ephemeral=True)

    # --- in a ticket

    async def show_own(self, ctx: GuildContext) -> None:
        """Show the ticket here, or those of who asks."""
        here = await self.book.tickets.of_channel(ctx.channel.id)
        if here is not None:
            await ctx.show(texts.kept(here))
            return
        own = await self.book.tickets.unfinished_of(ctx.guild.id, ctx.author.id)
        if not own:
            raise UserError(_("You have no open ticket. The buttons of a panel open one."))
        await ctx.info("\n".join(map(texts.line, own)), title=_("Your open tickets"))

    @PanelCommands.ticket.command(name="claim")
    @example("")
    async def ticket_claim(self, ctx: GuildContext) -> None:
        """Take care of the ticket of this channel."""
        await self.desk.claim(await self.desk.as_staff(ctx), ctx.author)

    @PanelCommands.ticket.command(name="unclaim")
    @example("")
    async def ticket_unclaim(self, ctx: GuildContext) -> None:
        """Leave the ticket of this channel to others; who manages the server can take it from anybody."""
        ticket = await self.desk.as_staff(ctx)
        if ticket.claimed_by is None:
            raise UserError(_("Nobody has claimed this ticket."))
        if ticket.claimed_by != ctx.author.id and not ctx.author.guild_permissions.manage_guild:
            raise UserError(_("Only who claimed this ticket and who manages the server can do this."))
        if not await self.book.tickets.unclaim(ticket.id, ticket.claimed_by):
            raise UserError(_("Nobody has claimed this ticket."))
        await ctx.success(_("Nobody takes care of this ticket now."))

    @PanelCommands.ticket.command(name="add")
    @checks.bot_needs(manage_roles=True)
    @example("@ann")
    async def ticket_add(self, ctx: GuildContext, *, member: AMember) -> None:
        """Let somebody see the ticket of this channel and write in it."""
        await self.desk.as_staff(ctx)
        await places.let_in(self.desk.place(ctx), member)
        await ctx.success(_("{member} is in this ticket now.").format(member=member.mention))

    @PanelCommands.ticket.command(name="remove")
    @checks.bot_needs(manage_roles=True)
    @example("@ann")
    async def ticket_remove(self, ctx: GuildContext, *, member: AMember) -> None:
        """Let somebody not see the ticket of this channel any more."""
        ticket = await self.desk.as_staff(ctx)
        if member.id in {ticket.opener_id, ctx.guild.me.id}:
            raise UserError(_("{member} can't be removed from this ticket.").format(member=member.mention))
        await places.put_out(self.desk.place(ctx), member)
        await ctx.success(_("{member} isn't in this ticket any more.").format(member=member.mention))

    @PanelCommands.ticket.command(name="rename")
    @checks.bot_needs(manage_channels=True)
    @example("waiting-for-payment")
    async def ticket_rename(
        self, ctx: GuildContext, *, name: Annotated[str, BoundedText(CHANNEL_NAME_LIMIT)]
    ) -> None:
        """Give the channel of this ticket another name."""
        await self.desk.as_staff(ctx)
        await self.desk.rename(self.desk.place(ctx), " ".join(name.split()))
        await ctx.success(_("The name is changed."))

    @PanelCommands.ticket.command(name="close")
    @example("", "It is paid.")
    async def ticket_close(self, ctx: GuildContext, *, reason: Reason = "") -> None:
        """Close the ticket of this channel; its transcript is kept where `ticket-log-channel` says."""
        ticket = await self.desk.here(ctx)
        self.desk.may_close(ticket, ctx.author)
        trouble = await self.closing.close(ticket.id, ctx.author.id, reason or None)
        if trouble is not None:
            await ctx.info(trouble)

    @PanelCommands.ticket.command(name="reopen")
    @example("")
    async def ticket_reopen(self, ctx: GuildContext) -> None:
        """Open the closed ticket of this channel again."""
        await self.desk.reopen(await self.desk.as_staff(ctx), ctx.author)

    @PanelCommands.ticket.command(name="delete")
    @checks.bot_needs(manage_channels=True)
    @example("")
    async def ticket_delete(self, ctx: GuildContext) -> None:
        """Close the ticket of this channel, if it is open, and delete the channel."""
        ticket = await self.desk.as_staff(ctx)
        if ticket.status == "open":
            await self.closing.close(ticket.id, ctx.author.id, None)
            ticket = await self.desk.as_staff(ctx)
        if ticket.log_message_id is None:
            question = _("No transcript of this ticket is kept. Delete the channel all the same?")
            if not await ctx.confirm(question):
                await ctx.info(_("The channel stays."))
                return
        await self.closing.delete(ticket.id, unkept=True)

    @PanelCommands.ticket.command(name="transcript")
    @checks.bot_requires(attach_files=True, read_message_history=True)
    @commands.cooldown(2, 60, commands.BucketType.channel)
    @example("")
    async def ticket_transcript(self, ctx: GuildContext) -> None:
        """Make a transcript of this ticket as it is now."""
        ticket = await self.desk.as_staff(ctx)
        made = await transcript(self.desk.place(ctx), ticket)
        await ctx.reply(files=as_files(ticket, made))

    # --- for staff

    @PanelCommands.ticket.command(name="list")
    @example("", "@ann")
    async def ticket_list(self, ctx: GuildContext, *, member: PerhapsAnybody = None) -> None:
        """Show the open tickets that you answer, the oldest first, or all that somebody opened."""
        if member is None:
            tickets = [one for one in await self.book.tickets.with_channel(ctx.guild.id) if one.status == "open"]
            found = [one for one in tickets if is_staff(ctx.author, one)]
            title = ngettext("{count} open ticket", "{count} open tickets", len(found)).format(count=len(found))
        else:
            tickets = await self.book.tickets.of_opener(ctx.guild.id, member.id, LISTED)
            found = [one for one in tickets if is_staff(ctx.author, one)]
            title = _("Tickets of {member}").format(member=member.display_name)
        if not found:
            raise UserError(_("There are none that you answer."))
        await ctx.paginate_lines(map(texts.line, found), most_lines=LINES_A_PAGE, title=title)

    @PanelCommands.ticket.command(name="stats")
    @checks.requires(manage_guild=True)
    @example("")
    async def ticket_stats(self, ctx: GuildContext) -> None:
        """Show how many tickets there were in the last 30 days, how long they took, and who closed them."""
        since = discord.utils.utcnow() - timedelta(days=STATS_DAYS)
        counted = await self.book.tickets.count(ctx.guild.id, since)
        closers = await self.book.tickets.closers(ctx.guild.id, since, MOST_CLOSERS)
        await ctx.show(texts.counts(STATS_DAYS, counted, closers))

    @PanelCommands.ticket.command(name="block", aliases=["blacklist"])
    @checks.requires(manage_guild=True)
    @example("@bob", "")
    async def ticket_block(self, ctx: GuildContext, *, member: PerhapsAnybody = None) -> None:
        """Let somebody open no more tickets; without anybody, show who may not."""
        if member is None:
            await self._list_blocked(ctx)
            return
        if not await self.book.tickets.block(ctx.guild.id, member.id, ctx.author.id, ctx.message.created_at):
            raise UserError(_("{member} can't open tickets already.").format(member=member.mention))
        await ctx.success(_("{member} can't open tickets any more.").format(member=member.mention))

    @PanelCommands.ticket.command(name="unblock")
    @checks.requires(manage_guild=True)
    @example("@bob")
    async def ticket_unblock(self, ctx: GuildContext, *, member: Anybody) -> None:
        """Let somebody open tickets again."""
        if not await self.book.tickets.unblock(ctx.guild.id, member.id):
            raise UserError(_("{member} isn't blocked.").format(member=member.mention))
        await ctx.success(_("{member} can open tickets again.").format(member=member.mention))

    async def _list_blocked(self, ctx: GuildContext) -> None:
        blocked = await self.book.tickets.blocked(ctx.guild.id)
        if not blocked:
            raise UserError(_("Everybody can open tickets."))
        await ctx.paginate_lines(
            (f"<@{user_id}>" for user_id in blocked),
            most_lines=LINES_A_PAGE,
            title=_("Who can't open tickets"),
        )
