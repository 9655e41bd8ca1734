"""Changing many standings piece by piece, with each piece kept as it was, so that all of it can be taken back.

A hundred thousand standings in one transaction would hold up everybody else's writing for as long; so each piece is a
transaction of its own, in which what was there is kept and what is new is written. What is cut short by a crash or by
the database going away is taken back as what came to its end: exactly what was changed is kept.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final
from weakref import WeakValueDictionary

from discord.utils import as_chunks

from cogs.leveling.service import Leveling
from database.errors import DatabaseError
from database.standing_changes import Change
from database.standing_snapshots import NewSnapshot, Snapshot, StandingSnapshotsStore
from database.standing_values import Move, Standing
from utils.errors import UserError
from utils.i18n import _, format_number, ngettext

log = logging.getLogger("hearth.leveling")

PIECE: Final = 1_000
"""How many people's standings are changed in one transaction."""

RESET: Final = "reset"
"""The kind of change that also takes away what was gained today and this week."""

Rule = Callable[[Standing], Standing]
"""What somebody has after a change, from what they have before it."""
Check = Callable[[Sequence[Snapshot]], None]
"""Raises `UserError` if what was done before, the newest first, forbids what is about to be done."""


class CutShortError(UserError):
    """The database went away half-way; the message says what was done and how it is taken back."""


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be done to many standings; `check` is asked before anything is changed."""

    rule: Rule
    new: NewSnapshot
    check: Check | None = None


@dataclass(slots=True)
class Outcome:
    """What came of a change: how many standings it changed, and the number of its snapshot if there is one."""

    changed: int = 0
    number: int | None = None
    moves: list[Move] = field(default_factory=list)
    """The first few, to be named."""


class Changing:
    """Changes standings by rules."""

    def __init__(self, leveling: Leveling) -> None:
        self.leveling = leveling
        self.snapshots = StandingSnapshotsStore(leveling.bot.db)
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    async def one(self, guild_id: int, user_id: int, rule: Rule, *, by: int) -> Move:
        """Change one person's standing; nothing is kept for it but a line in the log."""
        async with self.leveling.change(guild_id) as change:
            before = (await change.standings([user_id]))[user_id]
            after = rule(before)
            await change.put([after])
        log.info("XP of %d in guild %d: %d by %s, was %d", user_id, guild_id, after.xp, by, before.xp)
        return Move(before, after)

    async def many(self, guild_id: int, user_ids: Iterable[int], task: Task) -> Outcome:
        """Change the standings of these people, with a snapshot; none is taken if nothing changes.

        Raises `UserError` if something of the kind is under way in the guild, and `CutShortError`.
        """
        self.refuse_if_busy(guild_id)
        turn = self._turns.setdefault(guild_id, asyncio.Lock())
        outcome = Outcome()
        async with turn:
            try:
                for some in as_chunks(sorted(set(user_ids)), PIECE):
                    await self._piece(guild_id, some, task, outcome)
                if outcome.number is not None:
                    await self.snapshots.finish(guild_id, outcome.number)
            except DatabaseError as error:
                if outcome.number is None:
                    raise
                raise CutShortError(_cut_short(outcome)) from error
        log.info(
            "XP in guild %d: %s by %s, %d standings, snapshot %s",
            guild_id, task.new.kind, task.new.taken_by, outcome.changed, outcome.number,
        )  # fmt: skip
        return outcome

    def refuse_if_busy(self, guild_id: int) -> None:
        """Raise `UserError` while many standings of a guild are being changed: what is kept of that isn't all yet."""
        turn = self._turns.get(guild_id)
        if turn is not None and turn.locked():
            raise UserError(_("Other XP is being changed here at the moment. Try again in a minute."))

    async def _piece(self, guild_id: int, user_ids: Sequence[int], task: Task, outcome: Outcome) -> None:
        number = outcome.number
        async with self.leveling.change(guild_id) as change:
            before = await change.standings(user_ids)
            moves = [Move(one, task.rule(one)) for one in before.values()]
            moves = [move for move in moves if move.before != move.after]
            counted = [move for move in moves if _counts(move)]
            if counted and number is None:
                number = await self._begin(change, task)
            if counted and number is not None:
                await self._keep(change, number, counted, task.new)
            await change.put(move.after for move in moves)
        outcome.number = number
        outcome.changed += len(counted)
        outcome.moves += counted[: max(0, 10 - len(outcome.moves))]

    async def _keep(self, change: Change, number: int, moves: Sequence[Move], new: NewSnapshot) -> None:
        await self.snapshots.keep(change, number, moves)
        if new.kind == RESET:
            await self.snapshots.forget_recent(change, number, [move.user_id for move in moves])
        elif new.reverses is not None:
            await self.snapshots.return_recent(change, number, new.reverses, [move.after for move in moves])

    async def _begin(self, change: Change, task: Task) -> int:
        """Begin the snapshot, where nobody else can begin another at the same time."""
        if task.check is not None:
            task.check(await self.snapshots.all(change.guild_id))
        return await self.snapshots.begin(change, task.new)


def _counts(move: Move) -> bool:
    """Whether more than who is there changes."""
    before, after = move.before, move.after
    return (before.xp, before.messages, before.voice_minutes) != (after.xp, after.messages, after.voice_minutes)


def _cut_short(outcome: Outcome) -> str:
    return ngettext(
        "The database went away half-way: the XP of {count} member is changed, and that of the others isn't."
        " `xp restore {number}` takes it back.",
        "The database went away half-way: the XP of {count} members is changed, and that of the others isn't."
        " `xp restore {number}` takes it back.",
        outcome.changed,
    ).format(count=format_number(outcome.changed), number=outcome.number)
