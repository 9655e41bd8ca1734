"""Giveaways, who entered them and who won, as rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from database.manager import Row
from database.posted import Posted, PostedStore, shared_fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Giveaway(Posted):
    """A prize that some of those who entered win; `terms` are as encoded."""

    host_id: int
    prize: str
    winners: int
    """How many win."""
    terms: str
    ends_at: datetime
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


class GiveawaysStore(PostedStore[Giveaway]):
    """The tables `giveaways`, `giveaway_entries` and `giveaway_winners`."""

    table = "giveaways"
    unfinished = "status = 'open' OR told_rounds < rounds"

    async def add(self, new: Giveaway, *, most: int) -> Giveaway | None:
        """Keep a giveaway; `most` of that guild may be open."""
        row = await self.db.fetchone(
            "INSERT INTO giveaways (id, guild_id, number, host_id, channel_id, prize, winners, terms, opened_at,"
            " ends_at, timer_id)"
            " SELECT $1, $2, (SELECT COALESCE(MAX(number), 0) + 1 FROM giveaways WHERE guild_id = $2), $3, $4,"
            " CAST($5 AS TEXT), $6, CAST($7 AS TEXT), $8, $9, $10"
            " WHERE (SELECT COUNT(*) FROM giveaways WHERE guild_id = $2 AND status = 'open') < $11 RETURNING *",
            new.id, new.guild_id, new.host_id, new.channel_id, new.prize, new.winners, new.terms, new.opened_at,
            new.ends_at, new.timer_id, most,
        )  # fmt: skip
        return None if row is None else self.read(row)

    def read(self, row: Row) -> Giveaway:
        own = ("host_id", "prize", "winners", "terms", "status", "rounds", "told_rounds")
        return Giveaway(**shared_fields(row), **{name: row[name] for name in own})

    async def latest_in(self, guild_id: int, most: int) -> list[Giveaway]:
        """The latest of a guild, whatever became of them; the newest first."""
        rows = await self.db.fetchall(
            "SELECT * FROM giveaways WHERE guild_id = $1 ORDER BY number DESC LIMIT $2", guild_id, most
        )
        return [self.read(row) for row in rows]

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

    async def told(self, giveaway_id: int, rounds: int) -> None:
        """Write down that so many of its draws needn't be told any more."""
        await self.db.execute(
            "UPDATE giveaways SET told_rounds = $2 WHERE id = $1 AND told_rounds < $2", giveaway_id, rounds
        )
