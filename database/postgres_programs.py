"""PostgreSQL's own programs, such as `pg_dump`: which fit a server, and how they run without showing a password."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit, urlunsplit

from database.backup import BackupError
from database.engine import to_the_end

NEEDED: Final = ("pg_dump", "pg_restore", "psql")
_USUAL_PLACES: Final = (
    "/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin", "C:/Program Files/PostgreSQL/*/bin",
)  # fmt: skip
_VERSION: Final = re.compile(r"\(PostgreSQL\) (\d+)")
_NOT_FOR_THEM: Final = ("DISCORD_TOKEN", "DATABASE_URL", "REDIS_URL", "RABBITMQ_URL")
_SHOWN_CHARACTERS: Final = 500
"""Of what a program says is wrong."""
STOP_SECONDS: Final = 5.0


@dataclass(frozen=True, slots=True)
class Programs:
    """A folder with `pg_dump`, `pg_restore` and `psql` of one version."""

    folder: Path
    major: int

    def path(self, name: str) -> str:
        """One of them, as it is started."""
        return shutil.which(name, path=str(self.folder)) or str(self.folder / name)


async def find_programs(server_major: int) -> Programs:
    """The programs that fit a server best: of its own version, else the next newer one. Raises `BackupError`.

    An older `pg_dump` refuses a newer server.
    """
    found = [programs for folder in _folders() if (programs := await _programs_in(folder)) is not None]
    fitting = [programs for programs in found if programs.major >= server_major]
    if fitting:
        return min(fitting, key=lambda programs: programs.major)
    wanted = f"On Debian and Ubuntu: apt install postgresql-client-{server_major}."
    if not found:
        raise BackupError(f"Backups of PostgreSQL need its programs pg_dump, pg_restore and psql. {wanted}")
    newest = max(programs.major for programs in found)
    raise BackupError(
        f"The server is PostgreSQL {server_major}, and pg_dump here is {newest}, which can't read it. {wanted}"
    )


def _folders() -> Iterator[Path]:
    seen = set()
    on_path = map(Path, os.environ.get("PATH", "").split(os.pathsep))
    usual = (match for place in _USUAL_PLACES for match in Path(Path(place).anchor).glob(place.partition("/")[2]))
    for folder in (*on_path, *usual):
        if folder not in seen and all(shutil.which(name, path=str(folder)) for name in NEEDED):
            seen.add(folder)
            yield folder


async def _programs_in(folder: Path) -> Programs | None:
    try:
        text = await _output(Programs(folder, 0).path("pg_dump"), "--version")
    except (OSError, BackupError):
        return None
    match = _VERSION.search(text)
    return Programs(folder, int(match[1])) if match else None


async def _output(*command: str) -> str:
    async with started(command) as process:
        output, _errors = await process.communicate()
        return output.decode(errors="replace")


@dataclass(frozen=True, slots=True)
class Address:
    """How the programs find a database. The password goes by their environment: a command line is for all to read."""

    url: str
    """Without the passwords."""
    password: str

    @classmethod
    def of(cls, url: str) -> Address:
        """Take an address of the database apart."""
        parts = urlsplit(url)
        user, at, host = parts.netloc.rpartition("@")
        passwords = [unquote(parts.password)] if parts.password else []
        kept = []
        for item in filter(None, parts.query.split("&")):
            key, _is, value = item.partition("=")
            if key == "password":
                passwords.append(unquote(value))
            elif key != "sslpassword":  # of a key: the environment has no place for it
                kept.append(item)
        bare = f"{user.partition(':')[0]}{at}{host}"
        return cls(urlunsplit(parts._replace(netloc=bare, query="&".join(kept))), (passwords or [""])[-1])

    def to_database(self, name: str) -> Address:
        """The same server, another database."""
        return Address(urlunsplit(urlsplit(self.url)._replace(path=f"/{name}")), self.password)

    @property
    def environment(self) -> dict[str, str]:
        """What the programs run with: none of the bot's own secrets."""
        kept = {key: value for key, value in os.environ.items() if key not in _NOT_FOR_THEM}
        password = {"PGPASSWORD": self.password} if self.password else {}
        return kept | {"LC_ALL": "C", "PGAPPNAME": "hearth backup", "PGCONNECT_TIMEOUT": "10"} | password


@asynccontextmanager
async def started(
    command: Sequence[str], address: Address | None = None, *, stdin: int = asyncio.subprocess.DEVNULL
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Start a program, and end it with the block if it still runs then."""
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=stdin,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=address.environment if address else None,
    )
    try:
        yield process
    finally:
        await to_the_end(_ended(process))


async def _ended(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    process.terminate()
    try:
        await asyncio.wait_for(process.wait(), STOP_SECONDS)
    except TimeoutError:
        process.kill()
        await process.wait()


async def run(command: Sequence[str], address: Address, what: str) -> None:
    """Run a program to its end. Raises `BackupError` that begins with `what` and says what the program said."""
    async with started(command, address) as process:
        _output, errors = await process.communicate()
    if process.returncode != 0:
        raise BackupError(f"{what}: {said(errors, address)}")


def said(errors: bytes, address: Address) -> str:
    """What a program says is wrong, in one line and without the password."""
    lines = [line for line in errors.decode(errors="replace").splitlines() if line.strip()]
    text = " ".join(" ".join(lines).split()) or "it ended without a word."
    text = text.replace(address.password, "***") if address.password else text
    return text if len(text) <= _SHOWN_CHARACTERS else text[:_SHOWN_CHARACTERS] + "…"
