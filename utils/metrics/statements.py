"""How long statements take, by what they do and by table."""

from typing import Any, Final

from database.errors import ConstraintViolated, DatabaseError, DatabaseUnavailable
from database.manager import DatabaseManager, Observer
from database.subjects import subject
from utils.metrics import catalogue
from utils.metrics.bounded import OTHER, Bounded
from utils.metrics.instruments import Instruments

MOST_TEXTS: Final = 2_000
"""Texts whose words are remembered; the bot has some hundreds, and lists of placeholders make more of one."""
MOST_TABLES: Final = 250


class Statements:
    """Hears of each statement that the database ran, and passes it on to who heard of them before."""

    def __init__(self, instruments: Instruments, db: DatabaseManager) -> None:
        self._seconds = instruments.of(catalogue.QUERY_SECONDS)
        self._by_table = instruments.of(catalogue.STATEMENT_SECONDS)
        self._errors = instruments.of(catalogue.QUERY_ERRORS)
        self._tables = Bounded(MOST_TABLES)
        self._known: dict[str, tuple[Any, Any]] = {}
        self._db = db
        self._before: Observer | None = db.on_statement
        self._mine: Observer = self._hear
        db.on_statement = self._mine

    def close(self) -> None:
        """Hear nothing more; whoever came later and passes on to this one goes on doing so."""
        if self._db.on_statement is self._mine:
            self._db.on_statement = self._before

    def _hear(self, text: str, seconds: float, result: int | BaseException) -> None:
        histogram, summary = self._known.get(text) or self._children(text)
        histogram.observe(seconds)
        summary.observe(seconds)
        if isinstance(result, DatabaseError):
            self._errors.labels(_kind(result)).inc()
        if self._before is not None:
            self._before(text, seconds, result)

    def _children(self, text: str) -> tuple[Any, Any]:
        verb, table = subject(text)
        children = self._seconds.labels(verb), self._by_table.labels(verb, self._tables(table))
        if len(self._known) < MOST_TEXTS:
            self._known[text] = children
        return children


def _kind(error: DatabaseError) -> str:
    if isinstance(error, DatabaseUnavailable):
        return "unavailable"
    return "constraint" if isinstance(error, ConstraintViolated) else OTHER
