"""The panels by which members open tickets, and what these can be about."""

from dataclasses import dataclass, field, replace
from typing import Any

from database.errors import ConstraintViolated
from database.manager import DatabaseManager, Row
from database.values import json_value


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked before a ticket is opened."""

    text: str
    is_long: bool = True
    is_needed: bool = True


@dataclass(frozen=True, slots=True)
class TicketKind:
    """What tickets can be about: who answers, and where (`place` is `channel` or `thread`)."""

    id: int
    panel_id: int
    guild_id: int
    label: str
    emoji: str | None = None
    place: str = "channel"
    category_id: int | None = None
    role_ids: tuple[int, ...] = ()
    name: str = "ticket-{number}"
    greeting: str | None = None
    questions: tuple[Question, ...] = ()
    most_open: int = 1


@dataclass(frozen=True, slots=True)
class TicketPanel:
    """A message by which members open tickets of some kinds."""

    id: int
    guild_id: int
    name: str
    text: str | None = None
    style: str = "buttons"
    channel_id: int | None = None
    message_id: int | None = None
    kinds: tuple[TicketKind, ...] = field(default=())


class TicketPanelsStore:
    """The tables `ticket_panels` and `ticket_kinds`."""

    def __init__(self, db: DatabaseManager) -> None:
        self.db = db

    async def create(self, panel: TicketPanel, most_panels: int) -> bool:
        """Keep a panel; False if the guild has `most_panels`, or one of that name."""
        made = await self.db.execute(
            "INSERT INTO ticket_panels (id, guild_id, name, key)"
            " SELECT CAST($1 AS BIGINT), CAST($2 AS BIGINT), CAST($3 AS TEXT), CAST($4 AS TEXT)"
            " WHERE (SELECT COUNT(*) FROM ticket_panels WHERE guild_id = $2) < $5"
            " ON CONFLICT (guild_id, key) DO NOTHING",
            panel.id, panel.guild_id, panel.name, panel.name.casefold(), most_panels,
        )  # fmt: skip
        return made == 1

    async def get(self, panel_id: int) -> TicketPanel | None:
        """A panel by its id."""
        row = await self.db.fetchone("SELECT * FROM ticket_panels WHERE id = $1", panel_id)
        return None if row is None else _panel(row, await self._kinds(panel_id))

    async def named(self, guild_id: int, name: str) -> TicketPanel | None:
        """A guild's panel by its name, whatever its case."""
        panel_id = await self.db.fetchval(
            "SELECT id FROM ticket_panels WHERE guild_id = $1 AND key = $2", guild_id, name.casefold()
        )
        return None if panel_id is None else await self.get(panel_id)

    async def of_guild(self, guild_id: int) -> list[TicketPanel]:
        """All of a guild, by name."""
        rows = await self.db.fetchall("SELECT * FROM ticket_panels WHERE guild_id = $1 ORDER BY key", guild_id)
        kinds = await self.db.fetchall("SELECT * FROM ticket_kinds WHERE guild_id = $1 ORDER BY id", guild_id)
        return [_panel(row, [_kind(one) for one in kinds if one["panel_id"] == row["id"]]) for row in rows]

    async def change(self, panel: TicketPanel) -> bool:
        """Write down what a panel says and looks like now; False if it is gone."""
        changed = await self.db.execute(
            "UPDATE ticket_panels SET text = $2, style = $3 WHERE id = $1", panel.id, panel.text, panel.style
        )
        return changed == 1

    async def posted(self, panel_id: int, channel_id: int, message_id: int) -> bool:
        """Write down which message shows a panel; False if it is gone."""
        changed = await self.db.execute(
            "UPDATE ticket_panels SET channel_id = $2, message_id = $3 WHERE id = $1",
            panel_id, channel_id, message_id,
        )  # fmt: skip
        return changed == 1

    async def remove(self, panel_id: int) -> bool:
        """Forget a panel with its kinds; its tickets stay."""
        return await self.db.execute("DELETE FROM ticket_panels WHERE id = $1", panel_id) == 1

    # --- kinds

    async def add_kind(self, kind: TicketKind, most_kinds: int) -> bool:
        """Keep a kind; False if its panel is gone or has `most_kinds`, or the guild has one of that label."""
        added = await self.db.execute(
            "INSERT INTO ticket_kinds (id, panel_id, guild_id, label, key, emoji, role_ids, name, questions)"
            " SELECT CAST($1 AS BIGINT), CAST($2 AS BIGINT), CAST($3 AS BIGINT), CAST($4 AS TEXT), CAST($5 AS TEXT),"
            " CAST($6 AS TEXT), CAST($7 AS TEXT), CAST($8 AS TEXT), CAST($9 AS TEXT)"
            " WHERE (SELECT COUNT(*) FROM ticket_kinds WHERE panel_id = $2) < $10"
            " AND EXISTS (SELECT 1 FROM ticket_panels WHERE id = $2)"
            " ON CONFLICT (guild_id, key) DO NOTHING",
            kind.id, kind.panel_id, kind.guild_id, kind.label, kind.label.casefold(), kind.emoji,
            list(kind.role_ids), kind.name, _questions(kind), most_kinds,
        )  # fmt: skip
        return added == 1

    async def kind(self, kind_id: int) -> TicketKind | None:
        """A kind by its id."""
        row = await self.db.fetchone("SELECT * FROM ticket_kinds WHERE id = $1", kind_id)
        return None if row is None else _kind(row)

    async def kind_named(self, guild_id: int, label: str) -> TicketKind | None:
        """A guild's kind by its label, whatever its case."""
        row = await self.db.fetchone(
            "SELECT * FROM ticket_kinds WHERE guild_id = $1 AND key = $2", guild_id, label.casefold()
        )
        return None if row is None else _kind(row)

    async def change_kind(self, kind: TicketKind) -> bool:
        """Write down what a kind is like now; False if it is gone, or another one has its label."""
        try:
            changed = await self.db.execute(
                "UPDATE ticket_kinds SET label = $2, key = $3, emoji = $4, place = $5, category_id = $6,"
                " role_ids = $7, name = $8, greeting = $9, questions = $10, most_open = $11 WHERE id = $1",
                kind.id, kind.label, kind.label.casefold(), kind.emoji, kind.place, kind.category_id,
                list(kind.role_ids), kind.name, kind.greeting, _questions(kind), kind.most_open,
            )  # fmt: skip
        except ConstraintViolated:
            return False
        return changed == 1

    async def remove_kind(self, kind_id: int) -> bool:
        """Forget a kind; its tickets stay."""
        return await self.db.execute("DELETE FROM ticket_kinds WHERE id = $1", kind_id) == 1

    async def _kinds(self, panel_id: int) -> list[TicketKind]:
        rows = await self.db.fetchall("SELECT * FROM ticket_kinds WHERE panel_id = $1 ORDER BY id", panel_id)
        return [_kind(row) for row in rows]


def _questions(kind: TicketKind) -> list[Any]:
    return [[one.text, one.is_long, one.is_needed] for one in kind.questions]


def _kind(row: Row) -> TicketKind:
    values: dict[str, Any] = {name: value for name, value in row.items() if name != "key"}
    values["role_ids"] = tuple(json_value(row["role_ids"]))
    values["questions"] = tuple(Question(*one) for one in json_value(row["questions"]))
    return TicketKind(**values)


def _panel(row: Row, kinds: list[TicketKind]) -> TicketPanel:
    values: dict[str, Any] = {name: value for name, value in row.items() if name != "key"}
    return replace(TicketPanel(**values), kinds=tuple(kinds))
