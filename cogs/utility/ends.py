"""When polls and giveaways end, as people write it."""

from datetime import datetime, timedelta, tzinfo
from typing import Final

from utils.errors import UserError
from utils.i18n import _
from utils.time import parse_moment

SHORTEST: Final = timedelta(minutes=1)
LONGEST: Final = timedelta(days=365)


def read_end(text: str, now: datetime, zone: tzinfo) -> datetime:
    """Read `2h` or `friday 18:00`, between a minute and a year from now. Raises UserError or TimeError."""
    moment = parse_moment(text, now, zone)
    if not SHORTEST <= moment - now <= LONGEST:
        raise UserError(_("The end has to be at least 1 minute and at most 1 year ahead."))
    return moment
