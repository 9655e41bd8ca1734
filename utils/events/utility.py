"""What utility waits for."""

from utils.events.catalogue import TimerEvent, event


@event
class ReminderTimer(TimerEvent):
    """A reminder is due. Sent by the timers; heard by the utility cog, which delivers it.

    The payload is `{"reminder_id": int}`.
    """


@event
class ScheduledMessageTimer(TimerEvent):
    """A message that staff scheduled is to be sent. Sent by the timers; heard by utility.

    The payload is `{"scheduled_id": int}`.
    """


@event
class PollTimer(TimerEvent):
    """A poll is over, or how it ended has to be told. Sent by the timers; heard by utility.

    The payload is `{"poll_id": int}`.
    """


@event
class GiveawayTimer(TimerEvent):
    """A giveaway is over, or who won it has to be told. Sent by the timers; heard by utility.

    The payload is `{"giveaway_id": int}`.
    """


@event
class TicketTimer(TimerEvent):
    """A ticket has to be looked after: opened, warned, closed or deleted. Sent by the timers; heard by utility.

    The payload is `{"ticket_id": int}`.
    """


@event
class SelfRoleTimer(TimerEvent):
    """A role that somebody took out of a role menu for a time is over. Sent by the timers; heard by utility.

    The row in `self_role_terms` that has this timer says which. The payload is empty.
    """


@event
class NewcomerTimer(TimerEvent):
    """It is looked again whether a newcomer has accepted the rules. Sent by the timers; heard by utility.

    The row in `newcomers` of this guild and user says whether they still have to. The payload is empty.
    """


@event
class GreetingTimer(TimerEvent):
    """A welcome, leave or boost message is to be deleted. Sent by the timers; heard by utility.

    The payload is `{"channel_id": int, "message_id": int}`.
    """


@event
class AutoRoleTimer(TimerEvent):
    """A newcomer is to get roles. Sent by the timers; heard by utility.

    The payload is `{"role_ids": [int], "joined_at": int, "tries": int}`; `joined_at` is in seconds since 1970, and
    tells whether it is still the same stay.
    """


@event
class StickyRolesTimer(TimerEvent):
    """Somebody who came back is to get their roles again. Sent by the timers; heard by utility.

    The row in `sticky_roles` of this guild and user says which. The payload is empty.
    """
