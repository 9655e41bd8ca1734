"""Commands that a server makes itself, and all that each is called."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from database.manager import DatabaseManager, Row
from database.values import json_value, moment


@dataclass(frozen=True, slots=True)
class CustomCommandRow:
    """A command as it is stored. `uses` has those that were written already; `details` is what is set of it."""

    id: int
    guild_id: int
    name: str
    details: dict[str, Any]
    author_id: int
    created_at: datetime
    uses: int = 0
    aliases: tuple[str, ...] = ()


class CustomCommandsStore:
    """The tables `custom_commands` and `custom_command_names`."""

    def __init__(self, db: DatabaseManager) -> None:
        self.db = db

    async def all(self) -> list[CustomCommandRow]:
        """Every guild's, for who keeps them in memory."""
        names = await self.db.fetchall("SELECT name, command_id FROM custom_command_names ORDER BY name")
        return _rows(await self.db.fetchall("SELECT * FROM custom_commands"), names)

    async def of(self, guild_id: int) -> list[CustomCommandRow]:
        """Those of one guild."""
        names = await self.db.fetchall(
            "SELECT name, command_id FROM custom_command_names WHERE guild_id = $1 ORDER BY name", guild_id
        )
        return _rows(await self.db.fetchall("SELECT * FROM custom_commands WHERE guild_id = $1", guild_id), names)

    async def add(self, one: CustomCommandRow) -> bool:
        """Keep a command; False if another is called so."""
        async with self.db.transaction():
            if not await self.add_name(one, one.name):
                return False
            await self.db.execute(
                "INSERT INTO custom_commands (id, guild_id, name, details, author_id, created_at)"
                " VALUES ($1, $2, $3, $4, $5, $6)",
                one.id, one.guild_id, one.name, one.details, one.author_id, one.created_at,
            )  # fmt: skip
        return True

    async def add_name(self, one: CustomCommandRow, name: str) -> bool:
        """Call a command so besides; False if one is called so already."""
        added = await self.db.execute(
            "INSERT INTO custom_command_names (guild_id, name, command_id) VALUES ($1, $2, $3)"
            " ON CONFLICT DO NOTHING",
            one.guild_id, name, one.id,
        )  # fmt: skip
        return added == 1

    async def remove_name(self, one: CustomCommandRow, name: str) -> None:
        """Call a command so no longer."""
        await self.db.execute("DELETE FROM custom_command_names WHERE command_id = $1 AND name = $2", one.id, name)

    async def change(self, command_id: int, details: dict[str, Any]) -> bool:
        """Set what a command does; False if it is gone."""
        changed = await self.db.execute("UPDATE custom_commands SET details = $2 WHERE id = $1", command_id, details)
        return changed == 1

    async def remove(self, command_id: int) -> None:
        """Delete a command and all its names."""
        async with self.db.transaction():
            await self.db.execute("DELETE FROM custom_command_names WHERE command_id = $1", command_id)
            await self.db.execute("DELETE FROM custom_commands WHERE id = $1", command_id)

    async def uses(self, guild_id: int) -> dict[int, int]:
        """How often each command of a guild was used."""
        rows = await self.db.fetchall("SELECT id, uses FROM custom_commands WHERE guild_id = $1", guild_id)
        return {row["id"]: row["uses"] for row in rows}

    async def add_uses(self, batch_id: int, uses: Mapping[int, int]) -> None:
        """Count uses by the command's id; a batch that is written already isn't counted again."""
        await self.db.executemany(
            "UPDATE custom_commands SET uses = uses + $3, last_batch = $2 WHERE id = $1 AND last_batch <> $2",
            [(command_id, batch_id, count) for command_id, count in sorted(uses.items())],
        )


def _rows(rows: Iterable[Row], names: Iterable[Row]) -> list[CustomCommandRow]:
    """Commands with all that they are called."""
    called: dict[int, list[str]] = {}
    for one in names:
        called.setdefault(one["command_id"], []).append(one["name"])
    found = []
    for row in rows:
        created_at = moment(row["created_at"])
        assert created_at is not None
        aliases = tuple(name for name in called.get(row["id"], ()) if name != row["name"])
        found.append(
            CustomCommandRow(
                row["id"], row["guild_id"], row["name"], json_value(row["details"]), row["author_id"], created_at,
                row["uses"], aliases,
            )
        )  # fmt: skip
    return found
