"""What the bot is used for: told of each command that ran, without I/O, and counts of what Discord sends."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from utils.errors import ErrorReports

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class CommandRun:
    """One use of a command: `outcome` is done, refused, error or cancelled.

    `name` is None for a command that a server made, and `guild_id` in direct messages.
    """

    name: str | None
    guild_id: int | None
    milliseconds: float
    outcome: str


@dataclass(frozen=True, slots=True)
class BatchWritten:
    """What was gathered in memory and written together: `size` is of how many members, or other things."""

    what: str
    size: int


class Usage:
    """Tells its hearers of commands and batches, and counts events since the start."""

    def __init__(self, reports: ErrorReports) -> None:
        self.hearers: list[Callable[[CommandRun], None]] = []
        """Plain functions that do no I/O."""
        self.batch_hearers: list[Callable[[BatchWritten], None]] = []
        """The same for what `utils/gathering.py` writes."""
        self.events: Counter[str] = Counter()
        """How often each event was dispatched: Discord's, and the bot's own."""
        self._reports = reports

    def ran(self, run: CommandRun) -> None:
        """Tell that a command ran; a hearer that fails keeps no other from hearing."""
        self._tell(self.hearers, run)

    def wrote(self, batch: BatchWritten) -> None:
        """Tell that a batch was written."""
        self._tell(self.batch_hearers, batch)

    def _tell(self, hearers: list[Callable[[T], None]], news: T) -> None:
        for hear in hearers:
            try:
                hear(news)
            except Exception as error:  # noqa: BLE001
                self._reports.add(error, hear.__qualname__)
