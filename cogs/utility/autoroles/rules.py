"""How many roles for newcomers there may be, and how late they come."""

from datetime import timedelta
from typing import Final

MOST_ROLES: Final = 20
LONGEST_DELAY: Final = timedelta(days=30)
