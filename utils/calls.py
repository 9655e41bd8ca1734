"""Running what messages call: from the command that is meant to the line in the log that says how it went."""

import asyncio
import logging
import time
from contextlib import AbstractContextManager
from types import TracebackType
from typing import TYPE_CHECKING, Any

from discord.ext import commands

from utils import checks, errors
from utils.context import Context
from utils.invoking import MadeHere, command_meant, refund_cooldown
from utils.log import log_context
from utils.usage import CommandRun

if TYPE_CHECKING:
    from utils.bot import Hearth

log = logging.getLogger("hearth")
command_log = logging.getLogger("hearth.commands")


class _UnderWay(AbstractContextManager[None]):
    """Keeps a task among those under way. A class, as every command has one and a generator takes thrice as long."""

    __slots__ = ("_task", "_tasks")

    def __init__(self, tasks: set[asyncio.Task[Any]]) -> None:
        self._tasks = tasks
        self._task: asyncio.Task[Any] | None = None

    def __enter__(self) -> None:
        task = asyncio.current_task()
        if task is not None and task not in self._tasks:  # an alias leads to a command in the same task
            self._task = task
            self._tasks.add(task)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._task is not None:
            self._tasks.discard(self._task)


class Calls:
    """Runs commands, and knows which are running."""

    def __init__(self, bot: "Hearth") -> None:
        self.bot = bot
        self._under_way: set[asyncio.Task[Any]] = set()

    def under_way(self) -> AbstractContextManager[None]:
        """Let whoever stops the bot wait for this task."""
        return _UnderWay(self._under_way)

    @property
    def count(self) -> int:
        """How many are under way."""
        return len(self._under_way)

    async def finish(self, grace_seconds: float) -> None:
        """Wait until nothing runs, except who waits; not longer than so many seconds."""
        current = asyncio.current_task()
        loop = asyncio.get_running_loop()
        deadline = loop.time() + grace_seconds
        while waiting := self._under_way - {current}:
            left = deadline - loop.time()
            if left <= 0:
                log.warning("%d commands did not finish in time", len(waiting))
                break
            await asyncio.wait(waiting, timeout=left)

    def made_here(self, ctx: Context) -> MadeHere | None:
        """The command of the server's own that a message calls."""
        if ctx.command is not None or ctx.guild is None or not ctx.invoked_with:
            return None
        return next((made for finder in self.bot.command_finders if (made := finder.find(ctx)) is not None), None)

    async def run(self, ctx: Context, made: MadeHere | None) -> None:
        """Run a command of ours, or what the server made, and write down how it went."""
        fields = {
            "command": made.name if made else command_meant(ctx), "user": ctx.author.id,
            "guild": ctx.guild.id if ctx.guild else None, "channel": ctx.channel.id,
        }  # fmt: skip
        token = log_context.set(fields)
        started = time.perf_counter()
        outcome = "error"
        with self.under_way():
            try:
                await self.bot.speak_for(ctx)
                outcome = await self._outcome(ctx, made)
            finally:
                milliseconds = round((time.perf_counter() - started) * 1000, 1)
                # Not the name from before: what begins with a group's name may be a command of that group.
                name = ctx.command.qualified_name if ctx.command else None
                command_log.info(
                    "%s: %s",
                    name or fields["command"],
                    outcome,
                    extra={"duration_ms": milliseconds, "outcome": outcome},
                )
                if made is None or not made.calls_another:
                    run = CommandRun(name, ctx.guild.id if ctx.guild else None, milliseconds, outcome)
                    self.bot.usage.ran(run)
                log_context.reset(token)

    async def _outcome(self, ctx: Context, made: MadeHere | None) -> str:
        try:
            if made is None:
                await self._run_ours(ctx)
            elif await checks.is_heard(ctx):
                await made.run()
            else:
                raise errors.Silent
        except Exception as error:  # noqa: BLE001 - a check may raise anything, and it is told like the rest
            refund_cooldown(ctx, error)
            wrapped = error if isinstance(error, commands.CommandError) else commands.CommandInvokeError(error)
            if ctx.command is None:
                await self.bot.on_command_error(ctx, wrapped)
            else:
                await ctx.command.dispatch_error(ctx, wrapped)
            return "refused" if errors.is_expected(error) else "error"
        return "cancelled" if ctx.command_failed else "done"  # discord.py swallows a cancellation

    async def _run_ours(self, ctx: Context) -> None:
        assert ctx.command is not None
        self.bot.dispatch("command", ctx)
        if not await self.bot.can_run(ctx, call_once=True):
            raise commands.CheckFailure
        await ctx.command.invoke(ctx)
        self.bot.dispatch("command_completion", ctx)
