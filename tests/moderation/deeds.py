"""Every kind of thing that moderators do: how it is said, what must be so before, and which calls Discord hears."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatch
from typing import Any

import aiohttp

from database.errors import DatabaseUnavailable
from tests.support.places import Person
from tests.support.town import Town

Preparation = Callable[[Town], Awaitable[Any]]


@dataclass(frozen=True)
class Deed:
    """What Ada, an admin, says about Ann or about #general."""

    kind: str
    words: str
    act: tuple[str, str] | None = None
    """Method and path of the call that does it; None if the case is all there is."""
    asks: str | None = None
    """The path of what is looked up before there is a case."""
    prepared: Preparation | None = None
    leaves: str | None = None
    """What is in force afterwards, by its kind."""
    unknown: bool = False
    """Whether nobody can see afterwards whether it was done."""

    def __str__(self) -> str:
        return self.kind


async def _timed_out(town: Town) -> None:
    await town.says(town.admin, "!timeout @ann 2h")


async def _banned(town: Town) -> None:
    await town.says(town.admin, "!ban @ann 2d")


async def _jailed(town: Town) -> None:
    await town.says(town.admin, "!jail @ann")


async def _is_member(town: Town) -> None:
    await town.give_role(town.ann, "Member")


async def _in_voice(town: Town) -> None:
    await town.ann.acts_in(town.guild.id).join_voice(town.guild.channel("voice").handle)


async def _muted(town: Town) -> None:
    await _in_voice(town)
    await town.says(town.admin, "!voice mute @ann")


async def _deaf(town: Town) -> None:
    await _in_voice(town)
    await town.says(town.admin, "!voice deafen @ann")


async def _locked(town: Town) -> None:
    await town.says(town.admin, "!lock")


async def _talk(town: Town) -> None:
    for text in ("one", "two", "three"):
        await town.says(town.bob, text)


MEMBER, BAN, ROLE = "/guilds/*/members/*", "/guilds/*/bans/*", "/guilds/*/members/*/roles/*"
VOICE, OVERWRITE = "/guilds/*/voice-states/*", "/channels/*/permissions/*"

ALL = (
    Deed("warn", "!warn @ann spam"),
    Deed("note", "!note @ann is Bob's friend"),
    Deed("timeout", "!timeout @ann 1h spam", ("PATCH", MEMBER), leaves="timeout"),
    Deed("untimeout", "!untimeout @ann", ("PATCH", MEMBER), prepared=_timed_out),
    Deed("kick", "!kick @ann spam", ("DELETE", MEMBER)),
    Deed("ban", "!ban @ann 1d spam", ("PUT", BAN), BAN, leaves="ban"),
    Deed("softban", "!softban @ann spam", ("PUT", BAN)),
    Deed("unban", "!unban ann sorry", ("DELETE", BAN), "/guilds/*/bans*", prepared=_banned),
    Deed("nick", "!nick @ann Annie", ("PATCH", MEMBER)),
    Deed("role-add", "!role add @ann Member", ("PUT", ROLE)),
    Deed("role-remove", "!role remove @ann Member", ("DELETE", ROLE), prepared=_is_member),
    Deed("role-temp", "!role temp @ann Member 1d", ("PUT", ROLE), leaves="role-temp"),
    Deed("jail", "!jail @ann 1d spam", ("PATCH", MEMBER), leaves="jail"),
    Deed("unjail", "!unjail @ann", ("PATCH", MEMBER), prepared=_jailed),
    Deed("voice-mute", "!voice mute @ann", ("PATCH", MEMBER), VOICE, _in_voice),
    Deed("voice-unmute", "!voice unmute @ann", ("PATCH", MEMBER), VOICE, _muted),
    Deed("voice-deafen", "!voice deafen @ann", ("PATCH", MEMBER), VOICE, _in_voice),
    Deed("voice-undeafen", "!voice undeafen @ann", ("PATCH", MEMBER), VOICE, _deaf),
    Deed("voice-move", "!voice move @ann Lounge", ("PATCH", MEMBER), VOICE, _in_voice, unknown=True),
    Deed("voice-kick", "!voice kick @ann", ("PATCH", MEMBER), VOICE, _in_voice, unknown=True),
    Deed("undo", "!undo 1", ("PATCH", MEMBER), prepared=_timed_out),
    Deed("lock", "!lock 1h raid", ("PUT", OVERWRITE), leaves="lock"),
    Deed("unlock", "!unlock", ("*", OVERWRITE), prepared=_locked),
    Deed("slowmode", "!slowmode 10s for 2h", ("PATCH", "/channels/*"), leaves="slowmode"),
    Deed("purge", "!purge 3", ("POST", "/channels/*/messages/bulk-delete"), prepared=_talk, unknown=True),
)
TO_PEOPLE = tuple(deed for deed in ALL if deed.kind not in {"lock", "unlock", "slowmode", "purge"})


