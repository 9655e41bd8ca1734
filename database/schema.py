"""What tables there are, as the database itself tells."""

from dataclasses import dataclass

from database.manager import DatabaseManager, Row

_SQLITE = (
    "SELECT m.name AS table_name, c.name AS column_name, c.pk AS key_place"
    " FROM sqlite_master m JOIN pragma_table_info(m.name) c"
    " WHERE m.type = 'table' AND substr(m.name, 1, 7) <> 'sqlite_' ORDER BY m.name, c.cid"
)
_POSTGRESQL = (
    "SELECT c.table_name, c.column_name, COALESCE(k.ordinal_position, 0) AS key_place"
    " FROM information_schema.columns c"
    " LEFT JOIN information_schema.table_constraints t ON t.table_schema = c.table_schema"
    " AND t.table_name = c.table_name AND t.constraint_type = 'PRIMARY KEY'"
    " LEFT JOIN information_schema.key_column_usage k ON k.constraint_schema = t.constraint_schema"
    " AND k.constraint_name = t.constraint_name AND k.table_name = c.table_name AND k.column_name = c.column_name"
    " WHERE c.table_schema = current_schema() ORDER BY c.table_name, c.ordinal_position"
)


@dataclass(frozen=True, slots=True)
class Shape:
    """A table's columns, and those of its primary key in their order."""

    columns: tuple[str, ...]
    key: tuple[str, ...]


async def shapes(db: DatabaseManager) -> dict[str, Shape]:
    """Every table by its name."""
    rows = await db.fetchall(_SQLITE if db.dialect == "sqlite" else _POSTGRESQL)
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["table_name"], []).append(row)
    return {name: _shape(columns) for name, columns in found.items()}


def _shape(columns: list[Row]) -> Shape:
    key = sorted((row for row in columns if row["key_place"]), key=lambda row: int(row["key_place"]))
    return Shape(tuple(row["column_name"] for row in columns), tuple(row["column_name"] for row in key))
