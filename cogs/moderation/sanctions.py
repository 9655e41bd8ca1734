"""What is in force for people: begun with a case, ended by its timer, by hand, or by another case."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

import discord

from database.moderation import Case, Sanction, SanctionsStore
from utils.events import SanctionTimer

if TYPE_CHECKING:
    from utils.bot import Hearth


class Sanctions:
    """Keeps them, each with at most one timer."""

    def __init__(self, bot: "Hearth") -> None:
        self.bot = bot
        self.store = SanctionsStore(bot.db)

    async def begin(self, case: Case, kind: str, *, wake_at: datetime | None, role_id: int = 0) -> None:
        """Let something be in force from now on, in place of the same before. `wake_at` is when to look at it again.

        Joins the caller's transaction, so that there is never the one without the other.
        """
        assert case.target_id is not None
        async with self.bot.db.transaction():
            await self.end(case.guild_id, case.target_id, kind, role_id)
            timer_id = None
            if wake_at is not None:
                timer_id = await self.bot.timers.schedule(
                    SanctionTimer, wake_at, guild_id=case.guild_id, user_id=case.target_id
                )
            await self.store.put(
                Sanction(case.guild_id, case.target_id, kind, case.number, case.ends_at, timer_id, role_id)
            )

    async def begin_for_many(self, cases: Sequence[Case], kind: str) -> None:
        """Let the same be in force from now on for the targets of many cases of one guild, for good.

        A few statements, unless the same was in force for them before. Joins the caller's transaction.
        """
        if not cases:
            return
        ids = [case.target_id for case in cases if case.target_id is not None]
        async with self.bot.db.transaction():
            for before in await self.store.of_many(cases[0].guild_id, ids, kind):
                await self.end(before.guild_id, before.user_id, kind)
            await self.store.put(*[
                Sanction(case.guild_id, case.target_id, kind, case.number)
                for case in cases
                if case.target_id is not None
            ])  # fmt: skip

    async def as_state(self, guild_id: int, user_id: int, kind: str, role_id: int = 0) -> dict[str, Any] | None:
        """What is in force, as a case keeps it among what was there before; None if nothing is."""
        return as_kept(await self.store.get(guild_id, user_id, kind, role_id))

    async def put_back(
        self,
        kept: dict[str, Any] | None,
        guild_id: int,
        user_id: int,
        kind: str,
        *,
        role_id: int = 0,
        renew: Callable[[datetime], datetime] | None = None,
    ) -> None:
        """Let what `as_state` kept be in force again in place of what is now; nothing, if it would be over by now.

        `renew` says when what ends then has to be looked at, if not at its end.
        """
        ends_at = datetime.fromisoformat(kept["ends_at"]) if kept and kept["ends_at"] else None
        async with self.bot.db.transaction():
            await self.end(guild_id, user_id, kind, role_id)
            if kept is None or (ends_at is not None and ends_at <= discord.utils.utcnow()):
                return
            timer_id = None
            if ends_at is not None:
                wake_at = renew(ends_at) if renew is not None else ends_at
                timer_id = await self.bot.timers.schedule(SanctionTimer, wake_at, guild_id=guild_id, user_id=user_id)
            await self.store.put(Sanction(guild_id, user_id, kind, kept["number"], ends_at, timer_id, role_id))

    async def move_end(
        self, sanction: Sanction, ends_at: datetime | None, *, wake_at: datetime | None
    ) -> Sanction | None:
        """Let something in force end at another time, or never; what it is then, or None if it ended meanwhile."""
        async with self.bot.db.transaction():
            if not await self.store.remove(sanction):
                return None
            if sanction.timer_id is not None:
                await self.bot.timers.cancel(sanction.timer_id)
            timer_id = None
            if wake_at is not None:
                timer_id = await self.bot.timers.schedule(
                    SanctionTimer, wake_at, guild_id=sanction.guild_id, user_id=sanction.user_id
                )
            moved = replace(sanction, ends_at=ends_at, timer_id=timer_id)
            await self.store.put(moved)
        return moved

    async def end(self, guild_id: int, user_id: int, kind: str, role_id: int = 0) -> Sanction | None:
        """Let something be in force no longer, and its timer with it; what it was, if it was."""
        async with self.bot.db.transaction():
            sanction = await self.store.get(guild_id, user_id, kind, role_id)
            if sanction is None or not await self.store.remove(sanction):
                return None
            if sanction.timer_id is not None:
                await self.bot.timers.cancel(sanction.timer_id)
        return sanction


def as_kept(sanction: Sanction | None) -> dict[str, Any] | None:
    """What a case remembers of something in force."""
    if sanction is None:
        return None
    return {"number": sanction.number, "ends_at": sanction.ends_at.isoformat() if sanction.ends_at else None}
