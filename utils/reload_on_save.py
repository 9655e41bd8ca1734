"""`--dev`: what is saved runs a moment later; what can't be swapped while running says so."""

import asyncio
import logging
from pathlib import Path
from typing import TYPE_CHECKING

from utils import i18n
from utils.features import FeatureError

if TYPE_CHECKING:
    from utils.bot import Hearth

log = logging.getLogger("hearth.dev")

ROOT = Path(__file__).resolve().parent.parent
WATCHED = ("cogs", "database", "utils", "locales", "migrations", "main.py")
NEEDS_WATCHFILES = "--dev needs watchfiles: pip install -r requirements-dev.txt"


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


async def apply(bot: "Hearth", paths: set[Path]) -> None:
    """Reload what these saved files belong to."""
    reload, translations, restart = features_touched(paths, bot.features.available())
    for feature in sorted(reload & set(bot.features.available())):
        try:
            loaded = await bot.features.reload(feature)
        except FeatureError:
            log.warning("%s is broken; the version before runs on", feature)
        else:
            log.info("Reloaded %s in %.0f ms", feature, loaded.milliseconds)
    if translations:
        i18n.load_catalogues()
        log.info("Reloaded the translations")
    for path in restart:
        log.warning("%s changed: restart the bot to see it", path)


async def watch(bot: "Hearth", root: Path = ROOT) -> None:
    """Reload on every save until cancelled."""
    from watchfiles import awatch  # noqa: PLC0415 - a development dependency

    log.info("Watching for saves")
    async for changes in awatch(*(root / name for name in WATCHED if (root / name).exists()), debounce=200, step=50):
        await apply(bot, {Path(path).relative_to(root) for _change, path in changes})


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
