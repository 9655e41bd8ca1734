"""Trouble for the bot: calls that fail, permissions it lacks, a gateway that is away, a sudden death."""

import asyncio
import itertools
import logging
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import discord

from playground import rest_calls, shapes
from playground.errors import Refused
from playground.life import Life
from playground.simulation.sight import Sight
from playground.simulation.standing import Standing
from playground.simulation.wire import Call, Go

# What discord.py calls its own: what it says of a rate limit stands in the log just as on Discord.
discord_log = logging.getLogger("discord.http")

METHODS = (rest_calls.ANY, "GET", "POST", "PUT", "PATCH", "DELETE")
STATUSES = (403, 404, 429, 500)
MOST_FAULTS = 20
MOST_TIMES = 1_000
REMEMBERED_CALLS = 20
RETRY_AFTER_SECONDS = 5.0  # of the town's time; Discord asks for anything between a moment and minutes
TRIES = 5  # of discord.py, for a call that is rate limited


@dataclass(slots=True)
class Fault:
    """Calls that will fail."""

    number: int
    method: str
    path: str
    status: int
    left: int | None

    def meets(self, call: Call) -> bool:
        return self.method in (rest_calls.ANY, call.method) and rest_calls.matches(self.path, call.path)

    def shape(self) -> shapes.Fault:
        return shapes.Fault(
            id=str(self.number), method=self.method, path=self.path, status=self.status, left=self.left,
            label=rest_calls.name_of(self.method, self.path),
        )  # fmt: skip


class Trouble:
    """Makes things difficult for the bot, and says what is.

    What is wrong on Discord's side (failing calls, permissions) stays when the bot dies and starts again. Its
    gateway doesn't: a bot that starts connects anew.
    """

    def __init__(
        self,
        life: Life,
        sight: Sight,
        standing: Standing,
        *,
        tell: Callable[[shapes.Toast], None] = lambda toast: None,
        changed: Callable[[], None] = lambda: None,
    ) -> None:
        """Stands around the REST calls of each bot to come; the first of `life.arounds` sees what it does."""
        self._life = life
        self._sight = sight
        self._standing = standing
        self._tell = tell
        self._changed = changed
        self._faults: list[Fault] = []
        self._numbers = itertools.count(1)
        self._calls: OrderedDict[str, None] = OrderedDict()
        life.arounds.append(self._around)

    def state(self) -> shapes.Trouble:
        """What the page shows."""
        gateway = self._life.gateway
        return shapes.Trouble(
            bot=self._life.state,
            gateway="connected" if gateway is None or gateway.up else "dropped",
            faults=[fault.shape() for fault in self._faults],
            calls=list(reversed(self._calls)),
            guilds=self._sight.bot_in_guilds(),
        )

    # --- failing calls

    def fail(self, method: str, path: str, status: int, times: int | None) -> shapes.Fault:
        """Let the next calls fail that match, or with `times` None all of them; `*` in the path is any part.

        A `*` alone is any path or any method.

        403, 404 and 500 are what discord.py raises; for 500, after it has tried again in vain. At 429 discord.py
        waits, here in the town's time, and tries again up to five times. Raises Refused.
        """
        path = rest_calls.pattern_of(path.strip())
        if method not in METHODS or status not in STATUSES:
            raise Refused("Discord knows no such call or no such answer.")
        if not rest_calls.is_pattern(path):
            raise Refused("A path looks like /channels/*/messages, with * for any part.")
        if times is not None and not 1 <= times <= MOST_TIMES:
            raise Refused(f"Calls fail 1 to {MOST_TIMES} times, or always.")
        if len(self._faults) >= MOST_FAULTS:
            raise Refused("That's enough trouble: take some of it back first.")
        fault = Fault(next(self._numbers), method, path, status, times)
        self._faults.append(fault)
        self._changed()
        return fault.shape()

    def unfail(self, number: int) -> None:
        """Let these calls work again. Raises Refused when they do already."""
        left = [fault for fault in self._faults if fault.number != number]
        if len(left) == len(self._faults):
            raise Refused("Those calls work again already.")
        self._faults = left
        self._changed()

    async def _around(self, call: Call, go: Go) -> Any:
        self._remember(call)
        for _try in range(TRIES):
            fault = self._next_fault(call)
            if fault is None:
                return await go()
            if fault.status != 429:
                raise rest_calls.failure(fault.status, call.method, call.template)
            discord_log.warning(
                "We are being rate limited. %s %s responded with 429. Retrying in %.2f seconds.",
                call.method,
                discord.http.Route.BASE + call.path,
                RETRY_AFTER_SECONDS,
            )
            await asyncio.sleep(RETRY_AFTER_SECONDS)
        raise rest_calls.failure(429, call.method, call.template)

    def _next_fault(self, call: Call) -> Fault | None:
        fault = next((fault for fault in self._faults if fault.meets(call)), None)
        if fault is not None and fault.left is not None:
            fault.left -= 1
            if fault.left == 0:
                self._faults.remove(fault)
            self._changed()
        return fault

    def _remember(self, call: Call) -> None:
        name = f"{call.method} {rest_calls.pattern_of(call.template)}"
        if self._calls and next(reversed(self._calls)) == name:
            return
        self._calls[name] = None
        self._calls.move_to_end(name)
        if len(self._calls) > REMEMBERED_CALLS:
            self._calls.popitem(last=False)
        self._changed()

    # --- the bot's place in a guild

    async def bot_permission(self, guild_id: int, permission: str, on: bool) -> None:
        """Give the bot a permission in a guild, or take it. Whoever calls has the turn. Raises Refused."""
        await self._standing.permit(guild_id, permission, on)
        self._changed()

    async def bot_position(self, guild_id: int, position: int) -> None:
        """Move the bot's role, 0 for the top. Whoever calls has the turn. Raises Refused."""
        await self._standing.move(guild_id, position)
        self._changed()

    # --- the gateway

    async def gateway(self, up: bool) -> None:
        """Drop the bot's gateway or let it come back. Whoever calls has the turn. Raises Refused."""
        line = self._life.gateway
        if line is None:
            raise Refused("The bot doesn't run, so it has no gateway.")
        if up and not line.up:
            self._tell(_came_back(resumed=await line.come_back()))
        elif not up:
            await line.drop()
        self._changed()


def _came_back(*, resumed: bool) -> shapes.Toast:
    text = (
        "Discord resumed the session and sent what the bot had missed."
        if resumed
        else "The bot was away too long to resume, so this is a new session: what happened meanwhile is lost to it."
    )
    return shapes.Toast(kind="info", title="The gateway is back", text=text, detail="")
