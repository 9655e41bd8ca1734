"""The town's clock follows the real one, and open pages show what happened meanwhile."""

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime

from simcord import Env, Preview

from playground.simulation.adapter import forget_history, take_turns, watch

log = logging.getLogger("hearth.playground")

TICK_SECONDS = 0.25  # how late a reminder may come; a tick in which nothing is due costs under a millisecond
# Relative times in a page ("in 10 seconds") are as of its last refresh, so there is one now and then anyway.
REFRESH_AT_LEAST_EVERY_SECONDS = 15.0
KEPT_RECORDS = 2_000  # of what simcord writes down about each call and event


def real_now() -> datetime:
    """The real time: the one thing here that isn't simulated."""
    return datetime.now(UTC)


class Clock:
    """Moves a world's clock along with the real one, and refreshes a page after anything happened.

    `turn` is held during each tick. Whoever does something in the world at the same time waits for it.
    """

    def __init__(self, env: Env, preview: Preview, now: Callable[[], datetime] = real_now) -> None:
        self.env = env
        self.preview = preview
        self.now = now
        self.turn = asyncio.Lock()
        self._changed = False
        self._refreshed_at = now()
        watch(env, self._something_happened)
        take_turns(preview, self.turn)

    def _something_happened(self) -> None:
        self._changed = True

    async def run(self) -> None:
        """Tick until cancelled, or until the owner stopped the bot from chat."""
        while not self.env.bot.is_closed():
            await asyncio.sleep(TICK_SECONDS)
            try:
                await self.tick()
            except TimeoutError as late:
                # After a long sleep of the machine much may be due; the next tick goes on where this one stopped.
                log.warning("The bot is busy, and the town's clock waits for it: %s", late)

    async def tick(self) -> None:
        """Catch up with the real clock, and show what that did."""
        async with self.turn:
            behind = (self.now() - self.env.now()).total_seconds()
            if behind > 0:  # the real clock may have been set back: then the town's waits
                await self.env.advance_time(behind)
            since_refresh = (self.now() - self._refreshed_at).total_seconds()
            if self._changed or since_refresh >= REFRESH_AT_LEAST_EVERY_SECONDS:
                await self._refresh()

    async def _refresh(self) -> None:
        self._changed = False
        self._refreshed_at = self.now()
        forget_history(self.env, keep=KEPT_RECORDS)
        await self.preview.refresh()
