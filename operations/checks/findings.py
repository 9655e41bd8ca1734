"""What a check found."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "warning", "wrong"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    part: str
    """What it is about: settings, discord, database …"""
    state: State
    """`wrong` keeps the bot from running or working; `warning` may do so later."""
    text: str
    advice: str = ""
    """What to do."""


def reporter(part: str) -> tuple[Callable[..., Finding], Callable[..., Finding], Callable[..., Finding]]:
    """Make what writes findings of one part: fine, a warning, wrong."""

    def ok(text: str) -> Finding:
        return Finding(part, "ok", text)

    def warning(text: str, advice: str) -> Finding:
        return Finding(part, "warning", text, advice)

    def wrong(text: str, advice: str) -> Finding:
        return Finding(part, "wrong", text, advice)

    return ok, warning, wrong
