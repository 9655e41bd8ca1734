"""What the playground keeps from one run to the next, in a small file beside its database."""

import json
import logging
import math
import os
import secrets
import tempfile
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from utils.time import LONGEST

log = logging.getLogger("hearth.playground")

SECRET_BYTES = 32
SECRET_CHARACTERS = 43  # of that many bytes in base64, as `token_urlsafe` writes them
ONLY_FOR_THE_OWNER = 0o600  # whoever reads the secret can be anybody in town
SQLITE = "sqlite:///"


def beside(database_url: str) -> Path:
    """Where the memory of a playground with this SQLite database is kept."""
    return Path(database_url.removeprefix(SQLITE)).with_suffix(".json")


def forget(path: Path) -> None:
    """Begin anew the next time."""
    path.unlink(missing_ok=True)


@dataclass
class Memory:
    """How far the town's clock is ahead, and the secret in the page's address."""

    path: Path
    ahead: timedelta
    """Of the real clock. The bot's database holds moments by the town's clock, which must not come again."""
    secret: str
    """The same in every run, so that a bookmark and open pages outlive a restart."""

    def save(self) -> None:
        """Write the file whole or not at all. Raises OSError."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps({"ahead_seconds": self.ahead.total_seconds(), "secret": self.secret}, indent=2)
        # mkstemp makes the file readable by its owner alone, from the first moment on.
        number, name = tempfile.mkstemp(prefix=f".{self.path.name}.", dir=self.path.parent)
        try:
            with os.fdopen(number, "w", encoding="utf-8") as file:
                file.write(text + "\n")
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(self.path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise


def load(path: Path) -> Memory:
    """What the last run left; made new if there was none or it is damaged. Raises OSError if it can't be written."""
    memory = _read(path)
    if memory is None:
        memory = Memory(path, timedelta(), secrets.token_urlsafe(SECRET_BYTES))
        memory.save()
    elif path.stat().st_mode & 0o777 != ONLY_FOR_THE_OWNER:
        path.chmod(ONLY_FOR_THE_OWNER)
    return memory


def _read(path: Path) -> Memory | None:
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        log.warning("%s can't be read (%s); the playground begins a new one", path, error)
        return None
    seconds, secret = (kept.get("ahead_seconds"), kept.get("secret")) if isinstance(kept, dict) else (None, None)
    if not _is_ahead(seconds) or not _is_secret(secret):
        log.warning("%s is damaged; the playground begins a new one", path)
        return None
    return Memory(path, timedelta(seconds=seconds), secret)


def _is_ahead(seconds: Any) -> bool:
    return (
        isinstance(seconds, int | float)
        and not isinstance(seconds, bool)
        and math.isfinite(seconds)
        and 0 <= seconds <= LONGEST.total_seconds()
    )


def _is_secret(secret: Any) -> bool:
    return (
        isinstance(secret, str)
        and len(secret) >= SECRET_CHARACTERS
        and secret.isascii()
        and secret.replace("-", "").replace("_", "").isalnum()
    )
