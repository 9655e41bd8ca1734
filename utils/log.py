"""Logs: coloured text for people, one JSON object a line for machines, and no secret in either."""

import json
import logging
import sys
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import cache
from typing import Any

import colorlog
from pythonjsonlogger.orjson import OrjsonFormatter

MASK = "***"
LARGEST_EXACT_NUMBER = 2**53 - 1  # what reads JSON numbers as floating point makes other ids of Discord's above it

# What the line is about; set where a command starts, so that every line written below carries it.
log_context: ContextVar[dict[str, Any] | None] = ContextVar("log_context", default=None)

TEXT_FORMAT = "%(log_color)s%(asctime)s %(levelname)-8s%(reset)s %(name)s: %(message)s%(fields)s"
# Names every LogRecord has; whatever else it carries came from `extra=` and is shown.
STANDARD_FIELDS = frozenset(vars(logging.makeLogRecord({}))) | {
    "message",
    "asctime",
    "taskName",
    "log_color",
    "reset",
    "fields",
}


class ContextFilter(logging.Filter):
    """Adds the fields of `log_context` to every record."""

    def filter(self, record: logging.LogRecord) -> bool:
        for key, value in (log_context.get() or {}).items():
            if not hasattr(record, key):
                setattr(record, key, value)
        return True


def mask(text: str, secrets: frozenset[str]) -> str:
    """The text with every secret blotted out."""
    for spelling in _spellings(secrets):
        text = text.replace(spelling, MASK)
    return text


@cache
def _spellings(secrets: frozenset[str]) -> list[str]:
    """How secrets look in a text, the longest first: one may hold another."""
    found = set(secrets)
    for _quoted in range(2):  # with quotes or backslashes they look different in a repr, and in the repr of that
        found |= {form for secret in found for form in (json.dumps(secret)[1:-1], repr(secret)[1:-1])}
    return sorted(found, key=len, reverse=True)


class TextFormatter(colorlog.ColoredFormatter):
    """A readable line, with the extra fields after the message."""

    def __init__(self, secrets: frozenset[str], *, colour: bool) -> None:
        super().__init__(TEXT_FORMAT, no_color=not colour)
        self.secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        extra = {key: value for key, value in vars(record).items() if key not in STANDARD_FIELDS}
        vars(record)["fields"] = "".join(f" {key}={value}" for key, value in extra.items())
        try:
            # The finished line, so it doesn't matter where a secret came from: message, field, traceback.
            return mask(super().format(record), self.secrets)
        finally:
            del vars(record)["fields"]


class JsonFormatter(OrjsonFormatter):
    """One JSON object a line."""

    def __init__(self, secrets: frozenset[str]) -> None:
        super().__init__(
            "%(asctime)s %(levelname)s %(name)s %(message)s",
            rename_fields={"asctime": "time", "levelname": "level", "name": "logger"},
        )
        self.secrets = secrets

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802 - logging's name
        """The time as RFC 3339 has it, in UTC: Loki and Elasticsearch read it as it is."""
        return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def jsonify_log_record(self, log_data: dict[str, Any]) -> str:
        # Each text by itself: in the finished line a password such as 1234 would be blotted out of numbers.
        return str(super().jsonify_log_record(self._masked(log_data)))

    def _masked(self, value: Any) -> Any:
        if value is None or isinstance(value, bool | float):
            return value
        if isinstance(value, int):
            return value if abs(value) <= LARGEST_EXACT_NUMBER else str(value)
        if isinstance(value, dict):
            return {str(key): self._masked(inner) for key, inner in value.items()}
        if isinstance(value, list | tuple | set | frozenset):
            return [self._masked(inner) for inner in value]
        return mask(str(value), self.secrets)


def make_formatter(log_format: str, secrets: frozenset[str], *, colour: bool) -> logging.Formatter:
    """The formatter for `text` or `json` that never shows one of `secrets`."""
    if log_format == "json":
        json_formatter: logging.Formatter = JsonFormatter(secrets)
        return json_formatter
    return TextFormatter(secrets, colour=colour)


def set_up(level: str, log_format: str, secrets: frozenset[str]) -> None:
    """Send every log line to standard error in the chosen format."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(make_formatter(log_format, secrets, colour=sys.stderr.isatty()))
    handler.addFilter(ContextFilter())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    set_level(level)


def set_level(level: str) -> None:
    """Change how much is logged, at run time."""
    logging.getLogger().setLevel(level)
    # discord.py tells at INFO what we tell ourselves, and at DEBUG every frame with its contents.
    quieter = logging.INFO if level == "DEBUG" else max(logging.getLevelName(level), logging.WARNING)
    logging.getLogger("discord").setLevel(quieter)
    logging.getLogger("watchfiles").setLevel(quieter)
