"""Counts that are written in batches, each once, however often that is tried."""

from typing import Final

from database.manager import DatabaseManager

KEPT_BATCHES: Final = 100


async def is_new_batch(db: DatabaseManager, guild_id: int, batch_id: int) -> bool:
    """Whether a batch of a guild wasn't written yet; from now on it is. Inside the transaction that writes it."""
    is_new = await db.execute(
        "INSERT INTO count_batches (guild_id, id) VALUES ($1, $2) ON CONFLICT DO NOTHING", guild_id, batch_id
    )
    if is_new:
        await db.execute(
            "DELETE FROM count_batches WHERE guild_id = $1 AND id <="
            " (SELECT id FROM count_batches WHERE guild_id = $1 ORDER BY id DESC LIMIT 1 OFFSET $2)",
            guild_id, KEPT_BATCHES,
        )  # fmt: skip
    return is_new == 1
