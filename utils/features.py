"""Loading features, and loading them again while the bot runs.

discord.py's own `reload_extension` makes new cogs of the old code when the new one is broken, so their state is gone.
Here the new code is imported beside the running one first; only when that works do the cogs change places, and if
their setup fails the old ones, state and all, come back.
"""

import asyncio
import importlib
import importlib.util
import logging
import pkgutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from utils.cog import Cog

if TYPE_CHECKING:
    from utils.bot import Hearth

log = logging.getLogger("hearth.features")

COGS = "cogs"
STORES = Path(__file__).resolve().parent.parent / "database"


class FeatureError(Exception):
    """A feature could not be loaded, unloaded or reloaded; the cause carries the traceback."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A feature that runs."""

    name: str
    module: ModuleType
    milliseconds: float


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken out of the bot, to bring it back if nothing better comes."""

    cogs: list[Cog] = field(default_factory=list)
    put_back: list[Callable[[], None]] = field(default_factory=list)


class Features:
    """The features of a bot: packages under `cogs/`, each with `async def setup(bot)`.

    A feature's modules are its package and its store, `database.<feature>`.
    """

    def __init__(self, bot: "Hearth", package: str = COGS) -> None:
        self.bot = bot
        self.package = package
        self.loaded: dict[str, Loaded] = {}
        self.failed: dict[str, BaseException] = {}
        self._imported: set[str] = set()
        self._changing = asyncio.Lock()  # a save and a command may both want a reload

    def available(self) -> list[str]:
        """Every feature there is code for."""
        package = importlib.import_module(self.package)
        importlib.invalidate_caches()
        return sorted(module.name for module in pkgutil.iter_modules(package.__path__) if module.ispkg)

    async def load_all(self) -> None:
        """Load every feature; one that fails is kept in `failed` and doesn't stop the others."""
        for name in self.available():
            with suppress(FeatureError):
                await self.load(name)

    async def load(self, name: str) -> Loaded:
        """Load a feature. Raises FeatureError, with nothing of it left behind."""
        async with self._changing:
            return await self._load(name)

    async def _load(self, name: str) -> Loaded:
        self._must_exist(name)
        if name in self.loaded:
            raise FeatureError(f"{name} is loaded already")
        started = time.perf_counter()
        try:
            # Another bot of this process may have imported it; `unload` and failures forget the modules.
            module = sys.modules.get(f"{self.package}.{name}") or self._import(name)
            await self._set_up(name, module)
        except BaseException as error:
            self._take_modules(name)
            raise self._failure(name, error) from error
        return self._now_loaded(name, module, started)

    async def unload(self, name: str) -> None:
        """Take a feature away: its commands, listeners, checks and tasks."""
        async with self._changing:
            if name not in self.loaded:
                raise FeatureError(f"{name} is not loaded")
            await self._take_down(name, Taken())
            del self.loaded[name]
            self._take_modules(name)

    async def reload(self, name: str) -> Loaded:
        """Put the code on disk in the place of what runs; if that fails, what ran goes on. Raises FeatureError."""
        async with self._changing:
            return await (self._reload(name) if name in self.loaded else self._load(name))

    async def _reload(self, name: str) -> Loaded:
        started = time.perf_counter()
        old_modules = self._take_modules(name)
        try:
            module = self._import(name)
        except BaseException as error:
            self._put_back(name, old_modules)
            raise self._failure(name, error) from error
        taken = Taken()
        try:
            await self._take_down(name, taken)
            await self._set_up(name, module)
        except BaseException as error:
            self._put_back(name, old_modules)
            await self._bring_back(name, taken)
            raise self._failure(name, error) from error
        return self._now_loaded(name, module, started)

    def cogs_of(self, name: str) -> list[Cog]:
        """The cogs of a feature that are in the bot."""
        return [cog for cog in self.bot.cogs.values() if isinstance(cog, Cog) and cog.feature == name]

    # --- steps

    async def _set_up(self, name: str, module: ModuleType) -> None:
        try:
            await module.setup(self.bot)
        except BaseException:
            await self._take_down(name, Taken())
            raise

    async def _take_down(self, name: str, taken: Taken) -> None:
        """Take everything of a feature out of the bot, and note it in `taken`."""
        for cog in self.cogs_of(name):
            taken.cogs.append(cog)
            await self.bot.remove_cog(cog.qualified_name)
        # What `setup` added without a cog.
        for event, listeners in list(self.bot.extra_events.items()):
            for listener in [one for one in listeners if self._owns(name, one.__module__)]:
                self.bot.remove_listener(listener, event)
                taken.put_back.append(partial(self.bot.add_listener, listener, event))
        for command in [one for one in self.bot.commands if self._owns(name, one.module)]:
            self.bot.remove_command(command.name)
            taken.put_back.append(partial(self.bot.add_command, command))
        for checks, call_once in ((self.bot._checks, False), (self.bot._check_once, True)):
            for check in [one for one in checks if self._owns(name, one.__module__)]:
                self.bot.remove_check(check, call_once=call_once)
                taken.put_back.append(partial(self.bot.add_check, check, call_once=call_once))

    async def _bring_back(self, name: str, taken: Taken) -> None:
        for cog in taken.cogs:
            try:
                await self.bot.add_cog(cog)
            except Exception:  # the other cogs still come back
                log.exception("%s of %s did not come back", cog.qualified_name, name)
        for put_back in taken.put_back:
            put_back()

    def _owns(self, name: str, module_name: str | None) -> bool:
        """Whether a module is of this feature's package."""
        return f"{module_name}.".startswith(f"{self.package}.{name}.")

    def _now_loaded(self, name: str, module: ModuleType, started: float) -> Loaded:
        self.failed.pop(name, None)
        loaded = self.loaded[name] = Loaded(name, module, (time.perf_counter() - started) * 1000)
        self.bot.timers.wake()  # timers may have waited for this feature's listeners
        log.info("Loaded %s in %.0f ms", name, loaded.milliseconds)
        return loaded

    def _failure(self, name: str, error: BaseException) -> FeatureError:
        if isinstance(error, asyncio.CancelledError):  # nobody's failure: the bot is stopped while it starts
            raise error
        self.failed[name] = error
        log.error("Loading %s failed", name, exc_info=error)
        return FeatureError(f"{name}: {type(error).__name__}: {error}")

    def _must_exist(self, name: str) -> None:
        if name not in self.available():
            raise FeatureError(f"there is no feature called {name}; there are {', '.join(self.available())}")

    # --- modules

    def _module_names(self, name: str) -> Iterator[str]:
        for module_name in list(sys.modules):
            if module_name == f"database.{name}" or self._owns(name, module_name):
                yield module_name

    def _take_modules(self, name: str) -> dict[str, ModuleType]:
        """Forget a feature's modules so that the next import reads the files again."""
        taken = {module_name: sys.modules.pop(module_name) for module_name in self._module_names(name)}
        for module_name in taken:
            # `from database import economy` would find the old module on its parent.
            parent, _dot, child = module_name.rpartition(".")
            if parent in sys.modules and hasattr(sys.modules[parent], child):
                delattr(sys.modules[parent], child)
        return taken

    def _put_back(self, name: str, modules: dict[str, ModuleType]) -> None:
        self._take_modules(name)
        for module_name, module in modules.items():
            sys.modules[module_name] = module
            parent, _dot, child = module_name.rpartition(".")
            if parent in sys.modules:
                setattr(sys.modules[parent], child, module)

    def _import(self, name: str) -> ModuleType:
        importlib.invalidate_caches()
        if name in self._imported:  # at a start Python's own compiled files do, which saves seconds
            self._drop_bytecode(name)
        self._imported.add(name)
        return importlib.import_module(f"{self.package}.{name}")

    def _drop_bytecode(self, name: str) -> None:
        """Compiled files are matched by whole seconds and size: a quick second save could be missed."""
        package = importlib.import_module(self.package)
        sources = [source for folder in package.__path__ for source in Path(folder, name).rglob("*.py")]
        for source in [*sources, STORES / f"{name}.py"]:
            Path(importlib.util.cache_from_source(source)).unlink(missing_ok=True)
