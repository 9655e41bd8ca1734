"""The polls' commands: opening and closing, moving the end, looking, exporting."""

import io
from typing import Annotated, Any, ClassVar

import discord

from cogs.utility.ends import read_end
from cogs.utility.polls import rules, texts
from cogs.utility.polls.desk import Desk
from cogs.utility.polls.views import VoteButton
from cogs.utility.posted_desk import PostedCog, may_see
from database.ids import new_id
from database.polls import Poll
from utils import checks, embeds
from utils.bot import Hearth
from utils.cog import Cog
from utils.commands import example, group
from utils.context import GuildContext
from utils.converters import Number
from utils.errors import UserError, as_user_error
from utils.events import PollTimer
from utils.formatting import pages_of
from utils.i18n import N_, _, format_percent
from utils.lookup import find_role
from utils.setting_types import Role, Setting
from utils.spreadsheets import as_text, csv_head, csv_line
from utils.time import timestamp

POLLS_A_PAGE = 15
NEVER = frozenset({"never", "none", "no end", "nie", "ohne ende"})

STARTERS = Setting[int | None](
    "poll-role", Role(), None, N_("The role that may start polls, besides moderators; not set, everybody may.")
)


PollNumber = Annotated[int, Number(N_("Name the poll by its number, like `3`; `poll list` shows them."))]
"""What a person calls a poll."""


