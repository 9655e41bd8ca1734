"""Logs: coloured text for people, one JSON object a line for machines, and no secret in either."""

import json
import logging
import sys
from contextvars import ContextVar
from typing import Any

import colorlog
from pythonjsonlogger.orjson import OrjsonFormatter

MASK = "***"

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
    # A secret with quotes or backslashes looks different inside JSON. The longest goes first: one may hold another.
    spellings = {form for secret in secrets for form in (secret, json.dumps(secret)[1:-1])}
    for spelling in sorted(spellings, key=len, reverse=True):
        text = text.replace(spelling, MASK)
    return text


class Masked(logging.Formatter):
    """Blots out secrets in the finished line, wherever they came from: message, field, traceback."""

    def __init__(self, inner: logging.Formatter, secrets: frozenset[str]) -> None:
        super().__init__()
        self.inner = inner
        self.secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        return mask(self.inner.format(record), self.secrets)


class TextFormatter(colorlog.ColoredFormatter):
    """A readable line, with the extra fields after the message."""

    def format(self, record: logging.LogRecord) -> str:
        extra = {key: value for key, value in vars(record).items() if key not in STANDARD_FIELDS}
        vars(record)["fields"] = "".join(f" {key}={value}" for key, value in extra.items())
        try:
            return super().format(record)
        finally:
            del vars(record)["fields"]


def make_formatter(log_format: str, secrets: frozenset[str], *, colour: bool) -> logging.Formatter:
    """The formatter for `text` or `json` that never shows one of `secrets`."""
    if log_format == "json":
        inner: logging.Formatter = OrjsonFormatter(
            "%(asctime)s %(levelname)s %(name)s %(message)s",
            rename_fields={"asctime": "time", "levelname": "level", "name": "logger"},
        )
    else:
        inner = TextFormatter(TEXT_FORMAT, no_color=not colour)
    return Masked(inner, secrets)


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
