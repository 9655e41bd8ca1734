"""Where what happens in the bot becomes metrics. Without it nothing listens, and nothing is measured."""

import logging
from typing import TYPE_CHECKING, Final

from utils.events import TimerEvent
from utils.metrics import catalogue
from utils.metrics.bounded import Bounded
from utils.metrics.instruments import Instruments
from utils.metrics.rest import RestCalls
from utils.metrics.statements import Statements
from utils.usage import BatchWritten, CommandRun

if TYPE_CHECKING:
    from utils.bot import Hearth

CUSTOM: Final = "custom"
"""All commands that servers made."""
MOST_WRITERS: Final = 50
GATEWAY_WAITS: Final = "is ratelimited"
"""In the line that discord.py logs before it waits to send more to the gateway; it has no other way to tell."""


class Hearing:
    """Listens to one bot from before it logs in until `close`."""

    def __init__(self, bot: "Hearth", instruments: Instruments) -> None:
        self._commands = instruments.of(catalogue.COMMANDS)
        self._command_seconds = instruments.of(catalogue.COMMAND_SECONDS)
        self._batches = instruments.of(catalogue.BATCHES)
        self._timer_lag = instruments.of(catalogue.TIMER_LAG)
        self._writers = Bounded(MOST_WRITERS)
        self._statements = Statements(instruments, bot.db)
        self._log = _LogLines(instruments)
        bot.usage.hearers.append(self._command_ran)
        bot.usage.batch_hearers.append(self._batch_written)
        bot.timers.hearers.append(self._timer_handed_out)
        bot.http.http_trace = RestCalls(instruments).trace
        logging.getLogger().addHandler(self._log)

    def close(self) -> None:
        """Let go of what outlives the bot."""
        self._statements.close()
        logging.getLogger().removeHandler(self._log)

    def _command_ran(self, run: CommandRun) -> None:
        name = run.name or CUSTOM
        self._commands.labels(name, run.outcome).inc()
        self._command_seconds.labels(name).observe(run.milliseconds / 1000)

    def _batch_written(self, batch: BatchWritten) -> None:
        self._batches.labels(self._writers(batch.what)).observe(batch.size)

    def _timer_handed_out(self, event: TimerEvent) -> None:
        if event.attempt == 1:  # a later one is late by what its handler took, or couldn't do
            self._timer_lag.observe(max(event.late.total_seconds(), 0))


class _LogLines(logging.Handler):
    """Counts lines by level, in whatever thread they are written."""

    def __init__(self, instruments: Instruments) -> None:
        super().__init__(logging.WARNING)
        self._lines = instruments.of(catalogue.LOG_LINES)
        self._limits = instruments.of(catalogue.RATE_LIMITS)

    def emit(self, record: logging.LogRecord) -> None:
        self._lines.labels(record.levelname.lower() if record.levelno in _LEVELS else "other").inc()
        if record.name == "discord.gateway" and GATEWAY_WAITS in str(record.msg):
            self._limits.labels("gateway").inc()


_LEVELS: Final = frozenset({logging.WARNING, logging.ERROR, logging.CRITICAL})
