"""What was probably meant by a mistyped word."""

from collections.abc import Iterable
from difflib import SequenceMatcher, get_close_matches

CONSIDERED = 5  # near words


def nearest(word: str, names: Iterable[str]) -> str | None:
    """The name nearest to a word, None if none is near; of equally near ones, one that begins alike."""
    near = get_close_matches(word, list(names), n=CONSIDERED)
    return max(near, key=lambda name: (SequenceMatcher(None, name, word).ratio(), name[:1] == word[:1]), default=None)
