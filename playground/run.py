"""The playground from its start to its clean end."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import simcord

from database.manager import DatabaseManager
from playground.clock import Clock, real_now
from playground.simcord_adapter import as_bot, attach
from playground.world import World, build
from utils.bot import Hearth
from utils.config import Config

log = logging.getLogger("hearth.playground")

MakeBot = Callable[[Config, DatabaseManager], Hearth]
Watch = Callable[[Hearth], Coroutine[Any, Any, None]]

SQLITE = "sqlite:///"


class PlaygroundError(Exception):
    """The playground can't open; the message is the sentence for whoever started it."""


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
    async with AsyncExitStack() as stack:
        db = await stack.enter_async_context(DatabaseManager(config.database_url))
        await db.migrate()
        world = build(real_now())
        owners = config.owner_ids or frozenset({world.owner.id})
        bot = make_bot(replace(config, owner_ids=owners), db)
        await stack.enter_async_context(_living(world, bot))
        preview = await stack.enter_async_context(_page(world, port))
        announce(greeting(preview.url, config.command_prefix))
        clock = Clock(world.env, preview)
        beside = [asyncio.create_task(clock.run())]
        if watch is not None:
            beside.append(asyncio.create_task(watch(bot)))
        stack.push_async_callback(_end, beside)
        await _until(stop, beside)
        log.info("Closing the playground")


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
        f"Type {prefix}help in #general, then {prefix}remind 10s tea. The list of people above the conversation "
        "switches who you are.\nCtrl-C closes the town; it remembers what was stored.\n"
    )


@asynccontextmanager
async def _living(world: World, bot: Hearth) -> AsyncIterator[None]:
    with world.env.time_context():
        await attach(world.env, bot)
        try:
            yield
        finally:
            with as_bot(world.env):
                stopping = asyncio.ensure_future(bot.stop(grace_seconds=0))
            await stopping
            await world.env.shutdown()


@asynccontextmanager
async def _page(world: World, port: int) -> AsyncIterator[simcord.Preview]:
    try:
        preview = await _open(world, port)
    except simcord.SetupError as busy:
        log.warning("Port %d can't be used (%s), so another one is", port, busy)
        try:
            preview = await _open(world, None)
        except simcord.SetupError as error:
            raise PlaygroundError(f"The playground's page can't be served: {error}") from error
    try:
        yield preview
    finally:
        await preview.close()


async def _open(world: World, port: int | None) -> simcord.Preview:
    preview = world.env.preview(world.general, viewers=list(world.people.values()), layout="channel", port=port)
    return await preview.__aenter__()


async def _until(stop: asyncio.Event, beside: list[asyncio.Task[None]]) -> None:
    stopping = asyncio.create_task(stop.wait())
    everything: set[asyncio.Task[Any]] = {stopping, *beside}
    ended, _going_on = await asyncio.wait(everything, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    for task in ended - {stopping}:
        await task  # neither the clock nor the watcher ends by itself: this raises what stopped it


async def _end(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    for task in tasks:
        with suppress(asyncio.CancelledError):
            await task
