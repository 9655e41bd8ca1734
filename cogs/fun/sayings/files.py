"""The texts under `resources/fun/`: a file for each kind and language, a text a line.

What comes after ` | ` in a line is the end of a joke, which is hidden until somebody looks. Lines that begin with `#`
are no texts.
"""

from collections import deque
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Final

from utils.i18n import LANGUAGES, SOURCE

FOLDER: Final = Path(__file__).resolve().parents[3] / "resources" / "fun"
KINDS: Final = ("facts", "jokes", "sayings")
NOT_AGAIN: Final = 30  # texts until one may come again
BETWEEN: Final = " | "


@dataclass(frozen=True, slots=True)
class Saying:
    """A text, and for some jokes how it ends."""

    text: str
    ending: str | None = None


@cache
def texts_of(kind: str, language: str) -> tuple[Saying, ...]:
    """All texts of a kind, in a language that we have; in English for any other."""
    known = language if language in LANGUAGES else SOURCE
    lines = (FOLDER / f"{kind}.{known}.txt").read_text(encoding="utf-8").splitlines()
    parts = [line.partition(BETWEEN) for line in map(str.strip, lines) if line and not line.startswith("#")]
    return tuple(Saying(text.strip(), ending.strip() or None) for text, _between, ending in parts)


class Teller:
    """Chooses texts, none of them soon again."""

    def __init__(self) -> None:
        self._told: dict[tuple[str, str], deque[Saying]] = {}

    def next(self, kind: str, language: str, chance: Random) -> Saying:
        """A text of this kind that wasn't told lately."""
        told = self._told.setdefault((kind, language), deque(maxlen=NOT_AGAIN))
        chosen = chance.choice([saying for saying in texts_of(kind, language) if saying not in told])
        told.append(chosen)
        return chosen
