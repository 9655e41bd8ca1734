"""Polls and their votes, as rows."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from database.manager import DatabaseManager, Row
from database.values import moment


@dataclass(frozen=True, slots=True)
class Poll:
    """A question that members answer by buttons. `number` is what people call it."""

    id: int
    guild_id: int
    number: int
    author_id: int
    channel_id: int
    message_id: int | None
    question: str
    options: tuple[str, ...]
    role_ids: tuple[int, ...]
    """Roles of which a voter needs one; none for everybody."""
    most_choices: int
    anonymous: bool
    hidden: bool
    opened_at: datetime
    ends_at: datetime | None
    timer_id: int | None
    closed_at: datetime | None = None
    closed_by: int | None = None
    told: bool = False

    @property
    def is_open(self) -> bool:
        """Whether it isn't closed yet."""
        return self.closed_at is None


@dataclass(frozen=True, slots=True)
class Vote:
    """What somebody chose: the numbers of options, from zero."""

    user_id: int
    choices: tuple[int, ...]
    voted_at: datetime


class PollsStore:
    """The tables `polls` and `poll_votes`."""

    def __init__(self, db: DatabaseManager) -> None:
        self.db = db

    async def add(self, poll: Poll, *, most_of_author: int) -> Poll | None:
        """Keep a poll under the guild's next number (the one given doesn't count).

        None when its author has `most_of_author` open ones in that guild. Raises ConstraintViolated when two of a
        guild come at the same moment; try again then.
        """
        row = await self.db.fetchone(
            "INSERT INTO polls (id, guild_id, number, author_id, channel_id, question, options, role_ids,"
            " most_choices, anonymous, hidden, opened_at, ends_at, timer_id)"
            " SELECT $1, $2, (SELECT COALESCE(MAX(number), 0) + 1 FROM polls WHERE guild_id = $2), $3, $4,"
            " CAST($5 AS TEXT), CAST($6 AS TEXT), CAST($7 AS TEXT), $8, CAST($9 AS BOOLEAN), CAST($10 AS BOOLEAN),"
            " $11, CAST($12 AS BIGINT), CAST($13 AS BIGINT)"
            " WHERE (SELECT COUNT(*) FROM polls WHERE guild_id = $2 AND author_id = $3 AND closed_at IS NULL) < $14"
            " RETURNING *",
            poll.id, poll.guild_id, poll.author_id, poll.channel_id, poll.question, json.dumps(poll.options),
            json.dumps(poll.role_ids), poll.most_choices, poll.anonymous, poll.hidden, poll.opened_at, poll.ends_at,
            poll.timer_id, most_of_author,
        )  # fmt: skip
        return None if row is None else _poll(row)

    async def remove(self, poll_id: int) -> None:
        """Forget one that couldn't be posted."""
        await self.db.execute("DELETE FROM polls WHERE id = $1", poll_id)

    async def posted(self, poll_id: int, channel_id: int, message_id: int) -> None:
        """Write down where its message is."""
        await self.db.execute(
            "UPDATE polls SET channel_id = $2, message_id = $3 WHERE id = $1", poll_id, channel_id, message_id
        )

    async def get(self, poll_id: int) -> Poll | None:
        """One of them."""
        row = await self.db.fetchone("SELECT * FROM polls WHERE id = $1", poll_id)
        return None if row is None else _poll(row)

    async def numbered(self, guild_id: int, number: int) -> Poll | None:
        """A guild's poll by its number."""
        row = await self.db.fetchone("SELECT * FROM polls WHERE guild_id = $1 AND number = $2", guild_id, number)
        return None if row is None else _poll(row)

    async def untold_in(self, guild_id: int) -> list[Poll]:
        """Those of a guild that are open, or whose end isn't told yet; the oldest first."""
        rows = await self.db.fetchall(
            "SELECT * FROM polls WHERE guild_id = $1 AND NOT told ORDER BY number", guild_id
        )
        return [_poll(row) for row in rows]

    async def vote(self, poll_id: int, user_id: int, choices: Sequence[int], now: datetime) -> bool:
        """Let this be somebody's vote, in place of any before, or nothing at all; False when the poll is over."""
        async with self.db.transaction():
            if not await self._touch(poll_id, now):
                return False
            await self._write(poll_id, user_id, _mask(choices), now)
        return True

    async def toggle(
        self, poll_id: int, user_id: int, choice: int, most: int, now: datetime
    ) -> tuple[int, ...] | None:
        """Add an option to somebody's vote, or take it out of it. What they chose then; None when the poll is over.

        One that would be more than `most` is left out.
        """
        async with self.db.transaction():
            if not await self._touch(poll_id, now):
                return None
            mask = await self._mask_of(poll_id, user_id)
            wanted = mask ^ _mask([choice])
            if wanted.bit_count() <= most:
                await self._write(poll_id, user_id, wanted, now)
                mask = wanted
        return _choices(mask)

    async def choices_of(self, poll_id: int, user_id: int) -> tuple[int, ...]:
        """What somebody chose."""
        return _choices(await self._mask_of(poll_id, user_id))

    async def votes(self, poll_id: int) -> list[Vote]:
        """All votes, the first ones first."""
        rows = await self.db.fetchall(
            "SELECT user_id, choices, voted_at FROM poll_votes WHERE poll_id = $1 ORDER BY voted_at, user_id", poll_id
        )
        return [Vote(row["user_id"], _choices(row["choices"]), _moment(row["voted_at"])) for row in rows]

    async def masks(self, poll_id: int) -> list[tuple[tuple[int, ...], int]]:
        """How many people chose which options together."""
        rows = await self.db.fetchall(
            "SELECT choices, COUNT(*) AS people FROM poll_votes WHERE poll_id = $1 GROUP BY choices", poll_id
        )
        return [(_choices(row["choices"]), row["people"]) for row in rows]

    async def move(self, poll_id: int, ends_at: datetime | None, timer_id: int | None, now: datetime) -> bool:
        """Let it end at another time, or not by itself; False when it is over."""
        changed = await self.db.execute(
            "UPDATE polls SET ends_at = $2, timer_id = $3"
            " WHERE id = $1 AND closed_at IS NULL AND (ends_at IS NULL OR ends_at > $4)",
            poll_id, ends_at, timer_id, now,
        )  # fmt: skip
        return changed == 1

    async def set_timer(self, poll_id: int, timer_id: int) -> None:
        """Let another timer end it and tell of it."""
        await self.db.execute("UPDATE polls SET timer_id = $2 WHERE id = $1", poll_id, timer_id)

    async def close(self, poll_id: int, now: datetime, closed_by: int | None = None) -> bool:
        """Close it, once; False when it was closed before."""
        changed = await self.db.execute(
            "UPDATE polls SET closed_at = $2, closed_by = $3 WHERE id = $1 AND closed_at IS NULL",
            poll_id, now, closed_by,
        )  # fmt: skip
        return changed == 1

    async def told(self, poll_id: int) -> None:
        """Write down that its end needn't be told any more."""
        await self.db.execute("UPDATE polls SET told = $2 WHERE id = $1", poll_id, True)

    async def _touch(self, poll_id: int, now: datetime) -> bool:
        """Hold the row until the end of the transaction; False when the poll is over."""
        touched = await self.db.execute(
            "UPDATE polls SET ballots = ballots + 1"
            " WHERE id = $1 AND closed_at IS NULL AND (ends_at IS NULL OR ends_at > $2)",
            poll_id, now,
        )  # fmt: skip
        return touched == 1

    async def _mask_of(self, poll_id: int, user_id: int) -> int:
        mask = await self.db.fetchval(
            "SELECT choices FROM poll_votes WHERE poll_id = $1 AND user_id = $2", poll_id, user_id
        )
        return int(mask or 0)

    async def _write(self, poll_id: int, user_id: int, mask: int, now: datetime) -> None:
        if mask == 0:
            await self.db.execute("DELETE FROM poll_votes WHERE poll_id = $1 AND user_id = $2", poll_id, user_id)
            return
        await self.db.execute(
            "INSERT INTO poll_votes (poll_id, user_id, choices, voted_at) VALUES ($1, $2, $3, $4)"
            " ON CONFLICT (poll_id, user_id) DO UPDATE SET choices = excluded.choices, voted_at = excluded.voted_at",
            poll_id, user_id, mask, now,
        )  # fmt: skip


def _mask(choices: Sequence[int]) -> int:
    return sum(1 << choice for choice in set(choices))


def _choices(mask: int) -> tuple[int, ...]:
    return tuple(place for place in range(mask.bit_length()) if mask >> place & 1)


def _moment(value: int) -> datetime:
    found = moment(value)
    assert found is not None
    return found


def _poll(row: Row) -> Poll:
    return Poll(
        row["id"], row["guild_id"], row["number"], row["author_id"], row["channel_id"], row["message_id"],
        row["question"], tuple(json.loads(row["options"])), tuple(json.loads(row["role_ids"])), row["most_choices"],
        bool(row["anonymous"]), bool(row["hidden"]), _moment(row["opened_at"]), moment(row["ends_at"]),
        row["timer_id"], moment(row["closed_at"]), row["closed_by"], bool(row["told"]),
    )  # fmt: skip
