"""What stood between a command and its run, and which of it said no."""

import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from types import FrameType
from typing import Any

from discord.ext import commands

from playground.tracing.names import closure_of, code_of, name_of, place_of
from utils import errors
from utils.context import Context

AnyCommand = commands.Command[Any, ..., Any]

PREDICATE = "predicate"  # what discord.py and everybody call the check that a decorator makes
SHOWN = (str, int, float, dict, list, tuple, set, frozenset)
PASSED, REFUSED, UNREACHED, UNKNOWN = "passed", "refused", "not reached", "perhaps this one"


@dataclass(slots=True)
class Gate:
    """Something that can refuse a command."""

    title: str
    detail: str
    verdict: str = PASSED


@dataclass(frozen=True, slots=True)
class _Check:
    function: Any
    whose: str

    @property
    def title(self) -> str:
        """`has_permissions(manage_guild)`, as one writes it over a command."""
        name = name_of(self.function)
        if name != PREDICATE:
            return name
        made_by = self.function.__qualname__.partition(".<locals>")[0]
        values = (_shown(value) for value in closure_of(self.function).values() if isinstance(value, SHOWN))
        shown = ", ".join(value for value in values if value)
        return f"{made_by}({shown})" if shown else made_by

    @property
    def detail(self) -> str:
        return f"{self.whose}, {place_of(self.function)}"

    def is_in(self, frame: FrameType) -> bool:
        """Whether the check was running in a frame; checks made by one decorator share their code."""
        return frame.f_code is code_of(self.function) and all(
            frame.f_locals.get(name) is value for name, value in closure_of(self.function).items()
        )


def gates_of(ctx: Context, command: AnyCommand, error: Exception | None) -> list[Gate]:
    """All gates before a command in the order in which they are asked, and how each one decided.

    `error` is what the command ended with.
    """
    cause = errors.cause_of(error) if error is not None else None
    checks = list(_checks(ctx, command))
    gates = [Gate(check.title, check.detail) for check in checks]
    gates += [*_limits(ctx, command), *_arguments(ctx, cause)]
    refused = _who_refused(cause, checks, gates)
    for index, gate in enumerate(gates):
        if refused and index > max(refused):
            gate.verdict = UNREACHED
        elif index in refused:
            gate.verdict = REFUSED if len(refused) == 1 else UNKNOWN
    return gates


def _shown(value: Any) -> str:
    return repr(value) if isinstance(value, str | int | float) else ", ".join(map(str, value))


def _checks(ctx: Context, command: AnyCommand) -> Iterator[_Check]:
    bot = ctx.bot
    for function in [*bot._check_once, *bot._checks]:
        yield _Check(function, "before every command")
    groups = [one for one in reversed(command.parents) if not getattr(one, "invoke_without_command", True)]
    for one in [*groups, command]:
        if one.cog is not None and (of_cog := commands.Cog._get_overridden_method(one.cog.cog_check)):
            yield _Check(of_cog, f"before every command of {one.cog.qualified_name}")
        for function in one.checks:
            yield _Check(function, f"of {one.qualified_name}")


def _limits(ctx: Context, command: AnyCommand) -> Iterator[Gate]:
    concurrency = command._max_concurrency
    if concurrency is not None:
        yield Gate(CONCURRENCY, f"{concurrency.number} for each {concurrency.per.name}")
    cooldown = command.cooldown
    if cooldown is not None:
        now = ctx.message.created_at.timestamp()
        bucket = command._buckets.get_bucket(ctx, now)
        left = f"; {bucket.get_tokens(now)} left" if bucket is not None else ""
        each = getattr(command._buckets.type, "name", "key")
        yield Gate(COOLDOWN, f"{cooldown.rate:g} in {cooldown.per:g} s for each {each}{left}")


CONCURRENCY, COOLDOWN, ARGUMENTS = "runs at once", "cooldown", "arguments"


def _arguments(ctx: Context, cause: BaseException | None) -> Iterator[Gate]:
    if isinstance(cause, commands.UserInputError):
        parameter = ctx.current_parameter
        given = f" = {ctx.current_argument!r}" if ctx.current_argument is not None else ""
        where = f"{parameter.name}{given}: " if parameter is not None else ""
        yield Gate(ARGUMENTS, f"{where}{type(cause).__name__}")


def _who_refused(cause: BaseException | None, checks: list[_Check], gates: list[Gate]) -> set[int]:
    """The indexes of the gates of which one refused; one alone is the one."""
    if cause is None:
        return set()
    for frame, _line in reversed(list(traceback.walk_tb(cause.__traceback__))):
        for index, check in enumerate(checks):
            if check.is_in(frame):
                return {index}
    titles = {
        commands.CommandOnCooldown: COOLDOWN,
        commands.MaxConcurrencyReached: CONCURRENCY,
        commands.UserInputError: ARGUMENTS,
    }
    for kind, title in titles.items():
        if isinstance(cause, kind):
            return {index for index, gate in enumerate(gates) if gate.title == title}
    if isinstance(cause, commands.CheckFailure):  # it gave False instead of raising, and left no trace
        general = "global check" in str(cause) or not str(cause)
        return {index for index, check in enumerate(checks) if (check.whose == "before every command") == general}
    return set()
