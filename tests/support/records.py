"""What the bot did in a town: its calls, its statements, its errors; and the check of all that at a test's end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatch
from traceback import format_exception
from typing import TYPE_CHECKING, Any

import simcord

from database.manager import DatabaseManager
from tests.support import pseudo
from utils.bot import Hearth
from utils.errors import cause_of, is_expected
from utils.i18n import PSEUDO


@dataclass(frozen=True)
class Call:
    """One REST call of the bot."""

    method: str
    path: str
    body: Any
    reason: str | None
    params: dict[str, Any]
    """What follows the question mark of the address."""


class Records:
    """The part of the town that looks back."""

    if TYPE_CHECKING:
        env: simcord.Env
        db: DatabaseManager
        language: str
        _bots: list[Hearth]
        _errors_expected: bool

    def calls(self, method: str = "*", path: str = "*") -> list[Call]:
        """The bot's REST calls whose method and path match: `town.calls("PUT", "/guilds/*/bans/*")`."""
        return [
            Call(c.method, c.path, c.json, c.reason, c.params)
            for c in self.env.http_requests
            if fnmatch(c.method, method) and fnmatch(c.path, path)
        ]

    def forget_calls(self) -> None:
        """Let `calls`, and the check of the pseudo-language, begin anew."""
        self.env.http_requests.clear()

    @contextmanager
    def sql_statements(self) -> Iterator[list[str]]:
        """The statements that run in the block, as they run."""
        seen: list[str] = []
        before, self.db.on_statement = self.db.on_statement, lambda text, *_: seen.append(text)
        try:
            yield seen
        finally:
            self.db.on_statement = before

    @property
    def errors(self) -> list[str]:
        """Tracebacks of what went wrong and was nobody's mistake; they fail the test, unless expected."""
        reported = [report.traceback for bot in self._bots for report in reversed(bot.error_reports.all())]
        last_lines = {text.strip().splitlines()[-1] for text in reported}
        # What the bot's own handlers never heard of: tasks that died, callbacks of views.
        causes = [cause_of(error) for error in self.env.errors_since(0) if not is_expected(error)]
        unheard = ["".join(format_exception(cause)) for cause in causes]
        return reported + [text for text in unheard if text.strip().splitlines()[-1] not in last_lines]

    def expect_errors(self) -> None:
        """Don't fail this test for `errors`: it causes them on purpose."""
        self._errors_expected = True

    def check(self) -> None:
        """Fail for unexpected errors, and in the pseudo-language for forgotten sentences."""
        if self.errors and not self._errors_expected:
            raise AssertionError("The bot failed, and the test didn't expect it:\n" + "\n".join(self.errors))
        if self.language == PSEUDO:
            spoken = [call for call in self.calls() if call.method in {"POST", "PATCH"}]
            forgotten = [
                f"{call.method} {call.path}: {text}" for call in spoken for text in pseudo.untranslated(call.body)
            ]
            if forgotten:
                places = "\n  ".join(dict.fromkeys(forgotten))
                raise AssertionError(f"These texts don't pass through gettext:\n  {places}")

    def transcript(self) -> str:
        """Everything that happened, in order: for a person who reads a failed test."""
        return self.env.transcript()
