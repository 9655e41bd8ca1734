"""What a server can set about telling of new levels."""

from typing import Any

from utils.i18n import N_
from utils.setting_types import WRITES, Channel, Choice, Setting, Switch, Template, WholeNumber

LONGEST_MESSAGE = 1_000  # characters
PLACES = ("member", "name", "level", "old_level", "xp", "server", "roles")
"""What can be filled in, in the message about a new level."""

MODE = Setting[str](
    "level-up", Choice(("off", "here", "channel", "dm")), "here",
    N_("Where I tell of a new level: `here` where it was reached, in `level-up-channel`, by direct message, or not."),
)  # fmt: skip
CHANNEL = Setting[int | None](
    "level-up-channel", Channel(), None,
    N_("The channel for new levels with `level-up channel`, or when they weren't reached in a channel."),
    needs=WRITES,
)  # fmt: skip
MESSAGE = Setting[str | None](
    "level-up-message", Template(LONGEST_MESSAGE, places=PLACES), None,
    N_("What I say about a new level, in place of my own words."),
)  # fmt: skip
EVERY = Setting[int](
    "level-up-every", WholeNumber(0, 1_000), 1,
    N_("Which levels I tell of: 1 for each, 5 for every fifth, 0 for those that bring a role."),
)  # fmt: skip
PING = Setting[bool](
    "level-up-ping", Switch(), False, N_("Whether the message about a new level notifies the member.")
)
DELETE_AFTER = Setting[int](
    "level-up-delete-after", WholeNumber(0, 86_400), 0,
    N_("After how many seconds I delete the message about a new level; 0 for never."),
)  # fmt: skip

SETTINGS: tuple[Setting[Any], ...] = (MODE, CHANNEL, MESSAGE, EVERY, PING, DELETE_AFTER)
