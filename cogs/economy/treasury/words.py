"""What staff writes to look something up in the ledger: `@ann kind:pay,work since:7d`. Pure: `now` is an argument."""

import re
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from difflib import get_close_matches
from typing import Final

from cogs.economy.kinds import KINDS, SOURCES
from database.economy_reports import LedgerFilter
from utils.errors import UserError
from utils.formatting import code, safe, truncate
from utils.i18n import _, format_list, translate
from utils.time import parse_past

_WORD = re.compile(r'(?:"[^"]*"|\S)+')
_NAMES: Final = {
    **dict.fromkeys(("kind", "kinds", "type", "art", "typ"), "kind"),
    **dict.fromkeys(("by", "actor", "von"), "by"),
    **dict.fromkeys(("since", "after", "from", "seit", "ab"), "since"),
    **dict.fromkeys(("until", "before", "bis", "vor"), "until"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for; people are still words."""

    wanted: LedgerFilter = field(default_factory=LedgerFilter)
    member: str | None = None
    by: str | None = None


def read_filters(words: str, now: datetime, tz: tzinfo) -> Asked:
    """Read filters in any order; a word without a colon is the member. Raises `UserError` for what it doesn't know.

    A kind is one of `KINDS`, or a whole source of coins such as `games`.
    """
    asked, bare = Asked(), []
    for word in (found[0] for found in _WORD.finditer(words)):
        name, colon, value = word.partition(":")
        key = _NAMES.get(name.casefold()) if colon else None
        value = value.strip('"').strip()
        if key is None:
            bare.append(word.strip('"'))
        elif not value:
            raise UserError(_("Something is missing after {word}.").format(word=code(truncate(word, 40))))
        elif key == "by":
            asked = replace(asked, by=value)
        elif key == "kind":
            kinds = (*(asked.wanted.kinds or ()), *read_kinds(value))
            asked = replace(asked, wanted=replace(asked.wanted, kinds=tuple(dict.fromkeys(kinds))))
        else:
            moment = parse_past(value, now, tz, end_of_day=key == "until")
            wanted = asked.wanted
            wanted = replace(wanted, since=moment) if key == "since" else replace(wanted, until=moment)
            asked = replace(asked, wanted=wanted)
    since, until = asked.wanted.since, asked.wanted.until
    if since is not None and until is not None and since >= until:
        raise UserError(_("What begins after it ends finds nothing: `since` is earlier than `until`."))
    return replace(asked, member=" ".join(bare) or None)


def read_kinds(text: str) -> list[str]:
    """Read `pay,games` as kinds of entries, by key, name or source; raises `UserError`, with the near one."""
    groups: dict[str, list[str]] = {
        source: [key for key, kind in KINDS.items() if kind.source == source] for source in SOURCES
    }
    for key, kind in KINDS.items():
        groups |= {name.casefold(): [key] for name in (key, kind.label, translate(kind.label))}
    found: list[str] = []
    for part in text.split(","):
        name = " ".join(part.replace("_", " ").replace("-", " ").casefold().split())
        match = groups.get(name.replace(" ", "_")) or groups.get(name)
        if match is None:
            near = get_close_matches(name, groups, n=1)
            listed = [near[0]] if near else sorted(KINDS)
            raise UserError(
                _("No coins move for “{text}”: try {kinds}.").format(
                    text=safe(truncate(part, 40)), kinds=format_list([f"`{one}`" for one in listed], style="or")
                )
            )
        found += match
    return found
