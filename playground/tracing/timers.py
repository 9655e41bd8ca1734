"""Who set which of the bot's timers: when one is due, nothing else leads back to its cause."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from playground.tracing.recording import Recording
from utils.events import TimerEvent
from utils.timers import Timers

MOST_REMEMBERED = 1_000


@dataclass(frozen=True, slots=True)
class Setter:
    """The cause for which a timer was set or moved."""

    title: str
    who: str
    message_id: int | None


class Setters:
    """Remembers the causes of timers, also across restarts of the bot: its timers survive them."""

    def __init__(self) -> None:
        self._setters: OrderedDict[int, Setter] = OrderedDict()

    def of(self, timer_id: int) -> Setter | None:
        """Who set a timer, if that was seen."""
        return self._setters.get(timer_id)

    def follow(self, timers: Timers, current: Callable[[], Recording | None]) -> None:
        """Take note of what is scheduled from now on."""
        schedule, reschedule = timers.schedule, timers.reschedule

        async def noted_schedule(event: type[TimerEvent], due_at: datetime, **fields: Any) -> int:
            timer_id = await schedule(event, due_at, **fields)
            self._note(timer_id, current())
            return timer_id

        async def noted_reschedule(timer_id: int, due_at: datetime) -> bool:
            moved = await reschedule(timer_id, due_at)
            self._note(timer_id, current())
            return moved

        timers.schedule = noted_schedule  # type: ignore[method-assign]
        timers.reschedule = noted_reschedule  # type: ignore[method-assign]

    def _note(self, timer_id: int, recording: Recording | None) -> None:
        if recording is None or recording.kind == "timer":  # what repeats by itself keeps its first cause
            return
        message_id = next(iter(recording.messages), None)
        self._setters[timer_id] = Setter(recording.title, recording.who, message_id)
        self._setters.move_to_end(timer_id)
        if len(self._setters) > MOST_REMEMBERED:
            self._setters.popitem(last=False)
