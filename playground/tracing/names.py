"""What things of the code are called, and where they stand."""

import inspect
from collections.abc import Callable
from pathlib import Path
from types import CodeType
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[2]


def name_of(function: Callable[..., Any]) -> str:
    """`Reminders.on_reminder_timer`; of a function alone, its name."""
    owner = getattr(function, "__self__", None)
    name = getattr(inspect.unwrap(function), "__name__", type(function).__name__)
    return f"{type(owner).__name__}.{name}" if owner is not None and not inspect.ismodule(owner) else name


def code_of(function: Callable[..., Any]) -> CodeType | None:
    """The code that runs when it is called; None for what isn't written in Python."""
    unwrapped = inspect.unwrap(getattr(function, "__func__", function))
    return getattr(unwrapped, "__code__", None)


def place_of(function: Callable[..., Any]) -> str:
    """`cogs/utility/reminders.py:88`; empty for what isn't written in Python."""
    code = code_of(function)
    if code is None:
        return ""
    path = Path(code.co_filename)
    if path.is_relative_to(REPOSITORY) and "site-packages" not in path.parts:
        return f"{path.relative_to(REPOSITORY)}:{code.co_firstlineno}"
    return f"{'/'.join(path.parts[-3:])}:{code.co_firstlineno}"


def module_of(function: Callable[..., Any]) -> str:
    """The module that a function was written in."""
    return str(getattr(inspect.unwrap(function), "__module__", "") or "")


def closure_of(function: Callable[..., Any]) -> dict[str, Any]:
    """What a function that was made by another one took along."""
    unwrapped = inspect.unwrap(getattr(function, "__func__", function))
    code, cells = getattr(unwrapped, "__code__", None), getattr(unwrapped, "__closure__", None) or ()
    if code is None:
        return {}
    return {name: cell.cell_contents for name, cell in zip(code.co_freevars, cells, strict=True)}
