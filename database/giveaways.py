"""Giveaways, who entered them and who won, as rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from database.manager import DatabaseManager, Row
from database.values import moment


@dataclass(frozen=True, slots=True)
class Giveaway:
    """A prize that some of those who entered win. `number` is what people call it; `terms` are as encoded."""

    id: int
    guild_id: int
    number: int
    host_id: int
    channel_id: int
    message_id: int | None
    prize: str
    winners: int
    """How many win."""
    terms: str
    opened_at: datetime
    ends_at: datetime
    timer_id: int
    status: str = "open"
    """open, drawn or cancelled."""
    rounds: int = 0
    """How often it was drawn: more than once with rerolls."""
    told_rounds: int = 0

    @property
    def is_open(self) -> bool:
        """Whether it isn't drawn or cancelled yet."""
        return self.status == "open"


@dataclass(frozen=True, slots=True)
class Winner:
    """Somebody who won, and in which draw."""

    user_id: int
    round: int


class GiveawaysStore:
    """The tables `giveaways`, `giveaway_entries` and `giveaway_winners`."""

    def __init__(self, db: DatabaseManager) -> None:
        self.db = db

    async def add(self, giveaway: Giveaway, *, most_open: int) -> Giveaway | None:
        """Keep a giveaway under the guild's next number (the one given doesn't count).

        None when `most_open` of that guild are open. Raises ConstraintViolated when two of a guild come at the same
        moment; try again then.
        """
        row = await self.db.fetchone(
            "INSERT INTO giveaways (id, guild_id, number, host_id, channel_id, prize, winners, terms, opened_at,"
            " ends_at, timer_id)"
            " SELECT $1, $2, (SELECT COALESCE(MAX(number), 0) + 1 FROM giveaways WHERE guild_id = $2), $3, $4,"
            " CAST($5 AS TEXT), $6, CAST($7 AS TEXT), $8, $9, $10"
            " WHERE (SELECT COUNT(*) FROM giveaways WHERE guild_id = $2 AND status = 'open') < $11 RETURNING *",
            giveaway.id, giveaway.guild_id, giveaway.host_id, giveaway.channel_id, giveaway.prize, giveaway.winners,
            giveaway.terms, giveaway.opened_at, giveaway.ends_at, giveaway.timer_id, most_open,
        )  # fmt: skip
        return None if row is None else _giveaway(row)

    async def remove(self, giveaway_id: int) -> None:
        """Forget one that couldn't be posted."""
        await self.db.execute("DELETE FROM giveaways WHERE id = $1", giveaway_id)

    async def posted(self, giveaway_id: int, channel_id: int, message_id: int) -> None:
        """Write down where its message is."""
        await self.db.execute(
            "UPDATE giveaways SET channel_id = $2, message_id = $3 WHERE id = $1", giveaway_id, channel_id, message_id
        )

    async def get(self, giveaway_id: int) -> Giveaway | None:
        """One of them."""
        row = await self.db.fetchone("SELECT * FROM giveaways WHERE id = $1", giveaway_id)
        return None if row is None else _giveaway(row)

    async def numbered(self, guild_id: int, number: int) -> Giveaway | None:
        """A guild's giveaway by its number."""
        row = await self.db.fetchone("SELECT * FROM giveaways WHERE guild_id = $1 AND number = $2", guild_id, number)
        return None if row is None else _giveaway(row)

    async def unfinished_in(self, guild_id: int) -> list[Giveaway]:
        """Those of a guild that are open, or of which a draw isn't told yet; the oldest first."""
        rows = await self.db.fetchall(
            "SELECT * FROM giveaways WHERE guild_id = $1 AND (status = 'open' OR told_rounds < rounds)"
            " ORDER BY number",
            guild_id,
        )
        return [_giveaway(row) for row in rows]

    async def latest_in(self, guild_id: int, most: int) -> list[Giveaway]:
        """The latest of a guild, whatever became of them; the newest first."""
        rows = await self.db.fetchall(
            "SELECT * FROM giveaways WHERE guild_id = $1 ORDER BY number DESC LIMIT $2", guild_id, most
        )
        return [_giveaway(row) for row in rows]

    # --- entries

    async def enter(self, giveaway_id: int, user_id: int, now: datetime) -> bool:
        """Enter somebody; False when they are in already, or it is over."""
        added = await self.db.execute(
            "INSERT INTO giveaway_entries (giveaway_id, user_id, entered_at)"
            " SELECT id, CAST($2 AS BIGINT), CAST($3 AS BIGINT) FROM giveaways"
            " WHERE id = $1 AND status = 'open' AND ends_at > $3 ON CONFLICT (giveaway_id, user_id) DO NOTHING",
            giveaway_id, user_id, now,
        )  # fmt: skip
        return added == 1

    async def leave(self, giveaway_id: int, user_id: int, now: datetime) -> bool:
        """Take somebody's entry back; False when they have none, or it is over."""
        removed = await self.db.execute(
            "DELETE FROM giveaway_entries WHERE giveaway_id = $1 AND user_id = $2 AND EXISTS"
            " (SELECT 1 FROM giveaways WHERE id = $1 AND status = 'open' AND ends_at > $3)",
            giveaway_id, user_id, now,
        )  # fmt: skip
        return removed == 1

    async def has_entered(self, giveaway_id: int, user_id: int) -> bool:
        """Whether somebody is in."""
        found = await self.db.fetchval(
            "SELECT 1 FROM giveaway_entries WHERE giveaway_id = $1 AND user_id = $2", giveaway_id, user_id
        )
        return found is not None

    async def count(self, giveaway_id: int) -> int:
        """How many people are in."""
        found = await self.db.fetchval("SELECT COUNT(*) FROM giveaway_entries WHERE giveaway_id = $1", giveaway_id)
        return int(found)

    async def entrants(self, giveaway_id: int) -> list[int]:
        """Who is in and didn't win yet, always in the same order."""
        rows = await self.db.fetchall(
            "SELECT user_id FROM giveaway_entries WHERE giveaway_id = $1 AND user_id NOT IN"
            " (SELECT user_id FROM giveaway_winners WHERE giveaway_id = $1) ORDER BY user_id",
            giveaway_id,
        )
        return [row["user_id"] for row in rows]

    # --- changing and ending

    async def edit(
        self, giveaway_id: int, *, prize: str, winners: int, terms: str, ends_at: datetime, now: datetime
    ) -> bool:
        """Change it; False when it is over."""
        changed = await self.db.execute(
            "UPDATE giveaways SET prize = $2, winners = $3, terms = $4, ends_at = $5"
            " WHERE id = $1 AND status = 'open' AND ends_at > $6",
            giveaway_id, prize, winners, terms, ends_at, now,
        )  # fmt: skip
        return changed == 1

    async def cancel(self, giveaway_id: int) -> bool:
        """Call it off; False when it was drawn or called off before."""
        changed = await self.db.execute(
            "UPDATE giveaways SET status = 'cancelled' WHERE id = $1 AND status = 'open'", giveaway_id
        )
        return changed == 1

    async def draw(self, giveaway: Giveaway, winner_ids: Sequence[int]) -> bool:
        """Write down who won this time; False, and nothing, when it was drawn meanwhile, or called off.

        Inside a transaction. The first draw is of an open one, later ones are rerolls.
        """
        changed = await self.db.execute(
            "UPDATE giveaways SET status = 'drawn', rounds = rounds + 1"
            " WHERE id = $1 AND status = $2 AND rounds = $3 AND ends_at = $4",
            giveaway.id, giveaway.status, giveaway.rounds, giveaway.ends_at,
        )  # fmt: skip
        if changed == 1 and winner_ids:
            await self.db.executemany(
                "INSERT INTO giveaway_winners (giveaway_id, user_id, round, place) VALUES ($1, $2, $3, $4)",
                [(giveaway.id, user_id, giveaway.rounds + 1, place) for place, user_id in enumerate(winner_ids)],
            )
        return changed == 1

    async def winners(self, giveaway_id: int) -> list[Winner]:
        """Who won, in the order of the draws."""
        rows = await self.db.fetchall(
            "SELECT user_id, round FROM giveaway_winners WHERE giveaway_id = $1 ORDER BY round, place", giveaway_id
        )
        return [Winner(row["user_id"], row["round"]) for row in rows]

    async def set_timer(self, giveaway_id: int, timer_id: int) -> None:
        """Let another timer draw it and tell of it."""
        await self.db.execute("UPDATE giveaways SET timer_id = $2 WHERE id = $1", giveaway_id, timer_id)

    async def told(self, giveaway_id: int, rounds: int) -> None:
        """Write down that so many of its draws needn't be told any more."""
        await self.db.execute(
            "UPDATE giveaways SET told_rounds = $2 WHERE id = $1 AND told_rounds < $2", giveaway_id, rounds
        )


def _giveaway(row: Row) -> Giveaway:
    opened_at, ends_at = moment(row["opened_at"]), moment(row["ends_at"])
    assert opened_at is not None
    assert ends_at is not None
    return Giveaway(
        row["id"], row["guild_id"], row["number"], row["host_id"], row["channel_id"], row["message_id"],
        row["prize"], row["winners"], row["terms"], opened_at, ends_at, row["timer_id"], row["status"],
        row["rounds"], row["told_rounds"],
    )  # fmt: skip
