"""The bus between the processes of one bot: one small interface, and transports that `EVENT_BUS` chooses among."""

from database.manager import DatabaseManager
from utils.bus.base import Bus
from utils.bus.none import NoBus
from utils.config import Config

__all__ = ["Bus", "NoBus", "create_bus"]


def create_bus(config: Config, db: DatabaseManager) -> Bus:
    """The bus that the settings choose; it does no I/O until it starts."""
    return NoBus()
