"""When the database fails after something was done: whoever did it reads that, and the case is looked into soon."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from database.errors import DatabaseError, DatabaseUnavailable
from database.moderation import Case
from utils.errors import UserError
from utils.i18n import _

if TYPE_CHECKING:
    from utils.bot import Hearth

log = logging.getLogger("hearth.moderation")


class UnsettledError(UserError):
    """It was done, and couldn't be written down."""


@dataclass(frozen=True, slots=True)
class Known:
    """What became of a case that isn't settled: it was done, or failed, and why."""

    failure: str | None = None


class Unsettled:
    """Hears of cases that stay pending since the database failed, and lets them be looked into."""

    def __init__(self, bot: "Hearth") -> None:
        self.bot = bot
        self.listeners: list[Callable[[Case, Known | None], None]] = []
        """Who looks into them."""

    @contextmanager
    def settling(self, case: Case) -> Iterator[None]:
        """Around what writes down that a case was done. Raises UnsettledError if the database fails there."""
        try:
            yield
        except DatabaseError as error:
            self.report(case, error, Known())
            sentence = _("It is done, but I couldn't write that down: case {number} stays under way until I can.")
            raise UnsettledError(sentence.format(number=f"**{case.number}**")) from error

    def report(self, case: Case, error: DatabaseError, known: Known | None = None) -> None:
        """A case couldn't be settled because of an error."""
        if isinstance(error, DatabaseUnavailable):
            log.warning("Case %d in guild %d waits for the database: %s", case.number, case.guild_id, error)
        else:
            self.bot.error_reports.add(error, f"settling case {case.number} in guild {case.guild_id}")
        self.look_soon(case, known)

    def look_soon(self, case: Case, known: Known | None = None) -> None:
        """Let a case be looked into in a moment, and again later; without what is `known`, Discord is asked."""
        for listener in self.listeners:
            listener(case, known)
