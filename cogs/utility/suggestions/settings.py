"""Where suggestions are shown, and how."""

from datetime import timedelta
from typing import Final

from utils.i18n import N_
from utils.setting_types import WRITES, Channel, Duration, Setting, Switch

SUGGESTION_CHANNEL = Setting[int | None](
    "suggestion-channel", Channel(), None, N_("Where suggestions are shown and voted on."), needs=WRITES
)
SUGGESTION_COOLDOWN = Setting[timedelta](
    "suggestion-cooldown",
    Duration(timedelta(0), timedelta(days=30)),
    timedelta(minutes=5),
    N_("How long a member waits between two suggestions."),
)
SUGGESTION_THREADS = Setting[bool](
    "suggestion-threads", Switch(), False, N_("Open a thread under each suggestion to talk about it.")
)
ANONYMOUS_SUGGESTIONS = Setting[bool](
    "anonymous-suggestions",
    Switch(),
    False,
    N_("Don't show who suggests something; the message with the command is deleted."),
)
SUGGESTION_DM = Setting[bool](
    "suggestion-dm", Switch(), True, N_("Tell who suggested something in direct messages what becomes of it.")
)

SETTINGS: Final = (
    SUGGESTION_CHANNEL, SUGGESTION_COOLDOWN, SUGGESTION_THREADS, ANONYMOUS_SUGGESTIONS, SUGGESTION_DM,
)  # fmt: skip
