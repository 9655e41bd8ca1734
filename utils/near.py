"""What was probably meant by a mistyped word."""

from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher, get_close_matches

from utils.i18n import translate

CONSIDERED = 5  # near words


def nearest(word: str, names: Iterable[str]) -> str | None:
    """The name nearest to a word, None if none is near; of equally near ones, one that begins alike."""
    near = get_close_matches(word, list(names), n=CONSIDERED)
    return max(near, key=lambda name: (SequenceMatcher(None, name, word).ratio(), name[:1] == word[:1]), default=None)


def meant(text: str, names: Mapping[str, str]) -> str | None:
    """The key that somebody means by itself or by its name in their language, also mistyped; None if none is near.

    `names` has what each key is called, marked by `N_`.
    """
    word = text.strip().casefold()
    keys = {key: key for key in names} | {translate(name).casefold(): key for key, name in names.items()}
    near = word if word in keys else nearest(word, keys)
    return None if near is None else keys[near]
