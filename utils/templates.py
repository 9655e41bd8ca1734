"""Texts that a server writes itself, with {places} that are filled in when they are used."""

import re
from collections.abc import Collection, Mapping

_PLACE = re.compile(r"\{([^{}\s]*)\}")


def unknown_places(text: str, known: Collection[str]) -> list[str]:
    """The names in braces that nothing could be filled in for, in the order in which they stand there."""
    return [name for name in places_in(text) if name not in known]


def places_in(text: str) -> list[str]:
    """The names in braces, each once, in the order in which they stand there."""
    return list(dict.fromkeys(_PLACE.findall(text)))


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its places filled; what is filled in is not looked at again, and other braces stay."""
    return _PLACE.sub(lambda found: values.get(found[1], found[0]), text)
