"""Patterns and lists of words as automata: matching takes time that grows with the text alone, whoever wrote them.

RE2 runs on the message path, where nothing can be waited for. It has no pattern that blows up, so there is nothing to
interrupt; what it can't do, looking around and back-references, is refused when the rule is made. How much work a
character may be is bounded by the size of the compiled pattern.
"""

from collections.abc import Iterable
from typing import Final

import re2

from utils.errors import UserError
from utils.formatting import code, truncate
from utils.i18n import _

LONGEST_PATTERN: Final = 300  # characters
MOST_STEPS: Final = 1_000
"""Instructions of a compiled pattern: at worst each is a step for each character, 30 ms for a long text."""
LONGEST_TEXT: Final = 6_000  # characters of a message that are looked at
_BOUNDARY: Final = r"[^\p{L}\p{N}]"
_BETWEEN: Final = r"[\s!-/:-@\[-`{-~]+"
"""What may stand between the words of a phrase: spaces, and signs of ASCII."""

_OPTIONS = re2.Options()
_OPTIONS.case_sensitive = False
_OPTIONS.log_errors = False  # the sentence goes to who wrote the pattern, and not to the console


class Pattern:
    """A compiled pattern."""

    def __init__(self, pattern: str) -> None:
        """Raises ValueError for what RE2 doesn't read."""
        try:
            # As bytes: Python's text would have to be counted through for each match.
            self._compiled = re2.compile(pattern.encode(), _OPTIONS)
        except re2.error as error:
            raise ValueError(_said(error)) from error
        self.steps: int = self._compiled.programsize

    def find(self, text: bytes) -> str | None:
        """What it finds first, by its first group that fits if it has any; None if nothing fits."""
        found = self._compiled.search(text)
        if found is None:
            return None
        hit: bytes = next((group for group in found.groups() if group is not None), found[0])
        return hit.decode(errors="replace")


def _said(error: Exception) -> str:
    said = error.args[0] if error.args else ""
    return said.decode(errors="replace") if isinstance(said, bytes) else str(said)


def as_text(text: str) -> bytes:
    """A message's text as patterns take it."""
    return text[:LONGEST_TEXT].encode(errors="replace")


def read_regex(text: str) -> str:
    """A pattern that somebody wrote. Raises UserError with the sentence that says what is wrong with it."""
    shown = code(truncate(text, 60))
    if len(text) > LONGEST_PATTERN:
        raise UserError(_("The pattern {pattern} is too long: {most} characters are the most.").format(
            pattern=shown, most=LONGEST_PATTERN
        ))  # fmt: skip
    try:
        compiled = Pattern(text)
    except ValueError as error:
        raise UserError(
            _(
                "The pattern {pattern} can't be read: {why}. I read RE2's patterns, which have no look-around and no "
                "back-references."
            ).format(pattern=shown, why=code(str(error)))
        ) from error
    if compiled.steps > MOST_STEPS:
        raise UserError(_("The pattern {pattern} would take too long; repeat less in it.").format(pattern=shown))
    if compiled.find(b"") is not None:
        raise UserError(_("The pattern {pattern} fits every message.").format(pattern=shown))
    return text


def words_pattern(words: Iterable[str]) -> Pattern:
    """Finds any of these plain words and phrases, whole; a star at an end lets it go on there."""
    by_ends: dict[tuple[str, str], list[str]] = {}
    # The longest first, so that what is shown is the most that fits.
    for word in sorted(words, key=lambda word: (-len(word), word)):
        body = word.strip("*")
        # Letters mark the ends only where a word has one: `c++` is found in `c++14`, too.
        before = "" if word.startswith("*") or not body[0].isalnum() else f"(?:^|{_BOUNDARY})"
        after = "" if word.endswith("*") or not body[-1].isalnum() else f"(?:$|{_BOUNDARY})"
        parts = [re2.escape(part) for part in body.split()]
        by_ends.setdefault((before, after), []).append(_BETWEEN.join(parts))
    return Pattern("|".join(f"{before}({'|'.join(some)}){after}" for (before, after), some in by_ends.items()))
