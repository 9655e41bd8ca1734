"""What events are made of and sent by, and the base of those of timers."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar, dataclass_transform

import discord

T = TypeVar("T")


def name_of(event: type) -> str:
    """The name under which an event class is dispatched: `GuildSettingChanged` → `guild_setting_changed`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", event.__name__).lower()


_shape = dataclass(frozen=True, slots=True)

CATALOGUE: dict[str, type] = {}
"""Every event by its name."""


@dataclass_transform(frozen_default=True)
def event(declared: type[T]) -> type[T]:
    """Make a class an event: a frozen dataclass in the catalogue."""
    made: type[T] = _shape(declared)
    CATALOGUE[name_of(made)] = made
    return made


def publish(bot: discord.Client, news: object) -> None:
    """Tell every listener. Returns before they run, so it can't answer."""
    bot.dispatch(name_of(type(news)), news)


@_shape
class TimerEvent:
    """Something scheduled is due: the base of every `…Timer` event.

    Sent by the timers at least once: a handler may hear the same `timer_id` again after a crash and must end with
    `bot.timers.done(event)`. `late` is how long after `due_at` it is heard; `attempt` counts from one.
    """

    timer_id: int
    due_at: datetime
    late: timedelta
    guild_id: int | None
    user_id: int | None
    payload: dict[str, Any]
    attempt: int
