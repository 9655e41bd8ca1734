"""The only place with SQL, besides migrations/.

`DatabaseManager` talks to SQLite or PostgreSQL with one SQL text. Stores (one class a feature) sit on top of it:
typed methods, ids in, frozen dataclasses out. Nothing here imports cogs or utils.
"""

from database.errors import ConstraintViolated, DatabaseError, DatabaseUnavailable, MigrationError
from database.ids import new_id
from database.manager import DatabaseManager, Row
from database.placeholders import placeholders
from database.values import json_value, moment

__all__ = [
    "ConstraintViolated",
    "DatabaseError",
    "DatabaseManager",
    "DatabaseUnavailable",
    "MigrationError",
    "Row",
    "json_value",
    "moment",
    "new_id",
    "placeholders",
]
