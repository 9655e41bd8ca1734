"""Moments as simcord writes them and as the page reads them."""

from datetime import datetime

from playground.shapes import Moment


def moment(text: str | None) -> Moment | None:
    """Milliseconds since 1970 of an ISO time; None for none."""
    return round(datetime.fromisoformat(text).timestamp() * 1000) if text else None


def spoken(when: datetime) -> str:
    """A moment within a sentence, in the time zone of this machine: '14:05 on 3 June'."""
    local = when.astimezone()
    return f"{local:%H:%M} on {local.day} {local:%B}"
