"""Taking back a ban of many: each of its bans is undone like a single one, and the case of them all with the last."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import discord

from cogs.moderation.actions import Target
from cogs.moderation.massban.rules import MOST_BANNED, PART
from cogs.moderation.pipeline import Ask, Origin, Pipeline
from cogs.moderation.punishments import Ban
from cogs.moderation.refusals import REFUSALS, DoneBeforeError, why_refused
from cogs.moderation.undo.action import BY_UNDO, Undo, case_is_undone
from database.moderation import Case, CaseFilter
from utils.errors import UserError
from utils.formatting import bullets, safe
from utils.i18n import _, ngettext

if TYPE_CHECKING:
    from utils.bot import Hearth

MOST_SHOWN = 10  # people whose ban stays
PROGRESS_EVERY = 25  # people

Progress = Callable[[str], Awaitable[None]]


class MassBanUndo:
    """Lifts the bans of one massban."""

    def __init__(self, bot: "Hearth", pipeline: Pipeline) -> None:
        self.bot = bot
        self.pipeline = pipeline

    async def undo(
        self, case: Case, origin: Origin, ask: Ask, *, reason: str | None, progress: Progress | None = None
    ) -> str | None:
        """Undo them; what has come of it, or None if the moderator said no. Raises UserError.

        What Discord refuses stays, and so does the case then: the same again goes on with the rest.
        """
        parts = await self._parts(case)
        question = ngettext(
            "Undo case {number} and lift {count} ban?", "Undo case {number} and lift {count} bans?", len(parts)
        ).format(number=f"**{case.number}**", count=len(parts))
        if not await ask(question):
            return None
        origin = await self.pipeline.looked_up(origin)
        assert origin.moderator is not None
        refused = []
        for done, part in enumerate(parts):
            if progress is not None and done and done % PROGRESS_EVERY == 0:
                await progress(_("{done} of {count} bans are lifted…").format(done=done, count=len(parts)))
            try:
                await self._undo(part, replace(origin, source=BY_UNDO, parent=part.number), reason)
            except (*REFUSALS, UserError) as error:
                refused.append(f"<@{part.target_id}> ({safe(part.target_name or '')}): {why_refused(error)}")
        if await self._parts(case):
            raise UserError(_outcome(len(parts) - len(refused), refused))
        await self._mark(case, origin.moderator)
        return f"{case_is_undone(case)} {_outcome(len(parts), [])}"

    async def _parts(self, case: Case) -> list[Case]:
        """The bans that stand."""
        wanted = CaseFilter(parent=case.number, kinds=(Ban.kind_key,), statuses=("done",))
        return await self.pipeline.cases.find(case.guild_id, wanted, limit=MOST_BANNED, oldest_first=True)

    async def _undo(self, part: Case, origin: Origin, reason: str | None) -> None:
        assert origin.moderator is not None
        assert part.target_id is not None
        target = Target(origin.moderator.guild, part.target_id, part.target_name or str(part.target_id))
        # A part of many has no place of its own in the log, and neither has its undo.
        undo = Undo(self.bot, await target.looked_up(), reason, details=PART, undone=part)
        try:
            await self.pipeline.perform(undo, origin)
        except DoneBeforeError:
            return

    async def _mark(self, case: Case, moderator: discord.Member) -> None:
        now = discord.utils.utcnow()
        if await self.pipeline.cases.undone(case.guild_id, case.number, by=moderator.id, at=now):
            await self.pipeline.case_log.show(case)


def _outcome(lifted: int, refused: list[str]) -> str:
    parts = [ngettext("{count} ban is lifted.", "{count} bans are lifted.", lifted).format(count=lifted)]
    if refused:
        more = len(refused) - MOST_SHOWN
        lines = refused[:MOST_SHOWN]
        if more > 0:
            lines.append(ngettext("{count} more", "{count} more", more).format(count=more))
        parts.append(_("These stay; the same command tries them again:"))
        parts.append(bullets(lines))
    return "\n".join(parts)
