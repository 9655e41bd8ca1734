"""Undo: a case is taken back, and what was there before it comes back."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Annotated, Any, ClassVar

import discord
from discord.ui import DynamicItem

from cogs.moderation.actions import Target
from cogs.moderation.cases.words import LATEST, no_such, read_numbers
from cogs.moderation.kinds import UNDO, performs, title_of
from cogs.moderation.massban.rules import KIND as MASSBAN
from cogs.moderation.pipeline import Ask, Origin, Pipeline, answer
from cogs.moderation.reading import REASON_LIMIT
from cogs.moderation.refusals import REFUSALS, why_refused
from cogs.moderation.undo.action import BY_UNDO, Followers, Undo, why_not_undone
from cogs.moderation.undo.button import UndoButton
from cogs.moderation.undo.channels import ChannelUndo
from cogs.moderation.undo.massban import MassBanUndo, Progress
from database.moderation import Case, CaseFilter
from utils import embeds
from utils.bot import CANNOT_SAY, Hearth
from utils.cog import Cog
from utils.commands import command, example
from utils.context import Context
from utils.converters import BoundedText
from utils.errors import UserError
from utils.formatting import bullets
from utils.i18n import _, format_list, ngettext
from utils.views import Confirm

OF_CHANNELS = frozenset({"lock", "unlock", "slowmode"})


class Undoing(Cog, name="Undo"):
    """Take back what moderators did: roles, nicknames, bans, timeouts and channels are as they were before."""

    dynamic_items: ClassVar[Sequence[type[DynamicItem[Any]]]] = (UndoButton,)

    def __init__(self, bot: Hearth, pipeline: Pipeline) -> None:
        super().__init__(bot)
        self.pipeline = pipeline
        self.cases = pipeline.cases
        self.channels = ChannelUndo(bot, pipeline)
        self.mass_bans = MassBanUndo(bot, pipeline)
        pipeline.consequences.append(Followers(pipeline))

    @command(aliases=["pardon", "unwarn", "delwarn", "removewarn"])
    @example("12", "latest wrong person", "12-14 they were all bots")
    @performs("undo")
    async def undo(
        self, ctx: Context, numbers: str, *, reason: Annotated[str | None, BoundedText(REASON_LIMIT)] = None
    ) -> None:
        """Take back what a case did, and let it count no longer.

        A ban or timeout is lifted, roles, nicknames and channels are as they were before; what a warning led to is
        taken back with it. If something has changed since, I say what, and ask. Say which case: `12`, `latest` (your
        own latest), or several like `12-14`. People who were kicked or banned come back by themselves; they then get
        the roles that they had. You need the permission for what the case did.
        """
        cases = await self._named(ctx, numbers)
        if len(cases) == 1:
            origin = Origin.of_command(ctx)
            done = await self.undo_one(cases[0], origin, ctx.confirm, reason, progress=_progress_in(ctx))
        else:
            done = await self._undo_several(ctx, cases, reason)
        if done is not None:
            await ctx.success(done)

    async def pressed(self, interaction: discord.Interaction[Any], number: int) -> None:
        """Undo the case whose button was pressed. Only who pressed it reads the question and the answer."""
        guild, message = interaction.guild, interaction.message
        assert guild is not None
        assert message is not None
        assert isinstance(interaction.user, discord.Member)
        case = await self.cases.get(guild.id, number)
        if case is None or not self.bot.switches.feature_is_on(guild.id, self.feature):
            raise UserError(no_such([number]))
        await interaction.response.defer(ephemeral=True, thinking=True)

        async def ask(question: str) -> bool:
            view = Confirm(self.bot, interaction.user.id)
            view.message = await interaction.followup.send(
                embed=embeds.info(question), view=view, ephemeral=True, wait=True
            )
            await view.wait()
            return view.answer is True

        origin = Origin("button", interaction.user, message.channel.id, message.id)
        done = await self.undo_one(case, origin, ask, always_asks=True)
        if done is not None:
            await interaction.followup.send(embed=embeds.success(done), ephemeral=True)

    async def undo_one(
        self, case: Case, origin: Origin, ask: Ask, reason: str | None = None, *, always_asks: bool = False,
        progress: Progress | None = None,
    ) -> str | None:  # fmt: skip
        """Undo a case; what has come of it, or None if the moderator said no. Raises UserError.

        `progress` is told how far it is, where that takes long.
        """
        moderator = origin.moderator
        assert moderator is not None
        if (why_not := why_not_undone(case)) is not None:
            raise UserError(why_not)
        origin = replace(origin, parent=case.number)
        if case.kind == MASSBAN:
            return await self.mass_bans.undo(case, origin, ask, reason=reason, progress=progress)
        if case.kind in OF_CHANNELS:
            return await self.channels.undo(
                moderator.guild, case, origin, ask, reason=reason, always_asks=always_asks
            )
        undo = await self._action(moderator.guild, case, reason)
        undo.always_asks = always_asks
        settled = await self.pipeline.ask_and_do(undo, origin, ask)
        return None if settled is None else answer(undo, settled)

    async def _action(self, guild: discord.Guild, case: Case, reason: str | None) -> Undo:
        assert case.target_id is not None
        try:
            target = await Target(guild, case.target_id, case.target_name or str(case.target_id)).looked_up()
        except REFUSALS as error:
            raise UserError(why_refused(error)) from error
        return await Undo.of(self.bot, target, case, reason)

    # --- several

    async def _undo_several(self, ctx: Context, cases: Sequence[Case], reason: str | None) -> str | None:
        """Undo cases, the newest first: each finds things as it left them."""
        named = format_list([f"**{case.number}** ({title_of(case.kind)})" for case in cases])
        if not await ctx.confirm(_("Undo these cases: {cases}?").format(cases=named)):
            return None
        origin = replace(Origin.of_command(ctx), source=BY_UNDO)
        lines, count = [], 0
        for case in sorted(cases, key=lambda one: -one.number):
            try:
                done = await self.undo_one(case, origin, _yes, reason)
            except UserError as error:
                lines.append(_("Case {number}: {why}").format(number=f"**{case.number}**", why=error))
            else:
                assert done is not None
                lines.append(done)
                count += 1
        if not count:
            raise UserError(bullets(lines))
        head = ngettext("{count} case is undone:", "{count} cases are undone:", count).format(count=count)
        return f"{head}\n{bullets(lines)}"

    async def _named(self, ctx: Context, text: str) -> list[Case]:
        """The cases of these numbers, or the author's latest that can be undone. Raises UserError."""
        assert ctx.guild is not None
        if text.casefold() in LATEST:
            wanted = CaseFilter(moderator_id=ctx.author.id, statuses=("done",), without_kinds=(UNDO, "purge"))
            found = await self.cases.find(ctx.guild.id, wanted, limit=1)
            if not found:
                raise UserError(_("There is no case of yours that could be undone."))
            return found
        numbers = read_numbers(text)
        found = await self.cases.numbered(ctx.guild.id, numbers)
        missing = sorted(set(numbers) - {case.number for case in found})
        if missing:
            raise UserError(no_such(missing))
        return found


def _progress_in(ctx: Context) -> Progress:
    """A message that says how far it is, and is edited from then on. That this can't be said stops nothing."""
    said: list[discord.Message] = []

    async def tell(text: str) -> None:
        with suppress(*CANNOT_SAY):
            if said:
                await said[0].edit(embed=embeds.info(text))
            else:
                said.append(await ctx.info(text))

    return tell


async def _yes(_question: str) -> bool:
    """For cases of which the moderator has said that they want them undone, all of them."""
    return True
