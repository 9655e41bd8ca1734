"""What a statement is about, in two words, for whoever measures statements."""

import re
from typing import Final

from database.placeholders import bare

_VERB: Final = re.compile(r"\s*([A-Za-z]+)")
_CHANGES: Final = re.compile(r"\b(INSERT|UPDATE|DELETE)\b", re.IGNORECASE)
_TABLE: Final = re.compile(r"\b(?:FROM|INTO|UPDATE|JOIN)\s+([A-Za-z_][A-Za-z_0-9]*)", re.IGNORECASE)
_VERBS: Final = frozenset({"select", "insert", "update", "delete"})

NOTHING: Final = "none"
OTHER: Final = "other"


def subject(sql: str) -> tuple[str, str]:
    """The verb (select, insert, update, delete or other) and the table named first, or none.

    A WITH counts as what it changes, else as a select. Values never stand in a statement's text, so neither word can
    come from what somebody wrote.
    """
    text = bare(sql)
    word = _VERB.match(text)
    verb = word[1].lower() if word else OTHER
    if verb == "with":
        change = _CHANGES.search(text)
        verb = change[1].lower() if change else "select"
    table = _TABLE.search(text)
    return verb if verb in _VERBS else OTHER, table[1].lower() if table else NOTHING
