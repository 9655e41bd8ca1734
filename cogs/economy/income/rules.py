"""Role income: which roles pay somebody now, and when the next one does."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

from database.claims import Claim
from database.income import RoleIncome

MOST_ROLES: Final = 25
"""Of one server."""
SHORTEST_WAIT: Final = timedelta(minutes=10)
LONGEST_WAIT: Final = timedelta(days=30)


def claim_kind(role_id: int) -> str:
    """Under what it is written down that somebody collected what a role pays."""
    return f"role:{role_id}"


def ready_at(income: RoleIncome, claims: Mapping[str, Claim]) -> datetime | None:
    """When a role pays again; None if it never paid this member."""
    claim = claims.get(claim_kind(income.role_id))
    return None if claim is None else claim.at + income.every


def due(incomes: Iterable[RoleIncome], claims: Mapping[str, Claim], now: datetime) -> list[RoleIncome]:
    """Those that pay now: once, however long ago they could have paid first."""
    return [one for one in incomes if (at := ready_at(one, claims)) is None or at <= now]


def next_at(incomes: Iterable[RoleIncome], claims: Mapping[str, Claim]) -> datetime | None:
    """When the first of them that paid before pays again."""
    return min((at for one in incomes if (at := ready_at(one, claims)) is not None), default=None)
