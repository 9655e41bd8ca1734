"""Splitting a text of any scripts into runs that are drawn from left to right, each with one font. Pure.

Fonts are asked by a function, so that nothing here knows of files. Directions follow the Unicode Bidirectional
Algorithm (https://www.unicode.org/reports/tr9/) as far as a line without explicit controls needs it.
"""

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final, Generic, Literal, TypeVar

import wcwidth

from utils.formatting import clean_input

F = TypeVar("F")

MOST_CLUSTERS: Final = 100
"""Of what people see as one character: three times as many as a name on Discord may have."""
MOST_MARKS: Final = 3
"""On one letter. More are piled up by those only who want to draw over other lines."""
MOST_JOINED: Final = 16
"""Characters of one emoji; a family has 11, a flag 7."""
REPLACEMENTS: Final = ("\u25a1", "?")
"""For what no font has: a box, if there is one."""
_JOINER: Final = "\u200d"
_KEPT_CONTROLS: Final = frozenset({"\u200c", _JOINER})
_FILLERS: Final = frozenset("\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\u034f")
_AS_EMOJI, _AS_TEXT, _KEYCAP = "\ufe0f", "\ufe0e", "\u20e3"

Direction = Literal["left", "right", "number", "neutral"]
Pick = Callable[[str, bool], F | None]
"""The font for what belongs together, and whether it is an emoji; None if no font has it."""


@dataclass(frozen=True, slots=True)
class Run(Generic[F]):
    """A piece of a line that one font draws in one direction. The clusters stand in the order they are read in."""

    clusters: tuple[str, ...]
    font: F
    level: int

    @property
    def text(self) -> str:
        """All of it."""
        return "".join(self.clusters)

    @property
    def to_left(self) -> bool:
        """Whether it is read from right to left."""
        return self.level % 2 == 1


def clusters_of(text: str) -> list[str]:
    """What people see as one character each: on one line, nothing invisible, few marks on a letter."""
    text = " ".join(clean_input(text).split())
    text = "".join(one for one in text if one in _KEPT_CONTROLS or _is_tag(one) or _is_drawn(one))
    return [made for one in wcwidth.iter_graphemes(text[: 8 * MOST_CLUSTERS]) if (made := _tamed(one))][
        :MOST_CLUSTERS
    ]


def is_emoji(cluster: str) -> bool:
    """Whether this is shown as a picture: by its kind, or because it asks for it."""
    first = ord(cluster[0])
    if _AS_TEXT in cluster:
        return False
    if _AS_EMOJI in cluster or _KEYCAP in cluster or 0x1F1E6 <= first <= 0x1F1FF or 0x1F300 <= first <= 0x1FAFF:
        return True
    return wcwidth.wcwidth(cluster[0]) == 2 and (0x2300 <= first <= 0x2BFF or 0x1F000 <= first <= 0x1F2FF)


def runs(clusters: Sequence[str], pick: Pick[F]) -> list[Run[F]]:
    """The runs of a line from left to right. What no font has is written plainer, or as a box."""
    drawn = [one for cluster in clusters for one in _with_fonts(cluster, pick)]
    levels = levels_of([cluster for cluster, _font in drawn])
    made = []
    for (font, level), group in groupby(zip(drawn, levels, strict=True), key=lambda one: (one[0][1], one[1])):
        made.append(Run(tuple(cluster for (cluster, _font), _level in group), font, level))
    return in_order_of_sight(made)


def levels_of(clusters: Sequence[str]) -> list[int]:
    """How deep each is embedded: even is written to the right, odd to the left."""
    directions = [direction(cluster) for cluster in clusters]
    strong = [one for one in directions if one in {"left", "right"}]
    base: Direction = strong[0] if strong else "left"
    before: Direction = base
    for index, one in enumerate(directions):  # rules W4 and W7: numbers
        if one == "number" and before == "left":
            directions[index] = "left"
        elif one in {"left", "right"}:
            before = one
        elif one == "neutral" and _parts_a_number(clusters, directions, index):
            directions[index] = directions[index - 1]
    resolved = _without_neutrals(directions, base)
    if base == "left":
        return [{"left": 0, "right": 1, "number": 2}[one] for one in resolved]
    return [1 if one == "right" else 2 for one in resolved]


