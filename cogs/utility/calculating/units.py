"""Units of measure, as exact fractions of one unit of their kind, and reading them. Pure.

An inch is 25.4 mm and a pound 0.45359237 kg by the agreement of 1959; the gallon, the cup and the spoons are those of
the United States, and the imperial ones have names of their own. A year is the Gregorian mean of 365.2425 days.
"""

import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from utils.formatting import safe, truncate
from utils.i18n import N_, _, translate
from utils.near import nearest

MOST_PARTS: Final = 4
"""Of one quantity: 1 h 20 min 5 s has three."""
MOST_DIGITS: Final = 30
LONGEST_NAME: Final = 40

_NUMBER: Final = (
    r"[-+−]?(?:(?:[0-9]{1,4} )?[0-9]{1,4}/[0-9]{1,4}"
    r"|[0-9]{1,3}(?:[,.'_][0-9]{3})+(?![0-9])(?:[.,][0-9]+)?|[0-9]+(?:[.,][0-9]+)?|[.,][0-9]+)"
    r"(?:e[-+]?[0-9]{1,2}(?![0-9a-z]))?"
)


class UnitError(ValueError):
    """What can't be converted; the message is a sentence for who wrote it."""


@dataclass(frozen=True, slots=True)
class Unit:
    """So many of the kind's own unit are one of these; zero lies `offset` of the kind's own above its zero."""

    symbol: str
    kind: str
    factor: Fraction
    offset: Fraction = Fraction(0)
    names: tuple[str, ...] = ()


KINDS: Final = {
    "length": N_("a length"), "mass": N_("a mass"), "time": N_("a time"), "temperature": N_("a temperature"),
    "area": N_("an area"), "volume": N_("a volume"), "speed": N_("a speed"), "data": N_("an amount of data"),
    "energy": N_("an energy"), "power": N_("a power"), "pressure": N_("a pressure"), "angle": N_("an angle"),
    "rate": N_("a data rate"), "force": N_("a force"),
}  # fmt: skip

