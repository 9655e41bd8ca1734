"""What the bot is used for: told of each command that ran, without I/O, and counts of what Discord sends."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from utils.errors import ErrorReports


@dataclass(frozen=True, slots=True)
class CommandRun:
    """One use of a command: `outcome` is done, refused, error or cancelled.

    `name` is None for a command that a server made, and `guild_id` in direct messages.
    """

    name: str | None
    guild_id: int | None
    milliseconds: float
    outcome: str


class Usage:
    """Tells its hearers of commands, and counts events since the start."""

    def __init__(self, reports: ErrorReports) -> None:
        self.hearers: list[Callable[[CommandRun], None]] = []
        """Plain functions that do no I/O."""
        self.events: Counter[str] = Counter()
        """How often each event was dispatched: Discord's, and the bot's own."""
        self._reports = reports

    def ran(self, run: CommandRun) -> None:
        """Tell that a command ran; a hearer that fails keeps no other from hearing."""
        for hear in self.hearers:
            try:
                hear(run)
            except Exception as error:  # noqa: BLE001
                self._reports.add(error, hear.__qualname__)
