"""A command's run: what was called with what, which checks it passed, and how it ended."""

import time
from typing import Any

from discord.ext import commands

from playground.shapes import Step
from playground.tracing.checks import REFUSED, UNKNOWN, AnyCommand, gates_of
from playground.tracing.names import name_of, place_of
from playground.tracing.recording import Outcome, Recording
from utils import errors
from utils.context import Context
from utils.invoking import command_meant

LONGEST_ARGUMENT = 200  # characters
CUT_OFF = "It was cut off."
NOTHING_SAID = "Refused without a word."


class CommandRun:
    """A command's steps, while it runs and after."""

    def __init__(self, recording: Recording, ctx: Context) -> None:
        self.outcome: Outcome = "running"
        self._recording = recording
        self._ctx: Context | None = ctx
        self._began = time.perf_counter()
        self._step = recording.step("command", command_meant(ctx), tag=self.outcome)
        self._steps: list[Step] = [self._step]

    def end(self, error: commands.CommandError | None = None) -> None:
        """It is over: done, or with an error."""
        if self._ctx is None:
            return
        if error is None and self._ctx.command_failed:  # discord.py takes a cancelled command for a finished one
            self.cut_off()
        elif error is None:
            self._finish(self._ctx, "done")
        elif errors.is_expected(error):
            self._finish(self._ctx, "refused", errors.answer_to(self._ctx, error) or NOTHING_SAID, error)
        else:
            self._finish(self._ctx, "failed", repr(errors.cause_of(error)), error)

    def cut_off(self) -> None:
        """The bot that ran it is gone."""
        if self._ctx is not None:
            self._finish(self._ctx, "failed", CUT_OFF)

    def steps(self) -> list[Step]:
        """As they are now."""
        if self._ctx is not None and self._ctx.args:  # discord.py has read the arguments: nothing refused it
            return self._described(self._ctx, "", None)
        return self._steps

    def _finish(self, ctx: Context, outcome: Outcome, sentence: str = "", error: Exception | None = None) -> None:
        self.outcome = outcome
        self._ctx = None  # it holds much of discord.py's memory
        took = round((time.perf_counter() - self._began) * 1000, 2)
        self._steps = self._described(ctx, sentence, error)
        self._steps[0] |= {"took": took, "ok": outcome == "done"}
        self._recording.touch()

    def _described(self, ctx: Context, sentence: str, error: Exception | None) -> list[Step]:
        command: AnyCommand | None = ctx.command
        if command is None:
            return self._steps
        callback: Any = command.callback
        whose = f"{type(command.cog).__name__}.{name_of(callback)}" if command.cog else name_of(callback)
        lines = [sentence, f"{whose} in {place_of(callback)}", *_arguments(ctx, command)]
        described = self._recording.step(
            "command", command.qualified_name, tag=self.outcome, detail="\n".join(filter(None, lines))
        )
        same_time = {"at": self._step["at"], "town": self._step["town"]}
        gates = [
            self._recording.step(
                "check", gate.title, tag=gate.verdict, detail=gate.detail, ok=gate.verdict not in {REFUSED, UNKNOWN}
            )
            for gate in gates_of(ctx, command, error)
        ]
        return [{**step, **same_time} for step in (described, *gates)]  # type: ignore[typeddict-item]


def unknown_command(recording: Recording, ctx: Context) -> None:
    """Write down that a message called no command there is."""
    recording.add("command", ctx.invoked_with or "", tag="refused", detail="There is no such command.", ok=False)


def _arguments(ctx: Context, command: AnyCommand) -> list[str]:
    """What the command's parameters were given; nothing if it didn't come to that."""
    given = ctx.args[2:] if command.cog is not None else ctx.args[1:]
    named = dict(zip(command.clean_params, given, strict=False)) | ctx.kwargs
    extra = given[len(command.clean_params) :]  # of a parameter that takes as many as there are
    lines = [f"{name} = {_short(value)}" for name, value in named.items()]
    return lines + [f"{' ' * 4}{_short(value)}" for value in extra]


def _short(value: Any) -> str:
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= LONGEST_ARGUMENT else f"{text[:LONGEST_ARGUMENT]}…"
