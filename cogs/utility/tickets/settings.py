"""What a server can set about all its tickets; what is each kind's own stands in its panel."""

from datetime import timedelta
from typing import Any, Final

from utils.i18n import N_
from utils.setting_types import WRITES, Channel, Duration, Setting, Switch

NEVER: Final = timedelta(0)

LOG_CHANNEL = Setting[int | None](
    "ticket-log-channel",
    Channel(),
    None,
    N_("Where transcripts of closed tickets are kept."),
    needs=(*WRITES, "attach_files"),
)
MENTIONS = Setting[bool](
    "ticket-mentions", Switch(), False, N_("Whether a new ticket notifies the roles that answer it.")
)
OPENER_CLOSES = Setting[bool](
    "ticket-opener-closes", Switch(), True, N_("Whether members may close the tickets that they opened.")
)
CLOSE_AFTER = Setting[timedelta](
    "ticket-close-after", Duration(NEVER, timedelta(days=90)), NEVER,
    N_("How long nobody has to write until a ticket is closed, with a warning before; 0s for never."),
)  # fmt: skip
DELETE_AFTER = Setting[timedelta](
    "ticket-delete-after", Duration(NEVER, timedelta(days=90)), NEVER,
    N_("How long after closing a ticket's channel is deleted, if its transcript is kept; 0s for never."),
)  # fmt: skip
TRANSCRIPT_DM = Setting[bool](
    "ticket-transcript-messages", Switch(), True,
    N_("Whether members get the transcripts of their tickets by direct message."),
)  # fmt: skip
RATING = Setting[bool](
    "ticket-rating", Switch(), False, N_("Whether members are asked how well their tickets were answered.")
)

TIMED: Final = frozenset({CLOSE_AFTER.key, DELETE_AFTER.key})
"""Settings that tickets wait by."""
SETTINGS: Final[tuple[Setting[Any], ...]] = (
    LOG_CHANNEL, MENTIONS, OPENER_CLOSES, CLOSE_AFTER, DELETE_AFTER, TRANSCRIPT_DM, RATING,
)  # fmt: skip
