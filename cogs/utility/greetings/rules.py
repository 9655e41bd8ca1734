"""The texts of greetings: which kinds there are, what is filled in, and how often they are said. Pure."""

from collections import OrderedDict, deque
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

from utils.formatting import safe
from utils.i18n import _, format_number
from utils.templates import fill

KINDS: Final = ("welcome", "dm", "leave", "boost")
PLACES: Final = ("member", "name", "server", "members", "boosts")
"""What can be filled in."""
MOST_TEXTS: Final = 25
"""Of one kind, in one server."""
LONGEST_TEXT: Final = 1_500  # characters
AGAIN_AFTER: Final = timedelta(minutes=10)
"""Whoever leaves and comes back in less is greeted once."""
REMEMBERED: Final = 5_000
MOST_PICTURES: Final = 5
PICTURES_WITHIN: Final = timedelta(seconds=30)
"""Many who join at once are a raid: drawing a picture for each of them would hold up all else."""
MOST_GUILDS: Final = 1_000


def own_texts(kind: str) -> list[str]:
    """What is said where a server wrote nothing itself."""
    texts: Mapping[str, Callable[[], list[str]]] = {
        "welcome": lambda: [
            _("Welcome to {server}, {member}!"),
            _("{member} is here. Good to see you!"),
            _("Hello {member}! With you, {server} has {members} members."),
        ],
        "dm": lambda: [_("Welcome to **{server}**, {name}! Good to have you.")],
        "leave": lambda: [_("**{name}** has left."), _("Goodbye, **{name}**.")],
        "boost": lambda: [_("{member} boosts {server}. Thank you! Boosts now: {boosts}.")],
    }
    return texts[kind]()


def filled(text: str, *, mention: str, name: str, server: str, members: int | None, boosts: int) -> str:
    """A greeting for somebody. Names are made safe."""
    return fill(
        text,
        {
            "member": mention, "name": safe(name), "server": safe(server),
            "members": "?" if members is None else format_number(members), "boosts": format_number(boosts),
        },
    )  # fmt: skip


class Lately:
    """Who was greeted lately: nobody is a second time."""

    def __init__(self) -> None:
        self._greeted: OrderedDict[tuple[str, int, int], datetime] = OrderedDict()

    def is_new(self, kind: str, guild_id: int, user_id: int, now: datetime) -> bool:
        """Whether somebody is to be greeted; from now on they were."""
        key = (kind, guild_id, user_id)
        before = self._greeted.get(key)
        if before is not None and now - before < AGAIN_AFTER:
            return False
        self._greeted[key] = now
        self._greeted.move_to_end(key)
        if len(self._greeted) > REMEMBERED:
            self._greeted.popitem(last=False)
        return True


class Sparing:
    """How many pictures a guild had lately: it gets up to `MOST_PICTURES` in any time of `PICTURES_WITHIN`."""

    def __init__(self) -> None:
        self._drawn: OrderedDict[int, deque[datetime]] = OrderedDict()

    def may_draw(self, guild_id: int, now: datetime) -> bool:
        """Whether a guild gets another picture; from now on it has."""
        drawn = self._drawn.setdefault(guild_id, deque(maxlen=MOST_PICTURES))
        if len(drawn) == MOST_PICTURES and now - drawn[0] < PICTURES_WITHIN:
            return False
        drawn.append(now)
        self._drawn.move_to_end(guild_id)
        if len(self._drawn) > MOST_GUILDS:
            self._drawn.popitem(last=False)
        return True