_TABLE: Final = {
    "length": (
        ("nm", "1e-9", "nanometre nanometer"), ("µm", "1e-6", "um micrometre micrometer micron"),
        ("mm", "0.001", "millimetre millimeter"), ("cm", "0.01", "centimetre centimeter"),
        ("dm", "0.1", "decimetre decimeter"), ("m", "1", "metre meter"), ("km", "1000", "kilometre kilometer"),
        ("in", "0.0254", "inch inches zoll \" ″"), ("ft", "0.3048", "foot feet fuß ' ′"),
        ("yd", "0.9144", "yard"), ("mi", "1609.344", "mile meile meilen"),
        ("nmi", "1852", "nautical-mile seemeile seemeilen"), ("au", "149597870700", "astronomical-unit"),
        ("ly", "9460730472580800", "light-year lightyear lichtjahr lichtjahre"),
    ),
    "mass": (
        ("µg", "1e-9", "ug microgram"), ("mg", "1e-6", "milligram milligramm"), ("g", "0.001", "gram gramm"),
        ("kg", "1", "kilo kilogram kilogramm"), ("t", "1000", "tonne tonnen"),
        ("oz", "0.028349523125", "ounce unze unzen"),
        ("lb", "0.45359237", "lbs pound pfund"), ("st", "6.35029318", "stone"),
        ("ton", "907.18474", "short-ton us-ton"), ("long ton", "1016.0469088", "long-ton imperial-ton"),
        ("ct", "0.0002", "carat karat"),
    ),
    "time": (
        ("ns", "1e-9", "nanosecond"), ("µs", "1e-6", "us microsecond"), ("ms", "0.001", "millisecond"),
        ("s", "1", "sec second sekunde sekunden"), ("min", "60", "minute minuten"),
        ("h", "3600", "hr hour stunde stunden"), ("d", "86400", "day tag tage"),
        ("wk", "604800", "week woche wochen"),
        ("mo", "2629746", "month monat monate"), ("yr", "31556952", "y a year jahr jahre"),
    ),
    "area": (
        ("mm²", "1e-6", "mm2 mm^2"), ("cm²", "0.0001", "cm2 cm^2 sqcm"),
        ("m²", "1", "m2 m^2 sqm square-metre square-meter quadratmeter"),
        ("ha", "10000", "hectare hektar"),
        ("km²", "1e6", "km2 km^2 sqkm square-kilometre square-kilometer quadratkilometer"),
        ("in²", "0.00064516", "in2 in^2 sqin square-inch"),
        ("ft²", "0.09290304", "ft2 ft^2 sqft square-foot square-feet"), ("yd²", "0.83612736", "yd2 yd^2 sqyd"),
        ("acre", "4046.8564224", "ac"), ("mi²", "2589988.110336", "mi2 mi^2 sqmi square-mile"),
    ),
    "volume": (
        ("ml", "1e-6", "millilitre milliliter cm³ cm3 cc"), ("cl", "1e-5", "centilitre centiliter"),
        ("dl", "1e-4", "decilitre deciliter"), ("l", "0.001", "litre liter dm³ dm3"),
        ("m³", "1", "m3 m^3 cbm cum cubic-metre cubic-meter kubikmeter"),
        ("tsp", "0.00000492892159375", "teaspoon teelöffel tl"),
        ("tbsp", "0.00001478676478125", "tablespoon esslöffel el"),
        ("fl oz", "0.0000295735295625", "floz fl-oz fluid-ounce"), ("cup", "0.0002365882365", "tasse tassen"),
        ("pt", "0.000473176473", "pint"), ("qt", "0.000946352946", "quart"),
        ("gal", "0.003785411784", "gallon gallone gallonen"),
        ("imp pt", "0.00056826125", "imperial-pint uk-pint"), ("imp gal", "0.00454609", "imperial-gallon uk-gallon"),
        ("imp fl oz", "0.0000284130625", "imperial-floz uk-floz"),
        ("ft³", "0.028316846592", "ft3 ft^3 cuft cubic-foot cubic-feet"),
        ("in³", "0.000016387064", "in3 in^3 cuin cubic-inch"), ("bbl", "0.158987294928", "barrel"),
    ),
    "speed": (
        ("m/s", "1", "mps metres/second meters/second"),
        ("km/h", "5/18", "kmh kph kmph kilometres/hour kilometers/hour stundenkilometer"),
        ("mph", "0.44704", "mi/h miles/hour"), ("ft/s", "0.3048", "fps"),
        ("kn", "1852/3600", "kt knot knoten"), ("lightspeed", "299792458", "speed-of-light"),
    ),
    "data": (
        ("bit", "1", "bits"), ("kbit", "1e3", "kilobit"), ("Mbit", "1e6", "megabit"), ("Gbit", "1e9", "gigabit"),
        ("B", "8", "byte bytes"), ("kB", "8e3", "kilobyte"), ("MB", "8e6", "megabyte"), ("GB", "8e9", "gigabyte"),
        ("TB", "8e12", "terabyte"), ("PB", "8e15", "petabyte"), ("KiB", "8192", "kibibyte"),
        ("MiB", "8388608", "mebibyte"),
        ("GiB", "8589934592", "gibibyte"), ("TiB", "8796093022208", "tebibyte"),
    ),
    "rate": (
        ("kbit/s", "1e3", "kbps"), ("Mbit/s", "1e6", "mbps"), ("Gbit/s", "1e9", "gbps"),
        ("kB/s", "8e3", "kbyte/s"), ("MB/s", "8e6", "mbyte/s"), ("GB/s", "8e9", "gbyte/s"),
    ),
    "energy": (
        ("J", "1", "joule"), ("kJ", "1000", "kilojoule"), ("MJ", "1e6", "megajoule"), ("mJ", "0.001", "millijoule"),
        ("cal", "4.184", "calorie"),
        ("kcal", "4184", "kilocalorie kilokalorie kilokalorien"), ("Wh", "3600", "watt-hour"),
        ("kWh", "3.6e6", "kilowatt-hour"), ("BTU", "1055.05585262", ""), ("eV", "1.602176634e-19", "electronvolt"),
    ),
    "power": (
        ("W", "1", "watt"), ("kW", "1000", "kilowatt"), ("MW", "1e6", "megawatt"), ("GW", "1e9", "gigawatt"),
        ("mW", "0.001", "milliwatt"),
        ("hp", "745.69987158227022", "horsepower"), ("PS", "735.49875", "metric-horsepower pferdestärke"),
    ),
    "pressure": (
        ("Pa", "1", "pascal"), ("hPa", "100", "mbar hectopascal millibar"), ("kPa", "1000", "kilopascal"),
        ("MPa", "1e6", "megapascal"), ("bar", "100000", ""), ("atm", "101325", "atmosphere"),
        ("psi", "44482216152605/6451600000", ""),
        ("mmHg", "133.322387415", "torr"),
    ),
    "force": (("N", "1", "newton"), ("kN", "1000", "kilonewton"), ("lbf", "4.4482216152605", "pound-force"),
        ("kgf", "9.80665", "")),
    "angle": (("°", "1", "deg degree grad"), ("gon", "0.9", "gradian"), ("turn", "360", "revolution"),
              ("arcmin", "1/60", "arcminute"), ("arcsec", "1/3600", "arcsecond")),
}  # fmt: skip
_TEMPERATURES: Final = (
    Unit("K", "temperature", Fraction(1), Fraction(0), ("kelvin",)),
    Unit(
        "°C",
        "temperature",
        Fraction(1),
        Fraction("273.15"),
        ("c", "celsius", "centigrade", "degc", "degree-celsius", "degrees-celsius", "grad-celsius"),
    ),
    Unit(
        "°F",
        "temperature",
        Fraction(5, 9),
        Fraction("459.67") * Fraction(5, 9),
        ("f", "fahrenheit", "degf", "degree-fahrenheit", "degrees-fahrenheit", "grad-fahrenheit"),
    ),
    Unit("°R", "temperature", Fraction(5, 9), Fraction(0), ("rankine",)),
)
UNITS: Final = (
    *(
        Unit(symbol, kind, Fraction(factor), Fraction(0), tuple(names.split()))
        for kind, units in _TABLE.items()
        for symbol, factor, names in units
    ),
    *_TEMPERATURES,
)


