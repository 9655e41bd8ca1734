"""What every sub-command shares: settings, logs, signals, and errors as one sentence with an exit status."""

import asyncio
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Coroutine, Iterable
from contextlib import suppress
from typing import Any

from database.errors import DatabaseError
from utils import log
from utils.config import Config, ConfigError, environment

EXIT_DONE = 0
EXIT_FAILED = 1
EXIT_WRONG_SETTINGS = 2
LONGEST_ANSWER = 1_000  # bytes
EXIT_SIGNAL = 128  # and the signal's number, as shells say it

Operation = Callable[[Config], Coroutine[Any, Any, None]]


class OperationError(Exception):
    """What was asked for can't be done; the message is the sentence for the operator."""


def run_operation(operation: Operation, *, secrets: Iterable[str] = ()) -> int:
    """Read the settings, run `operation` with them to its end, and return the exit status.

    What `operation` has to tell it prints; its `OperationError`s and `DatabaseError`s are logged as one sentence. On
    SIGINT and SIGTERM it is cancelled, and cleans up. `secrets`, besides those of the settings, are in no log.
    """
    try:
        config = Config.from_env(environment(), playground=True)  # no sub-command needs the token
    except ConfigError as error:
        print(error, file=sys.stderr)
        return EXIT_WRONG_SETTINGS
    log.set_up(config.log_level, config.log_format, config.secrets | frozenset(filter(None, secrets)))
    try:
        return asyncio.run(_until_signal(operation(config)))
    except (OperationError, DatabaseError) as error:
        logging.getLogger("hearth").critical("%s", error)
        return EXIT_FAILED


async def is_wanted(question: str) -> bool:
    """Ask who sits at the terminal; True for yes. Raises `OperationError` if nobody does."""
    if not sys.stdin.isatty():
        raise OperationError("Nobody is here to be asked: say --yes to do it without a question.")
    print(f"{question} [yes/no] ", end="", flush=True)
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[bytes] = loop.create_future()

    def tell(line: bytes) -> None:
        if not answer.done():
            answer.set_result(line)

    def read() -> None:
        line = os.read(sys.stdin.fileno(), LONGEST_ANSWER)
        loop.call_soon_threadsafe(tell, line)

    # A thread that nobody waits for at the end: after Ctrl-C it may read for ever.
    threading.Thread(target=read, daemon=True).start()
    return (await answer).decode(errors="replace").strip().lower() in {"y", "yes"}


async def _until_signal(work: Coroutine[Any, Any, None]) -> int:
    """Run some work; a first signal cancels it, and the status says which signal it was."""
    task = asyncio.create_task(work)
    received: list[signal.Signals] = []

    def stop(number: signal.Signals) -> None:
        received.append(number)
        task.cancel()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):  # Windows: Ctrl-C arrives as KeyboardInterrupt
            loop.add_signal_handler(number, stop, number)
    try:
        await task
    except asyncio.CancelledError:
        if not received:
            raise
        logging.getLogger("hearth").warning("Stopped by %s before it was done", received[0].name)
        return EXIT_SIGNAL + received[0]
    return EXIT_DONE
