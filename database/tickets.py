"""Tickets: what members want of staff, and what became of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from database.blocks import Blocking
from database.manager import Row
from database.values import json_value, moment

Status = Literal["opening", "open", "closed", "deleted"]


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a member wants of staff, and its place. `parent_id` is where its thread is, None if it has a channel."""

    id: int
    guild_id: int
    number: int
    press_id: int
    kind_id: int
    kind: str
    role_ids: tuple[int, ...]
    opener_id: int
    answers: tuple[tuple[str, str], ...]
    parent_id: int | None
    name: str
    opened_at: datetime
    status: Status = "opening"
    timer_id: int | None = None
    channel_id: int | None = None
    message_id: int | None = None
    claimed_by: int | None = None
    warning_id: int | None = None
    closed_at: datetime | None = None
    closed_by: int | None = None
    reason: str | None = None
    filed: bool = False
    log_channel_id: int | None = None
    log_message_id: int | None = None
    rating: int | None = None


@dataclass(frozen=True, slots=True)
class TicketCounts:
    """How many tickets there were, how long they took, and what their openers thought of it."""

    opened: int
    open: int
    unclaimed: int
    closed: int
    seconds: int | None
    """How long those that are closed were open, on average; None without any."""
    ratings: int
    stars: int
    """All ratings together."""


