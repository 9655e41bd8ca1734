"""`--dev` in the playground: what is saved runs a moment later, and every page says so."""

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from simcord import Env

from playground.life import Life
from playground.shapes import Toast
from playground.simulation.adapter import as_bot
from utils import reload_on_save
from utils.bot import Hearth
from utils.reload_on_save import Broken, NeedsRestart, Outcome, Reloaded, Translated

log = logging.getLogger("hearth.playground")

RELOAD_SECONDS = 10.0  # real ones; then the town goes on while the bot still reloads
START_AGAIN = (
    "It runs from the playground's next start on: end it with Ctrl-C and start it again. "
    "To kill the bot and start it isn't enough, since Python keeps what it has imported."
)


class Saves:
    """Reloads in the bot that runs just then. What is saved while none does is reloaded when one has started."""

    def __init__(self, life: Life, env: Env, turn: asyncio.Lock, tell: Callable[[Toast], None]) -> None:
        self._life = life
        self._env = env
        self._turn = turn
        self._tell = tell
        self._missed: set[Path] = set()
        self._catching_up: asyncio.Task[None] | None = None
        life.on_started(lambda _bot, _db: self._catch_up())

    async def watch(self, root: Path = reload_on_save.ROOT) -> None:
        """Reload on every save until cancelled."""
        try:
            async for paths in reload_on_save.saves(root):
                await self.apply(paths)
        except Exception as error:  # the town goes on; but nobody shall wait in vain for a reload
            log.exception("Saves aren't noticed any more")
            self._tell(_toast("error", "Saves aren't noticed any more", "Start the playground again.", repr(error)))

    async def apply(self, paths: set[Path]) -> None:
        """Reload what saved files belong to, paths relative to the repository; and tell what came of it."""
        async with self._turn:
            bot = self._life.bot
            if bot is None:
                self._missed |= paths
                return
            await self._reload(bot, paths)

    async def _reload(self, bot: Hearth, paths: set[Path]) -> None:
        with as_bot(self._env):
            work = asyncio.create_task(
                reload_on_save.apply(bot, paths, lambda outcome: self._tell(toast_of(outcome)))
            )
        await asyncio.wait({work}, timeout=RELOAD_SECONDS)
        if not work.done():
            self._tell(_toast("error", "The reload doesn't end", "Something in it waits for time to pass.", ""))
        elif not work.cancelled() and (error := work.exception()) is not None:
            log.error("A reload failed", exc_info=error)
            self._tell(_toast("error", "The reload failed", "The terminal shows where.", repr(error)))

    def _catch_up(self) -> None:
        missed, self._missed = self._missed, set()
        if missed:
            self._catching_up = asyncio.create_task(self.apply(missed))


def toast_of(outcome: Outcome) -> Toast:
    """What the pages say of it."""
    match outcome:
        case Reloaded(feature, milliseconds):
            return _toast("success", f"Reloaded {feature} in {milliseconds:.0f} ms", about=feature)
        case Broken(feature, traceback, runs_on):
            text = "The version before runs on." if runs_on else "It isn't loaded."
            return _toast("error", f"{feature} is broken", text, traceback, about=feature)
        case Translated():
            return _toast("success", "Reloaded the translations")
        case NeedsRestart(path):
            return _toast("info", f"{path.as_posix()} changed", START_AGAIN)


def _toast(
    kind: Literal["info", "success", "error"], title: str, text: str = "", detail: str = "", about: str = ""
) -> Toast:
    return Toast(kind=kind, title=title, text=text, detail=detail, about=about)
