"""Moments in words. The page says them in its reader's language and zone; this is what stands there before."""

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST = int((datetime.min.replace(tzinfo=UTC) - EPOCH).total_seconds())
LAST = int((datetime.max.replace(tzinfo=UTC, microsecond=0) - EPOCH).total_seconds())


def is_moment(unix: int) -> bool:
    """Whether so many seconds after 1970 are in the years 1 to 9999."""
    return FIRST <= unix <= LAST


def moment(unix: int) -> datetime:
    """The moment, in UTC."""
    return EPOCH + timedelta(seconds=unix)


def words(unix: int, style: str) -> str:
    """As Discord's style has it, in English and UTC; `R` gives the whole date, since it doesn't tick here."""
    at = moment(unix)
    clock, exact = f"{at:%H:%M}", f"{at:%H:%M:%S}"
    short, long = f"{at:%d/%m}/{at.year:04}", f"{at.day} {at:%B} {at.year}"
    texts = {
        "t": clock,
        "T": exact,
        "d": short,
        "D": long,
        "f": f"{long} at {clock}",
        "F": f"{at:%A}, {long} at {clock}",
        "s": f"{short}, {clock}",
        "S": f"{short}, {exact}",
    }
    text = texts.get(style, texts["f"])
    return text if style in {"d", "D"} else f"{text} UTC"
