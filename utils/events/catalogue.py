"""What events are made of and sent by, and the base of those of timers."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar, dataclass_transform, overload

T = TypeVar("T")


def name_of(event: type) -> str:
    """The name under which an event class is dispatched: `GuildSettingChanged` → `guild_setting_changed`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", event.__name__).lower()


_shape = dataclass(frozen=True, slots=True)

CATALOGUE: dict[str, type] = {}
"""Every event by its name."""


EVERYWHERE: set[type] = set()
"""Those that are heard in other processes, too."""


@overload
@dataclass_transform(frozen_default=True)
def event(declared: type[T], /) -> type[T]: ...


@overload
@dataclass_transform(frozen_default=True)
def event(*, everywhere: bool) -> Callable[[type[T]], type[T]]: ...


def event(declared: type[T] | None = None, /, *, everywhere: bool = False) -> Any:
    """Make a class an event: a frozen dataclass in the catalogue.

    One that is for `everywhere` is heard in the other processes of the bot, too: in the one that runs its guild, or
    without a `guild_id` in all. Its fields then hold what JSON can, moments and durations.
    """

    def make(kind: type[T]) -> type[T]:
        made: type[T] = _shape(kind)
        CATALOGUE[name_of(made)] = made
        if everywhere:
            EVERYWHERE.add(made)
        return made

    return make if declared is None else make(declared)


class Teller(Protocol):
    """The bot, as far as it tells news."""

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        """Tell the listeners of this process."""

    def carry(self, news: object) -> None:
        """Take an event to the other processes, if it is for everywhere."""


def publish(bot: Teller, news: object) -> None:
    """Tell every listener. Returns before they run, so it can't answer."""
    bot.dispatch(name_of(type(news)), news)
    bot.carry(news)


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
