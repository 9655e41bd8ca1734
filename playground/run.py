"""The playground from its start to its clean end."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from playground import memory
from playground.clock import TownClock, real_now
from playground.errors import PlaygroundError, Refused
from playground.life import Life, MakeBot
from playground.memory import Memory
from playground.runtime import Playground
from playground.saves import Saves
from playground.server.app import Server
from playground.server.live import Live
from playground.simulation.acting import Acting
from playground.simulation.adapter import watch
from playground.simulation.sight import Sight
from playground.simulation.standing import Standing
from playground.simulation.wire import Call, Go
from playground.town.build import build
from playground.town.file import HEARTH, load
from playground.town.world import World
from playground.tracer import Tracer
from playground.trouble import Trouble
from utils.config import Config
from utils.metrics import CannotServeError
from utils.metrics.server import Observer

log = logging.getLogger("hearth.playground")


async def run(
    config: Config,
    make_bot: MakeBot,
    *,
    fresh: bool,
    port: int,
    stop: asyncio.Event,
    dev: bool = False,
    town: Path = HEARTH,
    announce: Callable[[str], None] = print,
) -> None:
    """Open a town in the browser and keep it going until `stop`.

    `fresh` forgets what the last run kept. If `port` is taken, another one is used. With `dev`, what is saved is
    reloaded. `town` is the file that describes it. Raises PlaygroundError.
    """
    if fresh:
        forget(config.database_url)
    if stop.is_set():
        return
    async with opened(config, make_bot, port=port, dev=dev, town=town) as playground:
        announce(greeting(playground))
        beside = [asyncio.create_task(playground.clock.run()), asyncio.create_task(playground.live.look_again())]
        if dev:
            saves = Saves(playground.life, playground.world.env, playground.turn, playground.live.toast)
            beside.append(asyncio.create_task(saves.watch()))
        try:
            await until_stopped(stop, beside)
        finally:
            await _end(beside)
        log.info("Closing the playground")


@asynccontextmanager
async def opened(
    config: Config,
    make_bot: MakeBot,
    *,
    port: int = 0,
    dev: bool = False,
    town: Path = HEARTH,
    now: Callable[[], datetime] = real_now,
) -> AsyncIterator[Playground]:
    """Keep the town open inside the block: world, bot and page. Its clock stands until it is run.

    Port 0 is any free one. Raises PlaygroundError.
    """
    kept = _remembered(config.database_url)
    here = (now() + kept.ahead).astimezone()  # the town's 'yesterday' is that of whoever looks at it
    world = build(load(town), here, prefix=config.command_prefix)
    playground = _furnished(config, make_bot, world, kept, dev=dev, now=now)
    server = Server(playground, kept.secret)
    async with AsyncExitStack() as stack:
        stack.callback(playground.tracer.close)
        observer = Observer()
        stack.push_async_callback(observer.close)
        if config.metrics_port is not None:
            playground.life.on_made(lambda bot, _db: observer.follow(bot))
        stack.push_async_callback(playground.life.close)
        try:
            await playground.life.start()
            if config.metrics_port is not None:
                await observer.start(config.metrics_host, config.metrics_port)
        except (Refused, CannotServeError) as refusal:
            raise PlaygroundError(str(refusal)) from refusal
        stack.push_async_callback(server.stop)
        await server.start(port)
        playground.url = server.url
        yield playground


def _furnished(
    config: Config, make_bot: MakeBot, world: World, kept: Memory, *, dev: bool, now: Callable[[], datetime]
) -> Playground:
    """Put the parts together, each knowing of the others what it needs."""
    live, turn = Live(), asyncio.Lock()
    sight = Sight(world)
    tracer = Tracer(world.env.now, config.secrets)
    life = Life(config, make_bot, world, turn, tell=live.toast, changed=lambda: live.dirty("trouble"))
    life.arounds.append(tracer.around)  # the outermost: it sees what the others do to a call
    life.on_made(tracer.attach)
    trouble = Trouble(life, sight, Standing(world.env), tell=live.toast, changed=lambda: live.dirty("trouble"))
    clock = TownClock(world.env, life, kept, turn, now=now, tell=live.toast, changed=live.time_passed)
    playground = Playground(
        config=config, dev=dev, world=world, life=life, clock=clock, sight=sight, acting=Acting(world),
        tracer=tracer, trouble=trouble, live=live, turn=turn,
    )  # fmt: skip

    async def tell_pages(call: Call, go: Go) -> Any:
        try:
            return await go()
        finally:
            live.called(call.path)

    life.arounds.append(tell_pages)
    tracer.on_change(live.traced)
    sight.traced = tracer.has
    watch(world.env, lambda name, payload: live.heard(playground, name, payload))
    return playground


# --- what is kept


def _remembered(database_url: str) -> Memory:
    try:
        return memory.load(memory.beside(database_url))
    except OSError as error:
        raise PlaygroundError(f"The playground can't keep its state: {error}") from error


def forget(database_url: str) -> None:
    """Delete what the last run kept. Raises PlaygroundError for a database that isn't a file of ours."""
    if not database_url.startswith(memory.SQLITE):
        raise PlaygroundError("--fresh deletes the playground's SQLite file, and this is another database.")
    path = memory.database_file(database_url)
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    memory.forget(memory.beside(database_url))


# --- the end


def greeting(playground: Playground) -> str:
    """What the terminal says once everything runs."""
    prefix = playground.config.command_prefix
    return (
        f"\n{playground.world.name} is open. Put this address into your browser:\n\n    {playground.url}\n\n"
        f"Type {prefix}help in #general, then {prefix}remind 10s tea. 'You are', at the top, switches who you are.\n"
        "Ctrl-C closes the town. What the bot stored stays for the next time.\n"
    )


async def until_stopped(stop: asyncio.Event, beside: Iterable[asyncio.Task[None]]) -> None:
    """Wait for `stop`. What one of the tasks `beside` raises is raised here; one may also just end before."""
    stopping = asyncio.create_task(stop.wait())
    waiting: set[asyncio.Task[Any]] = {stopping, *beside}
    try:
        while not stopping.done():
            ended, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            for task in ended:
                await task
    finally:
        stopping.cancel()


async def _end(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    for task in tasks:
        with suppress(asyncio.CancelledError):
            await task
