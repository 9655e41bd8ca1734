"""What is written down about a ban of many: its own case, one for each person, and what is in force then."""

from collections import defaultdict
from collections.abc import Container, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import discord

from cogs.moderation.bans import banned_among
from cogs.moderation.massban.rules import KIND, MOST_BANNED, Candidate
from cogs.moderation.pipeline import news_of
from cogs.moderation.punishments import Ban, ban_state
from cogs.moderation.recovery import AFTERMATHS
from cogs.moderation.refusals import DoneBeforeError
from cogs.moderation.sanctions import Sanctions, as_kept
from database.case_batches import CaseBatches
from database.errors import ConstraintViolated
from database.moderation import Case, CaseFilter, CasesStore, NewCase
from utils import events
from utils.i18n import _

if TYPE_CHECKING:
    from utils.bot import Hearth


class Settling:
    """Opens and settles the cases, hundreds in a few statements."""

    def __init__(self, bot: "Hearth") -> None:
        self.bot = bot
        self.cases = CasesStore(bot.db)
        self.batches = CaseBatches(bot.db)
        self.sanctions = Sanctions(bot)

    async def states_before(self, guild_id: int, people: Sequence[Candidate]) -> dict[int, dict[str, Any]]:
        """What undo will need, by person: what a single ban keeps."""
        in_force = await self.sanctions.store.of_many(guild_id, [one.id for one in people], Ban.kind_key)
        kept = {sanction.user_id: as_kept(sanction) for sanction in in_force}
        states: dict[int, dict[str, Any]] = {}
        for one in people:
            lost = {"roles": list(one.roles), "nick": one.nick} if one.is_member else {}
            states[one.id] = {**ban_state(None), **lost, "sanction": kept.get(one.id)}
        return states

    async def open(self, whole: NewCase, parts: Sequence[NewCase]) -> tuple[Case, list[Case]]:
        """Write down what is about to be done, all of it or nothing; the parts get the number of the whole.

        Raises DoneBeforeError if the same message did it before.
        """
        try:
            async with self.bot.db.transaction():
                opened = await self.cases.open(whole)
                return opened, await self.batches.open([replace(part, parent=opened.number) for part in parts])
        except ConstraintViolated as error:
            raise DoneBeforeError from error

    async def settle(self, parts: Sequence[Case], banned: Container[int | None], whys: Mapping[int, str]) -> None:
        """Say of parts who is banned, with what is in force then, and why the others aren't; and tell the news."""
        if not parts:
            return
        guild_id, now = parts[0].guild_id, discord.utils.utcnow()
        failed: defaultdict[str, list[int]] = defaultdict(list)
        for part in parts:
            if part.target_id is not None and part.target_id not in banned:
                failed[whys[part.target_id]].append(part.number)
        async with self.bot.db.transaction():
            done = [part.number for part in parts if part.target_id in banned]
            settled = await self.batches.settle(guild_id, done, "done", now)
            await self.sanctions.begin_for_many(settled, Ban.kind_key)
            for why, numbers in failed.items():
                await self.batches.settle(guild_id, numbers, "failed", now, failure=why)
        for case in settled:
            events.publish(self.bot, news_of(case))

    async def sum_up(self, whole: Case) -> tuple[int, int]:
        """Write into the case of them all how many were banned and how many not, and give both."""
        counts = await self.batches.statuses_of_parts(whole.guild_id, whole.number, Ban.kind_key)
        banned, failed = counts.get("done", 0) + counts.get("undone", 0), counts.get("failed", 0)
        await self.cases.describe(whole, {**whole.details, "banned": banned, "failed": failed})
        return banned, failed


async def after_massban(bot: "Hearth", guild: discord.Guild, case: Case) -> bool:
    """Whether a ban of many came to anything. The list of bans tells of all whose cases aren't settled."""
    settling = Settling(bot)
    wanted = CaseFilter(parent=case.number, kinds=(Ban.kind_key,), statuses=("pending",))
    left = await settling.cases.find(guild.id, wanted, limit=MOST_BANNED, oldest_first=True)
    ids = [part.target_id for part in left if part.target_id is not None]
    banned = await banned_among(guild, ids)
    await settling.settle(left, banned, dict.fromkeys(ids, _("I was stopped before this was done.")))
    done, _failed = await settling.sum_up(case)
    return done > 0


AFTERMATHS[KIND] = after_massban
