"""`--dev`: what is saved runs a moment later; what can't be swapped while running says so."""

import asyncio
import logging
import traceback
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from utils import i18n
from utils.features import FeatureError
from utils.log import mask

if TYPE_CHECKING:
    from utils.bot import Hearth

log = logging.getLogger("hearth.dev")

ROOT = Path(__file__).resolve().parent.parent
WATCHED = ("cogs", "database", "utils", "locales", "migrations", "main.py")
NEEDS_WATCHFILES = "--dev needs watchfiles: pip install -r requirements-dev.txt"


@dataclass(frozen=True, slots=True)
class Reloaded:
    """A feature's new code runs."""

    feature: str
    milliseconds: float


@dataclass(frozen=True, slots=True)
class Broken:
    """A feature's new code doesn't work."""

    feature: str
    traceback: str
    runs_on: bool
    """Whether the version before goes on running; else the feature is away."""


@dataclass(frozen=True, slots=True)
class Translated:
    """The translations were read again. A broken catalogue is in the log."""


@dataclass(frozen=True, slots=True)
class NeedsRestart:
    """A file that is only read when the program starts."""

    path: Path
    """Relative to the repository."""


Outcome = Reloaded | Broken | Translated | NeedsRestart
"""What came of a save."""
Hear = Callable[[Outcome], None]


def features_touched(paths: set[Path], features: list[str]) -> tuple[set[str], bool, list[Path]]:
    """What saved files mean: features to reload, whether translations changed, and files that need a restart.

    Paths are relative to the repository. A feature is its package in `cogs/` and its store in `database/`.
    """
    reload: set[str] = set()
    restart: list[Path] = []
    translations = False
    for path in sorted(paths):
        parts = path.parts
        if path.suffix == ".po":
            translations = True
        elif path.suffix not in {".py", ".sql"}:
            continue
        elif parts[0] == "cogs" and len(parts) > 2:
            reload.add(parts[1])
        elif parts[0] == "database" and path.stem in features:
            reload.add(path.stem)
        else:
            restart.append(path)
    return reload, translations, restart


async def apply(bot: "Hearth", paths: set[Path], hear: Hear | None = None) -> list[Outcome]:
    """Reload what these saved files belong to. `hear` is told of each outcome at once; all are in the log too."""
    outcomes: list[Outcome] = []
    async for outcome in _applied(bot, paths):
        _write_down(outcome)
        outcomes.append(outcome)
        if hear is not None:
            hear(outcome)
    return outcomes


async def _applied(bot: "Hearth", paths: set[Path]) -> AsyncIterator[Outcome]:
    available = bot.features.available()
    reload, translations, restart = features_touched(paths, available)
    for feature in sorted(reload & set(available)):
        yield await _reload(bot, feature)
    if translations:
        i18n.load_catalogues()
        yield Translated()
    for path in restart:
        yield NeedsRestart(path)


async def _reload(bot: "Hearth", feature: str) -> Reloaded | Broken:
    try:
        loaded = await bot.features.reload(feature)
    except FeatureError as error:
        text = "".join(traceback.format_exception(error.__cause__ or error))
        return Broken(feature, mask(text, bot.config.secrets), runs_on=feature in bot.features.loaded)
    return Reloaded(feature, loaded.milliseconds)


def _write_down(outcome: Outcome) -> None:
    match outcome:
        case Reloaded(feature, milliseconds):
            log.info("Reloaded %s in %.0f ms", feature, milliseconds)
        case Broken(feature, runs_on=True):
            log.warning("%s is broken; the version before runs on", feature)
        case Broken(feature):
            log.warning("%s is broken and could not be loaded", feature)
        case Translated():
            log.info("Reloaded the translations")
        case NeedsRestart(path):
            log.warning("%s changed: restart the bot to see it", path)


async def saves(root: Path = ROOT) -> AsyncIterator[set[Path]]:
    """The files that are saved, relative to `root`, in small heaps as they come; for ever.

    Raises FileNotFoundError if nothing of what is watched is there.
    """
    from watchfiles import awatch  # noqa: PLC0415 - a development dependency

    watched = [root / name for name in WATCHED if (root / name).exists()]
    if not watched:
        raise FileNotFoundError(f"there is nothing to watch in {root}")
    log.info("Watching for saves")
    async for changes in awatch(*watched, debounce=200, step=50):
        yield {Path(path).relative_to(root) for _change, path in changes}


async def watch(bot: "Hearth", root: Path = ROOT) -> None:
    """Reload on every save until cancelled."""
    async for paths in saves(root):
        await apply(bot, paths)


def available() -> bool:
    """Whether the library that watches files is installed."""
    try:
        import watchfiles  # noqa: F401, PLC0415 - a development dependency
    except ImportError:
        return False
    return True


def start(bot: "Hearth") -> "asyncio.Task[None]":
    """Watch in the background."""
    return asyncio.create_task(watch(bot))
