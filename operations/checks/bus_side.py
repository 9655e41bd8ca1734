"""The server that carries events between processes, if one is chosen."""

import asyncio
from collections.abc import Coroutine
from typing import Any, Final

import aio_pika
from aiormq.exceptions import AMQPError
from redis.exceptions import RedisError

from operations.checks.findings import Finding, reporter
from utils.bus import redis
from utils.config import Config

ANSWER_SECONDS: Final = 5.0

ok, warning, wrong = reporter("events")


async def check_bus(config: Config) -> list[Finding]:
    """Ask the server for a sign of life."""
    if config.bus == "redis":
        return [await _answers("Redis", "REDIS_URL", _ask_redis(config.redis_url))]
    if config.bus == "rabbitmq":
        return [await _answers("RabbitMQ", "RABBITMQ_URL", _ask_rabbitmq(config.rabbitmq_url))]
    if config.bus == "postgres":
        return [ok("PostgreSQL carries events between processes.")]
    return [ok("One process: nothing carries events to others.")]


async def _answers(server: str, key: str, asking: Coroutine[Any, Any, None]) -> Finding:
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            await asking
    except (OSError, RedisError, AMQPError, ValueError) as error:
        what = str(error) or type(error).__name__
        return wrong(f"{server}, which carries events between processes, isn't reached: {what}.", f"Look at {key}.")
    return ok(f"{server}, which carries events between processes, answers.")


async def _ask_redis(url: str) -> None:
    client = redis.client(url, answer_seconds=ANSWER_SECONDS)
    try:
        await client.ping()
    finally:
        await client.aclose()


async def _ask_rabbitmq(url: str) -> None:
    connection = await aio_pika.connect(url, timeout=ANSWER_SECONDS)
    await connection.close()
