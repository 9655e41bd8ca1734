"""Points that people get in a game."""

from collections.abc import Mapping
from typing import Final

from utils.i18n import _, format_number, ngettext

SHOWN: Final = 10  # people


def result(points: Mapping[int, int]) -> str:
    """Who has most, a line each."""
    if not points:
        return _("Nobody has any points.")
    lines = [
        ngettext("**#{place}** {member} · {count} point", "**#{place}** {member} · {count} points", reached).format(
            place=place, member=f"<@{user_id}>", count=format_number(reached)
        )
        for place, user_id, reached in standings(points)[:SHOWN]
    ]
    return "\n".join(lines)


def standings(points: Mapping[int, int]) -> list[tuple[int, int, int]]:
    """Place, person and points of all who have some, who has most first; equals share a place."""
    ordered = sorted(points.items(), key=lambda one: (-one[1], one[0]))
    places = [1 + sum(other > reached for other in points.values()) for _person, reached in ordered]
    return [(place, person, reached) for place, (person, reached) in zip(places, ordered, strict=True)]
