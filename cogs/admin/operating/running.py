"""Running code that somebody types: its last value, what it prints, and an end to what goes on for ever."""

import ast
import asyncio
import inspect
import os
import sys
import time
import traceback
from collections.abc import Coroutine, Generator, Mapping
from dataclasses import dataclass
from functools import partial
from types import CodeType, FrameType
from typing import Any, Final

FILE_NAME: Final = "<eval>"
FUNCTION_NAME: Final = "typed"
SECRET_NAMES: Final = ("TOKEN", "SECRET", "PASSWORD", "PASSWD", "KEY", "DATABASE_URL", "DSN")
SHORTEST_SECRET: Final = 6
"""Characters: shorter ones are words such as `true`, which would be blotted out everywhere."""


class Overdue(BaseException):
    """Raised inside code that lets nothing else run; not an `Exception`, so that it isn't caught by chance."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it. `error` is a traceback, and `overdue` says that it was stopped."""

    printed: str
    value: Any = None
    error: str | None = None
    overdue: bool = False


def compiled(text: str) -> CodeType:
    """Code as the body of an async function that returns its last expression. Raises SyntaxError and ValueError."""
    body = ast.parse(text, FILE_NAME).body
    if not body:
        raise ValueError("there is no code")
    if isinstance(body[-1], ast.Expr):
        body[-1] = ast.copy_location(ast.Return(body[-1].value), body[-1])
    module = ast.parse(f"async def {FUNCTION_NAME}(): pass", FILE_NAME)
    function = module.body[0]
    assert isinstance(function, ast.AsyncFunctionDef)
    function.body = body
    return compile(ast.fix_missing_locations(module), FILE_NAME, "exec")


async def run(text: str, names: Mapping[str, Any], *, seconds: float, step_seconds: float) -> Outcome:
    """Run code; `seconds` for all of it, `step_seconds` for what it does between two awaits, in Python."""
    printed: list[str] = []

    def show(*values: Any, sep: str = " ", end: str = "\n", **_others: Any) -> None:
        printed.append(sep.join(map(str, values)) + end)

    space = {**names, "print": show}
    limit = asyncio.timeout(seconds)
    try:
        exec(compiled(text), space)  # noqa: S102 - it is what the command is for
        async with limit:
            made = space[FUNCTION_NAME]()
            if inspect.isasyncgen(made):
                raise SyntaxError("`yield` outside of a function")
            value = await _Stepped(made, step_seconds)
    except Overdue:
        return Outcome("".join(printed), overdue=True)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever it raises is the answer
        if isinstance(error, TimeoutError) and limit.expired():
            return Outcome("".join(printed), overdue=True)
        return Outcome("".join(printed), error=_traceback(error))
    return Outcome("".join(printed), value)


def secrets_in(environ: Mapping[str, str] = os.environ) -> frozenset[str]:
    """What the environment holds under names of secrets: also those of others on this machine."""
    return frozenset(
        value
        for name, value in environ.items()
        if len(value) >= SHORTEST_SECRET and any(word in name.upper() for word in SECRET_NAMES)
    )


class _Stepped:
    """Awaits a coroutine, and raises `Overdue` in it where it takes too long from one await to the next.

    While the loop waits for a step, no timer of it can fire, so the steps are watched by Python's own tracing. What a
    single call of C takes can't be stopped.
    """

    def __init__(self, coroutine: Coroutine[Any, Any, Any], seconds: float) -> None:
        self._coroutine = coroutine
        self._seconds = seconds

    def __await__(self) -> Generator[Any, Any, Any]:
        step = partial(self._coroutine.send, None)
        while True:
            try:
                awaited = self._watched(step)
            except StopIteration as end:
                return end.value
            try:
                sent = yield awaited
            except BaseException as error:  # noqa: BLE001 - such as a cancellation: it belongs inside
                step = partial(self._coroutine.throw, error)
            else:
                step = partial(self._coroutine.send, sent)

    def _watched(self, step: partial[Any]) -> Any:
        deadline = time.monotonic() + self._seconds

        def trace(_frame: FrameType, _event: str, _argument: Any) -> Any:
            if time.monotonic() > deadline:
                raise Overdue
            return trace

        before = sys.gettrace()
        sys.settrace(trace)
        try:
            return step()
        finally:
            sys.settrace(before)


def _traceback(error: BaseException) -> str:
    """The traceback from the typed code on."""
    frames = error.__traceback__
    while frames is not None and frames.tb_frame.f_code.co_filename != FILE_NAME:
        frames = frames.tb_next
    return "".join(traceback.format_exception(type(error), error, frames)).rstrip()
