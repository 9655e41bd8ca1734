"""Many cases at once, in a few statements however many they are: for what is done to hundreds of people."""

from collections.abc import Sequence
from datetime import datetime

from database.manager import DatabaseManager
from database.moderation import INSERT_CASE, Case, NewCase, case_of, case_values
from database.placeholders import placeholders


class CaseBatches:
    """The tables `cases` and `case_numbers`, for many rows at a time."""

    def __init__(self, db: DatabaseManager) -> None:
        self.db = db

    async def open(self, new: Sequence[NewCase]) -> list[Case]:
        """Write cases of one guild down as pending, under its next numbers without a hole: all, or none.

        Joins the caller's transaction. Raises ConstraintViolated as `CasesStore.open` does; then no number is used.
        """
        if not new:
            return []
        guild_id = new[0].guild_id
        async with self.db.transaction():
            last = await self.db.fetchval(
                "INSERT INTO case_numbers (guild_id, last) VALUES ($1, $2)"
                " ON CONFLICT (guild_id) DO UPDATE SET last = case_numbers.last + excluded.last RETURNING last",
                guild_id, len(new),
            )  # fmt: skip
            first = last - len(new) + 1
            await self.db.executemany(
                INSERT_CASE, [case_values(case, number) for number, case in enumerate(new, start=first)]
            )
            rows = await self.db.fetchall(
                "SELECT * FROM cases WHERE guild_id = $1 AND number BETWEEN $2 AND $3 ORDER BY number",
                guild_id, first, last,
            )  # fmt: skip
        return [case_of(row) for row in rows]

    async def settle(
        self, guild_id: int, numbers: Sequence[int], status: str, at: datetime, *, failure: str | None = None
    ) -> list[Case]:
        """Say that pending cases ended in the same way; those that were pending, as they are now, by number."""
        if not numbers:
            return []
        rows = await self.db.fetchall(
            "UPDATE cases SET status = $2, settled_at = $3, failure = $4"
            f" WHERE guild_id = $1 AND status = 'pending' AND number IN ({placeholders(len(numbers), first=5)})"
            " RETURNING *",
            guild_id, status, at, failure, *numbers,
        )  # fmt: skip
        return sorted((case_of(row) for row in rows), key=lambda case: case.number)

    async def statuses_of_parts(self, guild_id: int, parent: int, kind: str) -> dict[str, int]:
        """How many of the cases of a kind that belong to one have which status."""
        rows = await self.db.fetchall(
            "SELECT status, COUNT(*) AS cases FROM cases WHERE guild_id = $1 AND parent = $2 AND kind = $3"
            " GROUP BY status",
            guild_id, parent, kind,
        )  # fmt: skip
        return {row["status"]: row["cases"] for row in rows}
