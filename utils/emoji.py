"""Emoji as people write them: Unicode's, and those of servers. Pure."""

import re
import unicodedata
from typing import Final

import wcwidth

LONGEST_EMOJI: Final = (
    100  # characters: a custom one has a name of 32 and an id of 20; families of Unicode are shorter
)

_CUSTOM = re.compile(r"<a?:[A-Za-z0-9_]{1,32}:[0-9]{15,20}>")
_KEYCAP = re.compile(r"[0-9#*]\ufe0f?\u20e3")
_JOINING: Final = "\u200d\ufe0f\ufe0e\u20e3"


def is_emoji(word: str) -> bool:
    """Whether a word is one emoji, or looks like one: which of Unicode's Discord knows, it alone can say."""
    if not word or len(word) > LONGEST_EMOJI:
        return False
    if _CUSTOM.fullmatch(word) or _KEYCAP.fullmatch(word):
        return True
    if len(list(wcwidth.iter_graphemes(word))) != 1:
        return False
    seen = [character for character in word if character not in _JOINING]
    return any(map(_is_drawn, seen)) and all(
        _is_drawn(one) or unicodedata.category(one) in {"Sk", "Cf"} for one in seen
    )


def _is_drawn(character: str) -> bool:
    # What is no symbol, but an emoji. Sk has the skin tones, Cf the letters of flags such as Scotland's.
    return character in "‼⁉〰〽ℹ↔⤴⤵◻◼◽◾" or (
        ord(character) >= 0xA9 and unicodedata.category(character) in {"So", "Cn"}
    )


def split_emoji(text: str) -> tuple[str | None, str]:
    """An emoji that a text begins with, if it does, and the rest."""
    first, _space, rest = text.strip().partition(" ")
    return (first, rest.strip()) if is_emoji(first) else (None, text.strip())


def same_emoji(one: str, other: str) -> bool:
    """Whether two words are the same emoji, whatever a server calls it, and however it is to be drawn."""
    return _key(one) == _key(other)


def _key(word: str) -> str:
    if _CUSTOM.fullmatch(word):
        return word.rstrip(">").rpartition(":")[2]
    return word.replace("\ufe0f", "")