class Polls(PostedCog):
    """Polls: questions that members answer by buttons."""

    settings = (STARTERS,)
    dynamic_items: ClassVar = (VoteButton,)

    def __init__(self, bot: Hearth) -> None:
        super().__init__(bot)
        self.desk: Desk = Desk(self)

    @Cog.listener()
    async def on_poll_timer(self, event: PollTimer) -> None:
        """End what is due."""
        await self.desk.ends.heard(event)

    # --- voting

    async def press(self, interaction: discord.Interaction[Any], poll_id: int, choice: int | None) -> None:
        """Let somebody vote who pressed a button. Raises UserError."""
        self.check_on(interaction.guild_id)
        poll = await self.desk.pressed(interaction, poll_id)
        if poll is None or (choice or 0) >= len(poll.options):
            raise UserError(_("This poll doesn't exist any more."))
        self._check_voter(poll, interaction.user)
        chosen = await self._vote(poll, interaction.user.id, choice)
        if chosen is None:
            raise UserError(_("This poll is over."))
        self.desk.messages.changed(poll.id)
        if choice is not None and poll.most_choices > 1 and choice not in chosen and len(chosen) == poll.most_choices:
            answer = _("You have chosen {count} options, which is the most. Press one of them to take it back.")
            await interaction.response.send_message(answer.format(count=poll.most_choices), ephemeral=True)
            return
        await interaction.response.send_message(texts.chosen_text(poll, chosen), ephemeral=True)

    def _check_voter(self, poll: Poll, user: discord.abc.User) -> None:
        has = {role.id for role in user.roles} if isinstance(user, discord.Member) else set()
        if poll.role_ids and not has & set(poll.role_ids):
            raise UserError(_("You need one of this poll's roles to vote."))

    async def _vote(self, poll: Poll, user_id: int, choice: int | None) -> tuple[int, ...] | None:
        now = discord.utils.utcnow()
        if choice is not None and poll.most_choices > 1:
            return await self.desk.store.toggle(poll.id, user_id, choice, poll.most_choices, now)
        chosen = () if choice is None else (choice,)
        return chosen if await self.desk.store.vote(poll.id, user_id, chosen, now) else None

    # --- commands

    @group()
    @example(
        "Shall we play on Friday?", "Where do we eat? | Pizza | Sushi | Tacos --for 2h",
        '"Best seasons?" "Spring" "Summer" "Autumn" "Winter" --multi --anonymous --hidden --until "friday 18:00"',
    )  # fmt: skip
    @checks.bot_requires(embed_links=True)
    async def poll(self, ctx: GuildContext, *, question_and_options: str) -> None:
        """Ask the members something, who answer by buttons.

        Write the question and up to 20 options between `|`, on lines of their own or in quotation marks; without
        options it is yes or no. Everybody has one vote and can change it until the end.

        `--multi` lets people choose several options, `--choices 3` up to three. `--anonymous` shows nobody who voted
        for what, `--hidden` shows results only at the end. `--role Member` lets only those with this role vote (write
        it again for further roles, of which one is enough). `--for 2h` or `--until "friday 18:00"` ends it by itself.
        """
        self._check_starter(ctx)
        plan = rules.read_plan(question_and_options, discord.utils.utcnow(), ctx.timezone)
        with as_user_error():
            roles = dict.fromkeys(find_role(ctx.guild, role).id for role in plan.roles)
        await self.desk.open(
            Poll(
                id=new_id(), guild_id=ctx.guild.id, channel_id=ctx.channel.id, author_id=ctx.author.id,
                question=plan.question, options=plan.options or (_("Yes"), _("No")), role_ids=tuple(roles),
                most_choices=plan.most_choices, anonymous=plan.anonymous, hidden=plan.hidden,
                opened_at=discord.utils.utcnow(), ends_at=plan.ends_at,
            )
        )  # fmt: skip

    @poll.command(name="close", aliases=["end", "stop"])
    @example("3")
    async def poll_close(self, ctx: GuildContext, number: PollNumber) -> None:
        """Close a poll now and show how it ended."""
        poll = await self._own(ctx, number)
        if not poll.is_open or not await self.desk.close(poll, ctx.author.id):
            raise UserError(_("Poll **#{number}** is over already.").format(number=number))
        await ctx.success(_("Poll **#{number}** is closed.").format(number=number))

    @poll.command(name="edit", aliases=["extend"])
    @example("3 2h", "3 friday 18:00", "3 never")
    async def poll_edit(self, ctx: GuildContext, number: PollNumber, *, new_end: str) -> None:
        """Let a poll end at another time, or `never` by itself."""
        poll = await self._own(ctx, number)
        ends_at = None
        if new_end.strip().casefold() not in NEVER:
            ends_at = read_end(new_end, discord.utils.utcnow(), ctx.timezone)
        if not poll.is_open or not await self.desk.move(poll, ends_at):
            raise UserError(_("Poll **#{number}** is over already.").format(number=number))
        self.desk.messages.changed(poll.id)
        if ends_at is None:
            await ctx.success(_("Poll **#{number}** is open until somebody closes it.").format(number=number))
            return
        sentence = _("Poll **#{number}** ends {moment} ({when}).")
        await ctx.success(
            sentence.format(number=number, moment=timestamp(ends_at, "F"), when=timestamp(ends_at, "R"))
        )

    @poll.command(name="results", aliases=["show", "result"])
    @example("3")
    async def poll_results(self, ctx: GuildContext, number: PollNumber) -> None:
        """Show how a poll stands, also one that is over, and who voted for what unless it is anonymous."""
        poll = await self._seen(ctx, number)
        standing = await self.desk.standing(poll)
        first = texts.poll_embed(poll, standing)
        if poll.anonymous or (poll.is_open and poll.hidden) or not standing.people:
            await ctx.paginate([first])
            return
        votes = await self.desk.store.votes(poll.id)
        lines = texts.voter_lines(poll, votes)
        title = _("Who voted in poll #{number}").format(number=poll.number)
        await ctx.paginate([first, *(embeds.info(page, title=title) for page in pages_of(lines, 3_000))])

    @poll.command(name="list")
    @example("")
    async def poll_list(self, ctx: GuildContext) -> None:
        """Show the open polls of this server that you can see."""
        polls = [poll for poll in await self.desk.store.unfinished_in(ctx.guild.id) if poll.is_open]
        lines = [texts.list_line(poll) for poll in polls if await _may_see(ctx, poll)]
        if not lines:
            await ctx.info(_("No poll is open."))
            return
        await ctx.paginate_lines(lines, most_lines=POLLS_A_PAGE, title=_("Open polls"))

    @poll.command(name="export")
    @example("3")
    @checks.bot_requires(attach_files=True)
    async def poll_export(self, ctx: GuildContext, number: PollNumber) -> None:
        """Get a poll's results as a table, with everybody's vote unless it is anonymous."""
        poll = await self._own(ctx, number)
        if poll.is_open and poll.hidden:
            raise UserError(_("Nobody sees the results of this poll until it is over."))
        files = [_file(f"poll-{number}.csv", await self._result_rows(poll))]
        if not poll.anonymous:
            files.append(_file(f"poll-{number}-votes.csv", await self._vote_rows(poll)))
        await ctx.reply(_("Poll **#{number}** as a table.").format(number=number), files=files)

    @poll.command(name="repost", aliases=["move"])
    @example("3")
    @checks.bot_requires(embed_links=True)
    async def poll_repost(self, ctx: GuildContext, number: PollNumber) -> None:
        """Post an open poll here once more, such as when its message was deleted."""
        poll = await self._own(ctx, number)
        if not poll.is_open:
            raise UserError(_("Poll **#{number}** is over already.").format(number=number))
        await self.desk.post(poll, ctx.channel.id)

    # --- helpers

    def _check_starter(self, ctx: GuildContext) -> None:
        role_id = self.bot.guild_settings.get(ctx.guild.id, STARTERS)
        if role_id is None or _is_staff(ctx) or role_id in {role.id for role in ctx.author.roles}:
            return
        raise UserError(_("Only moderators and members with {role} may start polls.").format(role=f"<@&{role_id}>"))

    async def _seen(self, ctx: GuildContext, number: int) -> Poll:
        poll = await self.desk.store.numbered(ctx.guild.id, number)
        if poll is None or not await _may_see(ctx, poll):
            raise UserError(_("There is no poll **#{number}**.").format(number=number))
        return poll

    async def _own(self, ctx: GuildContext, number: int) -> Poll:
        poll = await self._seen(ctx, number)
        if poll.author_id != ctx.author.id and not _is_staff(ctx):
            raise UserError(_("Only moderators and who started a poll can do that."))
        return poll

    async def _result_rows(self, poll: Poll) -> list[tuple[object, ...]]:
        standing = await self.desk.standing(poll)
        rows: list[tuple[object, ...]] = [(_("Option"), _("Votes"), _("Share"))]
        for place, option in enumerate(poll.options):
            rows.append((option, standing.votes[place], format_percent(standing.share(place), 1)))
        return rows

    async def _vote_rows(self, poll: Poll) -> list[tuple[object, ...]]:
        rows: list[tuple[object, ...]] = [(_("Member"), _("Option"), _("Voted at"))]
        for vote in await self.desk.store.votes(poll.id):
            rows += [(as_text(vote.user_id), poll.options[place], vote.voted_at) for place in vote.choices]
        return rows


async def _may_see(ctx: GuildContext, poll: Poll) -> bool:
    """Whether somebody may know of it; where its channel is gone, its author and staff may."""
    return await may_see(ctx, poll, if_gone=poll.author_id == ctx.author.id or _is_staff(ctx))


def _is_staff(ctx: GuildContext) -> bool:
    return ctx.author.guild_permissions.manage_messages


def _file(name: str, rows: list[tuple[object, ...]]) -> discord.File:
    head, *lines = rows
    content = csv_head([str(cell) for cell in head]) + "".join(map(csv_line, lines)).encode()
    return discord.File(io.BytesIO(content), filename=name)
