"""The few things we need of simcord that its public interface doesn't offer, each with its reason.

Everything else in `playground/` and in the tests' `town` uses simcord as documented. When simcord changes or
is replaced, this is the list to go through.
"""

import logging
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime
from typing import Any
from weakref import WeakKeyDictionary

import discord
from simcord import Env, UserHandle
from simcord.backend import serializers
from simcord.http import router
from simcord.http.router import RequestContext, route
from simcord.http.routes.messages import get_history

log = logging.getLogger("hearth.playground")

# How long simcord waits before it looks again whether bot work has come to rest. Its 50 ms would be added to
# each command that ends by waiting for something (a button, a timer).
SETTLE_LOOK_SECONDS = 0.002

MORE_MESSAGES_THAN_THERE_ARE = 1_000_000


def new_world(bot_name: str = "Hearth", *, avatar: str | None = None, settle_timeout: float = 5.0) -> Env:
    """An empty simulated Discord at 2026-01-01, in which nothing runs yet.

    simcord wants a bot to make a world; we want the world first, since the bot's settings name people of it.
    So the world starts with a client that never connects, and `attach` puts the real bot into its place.
    """
    placeholder = discord.AutoShardedClient(intents=discord.Intents(guilds=True), shard_count=1)
    env = Env(placeholder, shard_count=1, check_errors=False, settle_timeout=settle_timeout)
    env.backend.bot_user.name = bot_name  # before the first guild: the bot's role there is named after it
    env.backend.bot_user.avatar = avatar
    _let_the_virtual_clock_alone_fire_timers(env)
    _ban_nobody_who_isnt_there(env)
    _read_on_from_a_message()
    _let_invites_be_paused(env)
    _settle_soon_or_patiently(env)
    return env


def _settle_soon_or_patiently(env: Env) -> None:
    """Look often whether the bot's work has come to rest, and wait for it at the start as long as later on.

    simcord gives a bot five seconds to start, whatever the world's own limit is.
    """
    settle = env._settle_internal

    async def settle_as_long(*, timeout: float | None = None, **options: Any) -> None:  # noqa: ASYNC109
        if timeout is not None:
            timeout = max(timeout, env.settle_timeout)
        await settle(**{"timeout": timeout, "idle": SETTLE_LOOK_SECONDS, **options})

    env._settle_internal = settle_as_long  # type: ignore[method-assign]


def _let_the_virtual_clock_alone_fire_timers(env: Env) -> None:
    """Keep the bot's sleeps from waking by the real clock.

    By default simcord lets a sleep of the bot end in real time as well, and waits for those that are due
    within its settle timeout: with a task that wakes every three seconds, each message would take three.
    """

    def never_by_the_real_clock(*_timer: Any) -> None:
        return

    env._schedule_timer = never_by_the_real_clock  # type: ignore[method-assign,assignment]


def _ban_nobody_who_isnt_there(env: Env) -> None:
    """Refuse to ban an id that is nobody's, as Discord does; of many, the others are banned.

    simcord writes such a ban down before it finds that out, and the guild's list of bans fails from then on.
    """
    backend = env.backend
    require_hierarchy = backend.require_hierarchy

    def require_somebody(guild_id: int, actor_id: int, target_id: int) -> None:
        backend.get_user(target_id)
        require_hierarchy(guild_id, actor_id, target_id)

    backend.require_hierarchy = require_somebody  # type: ignore[method-assign]


def _read_on_from_a_message() -> None:
    """Let `after` give the messages that come next, as Discord does. simcord gives the newest ones of all.

    A bot that reads a channel from its beginning would take the newest message for the first one.
    """
    routes = router._ROUTES["GET"]
    for place, (template, handler) in enumerate(routes):
        if handler is get_history:
            routes[place] = (template, _history)


def _history(ctx: router.RequestContext) -> Any:
    if "after" not in ctx.params:
        return get_history(ctx)
    limit = int(ctx.params.get("limit", 50))
    later: list[Any] = get_history(replace(ctx, params={**ctx.params, "limit": MORE_MESSAGES_THAN_THERE_ARE}))
    return later[-limit:]  # newest first, as they come from Discord, too


def leave_errors_to_the_bot(env: Env) -> None:
    """Don't let the page call an action failed because a command was refused or failed.

    simcord counts every error that a command raises, also one that the bot's own handler has answered. The page
    then says "Action outcome uncertain" and keeps the sent text in the box. The bot logs what is unexpected.
    """

    def already_handled(error: BaseException) -> None:
        log.debug("The bot raised %r", error)

    env._record_error = already_handled  # type: ignore[method-assign]


async def attach(env: Env, bot: discord.Client) -> None:
    """Start `bot` in the world: log in, and hear of every guild in it."""
    env.bot = bot
    await env.start()


def move_clock_before_start(env: Env, now: datetime) -> None:
    """Set the world's clock forward while no bot is attached; a moment in its past changes nothing."""
    env.backend.advance_clock(max(0.0, (now - env.now()).total_seconds()))


def bot_user(env: Env) -> UserHandle:
    """The bot as one of Discord's users, for the overwrites of a channel."""
    return UserHandle(env, env.backend.bot_user)


def as_bot(env: Env) -> AbstractContextManager[None]:
    """What is started in this block is the bot's work: it runs on the virtual clock and is waited for."""
    return env._bot_scope()


def watch(env: Env, heard: Callable[[str, Mapping[str, Any]], None]) -> None:
    """Call `heard` with the name and content of each event of the gateway, whether the bot hears it or not.

    It goes on across restarts of the bot.
    """
    env.backend.subscribers.append(heard)


def forget_history(env: Env, *, keep: int) -> None:
    """Drop the oldest of simcord's records of calls and events, which would otherwise grow for ever."""
    del env.backend.transcript[:-keep]
    del env.backend.http_requests[:-keep]


def _let_invites_be_paused(env: Env) -> None:
    """Say with each news of a guild whether its invites are paused, which simcord doesn't know."""
    backend = env.backend
    emit = backend.emit

    def emit_with_incidents(event: str, payload: Mapping[str, Any]) -> None:
        if event == "GUILD_UPDATE":
            payload = {**payload, "incidents_data": _paused.get(backend, {}).get(int(payload["id"]))}
        emit(event, payload)

    backend.emit = emit_with_incidents  # type: ignore[method-assign]


_paused: WeakKeyDictionary[Any, dict[int, Any]] = WeakKeyDictionary()
"""By the simulated Discord and the guild's id."""


@route("PUT", "/guilds/{guild_id}/incident-actions")
def _pause_invites(ctx: RequestContext) -> Any:
    guild_id = ctx.int_arg("guild_id")
    ctx.require_guild_permissions(guild_id, "manage_guild")
    _paused.setdefault(ctx.backend, {})[guild_id] = ctx.body()
    guild = ctx.backend.get_guild(guild_id)
    ctx.backend.emit("GUILD_UPDATE", serializers.guild_create_payload(ctx.backend, guild))
    return ctx.body()
