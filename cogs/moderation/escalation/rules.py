"""What points of warnings lead to: reading it, showing it, and telling which threshold was crossed. Pure rules."""

import re
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Final

from cogs.moderation.reading import LONGEST_TEMPORARY, read_points
from database.moderation_thresholds import Threshold
from utils.errors import UserError
from utils.i18n import _, ngettext
from utils.time import human_duration, parse_duration

MOST_THRESHOLDS: Final = 25
SHORTEST: Final = timedelta(minutes=1)

PRESET: Final = (
    Threshold(2, "timeout", timedelta(minutes=10)),
    Threshold(3, "timeout", timedelta(hours=2)),
    Threshold(4, "kick"),
    Threshold(5, "ban", timedelta(days=1)),
    Threshold(6, "ban"),
)
"""Mild at first, and out for good at the sixth warning."""

KINDS: Final = {"timeout": "timeout", "mute": "timeout", "kick": "kick", "ban": "ban"}
_RULE = re.compile(
    rf"(?:(?:within|in|innerhalb(?:\s+von)?)\s+(?P<within>.+?)\s+)?(?P<kind>{'|'.join(KINDS)})(?:\s+(?P<length>.+))?",
    re.IGNORECASE,
)
_LEAD = re.compile(r"(?:for|für)\s+", re.IGNORECASE)


def read_threshold(points: str, rule: str) -> Threshold:
    """Read `3`, `timeout 2h`; `4`, `within 30 days kick`. Raises UserError or TimeError, with a sentence."""
    found = _RULE.fullmatch(" ".join(rule.split()))
    if found is None:
        raise UserError(
            _(
                "Say what follows, like `timeout 2h`, `kick`, `ban 1d` or `ban`; with `within 30d` before it, only "
                "warnings of that time count."
            )
        )
    kind = KINDS[found["kind"].lower()]
    return Threshold(read_points(points), kind, _length(kind, found["length"]), _within(found["within"]))


def _length(kind: str, text: str | None) -> timedelta | None:
    if kind == "kick" and text:
        raise UserError(_("A kick has no length."))
    if kind == "timeout" and not text:
        raise UserError(_("Say how long the timeout is, like `timeout 2h`."))
    return parse_duration(_LEAD.sub("", text, count=1), minimum=SHORTEST, maximum=LONGEST_TEMPORARY) if text else None


def _within(text: str | None) -> timedelta | None:
    return parse_duration(text, minimum=SHORTEST, maximum=LONGEST_TEMPORARY) if text else None


def crossed(thresholds: Iterable[Threshold], before: Mapping[timedelta | None, int], added: int) -> Threshold | None:
    """The highest threshold that lies in what was added: not reached before, reached now.

    `before` are the points until now of each `within` among the thresholds.
    """
    hit = [one for one in thresholds if before[one.within] < one.points <= before[one.within] + added]
    return max(hit, key=lambda one: one.points, default=None)


def described(threshold: Threshold) -> str:
    """What a threshold leads to: `a timeout of 2 hours`."""
    length = human_duration(threshold.length) if threshold.length else None
    if threshold.kind == "timeout":
        return _("a timeout of {length}").format(length=length)
    if threshold.kind == "kick":
        return _("a kick")
    return _("a ban of {length}").format(length=length) if length else _("a ban for good")


def threshold_line(threshold: Threshold) -> str:
    """A threshold in a list: `**3 points** within 30 days: a timeout of 2 hours`."""
    what = described(threshold)
    if threshold.within is None:
        return ngettext("**{count} point**: {what}", "**{count} points**: {what}", threshold.points).format(
            count=threshold.points, what=what
        )
    return ngettext(
        "**{count} point** within {time}: {what}", "**{count} points** within {time}: {what}", threshold.points
    ).format(count=threshold.points, time=human_duration(threshold.within), what=what)
