"""Beginning anew, and taking back what was done to many: resets, snapshots and restoring."""

import asyncio
from collections.abc import Sequence
from typing import Final

import discord

from cogs.leveling.service import Leveling
from cogs.leveling.xp import texts, undoing
from cogs.leveling.xp.changing import RESET, Changing, Outcome, Task
from cogs.leveling.xp.handing import no_bot
from database.standing_snapshots import KEPT, NewSnapshot, Snapshot, taken_back
from database.standing_values import Gain, Standing
from utils import embeds
from utils.context import GuildContext
from utils.errors import UserError
from utils.formatting import pages_of
from utils.i18n import _, format_number, ngettext
from utils.people import WhoEver, people_with

PER_PAGE: Final = 10


class Backups:
    """Takes away, and brings back."""

    def __init__(self, leveling: Leveling, changing: Changing) -> None:
        self.leveling = leveling
        self.changing = changing
        self.store = changing.snapshots

    # --- taking away

    async def reset(self, ctx: GuildContext, who: WhoEver) -> None:
        """Ask, and let somebody, everybody with a role or everybody begin at zero."""
        people = await self._to_reset(ctx, who)
        if not people:
            raise UserError(_("There is nothing to reset: none of them has any XP, messages or minutes in voice."))
        if not await ctx.confirm(texts.reset_question(who, len(people))):
            return
        outcome = await self._carry_out(ctx, people, Task(_at_zero, self._new(ctx, RESET)))
        answer = ngettext(
            "{count} member begins at zero again.", "{count} members begin at zero again.", outcome.changed
        ).format(count=format_number(outcome.changed))
        await ctx.success(f"{answer}\n{texts.takes_back(ctx, outcome.number)}")

    async def _to_reset(self, ctx: GuildContext, who: WhoEver) -> list[int]:
        """All of them who have anything."""
        await self.leveling.write(ctx.guild.id)
        store = self.leveling.store
        if not isinstance(who, discord.Role):
            standings = list((await store.get_many(ctx.guild.id, [no_bot(who).id])).values())
        elif who.is_default():  # also those who left
            standings = [one async for page in store.all(ctx.guild.id) for one in page]
        else:
            async with ctx.typing():
                people = await people_with(ctx.bot, who)
            standings = list((await store.get_many(ctx.guild.id, people)).values())
        return [one.user_id for one in standings if not one.is_empty]

    # --- what was done

    async def show(self, ctx: GuildContext) -> None:
        """Answer with what was done to several people's XP and can be taken back."""
        snapshots = await self.store.all(ctx.guild.id)
        if not snapshots:
            raise UserError(_("There are no snapshots yet: I take one with each change of several people's XP."))
        undone = taken_back(snapshots)
        lines = [texts.snapshot_line(one, undone.get(one.number)) for one in snapshots[:KEPT]]
        pages = pages_of(lines, 3_500, most_lines=PER_PAGE)
        foot = _("`{command}` takes **#{number}** back.").format(
            command=f"{ctx.clean_prefix}xp restore {snapshots[0].number}", number=snapshots[0].number
        )
        await ctx.paginate([embeds.info(f"{page}\n\n{foot}", title=_("Snapshots")) for page in pages])

    # --- taking back

    async def restore(self, ctx: GuildContext, number: int | None) -> None:
        """Ask, with what it would change in numbers, and take something back."""
        snapshots = await self.store.all(ctx.guild.id)
        self.changing.refuse_if_busy(ctx.guild.id)  # of a change that is under way, only a part would be taken back
        snapshot = undoing.restorable(snapshots, undoing.latest(snapshots) if number is None else number)
        gains = await self._gains(ctx, snapshot)
        if not await ctx.confirm(await self._restore_question(ctx, snapshot, gains)):
            return

        def rule(standing: Standing) -> Standing:
            return undoing.given_back(standing, gains[standing.user_id])

        def check(every: Sequence[Snapshot]) -> None:  # somebody else may have been quicker
            undoing.restorable(every, snapshot.number)

        new = self._new(ctx, "restore", reverses=snapshot.number)
        outcome = await self._carry_out(ctx, gains, Task(rule, new, check))
        answer = ngettext(
            "**#{number}** is taken back: the XP of {count} member is changed.",
            "**#{number}** is taken back: the XP of {count} members is changed.",
            outcome.changed,
        ).format(number=snapshot.number, count=format_number(outcome.changed))
        await ctx.success(f"{answer}\n{texts.takes_back(ctx, outcome.number)}")

    async def _gains(self, ctx: GuildContext, snapshot: Snapshot) -> dict[int, Gain]:
        """What takes it back, for everybody whom it changed."""
        async with ctx.typing():
            return {
                move.user_id: undoing.back(move)
                async for page in self.store.rows(ctx.guild.id, snapshot.number)
                for move in page
            }

    async def _restore_question(self, ctx: GuildContext, snapshot: Snapshot, gains: dict[int, Gain]) -> str:
        await self.leveling.write(ctx.guild.id)
        standings = await self.leveling.store.get_many(ctx.guild.id, gains)
        moves = undoing.moves_back(gains, standings)
        preview = await asyncio.to_thread(undoing.preview_of, moves, self.leveling.curve(ctx.guild.id))
        return texts.restore_question(snapshot, preview)

    # --- both

    def _new(self, ctx: GuildContext, kind: str, *, reverses: int | None = None) -> NewSnapshot:
        return NewSnapshot(kind, discord.utils.utcnow(), ctx.author.id, reverses=reverses)

    async def _carry_out(self, ctx: GuildContext, people: Sequence[int] | dict[int, Gain], task: Task) -> Outcome:
        """Change them; raises `UserError` if that changes nothing."""
        async with ctx.typing():
            outcome = await self.changing.many(ctx.guild.id, people, task)
        if outcome.number is None:
            raise UserError(_("That changes nothing: everything is like that already."))
        return outcome


def _at_zero(standing: Standing) -> Standing:
    return Standing(standing.user_id, present=standing.present)