def direction(cluster: str) -> Direction:
    """Which way a character by itself is written."""
    kind = unicodedata.bidirectional(cluster[0])
    if kind in {"R", "AL"}:
        return "right"
    if kind in {"EN", "AN"}:
        return "number"
    return "left" if kind == "L" else "neutral"


def in_order_of_sight(made: Sequence[Run[F]]) -> list[Run[F]]:
    """Runs as they stand from left to right: rule L2, which turns around what is embedded, the deepest first."""
    line = list(made)
    for level in range(max((one.level for one in line), default=0), 0, -1):
        turned: list[Run[F]] = []
        for is_deep, group in groupby(line, key=lambda one: one.level >= level):
            some = list(group)
            turned += reversed(some) if is_deep else some
        line = turned
    return line


def _is_drawn(character: str) -> bool:
    kind = unicodedata.category(character)
    return kind not in {"Cf", "Cc", "Cs", "Co", "Cn"} and character not in _FILLERS


def _is_tag(character: str) -> bool:
    return 0xE0020 <= ord(character) <= 0xE007F


def _tamed(cluster: str) -> str:
    """A cluster with a few of its marks, and none if it has nothing else."""
    kept, marks = "", 0
    for one in cluster[: 8 * MOST_JOINED]:
        if unicodedata.category(one) in {"Mn", "Me"} and one not in {_AS_EMOJI, _AS_TEXT, _KEYCAP}:
            marks += 1
            if marks > MOST_MARKS:
                continue
        kept += one
    kept = kept[:MOST_JOINED].rstrip(_JOINER)
    return "" if all(one in _KEPT_CONTROLS or _is_tag(one) or one in {_AS_EMOJI, _AS_TEXT} for one in kept) else kept


def _with_fonts(cluster: str, pick: Pick[F]) -> list[tuple[str, F]]:
    """A cluster as it can be drawn: as it is, without its marks, in plain letters, or replaced."""
    emoji = is_emoji(cluster)
    found = pick(cluster, emoji)
    if found is not None:
        return [(cluster, found)]
    plainer = [cluster[0]], list(unicodedata.normalize("NFKC", cluster)), list(cluster.replace(_JOINER, ""))
    for letters in plainer:
        fonts = [(one, pick(one, emoji)) for one in letters if one not in {_AS_EMOJI, _AS_TEXT}]
        if fonts and all(font is not None for _one, font in fonts):
            return [(one, font) for one, font in fonts if font is not None]
    for one in REPLACEMENTS:
        font = pick(one, False)
        if font is not None:
            return [(one, font)]
    return []


def _parts_a_number(clusters: Sequence[str], directions: Sequence[Direction], index: int) -> bool:
    """Whether this is the point or comma inside a number."""
    return (
        0 < index < len(clusters) - 1
        and unicodedata.bidirectional(clusters[index][0]) in {"CS", "ES"}
        and direction(clusters[index - 1]) == direction(clusters[index + 1]) == "number"
    )


def _without_neutrals(directions: Sequence[Direction], base: Direction) -> list[Direction]:
    """Rules N1 and N2: what has no direction takes that of both sides, or of the line where they differ."""
    resolved = list(directions)
    index = 0
    while index < len(resolved):
        end = index
        while end < len(resolved) and resolved[end] == "neutral":
            end += 1
        if end > index:
            left = _side(resolved[index - 1]) if index else base
            right = _side(resolved[end]) if end < len(resolved) else base
            resolved[index:end] = [left if left == right else base] * (end - index)
        index = max(end, index + 1)
    return resolved


def _side(one: Direction) -> Direction:
    return "right" if one == "number" else one