async def all_rights(town: Town) -> None:
    """The bot and Ada may do all of these, and there is a log, a jail and a second voice channel."""
    voice = ("mute_members", "deafen_members", "move_members")
    await town.give_permission(town.guild, *voice)
    await town.give_permission(town.guild, *voice, of=town.guild.role("Admin"))
    town.guild.handle.create_voice_channel("Lounge")
    jail = town.role("Jailed")
    await town.says(town.admin, f"!config set jail-role {jail.mention}")
    await town.says(town.admin, "!config set mod-log #private")


async def prepare(town: Town, deed: Deed) -> None:
    """Let the deed be possible."""
    await all_rights(town)
    if deed.prepared is not None:
        await deed.prepared(town)
    await town.wait(seconds=1)
    town.forget_calls()


async def the_cases(town: Town) -> list[dict[str, Any]]:
    return [dict(row) for row in await town.db.fetchall("SELECT * FROM cases ORDER BY number")]


async def in_force(town: Town) -> list[tuple[str, int, bool]]:
    """What is in force: its kind, its case, and whether a clock runs."""
    return [
        (row["kind"], row["number"], row["timer_id"] is not None)
        for row in await town.db.fetchall(
            "SELECT kind, number, timer_id FROM sanctions UNION ALL SELECT kind, number, timer_id FROM channel_states"
            " ORDER BY number, kind"
        )
    ]


async def clocks(town: Town) -> int:
    """How many timers wait, but for what the bot itself sets as it leaves a guild."""
    return int(await town.db.fetchval("SELECT COUNT(*) FROM timers WHERE name <> 'guild_data_timer'"))


# --- At Discord's edge ------------------------------------------------------------------------------------


@contextmanager
def at_the_call(
    town: Town,
    method: str,
    path: str,
    *,
    before: Callable[[], Any] | None = None,
    dies: str | None = None,
    cut: str | None = None,
    times: int | None = None,
    slowly: bool = False,
) -> Iterator[None]:
    """Let something happen when the bot makes a REST call: `before` it; or the process `dies` before or after it.

    The connection may be `cut` before or after the call: no answer comes.

    `slowly` lets everybody else go on first, as far as they get.

    The process dies as far as the work goes that makes the call: it never hears of the answer.
    """
    http = town.bot.http
    request = http.request
    left = [times]

    async def edge(route: Any, **options: Any) -> Any:
        at = route.url.removeprefix(route.BASE)
        if not (fnmatch(route.method, method) and fnmatch(at.partition("?")[0], path)):
            return await request(route, **options)
        if left[0] is not None:
            left[0] -= 1
            if left[0] < 0:
                return await request(route, **options)
        if before is not None:
            before()
        for _turn in range(30 if slowly else 0):
            await town.db.fetchval("SELECT 1")
        if dies == "before":
            raise asyncio.CancelledError
        if cut == "before":
            raise aiohttp.ServerDisconnectedError
        answer = await request(route, **options)
        if cut == "after":
            raise aiohttp.ServerDisconnectedError
        if dies == "after":
            raise asyncio.CancelledError
        return answer

    http.request = edge
    try:
        yield
    finally:
        http.request = request


def leaves_at_once(town: Town, who: Person) -> Callable[[], Any]:
    """Somebody leaves before the bot's call arrives."""

    def go() -> None:
        if who.is_here:
            town.env.backend.remove_member(town.guild.id, who.id)

    return go


# --- At the database's edge -------------------------------------------------------------------------------


class _Failing:
    """An engine, or a session of one, that loses its connection at some statements."""

    def __init__(self, real: Any, fails: Callable[[str], bool]) -> None:
        self._real = real
        self._fails = fails

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    async def begin(self) -> Any:
        return _Failing(await self._real.begin(), self._fails)

    async def commit(self) -> None:
        if self._fails("COMMIT"):
            await self._real.rollback()
            raise DatabaseUnavailable("The connection was lost.")
        await self._real.commit()

    async def execute(self, statement: Any, parameters: Any) -> Any:
        return await self._run("execute", statement, parameters)

    async def fetch_one(self, statement: Any, parameters: Any) -> Any:
        return await self._run("fetch_one", statement, parameters)

    async def fetch_all(self, statement: Any, parameters: Any) -> Any:
        return await self._run("fetch_all", statement, parameters)

    async def fetch_value(self, statement: Any, parameters: Any) -> Any:
        return await self._run("fetch_value", statement, parameters)

    async def execute_many(self, statement: Any, rows: Any) -> Any:
        return await self._run("execute_many", statement, rows)

    async def _run(self, how: str, statement: Any, parameters: Any) -> Any:
        if self._fails(statement.source):
            raise DatabaseUnavailable("The connection was lost.")
        return await getattr(self._real, how)(statement, parameters)


@contextmanager
def database_fails(town: Town, *words: str, times: int | None = None) -> Iterator[list[str]]:
    """Let statements fail that have one of these words, the first `times` or all; those that failed."""
    failed: list[str] = []

    def fails(statement: str) -> bool:
        if times is not None and len(failed) >= times:
            return False
        if not any(one in statement for one in words):
            return False
        failed.append(statement)
        return True

    engine = town.db._engine
    town.db._engine = _Failing(engine, fails)  # type: ignore[assignment]
    try:
        yield failed
    finally:
        town.db._engine = engine
