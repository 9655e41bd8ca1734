"""The bot as a process of its own: started, listened to, signalled, killed."""

import asyncio
import functools
import json
import os
import signal
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Self

from tests.support.discord_server import DiscordServer
from tests.support.discord_world import Payload, text_of
from tests.support.nursery import Forked, Nursery, can_fork
from tests.support.patience import PATIENCE

REPOSITORY = Path(__file__).resolve().parents[2]
POLL_SECONDS = 0.01
START_SECONDS = 15.0 * PATIENCE
ANSWER_SECONDS = 10.0 * PATIENCE


def within(seconds: float) -> Callable[[Callable[..., Awaitable[None]]], Callable[..., Awaitable[None]]]:
    """Give a test a hard end of its own, `PATIENCE` times as late on a busy machine."""

    def decorate(test: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
        @functools.wraps(test)
        async def bounded(*args: Any, **kwargs: Any) -> None:
            async with asyncio.timeout(seconds * PATIENCE):
                await test(*args, **kwargs)

        return bounded

    return decorate


def clean_environment() -> dict[str, str]:
    """Just what a process needs to run: nothing of the developer's own environment leaks into a test.

    Tests send more commands in a row than people do.
    """
    kept = {key: os.environ[key] for key in ("PATH", "HOME", "LANG", "TMPDIR") if key in os.environ}
    return kept | {"PYTHONPATH": str(REPOSITORY), "PYTHONUNBUFFERED": "1", "COMMAND_SPAM": "off"}


@functools.cache
def _nursery() -> Nursery:
    """The one of this test run; most runs of a few tests need none."""
    return Nursery(clean_environment(), REPOSITORY)


class BotProcess:
    """One run of the program. `output` grows line by line while it runs (stderr, where its log goes)."""

    def __init__(self, process: asyncio.subprocess.Process | Forked, discord: DiscordServer | None) -> None:
        self.process = process
        self.discord = discord
        self.output: list[str] = []
        self.printed: list[str] = []
        assert process.stderr is not None
        assert process.stdout is not None
        self._readers = [
            asyncio.create_task(self._read(process.stderr, self.output)),
            asyncio.create_task(self._read(process.stdout, self.printed)),
        ]

    @classmethod
    async def start(
        cls, *arguments: str, directory: Path, discord: DiscordServer | None = None, **settings: str
    ) -> Self:
        """Start it in an empty `directory`, where no `.env` lies; settings are environment variables.

        A setting of Python itself (PYTHON…) takes an interpreter of its own; see `tests/support/nursery.py`.
        """
        environment = clean_environment() | (discord.environment if discord else NOWHERE) | settings
        environment = {key: value for key, value in environment.items() if value != UNSET}
        if can_fork and not any(key.startswith("PYTHON") for key in settings):
            return cls(await _nursery().start(*arguments, directory=directory, environment=environment), discord)
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.support.launch", *arguments),
            cwd=directory,
            env=environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            limit=1 << 20,
        )
        return cls(process, discord)

    async def _read(self, stream: asyncio.StreamReader, lines: list[str]) -> None:
        while line := await stream.readline():
            lines.append(line.decode(errors="replace").rstrip("\n"))

    @property
    def running(self) -> bool:
        return self.process.returncode is None

    @property
    def text(self) -> str:
        """All that it has written, on both streams."""
        return "\n".join([*self.output, *self.printed])

    @property
    def records(self) -> list[Payload]:
        """The log with LOG_FORMAT=json; a line that isn't a JSON object is an error."""
        records = [json.loads(line) for line in self.output]
        assert all(isinstance(record, dict) for record in records)
        return records

    async def until(self, what: str, condition: Callable[[], Any], seconds: float = ANSWER_SECONDS) -> Any:
        """Wait until `condition()` is true and return it; fail when time is up or the process has ended."""
        end = time.monotonic() + seconds
        while True:
            if result := condition():
                return result
            state = "running" if self.running else f"ended with {self.process.returncode}"
            if time.monotonic() > end or not self.running:
                raise AssertionError(f"no {what} (bot {state})\n{self.text[-6000:]}")
            await asyncio.sleep(POLL_SECONDS)

    async def ready(self) -> Self:
        """Wait until it is logged in and has its guild."""
        assert self.discord is not None
        gateway = self.discord.gateway
        await self.until("login", lambda: gateway.ready, START_SECONDS)
        return self

    async def answer(self, question: Payload, seconds: float = ANSWER_SECONDS) -> Payload:
        """The bot's first message after the question, in the same channel."""
        assert self.discord is not None
        discord = self.discord
        channel = discord.world.channels[question["channel_id"]]
        answers = await self.until(
            f"answer to {question['content']!r}",
            lambda: discord.said_by_bot(channel, since=question),
            seconds,
        )
        return answers[0]

    async def ask(self, content: str, **options: Any) -> str:
        """Say something and return the text of the bot's first message after it."""
        assert self.discord is not None
        return text_of(await self.answer(await self.discord.say(content, **options)))

    def signal(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    async def exit_status(self, seconds: float = ANSWER_SECONDS) -> int:
        """Wait for it to end; what it wrote is complete then."""
        try:
            status = await asyncio.wait_for(self.process.wait(), seconds)
        except TimeoutError:
            raise AssertionError(f"still running after {seconds} s\n{self.text[-6000:]}") from None
        await asyncio.gather(*self._readers)
        return status

    async def kill(self) -> None:
        """`kill -9`, if it still runs."""
        if self.running:
            self.process.kill()
        await self.process.wait()
        await asyncio.gather(*self._readers)


# A setting with this value is left out of the environment.
UNSET = "\0unset"
# Nobody listens on the discard port of loopback.
NOWHERE = {
    "HEARTH_TEST_API": "http://127.0.0.1:9/api/v10",
    "HEARTH_TEST_GATEWAY": "ws://127.0.0.1:9/gateway",
    "HEARTH_TEST_CDN": "http://127.0.0.1:9/cdn",
}
