"""The machine: folders, disks, versions, the metrics' port, and how old the newest backup is."""

import errno
import importlib.metadata
import os
import platform
import re
import shutil
import socket
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from database.backup import BackupError
from database.checkup import Checkup
from database.manager import DatabaseManager
from operations.backup import age, in_bytes
from operations.checks.findings import Finding, reporter
from utils.backups.service import folder_of
from utils.config import Config

OLDEST_PYTHON: Final = (3, 11)
REQUIREMENTS: Final = Path(__file__).resolve().parents[2] / "requirements.txt"
PINNED: Final = re.compile(r"([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;]+)\s*(;.*)?")
TOO_FULL_BYTES: Final = 100_000_000
NEARLY_FULL_BYTES: Final = 1_000_000_000
COPIES: Final = 2
"""How often the database should fit beside itself: in a write-ahead log, and in a backup."""
LATE: Final = 2
"""After how many times BACKUP_EVERY without one something is wrong."""

INSTALL: Final = "python -m pip install -r requirements.txt, in the environment that the bot runs in."


def check_versions() -> list[Finding]:
    """Compare Python and the libraries with what is asked for."""
    ok, _warning, wrong = reporter("versions")
    python = platform.python_version()
    if sys.version_info < OLDEST_PYTHON:
        wanted = ".".join(map(str, OLDEST_PYTHON))
        return [wrong(f"This is Python {python}; {wanted} or newer is needed.", "Install it, and make a new venv.")]
    findings = [ok(f"Python {python}.")]
    try:
        lines = REQUIREMENTS.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        return [*findings, wrong(f"{REQUIREMENTS} can't be read: {error.strerror}.", "Restore it.")]
    others = [trouble for line in lines if (trouble := _difference(line))]
    if others:
        return [*findings, wrong(f"Other libraries than were tested: {'; '.join(others)}.", INSTALL)]
    version = importlib.metadata.version("discord.py")
    return [*findings, ok(f"discord.py {version} and the other libraries are those that were tested.")]


def _difference(line: str) -> str:
    match = PINNED.match(line.strip())
    if match is None:
        return ""
    name, wanted, elsewhere = match.groups()
    try:
        found = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return "" if elsewhere else f"{name} is missing"
    return "" if found == wanted else f"{name} is {found}, not {wanted}"


def check_disk(config: Config, found: Checkup | None) -> list[Finding]:
    """Look whether the folders can be written to, and how much room there is."""
    folders: dict[str, Path] = {}
    if config.database_url.startswith("sqlite:"):
        path = found.path if found and found.path else Path(config.database_url.removeprefix("sqlite:///"))
        folders["database"] = path.resolve().parent
    folders["backups"] = Path(config.backup_folder).resolve()
    size = found.bytes if found else 0
    return [finding for name, folder in folders.items() for finding in _folder(name, folder, size)]


def _folder(name: str, folder: Path, size: int) -> list[Finding]:
    ok, warning, wrong = reporter("disk")
    try:
        there = next(place for place in (folder, *folder.parents) if place.is_dir())
        trouble = _unwritable(there)
        free = shutil.disk_usage(there).free
    except OSError as error:
        return [wrong(f"The folder of the {name}, {folder}, can't be looked at: {error.strerror}.", "Look at it.")]
    if trouble:
        return [
            wrong(
                f"Nothing can be written to the folder of the {name}, {there}: {trouble}.",
                "Give it to the user that the bot runs as (chown), or choose another folder.",
            )
        ]
    text = f"The folder of the {name}, {folder}, can be written to; {in_bytes(free)} are free."
    if free < TOO_FULL_BYTES:
        return [wrong(text, "Make room now: a full disk stops the bot's work.")]
    if free < max(NEARLY_FULL_BYTES, COPIES * size):
        return [warning(text, "Make room: a backup, or a migration, needs the database's size once more.")]
    return [ok(text)]


def _unwritable(folder: Path) -> str:
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"?")
    except OSError as error:
        return error.strerror or str(error)
    return ""


def check_port(config: Config) -> list[Finding]:
    """Look whether the metrics' port can be had."""
    ok, warning, wrong = reporter("metrics")
    if config.metrics_port is None:
        return [ok("METRICS_PORT isn't set: no metrics are served.")]
    place = f"{config.metrics_host}:{config.metrics_port}"
    try:
        family, kind, _, _, address = socket.getaddrinfo(
            config.metrics_host, config.metrics_port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind) as listener:
            if os.name != "nt":
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the bot does
            listener.bind(address)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return [
                warning(
                    f"{place} is in use.", "That is right if the bot is running; else choose another METRICS_PORT."
                )
            ]
        return [
            wrong(f"{place} can't be served: {error.strerror or error}.", "Look at METRICS_HOST and METRICS_PORT.")
        ]
    return [ok(f"{place} is free for the metrics.")]


def check_backups(config: Config, found: Checkup | None) -> list[Finding]:
    """Look how old the newest backup is, if there is anything to back up."""
    ok, warning, wrong = reporter("backups")
    try:
        newest = folder_of(DatabaseManager(config.database_url), config).newest()
    except BackupError as error:
        return [wrong(str(error), "Look at BACKUP_FOLDER, and at its rights.")]
    now = datetime.now(UTC)
    if newest is None and (found is None or found.history is None):
        return [ok("There is nothing to back up yet.")]
    if newest is None:
        return [
            warning(
                f"There is no backup in {config.backup_folder}.", "Set BACKUP_EVERY, or run python main.py backup."
            )
        ]
    text = f"The newest backup, {newest.file}, was made {age(newest.made_at, now)}."
    if config.backup_every is not None and now - newest.made_at > LATE * config.backup_every:
        return [warning(text, "BACKUP_EVERY asks for more: look whether the bot runs, and what its log says.")]
    if config.backup_every is None:
        return [warning(f"{text} BACKUP_EVERY is off.", "Set BACKUP_EVERY, unless something else makes backups.")]
    return [ok(text)]
