"""The bus between the processes of one bot: one small interface, and transports that `EVENT_BUS` chooses among."""

import secrets

from database.manager import DatabaseManager
from utils.bus.base import Bus
from utils.bus.line import Line
from utils.bus.linked import LinkedBus
from utils.bus.none import NoBus
from utils.config import Config

__all__ = ["Bus", "NoBus", "create_bus"]

NAME_BYTES = 6


def create_bus(config: Config, db: DatabaseManager) -> Bus:
    """The bus that the settings choose; it does no I/O until it starts."""
    if config.bus == "none":
        return NoBus()
    reader = secrets.token_hex(NAME_BYTES)
    return LinkedBus(_line(config, reader), reader)


def _line(config: Config, reader: str) -> Line:
    # Each brings its library, and most bots need none of them.
    if config.bus == "postgres":
        from utils.bus.postgres import PostgresLine  # noqa: PLC0415

        return PostgresLine(config.database_url, reader)
    if config.bus == "redis":
        from utils.bus.redis import RedisLine  # noqa: PLC0415

        return RedisLine(config.redis_url, reader)
    from utils.bus.rabbitmq import RabbitLine  # noqa: PLC0415

    return RabbitLine(config.rabbitmq_url, reader)
