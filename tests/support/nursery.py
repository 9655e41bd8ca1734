"""Start the program many times without reading the libraries each time anew.

Most of what a start costs is importing discord.py, aiohttp and the like. So one process imports them, and
forks itself for each start. The child is a process like any other: it has its own environment, folder, signals and
end, and imports every line of Hearth's own anew, as what is set at import (`database/ids.py`) must be its own.

This module is both ends: `Nursery` in the test, and `python -m tests.support.nursery FD` the process that forks.
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import gc
import importlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

LIBRARIES = (
    "aiohttp", "aiosqlite", "argparse", "asyncpg", "babel.dates", "babel.messages.pofile", "colorlog", "csv",
    "dateutil.relativedelta", "difflib", "discord", "discord.ext.commands", "discord.ext.tasks", "dotenv",
    "pythonjsonlogger.json", "sqlite3", "uvloop", "watchfiles", "wcwidth", "yarl",
)  # fmt: skip
LONGEST_REQUEST_BYTES = 1 << 16

can_fork = hasattr(os, "fork") and hasattr(socket, "send_fds")


class Forked:
    """A child of the nursery, as `asyncio.subprocess.Process` has it."""

    def __init__(
        self, pid: int, stdout: asyncio.StreamReader, stderr: asyncio.StreamReader, status: asyncio.StreamReader
    ) -> None:
        self.pid = pid
        self.stdout = stdout
        self.stderr = stderr
        self.returncode: int | None = None
        self._end = asyncio.create_task(self._ended(status))

    async def _ended(self, status: asyncio.StreamReader) -> int:
        word = await status.read()
        # Without a word the nursery itself is gone, and took its children along.
        self.returncode = os.waitstatus_to_exitcode(int(word)) if word else -signal.SIGKILL
        return self.returncode

    async def wait(self) -> int:
        return await asyncio.shield(self._end)

    def send_signal(self, number: signal.Signals) -> None:
        if self.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


class Nursery:
    """The process that forks, from the test's side. It ends with the test run, whichever way that ends."""

    def __init__(self, environment: Mapping[str, str], directory: Path) -> None:
        self._socket, theirs = socket.socketpair()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.nursery", str(theirs.fileno())],
            cwd=directory,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
        )
        theirs.close()
        atexit.register(self.close)

    async def start(self, *arguments: str, directory: Path, environment: Mapping[str, str]) -> Forked:
        """Start the program in a folder, with this environment and no other."""
        request = {"arguments": arguments, "directory": str(directory), "environment": dict(environment)}
        pipes = [os.pipe() for _ in range(3)]
        readers = [await _reader(reading) for reading, _writing in pipes]
        writing = [writing for _reading, writing in pipes]
        socket.send_fds(self._socket, [json.dumps(request).encode() + b"\n"], writing)
        for descriptor in writing:
            os.close(descriptor)
        stdout, stderr, status = readers
        born = await status.readline()
        assert born, "the process that forks has ended"
        return Forked(int(born), stdout, stderr, status)

    def close(self) -> None:
        atexit.unregister(self.close)
        self._socket.close()
        self._process.wait()


async def _reader(descriptor: int) -> asyncio.StreamReader:
    reader = asyncio.StreamReader(limit=1 << 20)
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(descriptor, "rb", 0)
    )
    return reader


# --- The process that forks ------------------------------------------------------------------------------


class Born(Exception):
    """We are the child; what is to do is in the request."""

    def __init__(self, request: dict[str, Any]) -> None:
        self.request = request


def serve(control: socket.socket) -> None:
    """Fork for each request, and tell how each child ended, until the test run closes its end. Raises Born."""
    wakes, wake = os.pipe()
    for descriptor in (wakes, wake):
        os.set_blocking(descriptor, False)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the test run's business
    children: dict[int, int] = {}  # where to tell of the end, by process id
    while True:
        ready, _, _ = select.select([control, wakes], [], [])
        if wakes in ready:
            with contextlib.suppress(BlockingIOError):
                os.read(wakes, 4096)
            _tell_who_ended(children)
        if control in ready:
            data, descriptors, _flags, _address = socket.recv_fds(control, LONGEST_REQUEST_BYTES, 3)
            if not data:
                break
            while not data.endswith(b"\n"):
                data += control.recv(LONGEST_REQUEST_BYTES)
            stdout, stderr, status = descriptors
            pid = os.fork()
            if pid == 0:
                _become_a_program(stdout, stderr)
                for descriptor in (control.detach(), wakes, wake, *descriptors, *children.values()):
                    os.close(descriptor)
                raise Born(json.loads(data))
            children[pid] = status
            os.close(stdout)
            os.close(stderr)
            os.write(status, b"%d\n" % pid)
    for pid in children:
        os.kill(pid, signal.SIGKILL)


def _tell_who_ended(children: dict[int, int]) -> None:
    while children:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid == 0:
            return
        descriptor = children.pop(pid)
        with contextlib.suppress(BrokenPipeError):
            os.write(descriptor, b"%d\n" % status)
        os.close(descriptor)


def _become_a_program(stdout: int, stderr: int) -> None:
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.dup2(stdout, 1)
    os.dup2(stderr, 2)


def run(request: dict[str, Any]) -> None:
    """Be the program from here on."""
    os.environ.clear()
    os.environ.update(request["environment"])
    time.tzset()
    os.chdir(request["directory"])
    sys.path[0] = request["directory"]
    sys.argv[1:] = request["arguments"]
    from tests.support.launch import launch

    launch()


def main() -> None:
    control = socket.socket(fileno=int(sys.argv[1]))
    for name in LIBRARIES:
        with contextlib.suppress(ImportError):  # uvloop isn't everywhere
            importlib.import_module(name)
    gc.collect()
    gc.freeze()  # what is never looked at again isn't copied to the children
    request: dict[str, Any] | None = None
    try:
        serve(control)
    except Born as born:
        request = born.request
    if request is not None:
        run(request)


if __name__ == "__main__":
    main()
