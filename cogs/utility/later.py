"""What reminders and scheduled messages share: when they come, where, and what they are recognised by."""

import re
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import discord

from utils.context import Context
from utils.errors import UserError
from utils.formatting import code
from utils.i18n import _, format_list
from utils.time import Recurrence, timestamp

AT_ONCE: Final = 20
"""Deliveries: after a downtime thousands may be due, and Discord takes 50 requests a second."""
LONGEST_AHEAD: Final = timedelta(days=5 * 366)
MOST_YEARS_AHEAD: Final = 5
"""The same, for the sentence."""
SHOWN_TIMES: Final = 3
"""Of what repeats."""

PLACES: Final = discord.TextChannel | discord.Thread | discord.VoiceChannel | discord.StageChannel
"""Where people type commands, and so where the bot writes later."""

_REPEATS: Final = re.compile(
    r"\s*(?:(?:me|mich|mir)\s+)?(?:every|each|jede[nrs]?|alle|daily|weekly|monthly|yearly"
    r"|täglich|wöchentlich|monatlich|jährlich)(?!\w)",
    re.IGNORECASE,
)


def repeats(words: str) -> bool:
    """Whether a sentence begins with a recurrence: `every …`, `daily …`."""
    return _REPEATS.match(words) is not None


def near_enough(due_at: datetime, now: datetime) -> datetime:
    """The same moment, in whole milliseconds. Raises UserError when it is too far ahead."""
    if due_at - now > LONGEST_AHEAD:
        raise UserError(_("That is too far ahead: {years} years are the most.").format(years=MOST_YEARS_AHEAD))
    return due_at.replace(microsecond=due_at.microsecond // 1000 * 1000)


def then(recurrence: Recurrence, due_at: datetime, zone: ZoneInfo) -> str:
    """The two times after the next one, so that a rule that was read wrongly is seen at once."""
    moments = recurrence.upcoming(due_at, zone, SHOWN_TIMES)[1:]
    return _("Then {moments}.").format(moments=format_list([timestamp(moment, "F") for moment in moments]))


def which_zone(ctx: Context) -> str:
    """For who has chosen no time zone: as which their words were read, and how to choose."""
    return _("I read times here as {zone}; tell me yours with `{command}`.").format(
        zone=code(ctx.timezone.key), command=f"{ctx.clean_prefix}timezone Berlin"
    )


def when(moment: datetime) -> str:
    """A moment as it is echoed: the day and time, and how far away."""
    return f"{timestamp(moment, 'F')} ({timestamp(moment, 'R')})"


def nonce(row_id: int, due_at: datetime) -> str:
    """What Discord recognises a delivery by that is sent again after a crash; at most its 25 characters."""
    return f"{row_id:x}-{int(due_at.timestamp()):x}"
