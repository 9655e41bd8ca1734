"""What stands below the bot's name on Discord."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from database.manager import DatabaseManager


@dataclass(frozen=True, slots=True)
class Line:
    """One status: `kind` is playing, watching, listening, competing or custom."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Appearance:
    """How the bot appears: `look` is online, idle, dnd or invisible; each line stands for a while."""

    lines: tuple[Line, ...] = ()
    look: str = "online"
    every_seconds: int = 600


class BotStatusStore:
    """The tables `bot_statuses` and `bot_appearance`."""

    def __init__(self, db: DatabaseManager) -> None:
        self.db = db

    async def read(self) -> Appearance:
        """How the bot is to appear."""
        rows = await self.db.fetchall("SELECT kind, text FROM bot_statuses ORDER BY place")
        found = Appearance(tuple(Line(row["kind"], row["text"]) for row in rows))
        row = await self.db.fetchone("SELECT look, every_seconds FROM bot_appearance WHERE id = 1")
        return found if row is None else replace(found, look=row["look"], every_seconds=row["every_seconds"])

    async def set_lines(self, lines: Sequence[Line]) -> None:
        """Have these lines and no others."""
        async with self.db.transaction():
            await self.db.execute("DELETE FROM bot_statuses")
            await self.db.executemany(
                "INSERT INTO bot_statuses (place, kind, text) VALUES ($1, $2, $3)",
                [(place, line.kind, line.text) for place, line in enumerate(lines)],
            )

    async def set_appearance(self, look: str, every_seconds: int) -> None:
        """Keep how the bot appears, and for how long each line stands."""
        await self.db.execute(
            "INSERT INTO bot_appearance (id, look, every_seconds) VALUES (1, $1, $2)"
            " ON CONFLICT (id) DO UPDATE SET look = excluded.look, every_seconds = excluded.every_seconds",
            look, every_seconds,
        )  # fmt: skip
