"""Labels that can't grow without end: each value of a label is a row in Prometheus, kept for weeks."""

from typing import Final

OTHER: Final = "other"


class Bounded:
    """Lets the first so many names be labels; all others are one."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._names: set[str] = set()

    def __call__(self, name: str) -> str:
        """The label for a name."""
        if name not in self._names:
            if len(self._names) >= self._most:
                return OTHER
            self._names.add(name)
        return name