class TicketsStore(Blocking):
    """The tables `tickets` and `ticket_blocks`."""

    blocks = "ticket_blocks"

    # --- opening

    async def add(self, ticket: Ticket, *, most_open: int, most_lately: int, lately: datetime) -> Ticket | None:
        """Keep a ticket under the guild's next number (the one given doesn't count).

        None if its opener is blocked, has `most_open` of its kind, or opened `most_lately` of any after `lately`.
        Raises ConstraintViolated if the same press opened one before, or two of a guild come at the same moment; try
        again then. That also keeps two presses from both finding room for one more: they would have the same number.
        """
        row = await self.db.fetchone(
            "INSERT INTO tickets (id, guild_id, number, press_id, kind_id, kind, role_ids, opener_id, answers,"
            " parent_id, name, opened_at, timer_id)"
            " SELECT CAST($1 AS BIGINT), CAST($2 AS BIGINT),"
            " (SELECT COALESCE(MAX(number), 0) + 1 FROM tickets WHERE guild_id = $2), CAST($3 AS BIGINT),"
            " CAST($4 AS BIGINT), CAST($5 AS TEXT), CAST($6 AS TEXT), CAST($7 AS BIGINT), CAST($8 AS TEXT),"
            " CAST($9 AS BIGINT), CAST($10 AS TEXT), CAST($11 AS BIGINT), CAST($12 AS BIGINT)"
            " WHERE (SELECT COUNT(*) FROM tickets WHERE guild_id = $2 AND opener_id = $7 AND kind_id = $4"
            " AND status IN ('opening', 'open')) < $13"
            " AND (SELECT COUNT(*) FROM tickets WHERE guild_id = $2 AND opener_id = $7 AND opened_at > $14) < $15"
            " AND NOT EXISTS (SELECT 1 FROM ticket_blocks WHERE guild_id = $2 AND user_id = $7) RETURNING *",
            ticket.id, ticket.guild_id, ticket.press_id, ticket.kind_id, ticket.kind, list(ticket.role_ids),
            ticket.opener_id, [list(pair) for pair in ticket.answers], ticket.parent_id, ticket.name,
            ticket.opened_at, ticket.timer_id, most_open, lately, most_lately,
        )  # fmt: skip
        return _maybe(row)

    async def call(self, ticket_id: int, name: str) -> None:
        """Write down what its place is called, before there is one."""
        await self.db.execute("UPDATE tickets SET name = $2 WHERE id = $1", ticket_id, name)

    async def opened(self, ticket_id: int, channel_id: int) -> Ticket | None:
        """Write down which channel a ticket has; None if it isn't being opened."""
        return _maybe(
            await self.db.fetchone(
                "UPDATE tickets SET status = 'open', channel_id = $2 WHERE id = $1 AND status = 'opening'"
                " RETURNING *",
                ticket_id, channel_id,
            )
        )  # fmt: skip

    async def greeted(self, ticket_id: int, message_id: int) -> None:
        """Write down which message stands first in it."""
        await self.db.execute("UPDATE tickets SET message_id = $2 WHERE id = $1", ticket_id, message_id)

    async def remove(self, ticket_id: int) -> bool:
        """Forget a ticket that couldn't be opened."""
        return await self.db.execute("DELETE FROM tickets WHERE id = $1 AND status = 'opening'", ticket_id) == 1

    # --- reading

    async def get(self, ticket_id: int) -> Ticket | None:
        """A ticket by its id."""
        return _maybe(await self.db.fetchone("SELECT * FROM tickets WHERE id = $1", ticket_id))

    async def by_press(self, press_id: int) -> Ticket | None:
        """What a press opened."""
        return _maybe(await self.db.fetchone("SELECT * FROM tickets WHERE press_id = $1", press_id))

    async def of_channel(self, channel_id: int) -> Ticket | None:
        """The ticket whose channel or thread this is."""
        return _maybe(await self.db.fetchone("SELECT * FROM tickets WHERE channel_id = $1", channel_id))

    async def of_opener(self, guild_id: int, user_id: int, most: int) -> list[Ticket]:
        """The latest tickets that somebody opened, whatever became of them."""
        rows = await self.db.fetchall(
            "SELECT * FROM tickets WHERE guild_id = $1 AND opener_id = $2 ORDER BY number DESC LIMIT $3",
            guild_id, user_id, most,
        )  # fmt: skip
        return [_ticket(row) for row in rows]

    async def unfinished_of(self, guild_id: int, user_id: int) -> list[Ticket]:
        """What somebody has open, or is being opened for them."""
        rows = await self.db.fetchall(
            "SELECT * FROM tickets WHERE guild_id = $1 AND opener_id = $2 AND status IN ('opening', 'open')"
            " ORDER BY number",
            guild_id, user_id,
        )  # fmt: skip
        return [_ticket(row) for row in rows]

    async def with_channel(self, guild_id: int) -> list[Ticket]:
        """Those of a guild that aren't deleted, the oldest first."""
        rows = await self.db.fetchall(
            "SELECT * FROM tickets WHERE guild_id = $1 AND status <> 'deleted' ORDER BY number", guild_id
        )
        return [_ticket(row) for row in rows]

    async def everywhere(self) -> list[Ticket]:
        """Those of all guilds that aren't deleted."""
        rows = await self.db.fetchall("SELECT * FROM tickets WHERE status <> 'deleted' ORDER BY id")
        return [_ticket(row) for row in rows]

    async def count(self, guild_id: int, since: datetime) -> TicketCounts:
        """The tickets of a guild that were opened since then; those that are open now, whenever they were opened."""
        row = await self.db.fetchone(
            "SELECT COUNT(*) AS opened, COUNT(closed_at) AS closed, COUNT(rating) AS ratings,"
            " CAST(COALESCE(SUM(rating), 0) AS BIGINT) AS stars,"
            " CAST(AVG(closed_at - opened_at) / 1000 AS BIGINT) AS seconds"
            " FROM tickets WHERE guild_id = $1 AND opened_at >= $2 AND status <> 'opening'",
            guild_id, since,
        )  # fmt: skip
        now = await self.db.fetchone(
            "SELECT COUNT(*) AS open, COUNT(claimed_by) AS claimed FROM tickets"
            " WHERE guild_id = $1 AND status = 'open'",
            guild_id,
        )
        assert row is not None
        assert now is not None
        return TicketCounts(open=now["open"], unclaimed=now["open"] - now["claimed"], **row)

    async def closers(self, guild_id: int, since: datetime, most: int) -> list[tuple[int, int]]:
        """Who had claimed most of the tickets that were closed since then, and how many."""
        rows = await self.db.fetchall(
            "SELECT claimed_by, COUNT(*) AS tickets FROM tickets WHERE guild_id = $1 AND closed_at >= $2"
            " AND claimed_by IS NOT NULL GROUP BY claimed_by ORDER BY tickets DESC, claimed_by LIMIT $3",
            guild_id, since, most,
        )  # fmt: skip
        return [(row["claimed_by"], row["tickets"]) for row in rows]

    # --- what becomes of them

    async def claim(self, ticket_id: int, user_id: int) -> bool:
        """Let somebody have it; False if somebody has it, or it isn't open."""
        changed = await self.db.execute(
            "UPDATE tickets SET claimed_by = $2 WHERE id = $1 AND status = 'open' AND claimed_by IS NULL",
            ticket_id, user_id,
        )  # fmt: skip
        return changed == 1

    async def unclaim(self, ticket_id: int, user_id: int) -> bool:
        """Let somebody not have it any more; False if they haven't."""
        changed = await self.db.execute(
            "UPDATE tickets SET claimed_by = NULL WHERE id = $1 AND status = 'open' AND claimed_by = $2",
            ticket_id, user_id,
        )  # fmt: skip
        return changed == 1

    async def close(self, ticket_id: int, by_id: int, at: datetime, reason: str | None) -> Ticket | None:
        """Close it, with everything to be done then yet undone; None if it isn't open."""
        return _maybe(
            await self.db.fetchone(
                "UPDATE tickets SET status = 'closed', closed_by = $2, closed_at = $3, reason = $4, filed = FALSE,"
                " log_channel_id = NULL, log_message_id = NULL, warning_id = NULL"
                " WHERE id = $1 AND status = 'open' RETURNING *",
                ticket_id, by_id, at, reason,
            )
        )  # fmt: skip

    async def kept(self, ticket_id: int, channel_id: int, message_id: int) -> None:
        """Write down which message keeps its transcript."""
        await self.db.execute(
            "UPDATE tickets SET log_channel_id = $2, log_message_id = $3 WHERE id = $1",
            ticket_id, channel_id, message_id,
        )  # fmt: skip

    async def filed(self, ticket_id: int) -> None:
        """Write down that all is done that there is to do after closing."""
        await self.db.execute("UPDATE tickets SET filed = TRUE WHERE id = $1 AND status = 'closed'", ticket_id)

    async def reopen(self, ticket_id: int) -> Ticket | None:
        """Open it again; None if it isn't closed."""
        return _maybe(
            await self.db.fetchone(
                "UPDATE tickets SET status = 'open', closed_by = NULL, closed_at = NULL, reason = NULL"
                " WHERE id = $1 AND status = 'closed' RETURNING *",
                ticket_id,
            )
        )

    async def gone(self, ticket_id: int, at: datetime) -> bool:
        """Write down that its channel is deleted, and forget the answers; False if that was known."""
        changed = await self.db.execute(
            "UPDATE tickets SET status = 'deleted', closed_at = COALESCE(closed_at, CAST($2 AS BIGINT)), answers = $3"
            " WHERE id = $1 AND status IN ('open', 'closed')",
            ticket_id, at, [],
        )  # fmt: skip
        return changed == 1

    async def warned(self, ticket_id: int, message_id: int | None) -> None:
        """Write down which message says that it will be closed."""
        await self.db.execute("UPDATE tickets SET warning_id = $2 WHERE id = $1", ticket_id, message_id)

    async def rate(self, ticket_id: int, user_id: int, stars: int) -> bool:
        """Keep what its opener thinks of it; False if it isn't theirs, or still open."""
        changed = await self.db.execute(
            "UPDATE tickets SET rating = $3 WHERE id = $1 AND opener_id = $2 AND status IN ('closed', 'deleted')",
            ticket_id, user_id, stars,
        )  # fmt: skip
        return changed == 1

    async def set_timer(self, ticket_id: int, timer_id: int) -> None:
        """Let another timer look after it."""
        await self.db.execute("UPDATE tickets SET timer_id = $2 WHERE id = $1", ticket_id, timer_id)

    # --- blocking

    async def blocked(self, guild_id: int) -> list[int]:
        """Who may not open tickets."""
        rows = await self.db.fetchall(
            "SELECT user_id FROM ticket_blocks WHERE guild_id = $1 ORDER BY user_id", guild_id
        )
        return [row["user_id"] for row in rows]


def _maybe(row: Row | None) -> Ticket | None:
    return None if row is None else _ticket(row)


def _ticket(row: Row) -> Ticket:
    values: dict[str, Any] = dict(row)
    values["role_ids"] = tuple(json_value(row["role_ids"]))
    values["answers"] = tuple((question, answer) for question, answer in json_value(row["answers"]))
    values["opened_at"], values["closed_at"] = moment(row["opened_at"]), moment(row["closed_at"])
    values["filed"] = bool(row["filed"])
    return Ticket(**values)
