"""Time, trouble, and what happened."""

from typing import Literal, TypedDict

from playground.shapes.basics import Id, Moment
from playground.shapes.places import RoleTag


class Clock(TypedDict):
    """The town's time when this was sent; it runs at real speed."""

    now: Moment
    ahead_seconds: float
    """Of the real clock."""
    next_timer: Moment | None
    """When something of the bot is due next."""
    travelling: bool


class Fault(TypedDict):
    """REST calls that will fail."""

    id: str
    method: str
    path: str
    """With `*` for any part."""
    status: int
    left: int | None
    """How often; None for always."""
    label: str


class BotIn(TypedDict):
    """How the bot stands in a guild."""

    guild: Id
    name: str
    roles: list[RoleTag]
    """All roles of the guild, the highest first; the bot's own has the id `bot_role`."""
    bot_role: Id
    permissions: dict[str, bool]
    """By discord.py's names, those that the bot can be given here."""


class Trouble(TypedDict):
    """What is made difficult for the bot."""

    bot: Literal["running", "starting", "dead"]
    gateway: Literal["connected", "dropped"]
    faults: list[Fault]
    calls: list[str]
    """The latest REST calls, 'METHOD /path', the newest first: to choose from."""
    guilds: list[BotIn]


StepKind = Literal["command", "check", "event", "sql", "rest", "log", "error", "message", "gateway"]
"""An `event` is one of the bot's own, a `gateway` event came from Discord."""


class Step(TypedDict):
    """One thing that the bot did."""

    at: float
    """Milliseconds after the beginning."""
    town: Moment
    """When by the town's clock, which stands still while the bot works and jumps when time is skipped."""
    took: float | None
    """Milliseconds."""
    kind: StepKind
    title: str
    tag: str
    """A short word beside it: a log line's level, a REST call's status, a statement's rows."""
    detail: str
    """Lines to unfold; the first one is shown."""
    ok: bool


class Trace(TypedDict):
    """What one cause led to."""

    id: Id
    kind: Literal["message", "click", "form", "reaction", "timer", "other"]
    title: str
    who: str
    at: Moment
    took: float
    """Milliseconds until the last step so far."""
    outcome: Literal["running", "done", "refused", "failed", "nothing"]
    counts: dict[StepKind, int]
    sql_ms: float
    steps: list[Step]
    """In the order they began."""
    more: int
    """Steps beyond those kept."""
    messages: list[Id]
    """The messages that it is about: the cause first, then what the bot wrote or edited."""
