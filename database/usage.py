"""How often commands were used, by the day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from database.count_batches import is_new_batch
from database.manager import DatabaseManager, Row

KEPT_DAYS: Final = 90
DIRECT: Final = 0
"""Stands for direct messages in place of a guild's id."""
EVERYWHERE: Final = 0
"""Stands for all guilds in place of the one that a batch is of."""
MADE_BY_SERVERS: Final = ""
"""Stands for all commands that servers made, in place of a name."""
_EPOCH: Final = date(1970, 1, 1)
_SUMS: Final = ", ".join(
    [f"CAST(SUM({name}) AS BIGINT) AS {name}" for name in ("uses", "refused", "errors", "milliseconds")]
    + ["MAX(slowest) AS slowest"]
)


@dataclass(frozen=True, slots=True)
class Tally:
    """Uses of a command; `milliseconds` of all of them together, `slowest` of one."""

    uses: int = 0
    refused: int = 0
    errors: int = 0
    milliseconds: int = 0
    slowest: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.uses + other.uses,
            self.refused + other.refused,
            self.errors + other.errors,
            self.milliseconds + other.milliseconds,
            max(self.slowest, other.slowest),
        )

    @property
    def average(self) -> int:
        """Milliseconds of one use."""
        return round(self.milliseconds / self.uses) if self.uses else 0


class UsageStore:
    """The table `command_days`."""

    def __init__(self, db: DatabaseManager) -> None:
        self.db = db

    async def add(self, batch_id: int, guilds: Mapping[int, Mapping[tuple[int, str], Tally]]) -> None:
        """Add what was used in guilds, once for each batch, and forget what is old there.

        In each guild by the day (as an ordinal, `date.toordinal`) and the command's name.
        """
        async with self.db.transaction():
            if not await is_new_batch(self.db, EVERYWHERE, batch_id):
                return
            await self.db.executemany(
                "INSERT INTO command_days (guild_id, day, command, uses, refused, errors, milliseconds, slowest)"
                " VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (guild_id, day, command) DO UPDATE SET"
                " uses = command_days.uses + excluded.uses, refused = command_days.refused + excluded.refused,"
                " errors = command_days.errors + excluded.errors,"
                " milliseconds = command_days.milliseconds + excluded.milliseconds,"
                " slowest = CASE WHEN excluded.slowest > command_days.slowest THEN excluded.slowest"
                " ELSE command_days.slowest END",
                [
                    (guild_id, day - _EPOCH.toordinal(), name, one.uses, one.refused, one.errors, one.milliseconds,
                     one.slowest)
                    for guild_id, uses in sorted(guilds.items()) for (day, name), one in sorted(uses.items())
                ],
            )  # fmt: skip
            await self.db.executemany(
                "DELETE FROM command_days WHERE guild_id = $1 AND day <= $2",
                [
                    (guild_id, max(day for day, _name in uses) - _EPOCH.toordinal() - KEPT_DAYS)
                    for guild_id, uses in sorted(guilds.items())
                ],
            )

    async def by_command(self, guild_id: int | None, since: date) -> dict[str, Tally]:
        """What was used from a day on in a guild, or everywhere, by the command; the most used first."""
        condition, values = _where(guild_id, since)
        rows = await self.db.fetchall(
            f"SELECT command, {_SUMS} FROM command_days WHERE {condition}"
            " GROUP BY command ORDER BY SUM(uses) DESC, command",
            *values,
        )
        return {row["command"]: _tally(row) for row in rows}

    async def by_day(self, guild_id: int | None, since: date) -> dict[date, Tally]:
        """What was used from a day on in a guild, or everywhere, by the day; days without any are left out."""
        condition, values = _where(guild_id, since)
        rows = await self.db.fetchall(
            f"SELECT day, {_SUMS} FROM command_days WHERE {condition} GROUP BY day", *values
        )
        return {_EPOCH + timedelta(days=row["day"]): _tally(row) for row in rows}


def _where(guild_id: int | None, since: date) -> tuple[str, list[int]]:
    day = (since - _EPOCH).days
    return ("day >= $1", [day]) if guild_id is None else ("day >= $1 AND guild_id = $2", [day, guild_id])


def _tally(row: Row) -> Tally:
    return Tally(row["uses"], row["refused"], row["errors"], row["milliseconds"], row["slowest"])
