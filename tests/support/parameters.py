"""Read the parameters of a command once, however many bots a test run makes.

discord.py reads the signature of each command anew for each bot: half of what making one costs. The answer
depends on the function alone, and nobody changes it, so it stays with the function (and goes with it, as tests of
reloading want). The program itself, in `tests/process/`, does without.
"""

from types import FunctionType
from typing import Any

from discord.ext import commands

_read = commands.core.get_signature_parameters


def _remembered(function: Any, globalns: dict[str, Any], /, **options: Any) -> dict[str, commands.Parameter]:
    if options or not isinstance(function, FunctionType):
        return _read(function, globalns, **options)
    of, known = vars(function).get("_parameters", (None, {}))
    if of is not function:  # `functools.wraps` copies attributes
        known = _read(function, globalns)
        vars(function)["_parameters"] = (function, known)
    return dict(known)


def read_once() -> None:
    """From now on, in this process."""
    commands.core.get_signature_parameters = _remembered
