"""The exceptions of the database layer: the same on both engines, so that no caller knows a driver."""

from __future__ import annotations

from typing import Literal

ConstraintKind = Literal["unique", "check", "foreign_key", "not_null"]


class DatabaseError(Exception):
    """A statement, a value or a transaction was refused. The message says why, in the engine's words."""


class ConstraintViolated(DatabaseError):  # noqa: N818 - it reads as a sentence
    """A row broke a rule of the schema; `kind` says which sort of rule."""

    def __init__(self, kind: ConstraintKind, message: str) -> None:
        super().__init__(message)
        self.kind: ConstraintKind = kind


class DatabaseUnavailable(DatabaseError):  # noqa: N818 - it reads as a sentence
    """The database can't be reached or is busy. Nothing is retried: the next call connects again."""


class MigrationError(DatabaseError):
    """The schema can't be brought up to date. The message is a sentence for the operator."""