def _folded(name: str) -> str:
    """A name as it is looked up: `Square Feet`, `sq ft` and `sqft` look alike, and so do `km per h` and `km/h`."""
    folded = re.sub(r"[\s-]+", "-", name.strip().casefold()).replace("μ", "µ").replace("-per-", "/")
    folded = re.sub(r"/(s|h)(?:econd|ec|our|r)$", r"/\1", folded)
    folded = re.sub(r"^(?:square|sq)-", "sq", folded)
    return re.sub(r"^(?:cubic|cu)-", "cu", folded)


def _named() -> dict[str, Unit]:
    """All units by their names with the case folded, plurals among them; the first that has a name keeps it."""
    found: dict[str, Unit] = {}
    for unit in UNITS:
        for name in (unit.symbol, *unit.names):
            found.setdefault(_folded(name), unit)
    for name, unit in list(found.items()):
        if len(name) > 1 and name[-1].isalpha():
            found.setdefault(f"{name}s", unit)
    return found


_BY_SYMBOL: Final = {unit.symbol: unit for unit in UNITS}
_BY_NAME: Final = _named()
_TO: Final = frozenset({"to", "in", "into", "as", "nach", "zu"})
_ARROW: Final = re.compile(r"->|=>|→|=")
_VULGAR: Final = re.compile("[¼½¾⅓⅔⅛⅜⅝⅞]")
_INCHES_AT_END: Final = re.compile(r"(?<=[0-9])(?P<feet>['′])\s*(?P<inches>[0-9]{1,2}(?:[.,][0-9]+)?)$")
_PART: Final = re.compile(
    rf"\s*(?P<number>{_NUMBER})\s*(?P<unit>[^\d\s.,+][^\d,+]*(?:(?<=[a-z^])[23](?![\d.,]))?)\s*,?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Conversion:
    """A quantity in a unit, and the same in another, both exact."""

    amount: Fraction
    unit: Unit
    result: Fraction
    into: Unit


def find_unit(text: str) -> Unit:
    """The unit of this name or symbol. Raises `UnitError`."""
    wanted = text.strip().rstrip(".")
    found = _BY_SYMBOL.get(wanted) or _BY_NAME.get(_folded(wanted))
    if found is not None:
        return found
    shown = safe(truncate(" ".join(text.split()), 40))
    names = [name for unit in UNITS for name in (unit.symbol, *unit.names) if len(name) > 2]
    near = nearest(_folded(wanted)[:LONGEST_NAME], names)
    if near is not None:
        raise UnitError(_("I know no unit “{text}”. Did you mean `{near}`?").format(text=shown, near=near))
    raise UnitError(
        _("I know no unit “{text}”. I convert lengths, masses, temperatures, volumes and the like.").format(
            text=shown
        )
    )


def convert(amount: Fraction, unit: Unit, into: Unit) -> Fraction:
    """So many of one unit in another. Raises `UnitError` for units of different kinds, or what can't be that cold."""
    if unit.kind != into.kind:
        raise UnitError(
            _("`{first}` is {first_kind} and `{second}` is {second_kind}: they can't be converted.").format(
                first=unit.symbol, first_kind=translate(KINDS[unit.kind]),
                second=into.symbol, second_kind=translate(KINDS[into.kind]),
            )
        )  # fmt: skip
    own = amount * unit.factor + unit.offset
    if unit.kind == "temperature" and own < 0:
        raise UnitError(_("Nothing is colder than absolute zero, which is -273.15 °C."))
    return (own - into.offset) / into.factor


def read_conversion(text: str, *, decimal_comma: bool = False) -> Conversion:
    """Read `5 km to miles`, `100f in c`, `5 ft 11 in to cm`, `20 mph km/h`. Raises `UnitError`."""
    quantity, into = _sides(_VULGAR.sub(_spelt, text).strip(" ?!"))
    parts = _parts(quantity)
    if not parts:
        raise UnitError(_("Say how much of what, and in which unit you want it: `5 km to miles`."))
    unit = find_unit(parts[0][1])
    if len(parts) > 1 and unit.kind == "temperature":
        raise UnitError(_("Write one temperature, like `20 °C to °F`."))
    amounts = [read_amount(number, decimal_comma=decimal_comma) for number, _unit in parts]
    amount = amounts[0]
    sign = -1 if amount < 0 else 1  # -5 ft 6 in is the other side of 5 ft 6 in
    for more, (_number, name) in zip(amounts[1:], parts[1:], strict=True):
        amount += sign * convert(more, find_unit(name), unit)
    target = find_unit(into)
    return Conversion(amount, unit, convert(amount, unit, target), target)


def read_amount(text: str, *, decimal_comma: bool) -> Fraction:
    """A number as people write it: `1,234.5`, `1 1/2`, `1e6`; with `decimal_comma` `1.234,5`. Raises `UnitError`."""
    if "/" in text:
        return _read_fraction(text)
    group, point = (".", ",") if decimal_comma else (",", ".")
    plain, _mark, exponent = text.strip().lower().replace("−", "-").partition("e")
    whole, _point, fraction = plain.partition(point)
    groups = re.split(rf"[{re.escape(group)}'_]", whole)
    grouped = len(groups) == 1 or all(len(one) == 3 for one in groups[1:])
    digits = "".join(groups)
    if not grouped or len(digits) + len(fraction) > MOST_DIGITS or not re.fullmatch(r"[0-9]*", fraction):
        raise _cannot_read(text, "1234,5" if decimal_comma else "1234.5")
    sign = "-" if digits.startswith("-") else ""
    return Fraction(f"{sign}{digits.lstrip('+-') or '0'}.{fraction or '0'}e{exponent or '0'}")


def _read_fraction(text: str) -> Fraction:
    whole, _space, part = text.replace("−", "-").rpartition(" ")
    above, _line, below = part.partition("/")
    if int(below) == 0:
        raise _cannot_read(text, "1 1/2")
    value = abs(int(whole or 0)) + Fraction(abs(int(above)), int(below))
    return -value if text.startswith(("-", "−")) else value


def _cannot_read(text: str, example: str) -> UnitError:
    return UnitError(
        _("I can't read the number “{text}”. Write it like `{example}`.").format(
            text=safe(truncate(text, 40)), example=example
        )
    )


def _spelt(vulgar: re.Match[str]) -> str:
    """A sign such as ½ as it is read: 1/2."""
    return f" {unicodedata.normalize('NFKC', vulgar[0])} ".replace("\N{FRACTION SLASH}", "/")


def _sides(text: str) -> tuple[str, str]:
    """The quantity, and the unit that it is wanted in."""
    words = _ARROW.sub(" to ", text).split()
    # "5 in in cm": the last such word parts them.
    for index in range(len(words) - 2, 0, -1):
        quantity, into = " ".join(words[:index]), " ".join(words[index + 1 :])
        if words[index].lower() in _TO and _parts(quantity):
            return quantity, into
    for count in (1, 2, 3):
        quantity, into = " ".join(words[:-count]), " ".join(words[-count:])
        if quantity and _is_unit(into) and _parts(quantity):
            return quantity, into
    raise UnitError(_("Say how much of what, and in which unit you want it: `5 km to miles`."))


def _parts(quantity: str) -> list[tuple[str, str]]:
    """The numbers and units of a quantity; none if it can't be read as such."""
    quantity = _INCHES_AT_END.sub(r'\g<feet>\g<inches>"', quantity)  # 5'11
    parts: list[tuple[str, str]] = []
    position = 0
    while position < len(quantity):
        found = _PART.match(quantity, position)
        if found is None or len(parts) == MOST_PARTS or not (found["unit"] or "").strip():
            return []
        parts.append((found["number"], found["unit"].strip()))
        position = found.end()
    return parts


def _is_unit(text: str) -> bool:
    return text in _BY_SYMBOL or _folded(text) in _BY_NAME
