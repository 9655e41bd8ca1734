"""The small HTTP server for Prometheus and for whoever looks after the process: /metrics, /healthz, /readyz."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from aiohttp import web
from prometheus_client import CollectorRegistry
from prometheus_client.core import Metric as AnyFamily
from prometheus_client.exposition import choose_encoder

from utils.health import Health, HealthWatch
from utils.metrics import CannotServeError, catalogue, readings
from utils.metrics.hearing import Hearing
from utils.metrics.instruments import Instruments

if TYPE_CHECKING:
    from utils.bot import Hearth

LOOK_SECONDS: Final = 1.0
CLOSING_SECONDS: Final = 1.0
"""How long a request under way may take when the bot ends."""


class Observer:
    """Everything that measures one bot, or in the playground one after the other, and the server that tells of it."""

    _bot: "Hearth"
    _watch: HealthWatch

    def __init__(self) -> None:
        self._instruments = Instruments()
        self._hearing: Hearing | None = None
        self._looking: asyncio.Task[None] | None = None
        self._writing = asyncio.Lock()
        app = web.Application()
        app.router.add_get("/metrics", self._metrics)
        app.router.add_get("/healthz", self._healthz)
        app.router.add_get("/readyz", self._readyz)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=CLOSING_SECONDS)

    def follow(self, bot: "Hearth") -> None:
        """Measure a bot that hasn't logged in yet, from now on, and no other."""
        if self._hearing is not None:
            self._hearing.close()
        self._bot = bot
        self._hearing = Hearing(bot, self._instruments)
        self._watch = HealthWatch(bot)

    async def start(self, host: str, port: int) -> None:
        """Listen, when there is a bot to follow. Raises `CannotServeError`."""
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, host, port).start()
        except OSError as error:
            raise CannotServeError(
                f"METRICS_PORT {port} on {host} can't be listened on: {error.strerror or error}. Choose another "
                "port or METRICS_HOST, or end the program that has it."
            ) from error
        self._looking = asyncio.create_task(self._look_again(), name="health")

    async def close(self) -> None:
        """Measure and serve nothing more."""
        if self._looking is not None:
            self._looking.cancel()
            with suppress(asyncio.CancelledError):
                await self._looking
        await self._runner.cleanup()
        if self._hearing is not None:
            self._hearing.close()

    async def _look_again(self) -> None:
        lag = self._instruments.of(catalogue.LOOP_LAG)
        loop = asyncio.get_running_loop()
        while True:
            before = loop.time()
            await asyncio.sleep(LOOK_SECONDS)
            lag.observe(max(loop.time() - before - LOOK_SECONDS, 0))
            self._watch.look()

    # --- what is asked for

    async def _metrics(self, request: web.Request) -> web.Response:
        encode, content_type = choose_encoder(request.headers.get("Accept", ""))
        async with self._writing:  # one at a time: it is work for the processor, and nobody needs two
            families = await readings.read(self._bot, await self._watch.read())
            # In a thread: a long page would hold up the event loop. What is read there is locked or of this request.
            page = await asyncio.to_thread(encode, _Page(families, self._instruments.registry))
        return web.Response(body=page, headers={"Content-Type": content_type})

    async def _healthz(self, request: web.Request) -> web.Response:
        health = await self._watch.read()
        return _answer(health, well=health.alive)

    async def _readyz(self, request: web.Request) -> web.Response:
        health = await self._watch.read()
        return _answer(health, well=health.ready)


class _Page:
    """What was read and what was noted, as one collector."""

    def __init__(self, families: Sequence[AnyFamily], registry: CollectorRegistry) -> None:
        self._families = families
        self._registry = registry

    def collect(self) -> Iterator[AnyFamily]:
        yield from self._families
        yield from self._registry.collect()


def _answer(health: Health, *, well: bool) -> web.Response:
    return web.json_response(health.facts(), status=200 if well else 503, headers={"Cache-Control": "no-store"})
