"""What a server can set about greetings."""

from typing import Any

from utils.drawing.backgrounds import BACKGROUNDS, DEFAULT
from utils.i18n import N_
from utils.setting_types import WRITES, Channel, Choice, Many, Setting, Switch, WholeNumber

LONGEST_TIME = 86_400  # seconds

WELCOME_CHANNEL = Setting[int | None](
    "welcome-channel", Channel(), None, N_("Where I welcome new members."), needs=WRITES
)
WELCOME_DM = Setting[bool]("welcome-dm", Switch(), False, N_("Whether I welcome new members by direct message, too."))
WELCOME_PING = Setting[bool]("welcome-ping", Switch(), False, N_("Whether the welcome notifies the new member."))
LEAVE_CHANNEL = Setting[int | None]("leave-channel", Channel(), None, N_("Where I tell who has left."), needs=WRITES)
BOOST_CHANNEL = Setting[int | None](
    "boost-channel",
    Channel(),
    None,
    N_("Where I thank for boosts. Discord's own boost messages have to be on."),
    needs=WRITES,
)
EMBED = Setting[bool](
    "greeting-embed", Switch(), False, N_("Whether welcome, leave and boost messages are embeds with the avatar.")
)
PICTURES = Setting[tuple[str, ...]](
    "greeting-pictures", Many(Choice(("welcome", "leave", "boost")), 3), (),
    N_("Which greetings come with a picture of who they are about."),
)  # fmt: skip
OWN_BACKGROUND = "own"
BACKGROUND = Setting[str](
    "greeting-background", Choice((*BACKGROUNDS, OWN_BACKGROUND)), DEFAULT,
    N_("What is behind the pictures of greetings; `own` is what `greeting background` took."),
)  # fmt: skip
WELCOME_DELETE = Setting[int](
    "welcome-delete-after", WholeNumber(0, LONGEST_TIME), 0,
    N_("After how many seconds I delete the welcome; 0 for never."),
)  # fmt: skip
LEAVE_DELETE = Setting[int](
    "leave-delete-after", WholeNumber(0, LONGEST_TIME), 0,
    N_("After how many seconds I delete the message about who left; 0 for never."),
)  # fmt: skip
BOOST_DELETE = Setting[int](
    "boost-delete-after", WholeNumber(0, LONGEST_TIME), 0,
    N_("After how many seconds I delete the thanks for a boost; 0 for never."),
)  # fmt: skip

CHANNELS = {"welcome": WELCOME_CHANNEL, "leave": LEAVE_CHANNEL, "boost": BOOST_CHANNEL}
DELETING = {"welcome": WELCOME_DELETE, "leave": LEAVE_DELETE, "boost": BOOST_DELETE}
SETTINGS: tuple[Setting[Any], ...] = (
    WELCOME_CHANNEL, WELCOME_DM, WELCOME_PING, LEAVE_CHANNEL, BOOST_CHANNEL, EMBED, PICTURES, BACKGROUND,
    WELCOME_DELETE, LEAVE_DELETE, BOOST_DELETE,
)  # fmt: skip
