"""The bot's line to the simulated gateway, which can be cut and comes back."""

import copy
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import aiohttp
import discord
from simcord import Env
from simcord.backend.access import channel_accessible

from playground.simulation.adapter import as_bot
from playground.simulation.hosting import settle

RESUMABLE_FOR = timedelta(minutes=2)
"""How long Discord keeps a session for who is away: no documentation says, in practice it is a few minutes."""


class Gateway:
    """One bot's connection to the gateway. Whoever calls has the turn.

    While it is dropped, the bot hears nothing, and what it asks the gateway for fails as on a closed socket. Coming
    back within `RESUMABLE_FOR` resumes the session: Discord sends what was missed, in order. Later there is a new
    session: the bot hears how everything is now, and never of what happened meanwhile.
    """

    def __init__(self, env: Env, bot: discord.AutoShardedClient) -> None:
        """Take the line of a bot that is attached."""
        self.env = env
        self.bot = bot
        self._dropped_at: datetime | None = None
        self._missed: list[tuple[str, Mapping[str, Any]]] = []
        _keep_from_it_what_it_may_not_see(env)
        for shard in bot.shards.values():
            _refuse_while_closed(shard._parent.ws)

    @property
    def up(self) -> bool:
        """Whether the bot hears what happens."""
        return self._dropped_at is None

    async def drop(self) -> None:
        """Cut the connection; does nothing if it is cut."""
        if not self.up:
            return
        self._dropped_at = self.env.now()
        self.env.backend.subscribers.append(self._miss)
        with as_bot(self.env):
            self.bot.dispatch("disconnect")  # simcord tells of the shard alone
            for shard in self.bot.shards.values():
                await shard.disconnect()
        await settle(self.env)

    async def come_back(self) -> bool:
        """Connect again; whether that resumed the session. Does nothing if it is connected."""
        if self.up:
            return True
        resumed = self._can_resume()
        missed, self._missed = self._missed, []
        self.give_up()
        with as_bot(self.env):
            if resumed:
                self._resume(missed)
            else:
                for shard in self.bot.shards.values():
                    await shard.connect()
        await settle(self.env)
        return resumed

    def give_up(self) -> None:
        """Stop to note down what a bot misses: it is connected again, or will never be."""
        if not self.up:
            self.env.backend.subscribers.remove(self._miss)
            self._dropped_at = None

    def _resume(self, missed: list[tuple[str, Mapping[str, Any]]]) -> None:
        for shard in self.bot.shards.values():
            shard._parent.ws.open = True  # type: ignore[misc]
        hear: Callable[[str, Mapping[str, Any]], None] = self.env._gateway_feed
        for event, payload in missed:
            hear(event, payload)
        for number in self.bot.shards:
            hear("RESUMED", {"__shard_id__": number})

    def _miss(self, event: str, payload: Mapping[str, Any]) -> None:
        if self._can_resume() and _may_hear(self.env, event, payload):
            # A copy: the payload may go on changing with the world.
            self._missed.append((event, copy.deepcopy(dict(payload))))

    def _can_resume(self) -> bool:
        return self._dropped_at is not None and self.env.now() - self._dropped_at < RESUMABLE_FOR


def _keep_from_it_what_it_may_not_see(env: Env) -> None:
    """Let the bot hear of messages and of who types only where it has View Channel; simcord would tell it of all."""
    feed: Callable[[str, Mapping[str, Any]], None] = env._gateway_feed

    def feed_the_visible(event: str, payload: Mapping[str, Any]) -> None:
        if _may_hear(env, event, payload):
            feed(event, payload)

    subscribers = env.backend.subscribers
    subscribers[subscribers.index(feed)] = env._gateway_feed = feed_the_visible


def _may_hear(env: Env, event: str, payload: Mapping[str, Any]) -> bool:
    if not event.startswith(("MESSAGE_", "TYPING_")):
        return True
    channel_id = int(payload["channel_id"])
    known = channel_id in env.backend.channels
    return not known or channel_accessible(env.backend, channel_id, env.backend.bot_user.id)


def _refuse_while_closed(socket: Any) -> None:
    """Let a query for members fail on a closed connection, as on a socket; simcord would answer it."""
    ask: Callable[..., Awaitable[None]] = socket.request_chunks

    async def request_chunks(*args: Any, **kwargs: Any) -> None:
        if not socket.open:
            raise aiohttp.ClientConnectionResetError("Cannot write to closing transport")
        await ask(*args, **kwargs)

    socket.request_chunks = request_chunks
