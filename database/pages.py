"""Tables that are too long to be read at once."""

from collections.abc import AsyncIterator
from typing import Any, Final

from database.manager import DatabaseManager, Row

PAGE_ROWS: Final = 1_000


async def pages_by_user(db: DatabaseManager, query: str, *values: Any) -> AsyncIterator[list[Row]]:
    """The rows that a query with a condition gives, one for each user, a page at a time, by id.

    Each page is a statement of its own, from where the last ended: what changes meanwhile may be seen or not.
    """
    after = 0
    while True:
        rows = await db.fetchall(
            f"{query} AND user_id > ${len(values) + 1} ORDER BY user_id LIMIT ${len(values) + 2}",
            *values, after, PAGE_ROWS,
        )  # fmt: skip
        if rows:
            yield rows
            after = rows[-1]["user_id"]
        if len(rows) < PAGE_ROWS:
            return
