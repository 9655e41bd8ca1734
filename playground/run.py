"""The playground from its start to its clean end."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import simcord
from babel.dates import LOCALTZ

from database.errors import MigrationError
from database.manager import DatabaseManager
from playground.clock import Clock, real_now
from playground.simulation.adapter import (
    as_bot,
    attach,
    leave_errors_to_the_bot,
    parse_markdown_fast,
    show_mentions_in_embeds,
)
from playground.world import World, build
from utils.bot import Hearth
from utils.config import Config

log = logging.getLogger("hearth.playground")

MakeBot = Callable[[Config, DatabaseManager], Hearth]
Watch = Callable[[Hearth], Coroutine[Any, Any, None]]

SQLITE = "sqlite:///"


class PlaygroundError(Exception):
    """The playground can't open; the message is the sentence for whoever started it."""


@dataclass(frozen=True, slots=True)
class Playground:
    """The open town."""

    world: World
    bot: Hearth
    clock: Clock
    url: str
    """The page's address. It carries a secret: whoever has it can be anybody in town."""


async def run(
    config: Config,
    make_bot: MakeBot,
    *,
    fresh: bool,
    port: int,
    stop: asyncio.Event,
    watch: Watch | None = None,
    announce: Callable[[str], None] = print,
) -> None:
    """Open the town in the browser and keep it going until `stop`.

    `fresh` forgets what the last run kept in the database. If `port` is taken, another one is used. `watch` runs
    beside the bot (reload on save). Raises PlaygroundError.
    """
    if fresh:
        forget(config.database_url)
    async with opened(config, make_bot, port=port) as playground:
        announce(greeting(playground.url, config.command_prefix))
        beside = [asyncio.create_task(playground.clock.run())]
        if watch is not None:
            beside.append(asyncio.create_task(watch(playground.bot)))
        try:
            await _until(stop, beside)
        finally:
            await _end(beside)
        log.info("Closing the playground")


@asynccontextmanager
async def opened(
    config: Config, make_bot: MakeBot, *, port: int = 0, now: Callable[[], datetime] = real_now
) -> AsyncIterator[Playground]:
    """Keep the town open inside the block: database, world, bot and page. Its clock stands until it is run.

    Port 0 is any free one. Raises PlaygroundError.
    """
    async with AsyncExitStack() as stack:
        db = await stack.enter_async_context(DatabaseManager(config.database_url))
        try:
            await db.migrate()
        except MigrationError as error:
            raise PlaygroundError(f"{error} Or forget it: --fresh starts the town anew.") from error
        world = build(now())
        owners = config.owner_ids or frozenset({world.owner.id})
        bot = make_bot(replace(config, owner_ids=owners), db)
        await stack.enter_async_context(_living(world, bot))
        preview = await stack.enter_async_context(_page(world, port))
        yield Playground(world, bot, Clock(world.env, preview, now), preview.url)


def forget(database_url: str) -> None:
    """Delete the database of the last run. Raises PlaygroundError for one that isn't a file of ours."""
    if not database_url.startswith(SQLITE):
        raise PlaygroundError("--fresh deletes the playground's SQLite file, and this is another database.")
    path = Path(database_url.removeprefix(SQLITE))
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def greeting(url: str, prefix: str) -> str:
    """What the terminal says once everything runs."""
    return (
        f"\nHearth Town is open. Put this address into your browser:\n\n    {url}\n\n"
        f"Type {prefix}help in #general, then {prefix}remind 10s tea. 'Viewing as', above the conversation, "
        "switches who you are.\nCtrl-C closes the town. What the bot stored stays for the next time.\n"
    )


@asynccontextmanager
async def _living(world: World, bot: Hearth) -> AsyncIterator[None]:
    try:
        leave_errors_to_the_bot(world.env)
        await attach(world.env, bot)
        yield
    finally:
        with as_bot(world.env):
            stopping = asyncio.create_task(bot.stop(grace_seconds=0))
        await stopping
        await world.env.shutdown()


@asynccontextmanager
async def _page(world: World, port: int) -> AsyncIterator[simcord.Preview]:
    async with AsyncExitStack() as stack:
        try:
            preview = await stack.enter_async_context(_preview(world, port))
        except simcord.SetupError as busy:
            log.warning("Port %d can't be used (%s); any free one will do", port, busy)
            try:
                preview = await stack.enter_async_context(_preview(world, 0))
            except simcord.SetupError as error:
                raise PlaygroundError(f"The playground's page can't be served: {error}") from error
        yield preview


def _preview(world: World, port: int) -> simcord.Preview:
    parse_markdown_fast()
    show_mentions_in_embeds()
    return world.env.preview(
        world.general,
        viewers=list(world.people.values()),
        layout="channel",
        port=port,
        assets=world.pictures,
        timezone=getattr(LOCALTZ, "key", None) or "UTC",
    )


async def _until(stop: asyncio.Event, beside: list[asyncio.Task[None]]) -> None:
    stopping = asyncio.create_task(stop.wait())
    everything: set[asyncio.Task[Any]] = {stopping, *beside}
    ended, _going_on = await asyncio.wait(everything, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    for task in ended - {stopping}:
        await task  # the clock ends with the bot; whatever else ended a task is raised here


async def _end(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    for task in tasks:
        with suppress(asyncio.CancelledError):
            await task
