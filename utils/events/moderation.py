"""What moderation sends and waits for."""

from utils.events.catalogue import TimerEvent, event


@event
class ModAction:
    """Something was done to somebody, and its case is settled.

    Sent by moderation after the action. Whoever keeps something about members listens. `kind` is the case's (`ban`,
    `timeout`, …), `source` what began it (command, client, escalation, timer, automod); `moderator_id` is None where
    nobody knows, and `target_id` where it was done to no person: a lock, a purge. `parent` is the number of the case
    that this one belongs to. A ban of many is told of once as `massban`, and besides as a `ban` of each person with
    the massban's number as `parent`: who keeps something about members hears of each, and who only shows what was
    done leaves those out.
    """

    guild_id: int
    number: int
    kind: str
    target_id: int | None
    moderator_id: int | None
    reason: str | None
    source: str
    parent: int | None = None


@event
class ReportOpened:
    """A member reported somebody to the staff, and nobody has reported that before.

    Sent by moderation when it is written down. Whoever watches over a guild's members listens. `message_id` and
    `channel_id` are None where the person as such is meant, and no message.
    """

    guild_id: int
    report_id: int
    target_id: int
    reporter_id: int
    channel_id: int | None
    message_id: int | None


@event
class SanctionTimer(TimerEvent):
    """Something that is in force for a person ends or has to be renewed. Sent by the timers; heard by moderation.

    The row in `sanctions` that has this timer says what it is about. The payload tells what was tried: `tries` counts
    refusals, `was_away` says that the person wasn't in the guild.
    """


@event
class ChannelTimer(TimerEvent):
    """Locked or slowed down channels are to be put back. Sent by the timers; heard by moderation.

    The rows in `channel_states` that have this timer say which. The payload is `{"attempt": int}`, how often Discord
    refused before, or empty.
    """


@event
class RaidTimer(TimerEvent):
    """It is looked whether a raid is over. Sent by the timers; heard by moderation.

    The payload is `{"raid_id": int}`.
    """
