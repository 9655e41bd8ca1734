"""A guild's settings and data."""

from typing import Any

from utils.events.catalogue import TimerEvent, event


@event(everywhere=True)
class GuildSettingChanged:
    """A guild's setting got another value.

    Sent by the guild settings after the change is stored, also to the process that runs the guild, where the setting
    holds by then. Whoever keeps something derived from a setting listens.
    Values are as stored (JSON-able); `changed_by` is the user's id, None for the bot itself.
    """

    guild_id: int
    key: str
    old: Any
    new: Any
    changed_by: int | None


@event
class GuildDataTimer(TimerEvent):
    """The bot was away from a guild for so long that its data goes. Sent by the timers; heard by admin.

    The payload is `{"guild_id": int}`: a timer of the guild itself would wait until the bot is back.
    """
