"""Writing without a library that shapes text, as well as Unicode's own characters allow. Pure.

Pillow shapes text by raqm, which it brings along, and FriBiDi, which it looks for on the system. Without it Arabic
is put together from its presentation forms, and marks from letters that have them; Indic scripts stay plain.
"""

import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import Final, Literal

from utils.drawing.runs import is_emoji

Form = Literal["isolated", "initial", "medial", "final"]

MIRRORED: Final = str.maketrans("()[]{}<>«»", ")(][}{><»«")
"""Brackets look the other way where one reads to the left."""
_FORMS: Final = range(0xFE70, 0xFEFD)
_JOINERS: Final = "\u200c\u200d\ufe0e\ufe0f"


def unshaped(clusters: Sequence[str], *, to_left: bool) -> str:
    """The letters of a run as they stand from left to right."""
    plain = [_plain(cluster) for cluster in clusters]
    if not to_left:
        return "".join(plain)
    return "".join(reversed(joined(plain))).translate(MIRRORED)


def joined(letters: Sequence[str]) -> list[str]:
    """Letters in the order they are read, each in the form that it has between its neighbours."""
    made = []
    for index, letter in enumerate(letters):
        before = index > 0 and "initial" in _forms().get(letters[index - 1], {})
        after = index + 1 < len(letters) and "final" in _forms().get(letters[index + 1], {})
        forms = _forms().get(letter, {})
        after = after and "initial" in forms
        form: Form = "isolated"
        if before and after:
            form = "medial"
        elif before:
            form = "final"
        elif after:
            form = "initial"
        made.append(forms.get(form, letter))
    return made


def _plain(cluster: str) -> str:
    """A cluster as what can be drawn one by one: an emoji without what changes it, an Arabic letter without marks."""
    if is_emoji(cluster):
        return "".join(one for one in cluster if one not in _JOINERS) if _is_flag(cluster) else cluster[0]
    if cluster[0] in _forms():
        return cluster[0]
    return "".join(one for one in unicodedata.normalize("NFC", cluster) if one not in _JOINERS)


def _is_flag(cluster: str) -> bool:
    return "\U0001f1e6" <= cluster[0] <= "\U0001f1ff"


@cache
def _forms() -> dict[str, dict[Form, str]]:
    """The forms of each Arabic letter, as Unicode's own table has them."""
    forms: dict[str, dict[Form, str]] = {}
    for number in _FORMS:
        kind, *letters = unicodedata.decomposition(chr(number)).split() or [""]
        if len(letters) == 1:
            form: Form
            for form in ("isolated", "initial", "medial", "final"):
                if kind == f"<{form}>":
                    forms.setdefault(chr(int(letters[0], 16)), {})[form] = chr(number)
    return forms
