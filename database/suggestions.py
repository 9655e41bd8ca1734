"""What members suggest, and how they vote on it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from database.manager import DatabaseManager, Row
from database.values import moment

Status = Literal["open", "considered", "approved", "denied", "implemented"]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something that a member suggests. `number` is what people call it; it is shown once it has a message."""

    id: int
    guild_id: int
    number: int
    author_id: int
    text: str
    anonymous: bool
    created_at: datetime
    status: Status = "open"
    channel_id: int | None = None
    message_id: int | None = None
    decided_by: int | None = None
    decided_at: datetime | None = None
    reason: str | None = None

    @property
    def takes_votes(self) -> bool:
        """Whether nothing final is decided yet."""
        return self.status in {"open", "considered"}


@dataclass(frozen=True, slots=True)
class Votes:
    """How many are for a suggestion, and against it."""

    supporting: int = 0
    opposing: int = 0


class SuggestionsStore:
    """The tables `suggestions` and `suggestion_votes`."""

    def __init__(self, db: DatabaseManager) -> None:
        self.db = db

    async def add(self, one: Suggestion, *, none_since: datetime) -> Suggestion | None:
        """Keep a suggestion under the guild's next number (the one given doesn't count).

        None if its author suggested something after `none_since`. Raises ConstraintViolated when two of a guild come
        at the same moment; try again then.
        """
        row = await self.db.fetchone(
            "INSERT INTO suggestions (id, guild_id, number, author_id, text, anonymous, status, created_at)"
            " SELECT $1, $2, (SELECT COALESCE(MAX(number), 0) + 1 FROM suggestions WHERE guild_id = $2), $3,"
            " CAST($4 AS TEXT), CAST($5 AS BOOLEAN), 'open', $6"
            " WHERE NOT EXISTS (SELECT 1 FROM suggestions WHERE guild_id = $2 AND author_id = $3 AND created_at > $7)"
            " RETURNING *",
            one.id, one.guild_id, one.author_id, one.text, one.anonymous, one.created_at, none_since,
        )  # fmt: skip
        return None if row is None else _suggestion(row)

    async def last_of(self, guild_id: int, author_id: int) -> datetime | None:
        """When somebody suggested something last."""
        return moment(
            await self.db.fetchval(
                "SELECT MAX(created_at) FROM suggestions WHERE guild_id = $1 AND author_id = $2", guild_id, author_id
            )
        )

    async def shown(self, suggestion_id: int, channel_id: int, message_id: int) -> None:
        """Write down which message shows a suggestion."""
        await self.db.execute(
            "UPDATE suggestions SET channel_id = $2, message_id = $3 WHERE id = $1",
            suggestion_id, channel_id, message_id,
        )  # fmt: skip

    async def get(self, suggestion_id: int) -> Suggestion | None:
        """The suggestion, or None when it was deleted."""
        return _maybe(
            await self.db.fetchone("SELECT * FROM suggestions WHERE id = $1 AND status <> 'withdrawn'", suggestion_id)
        )

    async def numbered(self, guild_id: int, number: int) -> Suggestion | None:
        """A guild's suggestion by its number."""
        return _maybe(
            await self.db.fetchone(
                "SELECT * FROM suggestions WHERE guild_id = $1 AND number = $2 AND status <> 'withdrawn'",
                guild_id,
                number,
            )
        )

    async def undecided(self, guild_id: int) -> list[tuple[Suggestion, Votes]]:
        """What is neither approved nor denied, those with the most support first."""
        rows = await self.db.fetchall(
            "SELECT suggestions.*, (SELECT COUNT(*) FROM suggestion_votes WHERE suggestion_id = suggestions.id"
            " AND supports) AS supporting, (SELECT COUNT(*) FROM suggestion_votes"
            " WHERE suggestion_id = suggestions.id AND NOT supports) AS opposing FROM suggestions"
            " WHERE guild_id = $1 AND status IN ('open', 'considered') ORDER BY number",
            guild_id,
        )  # fmt: skip
        found = [(_suggestion(row), Votes(row["supporting"], row["opposing"])) for row in rows]
        return sorted(found, key=lambda pair: pair[1].opposing - pair[1].supporting)

    async def decide(
        self, suggestion_id: int, status: Status, by_id: int, at: datetime, reason: str | None
    ) -> Suggestion | None:
        """Write down what becomes of a suggestion; None when it was deleted. It may be decided anew."""
        return _maybe(
            await self.db.fetchone(
                "UPDATE suggestions SET status = $2, decided_by = $3, decided_at = $4, reason = $5 WHERE id = $1"
                " AND status <> 'withdrawn' RETURNING *",
                suggestion_id, status, by_id, at, reason,
            )
        )  # fmt: skip

    async def tell(self, suggestion_id: int, status: Status) -> bool:
        """Write down that the author is told of a decision; False if they were told of this one before."""
        changed = await self.db.execute(
            "UPDATE suggestions SET told = told || $2 WHERE id = $1 AND told NOT LIKE '%' || $2 || '%'"
            " AND status <> 'withdrawn'",
            suggestion_id, f",{status},",
        )  # fmt: skip
        return changed == 1

    async def forget(self, suggestion_id: int) -> None:
        """Forget a suggestion that couldn't be shown: its author needn't wait for another."""
        await self.db.execute("DELETE FROM suggestions WHERE id = $1", suggestion_id)

    async def withdraw(self, suggestion_id: int) -> bool:
        """Delete a suggestion with its votes; False if it is gone already.

        Its number isn't given again, and its author waits as after any other.
        """
        async with self.db.transaction():
            withdrawn = await self.db.execute(
                "UPDATE suggestions SET status = 'withdrawn', text = '', reason = NULL"
                " WHERE id = $1 AND status <> 'withdrawn'",
                suggestion_id,
            )
            await self.db.execute("DELETE FROM suggestion_votes WHERE suggestion_id = $1", suggestion_id)
        return withdrawn == 1

    # --- votes

    async def vote(self, suggestion_id: int, user_id: int, *, supports: bool) -> bool:
        """Count somebody's one vote, in place of what they said before; False if nothing changes.

        Neither does it where the suggestion was decided or deleted.
        """
        changed = await self.db.execute(
            "INSERT INTO suggestion_votes (suggestion_id, user_id, supports)"
            " SELECT id, $2, CAST($3 AS BOOLEAN) FROM suggestions"
            " WHERE id = $1 AND status IN ('open', 'considered')"
            " ON CONFLICT (suggestion_id, user_id) DO UPDATE SET supports = excluded.supports"
            " WHERE suggestion_votes.supports <> excluded.supports",
            suggestion_id, user_id, supports,
        )  # fmt: skip
        return changed == 1

    async def take_back(self, suggestion_id: int, user_id: int) -> bool:
        """Let somebody's vote not count; False if they have none, or it is decided."""
        removed = await self.db.execute(
            "DELETE FROM suggestion_votes WHERE user_id = $2 AND suggestion_id IN"
            " (SELECT id FROM suggestions WHERE id = $1 AND status IN ('open', 'considered'))",
            suggestion_id, user_id,
        )  # fmt: skip
        return removed == 1

    async def votes(self, suggestion_id: int) -> Votes:
        """How many are for a suggestion, and against it."""
        rows = await self.db.fetchall(
            "SELECT supports, COUNT(*) AS votes FROM suggestion_votes WHERE suggestion_id = $1 GROUP BY supports",
            suggestion_id,
        )  # fmt: skip
        counts = {bool(row["supports"]): row["votes"] for row in rows}
        return Votes(counts.get(True, 0), counts.get(False, 0))


def _maybe(row: Row | None) -> Suggestion | None:
    return None if row is None else _suggestion(row)


def _suggestion(row: Row) -> Suggestion:
    created_at = moment(row["created_at"])
    assert created_at is not None
    return Suggestion(
        row["id"], row["guild_id"], row["number"], row["author_id"], row["text"], bool(row["anonymous"]), created_at,
        row["status"], row["channel_id"], row["message_id"], row["decided_by"], moment(row["decided_at"]),
        row["reason"],
    )  # fmt: skip
