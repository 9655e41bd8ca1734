"""Other names that servers gave to commands, with arguments."""

from dataclasses import dataclass
from datetime import datetime

from database.manager import DatabaseManager, Row
from database.values import moment


@dataclass(frozen=True, slots=True)
class CommandAlias:
    """A name, and the command with its arguments that it stands for."""

    guild_id: int
    name: str
    text: str
    made_by: int
    made_at: datetime


class CommandAliasesStore:
    """The table `command_aliases`."""

    def __init__(self, db: DatabaseManager) -> None:
        self.db = db

    async def all(self) -> list[CommandAlias]:
        """Every server's, for who keeps them in memory."""
        return [_alias(row) for row in await self.db.fetchall("SELECT * FROM command_aliases ORDER BY name")]

    async def add(self, one: CommandAlias) -> bool:
        """Keep an alias; False if the server has one of this name."""
        added = await self.db.execute(
            "INSERT INTO command_aliases (guild_id, name, text, made_by, made_at) VALUES ($1, $2, $3, $4, $5)"
            " ON CONFLICT DO NOTHING",
            one.guild_id, one.name, one.text, one.made_by, one.made_at,
        )  # fmt: skip
        return added == 1

    async def change(self, one: CommandAlias) -> bool:
        """Let an alias stand for something else; False if it is gone."""
        changed = await self.db.execute(
            "UPDATE command_aliases SET text = $3, made_by = $4, made_at = $5 WHERE guild_id = $1 AND name = $2",
            one.guild_id, one.name, one.text, one.made_by, one.made_at,
        )  # fmt: skip
        return changed == 1

    async def remove(self, guild_id: int, name: str) -> None:
        """Delete an alias."""
        await self.db.execute("DELETE FROM command_aliases WHERE guild_id = $1 AND name = $2", guild_id, name)

    async def replace(self, guild_id: int, aliases: list[CommandAlias]) -> None:
        """Let a server have these aliases and no others; joins the caller's transaction."""
        async with self.db.transaction():
            await self.db.execute("DELETE FROM command_aliases WHERE guild_id = $1", guild_id)
            await self.db.executemany(
                "INSERT INTO command_aliases (guild_id, name, text, made_by, made_at) VALUES ($1, $2, $3, $4, $5)",
                [(guild_id, one.name, one.text, one.made_by, one.made_at) for one in aliases],
            )


def _alias(row: Row) -> CommandAlias:
    made_at = moment(row["made_at"])
    assert made_at is not None
    return CommandAlias(row["guild_id"], row["name"], row["text"], row["made_by"], made_at)
