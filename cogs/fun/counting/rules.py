"""Which message is a number, and whether it is the next one."""

import re
from dataclasses import dataclass, replace
from typing import Final, Literal

MOST: Final = 10**15

# 1000 or 1,000 at the beginning, with words behind it if need be; but 1.5, 3rd, 2 + 2 and 10:30 count nothing.
_NUMBER = re.compile(
    r"\s*[*_~|`]*([0-9]{1,3}(?:([,.' ])[0-9]{3})(?:\2[0-9]{3})*|[0-9]{1,30})"
    r"(?![0-9\w:/%°€$]|[.,'][0-9]|\s*[-+*/^×÷=]+\s*[0-9(])"
)

Verdict = Literal["right", "wrong", "twice"]


@dataclass(frozen=True, slots=True)
class Count:
    """How far people are."""

    number: int = 0
    """The last number; 0 if one begins."""
    last_user_id: int | None = None
    highest: int = 0


def read_number(text: str) -> int | None:
    """The number that a message begins with; None if it is talk."""
    found = _NUMBER.match(text)
    return None if found is None else int(re.sub(r"[^0-9]", "", found[1]))


def judge(count: Count, number: int, user_id: int, *, again_allowed: bool) -> Verdict:
    """Whether somebody may go on with a number; `again_allowed` lets one person count on alone."""
    if number != count.number + 1 or number > MOST:
        return "wrong"
    if user_id == count.last_user_id and not again_allowed:
        return "twice"
    return "right"


def after(count: Count, verdict: Verdict, user_id: int, *, starts_over: bool) -> Count:
    """How far people are then. Whoever was wrong may begin anew, too."""
    if verdict == "right":
        number = count.number + 1
        return Count(number, user_id, max(count.highest, number))
    return replace(count, number=0, last_user_id=None) if starts_over else count
