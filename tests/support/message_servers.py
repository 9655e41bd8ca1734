"""Real servers that carry messages between processes: Redis and RabbitMQ, on free ports of the loopback.

They are looked for on PATH and where Debian puts them. Where they aren't, their tests are skipped with a sentence;
with SERVER_TESTS=required they fail instead.
"""

from __future__ import annotations

import atexit
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from abc import ABC, abstractmethod
from contextlib import suppress
from pathlib import Path
from typing import ClassVar

from tests.support.patience import PATIENCE

START_SECONDS = 30.0 * PATIENCE
POLL_SECONDS = 0.02
PLACES = ("/usr/lib/rabbitmq/bin", "/usr/sbin", "/usr/local/sbin")
INSTALL = "apt-get install redis-server rabbitmq-server prometheus"
MISSING = "{program} isn't installed, so what needs a real one isn't tested here: " + INSTALL

# The servers' parent. When the test run ends, however it ends, the pipe closes and they go.
KEEPER = """
"$@" & server=$!
trap 'kill -TERM $server; wait $server; exit' TERM
read -r _
kill -KILL -$$
"""


class ServerMissing(Exception):
    """It isn't installed; the message says what to do."""


def find_program(name: str) -> Path:
    """Where a server's program is. Raises `ServerMissing`."""
    found = shutil.which(name, path=os.pathsep.join([*PLACES, os.environ.get("PATH", "")]))
    if found is None:
        raise ServerMissing(MISSING.format(program=name))
    return Path(found)


def required() -> bool:
    """Whether tests may not be skipped for want of a server."""
    return os.environ.get("SERVER_TESTS") == "required"


class MessageServer(ABC):
    """One server with a folder of its own. Its port and its data stay the same over restarts."""

    program: ClassVar[str]

    def __init__(self) -> None:
        self._program = find_program(self.program)
        self.folder = Path(tempfile.mkdtemp(prefix=f"hearth-{self.program}-"))
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        atexit.register(self.remove)

    @property
    @abstractmethod
    def url(self) -> str: ...

    def start(self) -> None:
        """Start it, and wait until it takes connections."""
        self._process = _kept([str(self._program), *self._arguments()], self._environment(), self.folder / "output")
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{self.program} didn't start:\n{(self.folder / 'output').read_text()[-2000:]}")
            time.sleep(POLL_SECONDS)

    def stop(self) -> None:
        """Stop it in its own good way."""
        process = self._taken()
        if process is not None:
            process.send_signal(signal.SIGTERM)
            _finish(process)

    def kill(self) -> None:
        """Let it crash."""
        process = self._taken()
        if process is not None:
            _kill(process)

    def remove(self) -> None:
        """Kill it and delete its data."""
        atexit.unregister(self.remove)
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _taken(self) -> subprocess.Popen[bytes] | None:
        process, self._process = self._process, None
        return process

    @abstractmethod
    def _arguments(self) -> list[str]: ...

    def _environment(self) -> dict[str, str]:
        return {}

    @abstractmethod
    def _answers(self) -> bool: ...

    def _asked(self, question: bytes, answer: bytes) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE) as connection:
                connection.sendall(question)
                return connection.recv(64).startswith(answer)
        except OSError:
            return False


class RedisServer(MessageServer):
    """Redis; it writes each change down, as an operator would have it."""

    program = "redis-server"

    def __init__(self, password: str = "") -> None:
        super().__init__()
        self._password = password

    @property
    def url(self) -> str:
        user = f":{self._password}@" if self._password else ""
        return f"redis://{user}127.0.0.1:{self.port}/0"

    def _arguments(self) -> list[str]:
        settings = {
            "port": str(self.port), "bind": "127.0.0.1", "dir": str(self.folder), "save": "", "appendonly": "yes",
            "appendfsync": "everysec",
        }  # fmt: skip
        if self._password:
            settings["requirepass"] = self._password
        return [part for name, value in settings.items() for part in (f"--{name}", value)]

    def _answers(self) -> bool:
        login = f"AUTH {self._password}\r\n".encode() if self._password else b"PING\r\n"
        return self._asked(login, b"+")


class RabbitServer(MessageServer):
    """RabbitMQ, with a port mapper of its own. It takes ten seconds to start: one for a run of tests."""

    program = "rabbitmq-server"

    def __init__(self) -> None:
        super().__init__()
        self._mapper_port = free_port()
        self._distribution_port = free_port()
        self._mapper = _kept([str(find_program("epmd")), "-port", str(self._mapper_port)], {}, self.folder / "mapper")

    @property
    def url(self) -> str:
        return f"amqp://guest:guest@127.0.0.1:{self.port}/"

    def remove(self) -> None:
        super().remove()
        _kill(self._mapper)

    def _arguments(self) -> list[str]:
        return []

    def _environment(self) -> dict[str, str]:
        folder = self.folder
        return {
            "HOME": str(folder),  # its cookie
            "ERL_EPMD_PORT": str(self._mapper_port),
            "RABBITMQ_NODENAME": f"hearth{self.port}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_DIST_PORT": str(self._distribution_port),
            "RABBITMQ_MNESIA_BASE": str(folder / "data"),
            "RABBITMQ_LOG_BASE": str(folder / "log"),
            "RABBITMQ_CONFIG_FILE": str(folder / "none"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
            "RABBITMQ_PID_FILE": str(folder / "pid"),
            # Its threads wait asleep: the machine has few cores, and tests of others on them.
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "+S 1:1 +sbwt none +sbwtdcpu none +sbwtdio none",
        }

    def _answers(self) -> bool:
        # It greets whoever names a version that it doesn't speak with the one that it does.
        return self._asked(b"AMQP\x00\x00\x00\x00", b"AMQP")


def free_port() -> int:
    """A port of the loopback that nobody uses."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _kept(command: list[str], environment: dict[str, str], output: Path) -> subprocess.Popen[bytes]:
    with output.open("ab") as file:
        return subprocess.Popen(
            ["/bin/sh", "-c", KEEPER, "keeper", *command],
            stdin=subprocess.PIPE,
            stdout=file,
            stderr=file,
            env=os.environ | environment,
            cwd="/",
            start_new_session=True,  # what a terminal sends the test run isn't meant for it
        )


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End a keeper and all that it started: a server may be a script's child."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    _finish(process)


def _finish(process: subprocess.Popen[bytes]) -> None:
    process.wait()
    if process.stdin is not None:
        process.stdin.close()
