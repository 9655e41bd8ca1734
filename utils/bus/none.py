"""The bus of a bot that is one process: there is nobody to tell."""

from typing import Any

from utils.bus.base import Bus


class NoBus(Bus):
    """Sends nothing, and is always well."""

    @property
    def joins(self) -> bool:
        """Nobody else is there."""
        return False

    @property
    def healthy(self) -> bool:
        """Nothing can be wrong with it."""
        return True

    @property
    def state(self) -> str:
        """How it is."""
        return "not needed: one process"

    async def start(self) -> None:
        """Nothing to begin."""

    async def close(self) -> None:
        """Nothing to let go."""

    async def send(self, topic: str, payload: dict[str, Any]) -> None:
        """Nobody to tell."""
