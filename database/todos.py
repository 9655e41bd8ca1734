"""To-do lists, as rows."""

from dataclasses import dataclass
from datetime import datetime

from database.manager import DatabaseManager, Row
from database.values import moment


@dataclass(frozen=True, slots=True)
class Todo:
    """Something that a person wants to do; `number` is what they call it."""

    number: int
    text: str
    done_at: datetime | None = None


class TodosStore:
    """The table `todos`."""

    def __init__(self, db: DatabaseManager) -> None:
        self.db = db

    async def add(self, user_id: int, text: str, message_id: int, now: datetime, *, most: int) -> Todo | None:
        """Put something on a list under the next number; None if it is full, or the message has added one already.

        Raises ConstraintViolated when two of a person's come at the same moment; try again then.
        """
        row = await self.db.fetchone(
            "INSERT INTO todos (user_id, number, text, added_at, message_id)"
            " SELECT $1, (SELECT COALESCE(MAX(number), 0) + 1 FROM todos WHERE user_id = $1),"
            " CAST($2 AS TEXT), $3, $4"
            " WHERE (SELECT COUNT(*) FROM todos WHERE user_id = $1) < $5"
            " ON CONFLICT (message_id) DO NOTHING RETURNING *",
            user_id, text, now, message_id, most,
        )  # fmt: skip
        return None if row is None else _todo(row)

    async def of_message(self, message_id: int) -> Todo | None:
        """What a message has added."""
        row = await self.db.fetchone("SELECT * FROM todos WHERE message_id = $1", message_id)
        return None if row is None else _todo(row)

    async def of(self, user_id: int) -> list[Todo]:
        """A person's whole list: first what is to be done, then what was done."""
        rows = await self.db.fetchall(
            "SELECT * FROM todos WHERE user_id = $1 ORDER BY done_at IS NOT NULL, number", user_id
        )
        return [_todo(row) for row in rows]

    async def set_done(self, user_id: int, number: int, done_at: datetime | None) -> bool:
        """Tick one off, or with None put it back; False when it is gone, or is so already."""
        changed = await self.db.execute(
            "UPDATE todos SET done_at = $3 WHERE user_id = $1 AND number = $2"
            " AND (done_at IS NULL) <> (CAST($3 AS BIGINT) IS NULL)",
            user_id, number, done_at,
        )  # fmt: skip
        return changed == 1

    async def rewrite(self, user_id: int, number: int, text: str) -> bool:
        """Give one another text; False when it is gone."""
        changed = await self.db.execute(
            "UPDATE todos SET text = $3 WHERE user_id = $1 AND number = $2", user_id, number, text
        )
        return changed == 1

    async def remove(self, user_id: int, number: int) -> bool:
        """Take one off the list; False when it is gone already."""
        return await self.db.execute("DELETE FROM todos WHERE user_id = $1 AND number = $2", user_id, number) == 1

    async def clear(self, user_id: int, *, only_done: bool) -> int:
        """Take off all, or all that were done; tells how many."""
        return await self.db.execute(
            "DELETE FROM todos WHERE user_id = $1 AND (NOT $2 OR done_at IS NOT NULL)", user_id, only_done
        )


def _todo(row: Row) -> Todo:
    return Todo(row["number"], row["text"], moment(row["done_at"]))
