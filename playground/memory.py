"""What the playground keeps from one run to the next, in a small file beside its database."""

import logging
import os
import secrets
import tempfile
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from utils.time import LONGEST

log = logging.getLogger("hearth.playground")

SECRET_BYTES = 32
SECRET_CHARACTERS = 43  # of that many bytes in base64, as `token_urlsafe` writes them
ONLY_FOR_THE_OWNER = 0o600  # whoever reads the secret can be anybody in town
SQLITE = "sqlite:///"


def database_file(database_url: str) -> Path:
    """The file of an SQLite database."""
    return Path(database_url.removeprefix(SQLITE))


def beside(database_url: str) -> Path:
    """Where the memory of a playground with this SQLite database is kept."""
    return database_file(database_url).with_suffix(".json")


def forget(path: Path) -> None:
    """Begin anew the next time."""
    path.unlink(missing_ok=True)


class _Kept(BaseModel):
    """What stands in the file."""

    model_config = ConfigDict(strict=True)

    ahead_seconds: float = Field(ge=0, le=LONGEST.total_seconds(), allow_inf_nan=False)
    secret: str = Field(pattern=rf"^[A-Za-z0-9_-]{{{SECRET_CHARACTERS},}}$")


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
        kept = _Kept(ahead_seconds=self.ahead.total_seconds(), secret=self.secret)
        # mkstemp makes the file readable by its owner alone, from the first moment on.
        number, name = tempfile.mkstemp(prefix=f".{self.path.name}.", dir=self.path.parent)
        try:
            with os.fdopen(number, "w", encoding="utf-8") as file:
                file.write(kept.model_dump_json(indent=2) + "\n")
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
        kept = _Kept.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except OSError as error:
        log.warning("%s can't be read (%s); the playground begins a new one", path, error.strerror)
        return None
    except ValidationError:  # its text would show the secret
        log.warning("%s is damaged; the playground begins a new one", path)
        return None
    return Memory(path, timedelta(seconds=kept.ahead_seconds), kept.secret)
