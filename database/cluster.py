"""Processes of one bot, the shards they run, and what they must do one after another. PostgreSQL only.

All times are the database's own, so that clocks of hosts may differ.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from database.manager import DatabaseManager
from database.values import json_value

_NOW: Final = "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)"
GIVEN_BACK: Final = 0
"""Stands for the run of a shard that was given back in order: nothing of it is in anybody's hands."""

_IS_ALIVE: Final = (
    "EXISTS (SELECT 1 FROM cluster_processes AS p"
    f" WHERE p.run_id = {{run}} AND p.beat_at >= {_NOW} - CAST({{silent}} AS BIGINT))"
)
_IS_HELD: Final = f"({{run}} <> {{own}} AND {_IS_ALIVE})"


class _HeldError(Exception):
    """A process that is alive runs the shard."""


@dataclass(frozen=True, slots=True)
class ProcessRow:
    """One process, and how long it has given no sign of life."""

    name: str
    run_id: int
    host: str
    shard_count: int
    home: frozenset[int]
    silent_milliseconds: int


class ClusterStore:
    """The tables `cluster_…`, seen by one run of one process."""

    def __init__(self, db: DatabaseManager, run_id: int) -> None:
        self.db = db
        self.run_id = run_id

    # --- processes

    async def register(
        self, name: str, host: str, shard_count: int, home: Collection[int], *, free_after_milliseconds: int
    ) -> bool:
        """Be the process of this name; False while another run of that name gives signs of life."""
        taken = await self.db.fetchval(
            "INSERT INTO cluster_processes AS old (name, run_id, host, shard_count, home, started_at, beat_at)"
            f" VALUES ($1, $2, $3, $4, $5, {_NOW}, {_NOW})"
            " ON CONFLICT (name) DO UPDATE SET run_id = excluded.run_id, host = excluded.host,"
            " shard_count = excluded.shard_count, home = excluded.home, started_at = excluded.started_at,"
            " beat_at = excluded.beat_at"
            f" WHERE old.run_id = excluded.run_id OR old.beat_at < {_NOW} - $6 RETURNING run_id",
            name, self.run_id, host, shard_count, json.dumps(sorted(home)), free_after_milliseconds,
        )  # fmt: skip
        return taken is not None

    async def beat(self, name: str) -> int | None:
        """Give a sign of life: how many milliseconds after the last one; None when another run has this name now."""
        silent: int | None = await self.db.fetchval(
            f"UPDATE cluster_processes AS p SET beat_at = {_NOW} FROM cluster_processes AS old"
            " WHERE old.name = p.name AND p.name = $1 AND p.run_id = $2 RETURNING p.beat_at - old.beat_at",
            name, self.run_id,
        )  # fmt: skip
        return silent

    async def leave(self, name: str) -> None:
        """Let everything go, at the end."""
        async with self.db.transaction():
            await self.db.execute("DELETE FROM cluster_locks WHERE run_id = $1", self.run_id)
            await self.db.execute("DELETE FROM cluster_shards WHERE run_id = $1", self.run_id)
            await self.db.execute("DELETE FROM cluster_processes WHERE name = $1 AND run_id = $2", name, self.run_id)

    async def processes(self) -> list[ProcessRow]:
        """Everybody, by name, also those long gone."""
        rows = await self.db.fetchall(
            f"SELECT name, run_id, host, shard_count, home, {_NOW} - beat_at AS silent"
            " FROM cluster_processes ORDER BY name"
        )
        return [
            ProcessRow(
                row["name"], row["run_id"], row["host"], row["shard_count"],
                frozenset(json_value(row["home"])), row["silent"],
            )
            for row in rows
        ]  # fmt: skip

    async def forget_before(self, milliseconds: int) -> None:
        """Forget processes that have been silent for so long."""
        await self.db.execute(f"DELETE FROM cluster_processes WHERE beat_at < {_NOW} - $1", milliseconds)

    # --- shards

    async def claims(self) -> dict[int, int]:
        """By which run each shard is claimed, also by runs that are gone."""
        rows = await self.db.fetchall("SELECT shard_id, run_id FROM cluster_shards")
        return {row["shard_id"]: row["run_id"] for row in rows}

    async def claim(
        self, shard_ids: Collection[int], *, dead_after_milliseconds: int
    ) -> dict[int, int | None] | None:
        """Take shards that nobody alive holds: all of them or, returning None, none.

        Returns the run that each had before; None for one that had none.
        """
        found: dict[int, int | None] = {}
        try:
            async with self.db.transaction():
                # In a fixed order, so that two who want the same shards don't block each other.
                for shard_id in sorted(shard_ids):
                    found[shard_id] = await self._claim(shard_id, dead_after_milliseconds)
        except _HeldError:
            return None
        return found

    async def _claim(self, shard_id: int, dead_after_milliseconds: int) -> int | None:
        """Take one; the run that it had. Raises `_HeldError`."""
        # Nobody can take a row between the two statements: the first one holds it.
        before: int | None = await self.db.fetchval(
            "SELECT run_id FROM cluster_shards WHERE shard_id = $1 FOR UPDATE", shard_id
        )
        taken = await self.db.fetchval(
            "INSERT INTO cluster_shards AS old (shard_id, run_id, claimed_at)"
            f" VALUES ($1, $2, {_NOW}) ON CONFLICT (shard_id) DO UPDATE"
            " SET run_id = excluded.run_id, claimed_at = excluded.claimed_at"
            f" WHERE NOT {_IS_HELD.format(run='old.run_id', silent='$3', own='$2')} RETURNING shard_id",
            shard_id, self.run_id, dead_after_milliseconds,
        )  # fmt: skip
        if taken is None:
            raise _HeldError
        return before

    async def give_back(self, shard_ids: Collection[int]) -> None:
        """Let others have shards; nothing of them is in our hands any more."""
        await self.db.executemany(
            f"UPDATE cluster_shards SET run_id = {GIVEN_BACK} WHERE shard_id = $1 AND run_id = $2",
            [(shard_id, self.run_id) for shard_id in shard_ids],
        )

    # --- one after another

    async def take_lock(self, name: str, *, dead_after_milliseconds: int) -> bool:
        """Take a lock that no other run holds, or one that is gone; False while one does."""
        taken = await self.db.fetchval(
            f"INSERT INTO cluster_locks AS old (name, run_id, taken_at) VALUES ($1, $2, {_NOW})"
            " ON CONFLICT (name) DO UPDATE SET run_id = excluded.run_id, taken_at = excluded.taken_at"
            f" WHERE NOT {_IS_HELD.format(run='old.run_id', silent='$3', own='$2')} RETURNING name",
            name, self.run_id, dead_after_milliseconds,
        )  # fmt: skip
        return taken is not None

    async def free_lock(self, name: str) -> None:
        """Let a lock go that this run holds."""
        await self.db.execute("DELETE FROM cluster_locks WHERE name = $1 AND run_id = $2", name, self.run_id)

    async def take_turn(self, bucket: int, space_milliseconds: int) -> int:
        """Take the turn to start a session; 0 if it was taken, else in how many milliseconds there is one."""
        taken = await self.db.fetchval(
            f"INSERT INTO cluster_identifies AS old (bucket, next_at) VALUES ($1, {_NOW} + $2)"
            f" ON CONFLICT (bucket) DO UPDATE SET next_at = excluded.next_at WHERE old.next_at <= {_NOW}"
            " RETURNING bucket",
            bucket, space_milliseconds,
        )  # fmt: skip
        if taken is not None:
            return 0
        left = await self.db.fetchval(f"SELECT next_at - {_NOW} FROM cluster_identifies WHERE bucket = $1", bucket)
        return max(1, left or 1)

    async def begin_turn(self, bucket: int, space_milliseconds: int) -> None:
        """The session of a turn starts only now: the next one is so much later."""
        await self.db.execute(
            f"UPDATE cluster_identifies SET next_at = GREATEST(next_at, {_NOW} + $2) WHERE bucket = $1",
            bucket, space_milliseconds,
        )  # fmt: skip
