"""`bulkrole`: giving a role to many members, or taking it, also over a restart."""

import asyncio
import logging
import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Annotated, Any, ClassVar, Final, Self, cast

import discord
from discord.ext import commands
from discord.ui import Button, View

from cogs.admin.bulkrole import texts
from cogs.admin.bulkrole.rules import Whom, parse
from cogs.admin.bulkrole.run import Run
from database.bulk_roles import BulkRoleRun, BulkRolesStore
from database.errors import DatabaseError
from database.personal_tables import KEEP, Person, Table
from utils import checks, embeds
from utils.bot import CANNOT_SAY, Hearth
from utils.cog import StartingCog
from utils.commands import example, group
from utils.context import GuildContext
from utils.converters import RoleConverter
from utils.errors import UserError
from utils.i18n import N_, _, using
from utils.lasting import LastingButton
from utils.lookup import find_role
from utils.members import get_member
from utils.permissions import why_not_role
from utils.personal_data import PersonalData
from utils.time import parse_past

log = logging.getLogger("hearth.admin")

SHOWN_EVERY_SECONDS: Final = 5.0
TRIED_AGAIN_SECONDS: Final = 60.0

ARole = Annotated[discord.Role, RoleConverter]


class CancelButton(LastingButton, template=r"bulkrole:cancel:(?P<id>[0-9]+)"):
    """Ends a run early."""

    def __init__(self, run_id: int) -> None:
        super().__init__(
            Button(
                label=_("Cancel"), emoji="✖️", style=discord.ButtonStyle.danger, custom_id=f"bulkrole:cancel:{run_id}"
            )
        )
        self.run_id = run_id

    @classmethod
    def read(cls, match: re.Match[str]) -> Self:
        """The button of the run with this id."""
        return cls(int(match["id"]))

    async def press(self, interaction: discord.Interaction[Any]) -> None:
        """Cancel it. Raises UserError."""
        cog = cast("BulkRoles | None", interaction.client.get_cog("BulkRoles"))
        run = None if cog is None else cog.running.get(self.run_id)
        if run is None:
            raise UserError(_("This isn't under way any more."))
        assert isinstance(interaction.user, discord.Member)
        if not interaction.user.guild_permissions.manage_roles:
            raise UserError(_("Who may cancel this needs Manage Roles."))
        run.cancelled = True
        await interaction.response.defer()


