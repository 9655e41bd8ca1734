"""What must hold of a guild's standings at any moment, counted without the code that it is to prove."""

from collections import Counter
from math import floor, log2

from database.manager import DatabaseManager

BOARDS = ("xp", "messages", "voice_minutes")
MOST = 10**15


async def prove_standings(db: DatabaseManager, guild_id: int) -> int:
    """Check that the buckets are those of the rows, and that recent gains are of known people; how many rows."""
    async with db.transaction():  # on SQLite nobody writes between these
        rows = await db.fetchall("SELECT * FROM standings WHERE guild_id = $1", guild_id)
        buckets = await db.fetchall("SELECT * FROM standing_buckets WHERE guild_id = $1 AND members > 0", guild_id)
        recent = await db.fetchall("SELECT * FROM recent_standings WHERE guild_id = $1", guild_id)
    counted = Counter(
        (board, _bucket(row[board])) for row in rows for board in BOARDS if row["present"] and row[board]
    )
    assert {(row["board"], row["bucket"]): row["members"] for row in buckets} == dict(counted)
    for row in (*rows, *recent):
        assert all(0 <= row[board] <= MOST for board in BOARDS), row
    present = {row["user_id"]: row["present"] for row in rows}
    for row in recent:
        assert row["present"] == present.get(row["user_id"], True), row
        assert row["user_id"] in present or not any(row[board] for board in BOARDS), row
        assert row["period"] == "day" or row["starts_on"] % 7 == 4, (
            row
        )  # 1970-01-01 was a Thursday, weeks begin on Monday
    return len(rows)


def _bucket(value: int) -> int:
    """One for each value below 128; from there on, 64 of equal width for each doubling."""
    if value < 128:
        return value
    doubling = floor(log2(value))
    doubling += (value >= 1 << (doubling + 1)) - (value < 1 << doubling)  # of what a float rounded
    return 64 * (doubling - 6) + value * 64 // (1 << doubling)
