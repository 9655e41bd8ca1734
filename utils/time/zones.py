"""Which time zone: by city, by country, by its name, or as distance from UTC."""

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale
from babel.core import get_global

from utils.formatting import quoted
from utils.i18n import LANGUAGES, _, format_list
from utils.time.errors import TimeError

_OFFSET = re.compile(r"(?:utc|gmt)?\s*(?P<sign>[+−-])\s*(?P<hours>[0-9]{1,2})(?::?(?P<minutes>[0-9]{2}))?")
_MOST_SHOWN: Final = 5  # candidates in an error
_LONGEST_NAME: Final = 60  # characters; the longest in use have half as many

# Large cities that the time zone database knows by another city.
_OTHER_CITIES: Final[dict[str, str]] = {
    "munich": "Europe/Berlin",
    "münchen": "Europe/Berlin",
    "hamburg": "Europe/Berlin",
    "frankfurt": "Europe/Berlin",
    "cologne": "Europe/Berlin",
    "köln": "Europe/Berlin",
    "stuttgart": "Europe/Berlin",
    "leipzig": "Europe/Berlin",
    "geneva": "Europe/Zurich",
    "genf": "Europe/Zurich",
    "bern": "Europe/Zurich",
    "barcelona": "Europe/Madrid",
    "milan": "Europe/Rome",
    "mailand": "Europe/Rome",
    "lyon": "Europe/Paris",
    "manchester": "Europe/London",
    "edinburgh": "Europe/London",
    "boston": "America/New_York",
    "washington": "America/New_York",
    "miami": "America/New_York",
    "atlanta": "America/New_York",
    "philadelphia": "America/New_York",
    "houston": "America/Chicago",
    "dallas": "America/Chicago",
    "austin": "America/Chicago",
    "san francisco": "America/Los_Angeles",
    "seattle": "America/Los_Angeles",
    "san diego": "America/Los_Angeles",
    "las vegas": "America/Los_Angeles",
    "montreal": "America/Toronto",
    "ottawa": "America/Toronto",
    "calgary": "America/Edmonton",
    "rio de janeiro": "America/Sao_Paulo",
    "mumbai": "Asia/Kolkata",
    "delhi": "Asia/Kolkata",
    "new delhi": "Asia/Kolkata",
    "bangalore": "Asia/Kolkata",
    "beijing": "Asia/Shanghai",
    "peking": "Asia/Shanghai",
    "shenzhen": "Asia/Shanghai",
    "osaka": "Asia/Tokyo",
    "canberra": "Australia/Sydney",
}


# What zones by their distance from UTC are called, which is also how they are stored.
_FIXED = re.compile(r"Etc/GMT(?:\+(?:[1-9]|1[0-2])|-(?:[1-9]|1[0-4]))")


def find_timezone(text: str) -> ZoneInfo:
    """The time zone that is meant by `Berlin`, `Europe/Berlin`, `Austria`, `new york`, `UTC` or `UTC+2`.

    Raises `TimeError`, with the near ones, if there is none or there are several.
    """
    if _FIXED.fullmatch(text.strip()):
        return ZoneInfo(text.strip())
    wanted = _folded(text)
    if not wanted or len(wanted) > _LONGEST_NAME:
        raise _unknown(text, ())
    if offset := _OFFSET.fullmatch(wanted):
        return _by_offset(text, offset)
    names = _zones_by_name().get(wanted, ())
    if len(names) == 1:
        return ZoneInfo(names[0])
    if names:
        raise TimeError(
            _("“{text}” has several time zones: {zones}. Say which one.").format(
                text=quoted(text), zones=_shown(names)
            )
        )
    near = get_close_matches(wanted, _zones_by_name(), n=_MOST_SHOWN, cutoff=0.75)
    raise _unknown(text, dict.fromkeys(zone for name in near for zone in _zones_by_name()[name]))


def _by_offset(text: str, offset: re.Match[str]) -> ZoneInfo:
    hours, minutes = int(offset["hours"]), int(offset["minutes"] or 0)
    east = offset["sign"] == "+"
    if minutes or hours > (14 if east else 12):
        raise TimeError(
            _("I know no time zone “{text}”. Name a city in it, like `Kolkata` or `New York`.").format(
                text=quoted(text)
            )
        )
    # The names of these zones count westwards: Etc/GMT-2 is two hours ahead of UTC.
    return ZoneInfo(f"Etc/GMT{'-' if east else '+'}{hours}" if hours else "UTC")


def _unknown(text: str, near: Iterable[str]) -> TimeError:
    zones = list(near)
    if zones:
        return TimeError(
            _("I know no time zone “{text}”. Did you mean {zones}?").format(
                text=quoted(text), zones=_shown(zones, style_or=True)
            )
        )
    return TimeError(
        _("I know no time zone “{text}”. Name a city in it, like `Berlin`, or write `Europe/Berlin`.").format(
            text=quoted(text)
        )
    )


def _shown(zones: Iterable[str], *, style_or: bool = False) -> str:
    names = [f"`{zone}`" for zone in zones]
    more = ["…"] if len(names) > _MOST_SHOWN else []
    return format_list(names[:_MOST_SHOWN] + more, style="or" if style_or else "and")


def _folded(text: str) -> str:
    return " ".join(text.replace("_", " ").casefold().split())


@cache
def _zones_by_name() -> dict[str, tuple[str, ...]]:
    """All names, folded: zones, their cities (in English and the other languages), countries."""
    zones = sorted(zone for zone in available_timezones() if not zone.startswith(("Etc/", "SystemV/", "posix")))
    names: dict[str, dict[str, None]] = {}

    def add(name: str, *meant: str) -> None:
        names.setdefault(_folded(name), {}).update(dict.fromkeys(meant))

    countries: Mapping[str, list[str]] = get_global("territory_zones")
    current = {zone for there in countries.values() for zone in there}
    for locale in map(Locale.parse, LANGUAGES):
        for zone, described in locale.time_zones.items():
            if zone in current and described.get("city"):
                add(described["city"], zone)
        for code, there in countries.items():
            if (country := locale.territories.get(code)) and len(code) == 2:
                add(country, *there)
    for zone in zones:
        city = zone.rpartition("/")[2]
        if "/" in zone and (zone in current or _folded(city) not in names):
            add(city, zone)
    for city, zone in _OTHER_CITIES.items():
        names[city] = {zone: None}
    for zone in zones:  # a full name always means itself
        names[_folded(zone)] = {zone: None}
    names["utc"] = names["gmt"] = {"UTC": None}
    # Germany has a second zone for an exclave of 1,500 people; its clocks have agreed since 1980.
    for name in (name for name, meant in names.items() if set(meant) == {"Europe/Berlin", "Europe/Busingen"}):
        names[name] = {"Europe/Berlin": None}
    return {name: tuple(meant) for name, meant in names.items()}
