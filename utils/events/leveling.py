"""What leveling sends and waits for."""

from utils.events.catalogue import TimerEvent, event


@event
class LevelUp:
    """A member reached a higher level by what they did.

    Sent by leveling after the new level is stored. The economy listens, and pays for each level that this member
    wasn't paid for before. The chain ends there: coins for a level give no XP.
    """

    guild_id: int
    user_id: int
    old_level: int
    new_level: int


@event
class LevelUpMessageTimer(TimerEvent):
    """A message about a new level is to be deleted. Sent by the timers; heard by leveling.

    The payload is `{"channel_id": int, "message_id": int}`.
    """


@event
class LevelRolesTimer(TimerEvent):
    """Somebody's roles for levels are to be looked at again. Sent by the timers; heard by leveling.

    The row in `level_role_dues` of this guild and user says whether they still are. The payload is empty.
    """
