"""Between the bot and the simulated Discord: its REST calls, to be looked at, made to fail, or cut."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import discord
from simcord import Env
from simcord.http.client import FakeHTTPClient, FakeWebhookAdapter, _path_of


@dataclass(frozen=True, slots=True)
class Call:
    """A REST call that the bot makes."""

    method: str
    path: str
    """Below `/api/v10`, with the ids in it and without the query."""
    template: str
    """The same with names for the ids, as Discord's documentation writes it: `/channels/{channel_id}/messages`."""


Go = Callable[[], Awaitable[Any]]
Around = Callable[[Call, Go], Awaitable[Any]]
"""Stands around each call: awaits `go()` for the answer, which may be a discord.HTTPException, and returns it."""


def install(env: Env, bot: discord.Client, middlewares: Sequence[Around]) -> None:
    """Put `middlewares` around all REST calls of a bot that is about to be attached; the first is the outermost.

    Answers to interactions are among the calls. The sequence is read anew at each call, so it may grow. Of what the
    bot sends, only the login itself isn't seen: with it, simcord has given the bot its end of the wire.
    """
    load = bot.setup_hook  # the first that a bot does with its new connection

    async def setup_hook() -> None:
        wrap(env, bot, middlewares)
        await load()

    bot.setup_hook = setup_hook  # type: ignore[method-assign]


def wrap(env: Env, bot: discord.Client, middlewares: Sequence[Around]) -> None:
    """Put `middlewares` around all REST calls of a bot that is attached."""
    for end in _ends(env, bot):
        end.request = _surrounded(end.request, middlewares)  # type: ignore[method-assign]


def cut(env: Env, bot: discord.Client) -> None:
    """Let no REST call of a bot arrive from now on. It hears of that as little as a killed process would."""

    async def end_here(*_args: Any, **_kwargs: Any) -> Any:
        raise asyncio.CancelledError

    for end in _ends(env, bot):
        end.request = end_here  # type: ignore[method-assign]


def _ends(env: Env, bot: discord.Client) -> tuple[FakeHTTPClient | FakeWebhookAdapter, ...]:
    """The bot's two ways to Discord: its own, and the one for answers to interactions."""
    return bot.http, env._webhook_adapter  # type: ignore[return-value]


def _surrounded(request: Callable[..., Awaitable[Any]], middlewares: Sequence[Around]) -> Callable[..., Any]:
    async def surrounded(route: Any, *args: Any, **kwargs: Any) -> Any:
        call = Call(route.method, _path_of(route.url), route.path)

        go: Go = partial(request, route, *args, **kwargs)
        for around in reversed(middlewares):
            go = partial(around, call, go)
        return await go()

    return surrounded
