"""Counting what is used: in memory, and written every few seconds; and how far away Discord was."""

import math
from collections import deque
from datetime import date, datetime, timedelta
from typing import Final

import discord

from database.usage import DIRECT, EVERYWHERE, MADE_BY_SERVERS, Tally, UsageStore
from utils.cog import Cog
from utils.gathering import Batch, Writer
from utils.usage import CommandRun

Commands = dict[tuple[int, str], Tally]
"""By the day (as an ordinal, `date.toordinal`) and the name."""

SAMPLED_EVERY: Final = timedelta(minutes=5)
MOST_SAMPLES: Final = 288
"""A day of them."""


def merged(first: Commands, second: Commands) -> Commands:
    """The tallies of both together."""
    both = dict(first)
    for used, tally in second.items():
        both[used] = both[used] + tally if used in both else tally
    return both


def tally_of(run: CommandRun) -> Tally:
    """One use as it is counted. What waits for an answer counts with the time that people took."""
    milliseconds = max(0, round(run.milliseconds))
    return Tally(1, run.outcome == "refused", run.outcome == "error", milliseconds, milliseconds)


class UsageCounts:
    """Gathers uses of commands, by guild and day.

    All guilds are written together: in most of them hardly one command is used in a moment, and a transaction for
    each would cost several times what the command did.
    """

    def __init__(self, cog: Cog, store: UsageStore) -> None:
        self.store = store
        # What is gathered for each "member" here is gathered for each guild, and there is one "guild" of all.
        self.writer: Writer[Commands] = Writer(cog, "Uses of commands", merged, self._write)

    def hear(self, run: CommandRun) -> None:
        """Count a use, without I/O."""
        name = MADE_BY_SERVERS if run.name is None else run.name
        self.writer.add(EVERYWHERE, run.guild_id or DIRECT, {(today().toordinal(), name): tally_of(run)})

    async def write(self) -> None:
        """Write what came this moment, so that it is among what is read next."""
        await self.writer.write()

    async def _write(self, batch: Batch[Commands]) -> None:
        await self.store.add(batch.id, batch.gains)


class Distances:
    """How far away Discord was, in milliseconds, over the last day."""

    def __init__(self) -> None:
        self.samples: deque[tuple[datetime, float]] = deque(maxlen=MOST_SAMPLES)

    def sample(self, latency: float, now: datetime) -> None:
        """Remember a measurement (in seconds), if the last is some minutes old."""
        if math.isfinite(latency) and (not self.samples or now - self.samples[-1][0] >= SAMPLED_EVERY):
            self.samples.append((now, latency * 1000))


def today() -> date:
    """The day by which it is counted: UTC's, the same for everybody."""
    return discord.utils.utcnow().date()
