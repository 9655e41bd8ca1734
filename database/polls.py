"""Polls and their votes, as rows."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from database.manager import Row
from database.posted import Posted, PostedStore, shared_fields
from database.values import moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll(Posted):
    """A question that members answer by buttons."""

    author_id: int
    question: str
    options: tuple[str, ...]
    role_ids: tuple[int, ...]
    """Roles of which a voter needs one; none for everybody."""
    most_choices: int
    anonymous: bool
    hidden: bool
    closed_at: datetime | None = None
    closed_by: int | None = None
    told: bool = False

    @property
    def due_at(self) -> datetime | None:
        """When it ends by itself; the end of one that is closed is due."""
        return self.closed_at or self.ends_at

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


class PollsStore(PostedStore[Poll]):
    """The tables `polls` and `poll_votes`."""

    table = "polls"
    unfinished = "NOT told"

    async def add(self, new: Poll, *, most: int) -> Poll | None:
        """Keep a poll; `most` of its author may be open in that guild."""
        row = await self.db.fetchone(
            "INSERT INTO polls (id, guild_id, number, author_id, channel_id, question, options, role_ids,"
            " most_choices, anonymous, hidden, opened_at, ends_at, timer_id)"
            " SELECT $1, $2, (SELECT COALESCE(MAX(number), 0) + 1 FROM polls WHERE guild_id = $2), $3, $4,"
            " CAST($5 AS TEXT), CAST($6 AS TEXT), CAST($7 AS TEXT), $8, CAST($9 AS BOOLEAN), CAST($10 AS BOOLEAN),"
            " $11, CAST($12 AS BIGINT), CAST($13 AS BIGINT)"
            " WHERE (SELECT COUNT(*) FROM polls WHERE guild_id = $2 AND author_id = $3 AND closed_at IS NULL) < $14"
            " RETURNING *",
            new.id, new.guild_id, new.author_id, new.channel_id, new.question, json.dumps(new.options),
            json.dumps(new.role_ids), new.most_choices, new.anonymous, new.hidden, new.opened_at, new.ends_at,
            new.timer_id, most,
        )  # fmt: skip
        return None if row is None else self.read(row)

    def read(self, row: Row) -> Poll:
        return Poll(
            **shared_fields(row),
            author_id=row["author_id"],
            question=row["question"],
            options=tuple(json.loads(row["options"])),
            role_ids=tuple(json.loads(row["role_ids"])),
            most_choices=row["most_choices"],
            anonymous=bool(row["anonymous"]),
            hidden=bool(row["hidden"]),
            closed_at=moment(row["closed_at"]),
            closed_by=row["closed_by"],
            told=bool(row["told"]),
        )

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