class BulkRoles(StartingCog):
    """A role for many members."""

    dynamic_items: ClassVar[Sequence[Any]] = (CancelButton,)
    personal_data: ClassVar = (
        PersonalData(
            N_("That you have me give or take a role of many members, as long as I am at it."),
            N_("So that I go on after a restart."),
            N_("Until I am through."),
            (Table("bulk_role_runs", (Person("started_by", KEEP),)),),
        ),
    )

    def __init__(self, bot: Hearth) -> None:
        super().__init__(bot)
        self.store = BulkRolesStore(bot.db)
        self.running: dict[int, Run] = {}
        self._shown_at: dict[int, datetime] = {}

    async def from_the_start_on(self) -> None:
        """Go on with what was under way."""
        for row in await self.store.under_way():
            if self.bot.cluster.owns(row.guild_id):
                self.spawn(self._go_on(row))

    @StartingCog.listener()
    async def on_guild_available(self, guild: discord.Guild) -> None:
        """Go on in a guild that was taken over from a process that is gone."""
        if not self.has_begun or self.bot.cluster.taken_at(guild.id) is None:
            return
        row = await self.store.of_guild(guild.id)
        if row is not None and row.id not in self.running:
            self.spawn(self._go_on(row))

    # --- commands

    @group(aliases=["massrole"], only_leads=True)
    @example("")
    @checks.requires(manage_roles=True)
    @checks.bot_needs(manage_roles=True)
    async def bulkrole(self, ctx: GuildContext) -> None:
        """Give a role to many members, or take it from them."""
        raise UserError(
            _("Write {add} or {remove}.").format(
                add=f"`{ctx.clean_prefix}bulkrole add @role humans`",
                remove=f"`{ctx.clean_prefix}bulkrole remove @role all`",
            )
        )

    @bulkrole.command(name="add", aliases=["give"])
    @example(
        "@Member humans", "@Veteran humans joined before 2026-01-31", '@Event with "Game Night" without @Muted --dry'
    )
    async def bulkrole_add(self, ctx: GuildContext, role: ARole, *, whom: str) -> None:
        """Give a role to many members.

        Say whom: `all`, `humans` or `bots`, `with` and `without` a role, `joined before` or `joined after` a day;
        all that you say has to fit. `--dry` only shows how many that are. I ask before I begin, show how far I am,
        and go on after a restart. If I stop early, the same command goes on with the others.
        """
        await self._prepare(ctx, role, whom, gives=True)

    @bulkrole.command(name="remove", aliases=["take"])
    @example("@Event all", "@Newcomer humans joined before 30d", "@Guest with @Member --dry")
    async def bulkrole_remove(self, ctx: GuildContext, role: ARole, *, whom: str) -> None:
        """Take a role from many members.

        Whom you say as with `bulkrole add`.
        """
        await self._prepare(ctx, role, whom, gives=False)

    @bulkrole.command(name="cancel", aliases=["stop"])
    @example("")
    async def bulkrole_cancel(self, ctx: GuildContext) -> None:
        """End what is under way."""
        found = [run for run in self.running.values() if run.guild.id == ctx.guild.id]
        row = await self.store.of_guild(ctx.guild.id)
        if not found and row is None:
            raise UserError(_("Nothing of that kind is under way."))
        if not found and row is not None:  # cut off, and yet to go on
            await self.store.end(row.id)
        for run in found:
            run.cancelled = True
        await ctx.success(_("I stop after the member I am at."))

    # --- beginning

    async def _prepare(self, ctx: GuildContext, role: discord.Role, text: str, *, gives: bool) -> None:
        if not ctx.guild.me.guild_permissions.manage_roles:
            raise commands.BotMissingPermissions(["manage_roles"])
        checks.handling_role(ctx, role)
        whom, dry = self._whom(ctx, text)
        await self._refuse_second(ctx.guild.id)
        run = self._run(ctx.guild, role.id, whom, ctx.author, gives=gives)
        async with ctx.typing():
            user_ids = await self._find(run)
        if dry or not user_ids:
            await ctx.info(texts.foreseen(run, len(user_ids)))
            return
        if not await ctx.confirm(texts.question(run, len(user_ids))):
            return
        checks.handling_role(ctx, role)
        await self._start(ctx, run, user_ids)

    def _whom(self, ctx: GuildContext, text: str) -> tuple[Whom, bool]:
        now = discord.utils.utcnow()
        return parse(
            text, lambda name: find_role(ctx.guild, name).id, lambda said: parse_past(said, now, ctx.timezone)
        )

    def _run(self, guild: discord.Guild, role_id: int, whom: Whom, who: discord.Member, *, gives: bool) -> Run:
        return Run(guild, role_id, gives, whom, f"{who}: bulkrole", self._progress)

    async def _find(self, run: Run) -> list[int]:
        try:
            return await run.find()
        except discord.ClientException as error:
            raise UserError(_("I can't list the members here: whoever runs me has switched that off.")) from error

    async def _refuse_second(self, guild_id: int) -> None:
        if await self.store.of_guild(guild_id) is not None:
            raise UserError(_("I am at another role for many here. Wait until I am through, or cancel it."))

    async def _start(self, ctx: GuildContext, run: Run, user_ids: list[int]) -> None:
        run.total = len(user_ids)
        await self._refuse_second(ctx.guild.id)
        message = await ctx.reply(embed=embeds.info(texts.state(run, ended=False)), view=cancel_view(ctx.message.id))
        row = BulkRoleRun(
            ctx.message.id, ctx.guild.id, ctx.channel.id, message.id, ctx.author.id, run.role_id, run.gives,
            run.whom.encode(), run.total,
        )  # fmt: skip
        if not await self.store.begin(row):
            await message.delete()
            await self._refuse_second(ctx.guild.id)
            return
        self.spawn(self._do(row, run, user_ids))

    # --- running

    async def _go_on(self, row: BulkRoleRun) -> None:
        """After a restart: with those who are left, if who began it may still do that."""
        guild = self.bot.get_guild(row.guild_id)
        if guild is None:
            await self.store.end(row.id)
            return
        run = Run(
            guild, row.role_id, row.gives, Whom.decode(row.whom), "bulkrole", self._progress,
            total=row.total, changed=row.changed, failed=row.failed,
        )  # fmt: skip
        self.running[row.id] = run
        with using(self.bot.language_of(guild)):
            await self._do(row, run, await self._left(row, run))

    async def _left(self, row: BulkRoleRun, run: Run) -> list[int]:
        """Who is left of a run that was cut off; those for whom it failed are among them."""
        try:
            member = await get_member(run.guild, row.started_by)
            run.reason = f"{member}: bulkrole"
            run.stopped = self._why_not_go_on(member, run.guild.get_role(row.role_id))
            left = [] if run.stopped is not None else await self._find(run)
        except (UserError, *CANNOT_SAY) as error:
            log.warning("A role for many in guild %d doesn't go on: %r", run.guild.id, error)
            run.stopped = ""
            return []
        if run.stopped is None:  # more was done than was written down of it
            run.changed, run.failed = max(row.changed, row.total - len(left)), 0
            run.total = run.changed + len(left)
        return left

    def _why_not_go_on(self, member: discord.Member | None, role: discord.Role | None) -> str | None:
        if member is None or not member.guild_permissions.manage_roles:
            return _("Who began this may not do it any more.")
        return None if role is None else why_not_role(member, role, actor_is_bot=False)

    async def _do(self, row: BulkRoleRun, run: Run, user_ids: Sequence[int]) -> None:
        self.running[row.id] = run
        try:
            await run.do(user_ids)
        finally:
            self.running.pop(row.id, None)
            self._shown_at.pop(row.id, None)
        await self._forget(row)
        await self._show(row, run, ended=True)

    async def _forget(self, row: BulkRoleRun) -> None:
        """A run has ended; while the database is away, it is tried again."""
        while True:
            try:
                await self.store.end(row.id)
            except DatabaseError as error:
                log.warning("Run %d waits to be ended: %s", row.id, error)
                await asyncio.sleep(TRIED_AGAIN_SECONDS)
            else:
                return

    async def _progress(self, run: Run) -> None:
        run_id = next((key for key, one in self.running.items() if one is run), None)
        last, now = self._shown_at.get(run_id or 0), discord.utils.utcnow()
        if run_id is None or (last is not None and (now - last).total_seconds() < SHOWN_EVERY_SECONDS):
            return
        self._shown_at[run_id] = now
        try:
            await self.store.progress(run_id, run.changed, run.failed)
            row = await self.store.of_guild(run.guild.id)
        except DatabaseError as error:
            log.warning("How far run %d is isn't written down: %s", run_id, error)
            return
        if row is not None:
            await self._show(row, run, ended=False)

    async def _show(self, row: BulkRoleRun, run: Run, *, ended: bool) -> None:
        channel: Any = run.guild.get_channel_or_thread(row.channel_id)
        if channel is None or row.message_id is None:
            return
        with using(self.bot.language_of(run.guild)):
            text = texts.state(run, ended=ended)
            went_well = ended and not run.failed and run.stopped is None and not run.cancelled
            embed = embeds.success(text) if went_well else embeds.info(text)
            view = None if ended else cancel_view(row.id)
        with suppress(*CANNOT_SAY):
            await channel.get_partial_message(row.message_id).edit(embed=embed, view=view)


def cancel_view(run_id: int) -> View:
    """The button under what is under way."""
    view = View(timeout=None)
    view.add_item(CancelButton(run_id))
    return view
