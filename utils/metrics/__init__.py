"""Metrics for Prometheus, and health for whoever restarts the process. Off unless METRICS_PORT is set.

`catalogue.py` names every metric; `hearing.py` notes what happens, `readings.py` reads what holds, `server.py` tells.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from utils.bot import Hearth


class CannotServeError(Exception):
    """The address can't be listened on; the message is the sentence for the operator."""


@asynccontextmanager
async def observed(bot: "Hearth") -> AsyncIterator[None]:
    """Measure a bot and tell of it while the block runs, if METRICS_PORT says where. Raises `CannotServeError`.

    Enter it before the bot logs in, and leave it after it has closed: so it can tell of its start and its end.
    """
    if bot.config.metrics_port is None:
        yield
        return
    from utils.metrics.server import Observer  # noqa: PLC0415 - two libraries that most bots start without

    observer = Observer()
    observer.follow(bot)
    try:
        await observer.start(bot.config.metrics_host, bot.config.metrics_port)
        yield
    finally:
        await observer.close()
