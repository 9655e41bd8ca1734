"""Which bot lives in the simulated Discord: let in, taken out, killed."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import discord
from simcord import Env
from simcord._runtime import _attach_bot

from playground.simulation.wire import cut

log = logging.getLogger("hearth.playground")

END_SECONDS = 5.0  # for the tasks of a bot that is killed; it is milliseconds if none of them clings to life
LOOK_AGAIN_SECONDS = 0.05


def nobody() -> discord.AutoShardedClient:
    """A client that hears and does nothing: simcord wants one at all times, and Discord goes on without a bot."""
    return discord.AutoShardedClient(intents=discord.Intents(guilds=True), shard_count=1)


async def let_in(env: Env, bot: discord.Client) -> None:
    """Start `bot` in the place of whoever is there: it logs in and hears of every guild.

    Whatever its start raises comes out; then nobody is there.
    """
    env._begin_operation("let_in")
    try:
        if not env._started:
            env.bot = nobody()
            await env.start()
        await env._detach_bot()
        try:
            with _patiently(env):
                await _attach_bot(env, bot)
        except BaseException:
            await _attach_bot(env, nobody())
            raise
    finally:
        env._end_operation()


async def settle(env: Env) -> None:
    """Let the bot come to rest. One that works for longer than simcord waits is no failure."""
    try:
        await env.settle()
    except TimeoutError as late:
        log.debug("The bot is still at work: %s", late)


@contextmanager
def _patiently(env: Env) -> Iterator[None]:
    """Let a bot be at work when it has started: it may have slept over a thousand reminders.

    simcord gives it five seconds to come to rest, and calls the start failed then.
    """
    wait: Callable[..., Awaitable[None]] = env._settle_internal

    async def wait_no_longer(**options: Any) -> None:
        try:
            await wait(**options | {"timeout": env.settle_timeout})
        except TimeoutError as late:
            log.warning("The bot has started and is still at work: %s", late)

    env._settle_internal = wait_no_longer  # type: ignore[method-assign]
    try:
        yield
    finally:
        env._settle_internal = wait  # type: ignore[method-assign,assignment]


async def take_out(env: Env) -> None:
    """Take a bot out that has closed by itself."""
    await let_in(env, nobody())


async def kill(env: Env, bot: discord.Client) -> None:
    """End a bot as `kill -9` ends a process: it neither says anything more nor hears anything.

    Python ends a task only by raising in it, so `finally` blocks of the bot run; nothing they do gets out.
    """
    cut(env, bot)
    await _end_tasks(env)
    await take_out(env)


async def _end_tasks(env: Env) -> None:
    """Cancel the bot's tasks until they are done.

    simcord cancels each once and then waits for it, for ever if it waits for time to pass while it ends.
    """
    loop = asyncio.get_running_loop()
    deadline = loop.time() + END_SECONDS
    while living := [task for task in env._work.tasks if not task.done()]:
        if loop.time() > deadline:
            _abandon(env, living)
            return
        for task in living:
            task.cancel()
        await asyncio.wait(living, timeout=LOOK_AGAIN_SECONDS)


def _abandon(env: Env, tasks: list[asyncio.Task[Any]]) -> None:
    for task in tasks:
        log.warning("A task of the killed bot refuses to end and is left alone: %s", env._work.tasks[task].label)
        del env._work.tasks[task]
