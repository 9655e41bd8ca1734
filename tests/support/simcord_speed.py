"""Less work for the same: what simcord does for nothing in our towns is left out.

Like `tests/support/simcord_adapter.py` a list to go through when simcord changes; without any of it the tests pass
too, and take longer.
"""

import asyncio
import copy
import weakref
from types import SimpleNamespace
from typing import Any

import simcord._settlement
import simcord.env
import simcord.gateway
import simcord.http.router
import simcord.results
from simcord._dpy_internals import _original_callback, is_sleep_waiter
from simcord._runtime import _CallbackRecord
from simcord._settlement import _park_reason


def spare_work() -> None:
    """Leave out what simcord does for nothing here, from now on, in this process."""
    # It takes timers of the real clock away from tasks that wait on purpose; there are none, see `new_world`.
    simcord.env._virtualize_recognized_waits = lambda _state, _tasks: None
    simcord.env._is_parked = _is_parked
    simcord._settlement._is_virtual_sleep_waiter = _sleeps_by_the_towns_clock
    simcord.env._callback_is_parked = _waits_for_the_towns_clock
    # These copy what was JSON or will be, for which the general `deepcopy` takes five times as long.
    quick: Any = SimpleNamespace(deepcopy=copied)
    simcord.gateway.copy = simcord.http.router.copy = quick
    simcord.results.deepcopy = copied
    # Each callback that ran is looked for among all that wait, compared field by field; it can only be itself.
    _CallbackRecord.__eq__ = object.__eq__  # type: ignore[method-assign]


_parked: weakref.WeakKeyDictionary[asyncio.Task[Any], tuple[Any, ...]] = weakref.WeakKeyDictionary()


def _is_parked(state: Any, task: asyncio.Task[Any], deadline: float) -> bool:
    """Whether a task waits for something outside, without asking again as long as the clock stands still.

    A task stays parked as long as it waits for the same future at the same time. One that waits for other tasks is
    asked about each time, as those go on without its knowledge; so is one that sleeps by the real clock.
    """
    waiter = getattr(task, "_fut_waiter", None)
    if waiter is None or waiter.done():
        return task.done()
    known = _parked.get(task)
    if known is not None and known[0]() is waiter and known[1:] == (state.virtual_time, state.generation):
        return True
    reason = _park_reason(state, task, deadline)
    if reason is None:
        return False
    if reason != "composed external wait" and not is_sleep_waiter(waiter, state.loop, deadline):
        _parked[task] = (weakref.ref(waiter), state.virtual_time, state.generation)
    return True


def _waits_for_the_towns_clock(state: Any, record: _CallbackRecord, _deadline: float) -> bool:
    """Whether a timer isn't due, and nothing but the clock of the town can make it so, see `new_world`."""
    return record.when is not None and record.when > state.virtual_time


def _sleeps_by_the_towns_clock(state: Any, waiter: Any, _deadline: float) -> bool:
    """Whether the future of a sleep is one of a timer that waits for the clock to be set forward."""
    for record in state.work.callbacks:
        handle = record.handle
        # First what excludes nearly all of them.
        if record.when is None or handle is None or not handle._args or handle._args[0] is not waiter:
            continue
        if record.when <= state.virtual_time or handle.cancelled():
            continue
        if getattr(_original_callback(handle._callback), "__name__", "") == "_set_result_unless_cancelled":
            return True
    return False


def copied(value: Any) -> Any:
    """A copy of all that can change in it."""
    kind = type(value)
    if kind is dict:
        return {key: copied(inner) for key, inner in value.items()}
    if kind is list:
        return [copied(inner) for inner in value]
    if kind in UNCHANGING:
        return value
    return copy.deepcopy(value)


UNCHANGING = frozenset({str, int, bool, float, type(None)})
