"""Text as it is compared: without case, accents, invisible letters, and letters that only look like others. Pure."""

import re
import unicodedata
from typing import Final

_ALIKE: Final = (
    # Each line: the letter that is read, and those of other alphabets (and with strokes) that are drawn so.
    "a аɑαᴀӕ", "b ƀɓʙвᏼ", "c сϲᴄ", "d đɗԁᴅɖ", "e еєεҽᴇɇəэ", "f ꜰƒ", "g ɡɢǥɠց", "h һħʜнհ", "i іıɩιɪӏɨ", "j јϳᴊɉ",
    "k κкᴋƙ", "l łʟɭƚⅼ", "m мᴍ", "n ɴпηռᥒո", "o оοσᴏøөօ০", "p рρᴘþ", "q ԛգɋ", "r гʀɍᴦ", "s ѕꜱʂ", "t тτᴛŧƭ",
    "u υսᴜʉц", "v νѵᴠ", "w ԝωᴡшщ", "x хχ×", "y уүʏɏγ", "z ᴢƶʐ",
)  # fmt: skip
_DRAWN_BESIDES: Final = (0x1F1E6, 0x1F150, 0x1F170)
"""Where alphabets begin that are no letters to Unicode: 🇦, of which flags are made, 🅐 and 🅰."""
_LETTERS: Final = {
    # Casefolding makes some larger instead of smaller: those of the Cherokee.
    ord(form): line[0]
    for line in _ALIKE
    for other in line[2:]
    for form in {other, other.casefold()}
    if len(form) == 1
} | {first + index: chr(ord("a") + index) for first in _DRAWN_BESIDES for index in range(26)}
_DRAWN_EMPTY: Final = "\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\u00ad\u034f"
_UNSEEN: Final = frozenset({"Mn", "Me", "Cf", "Cs", "Co", "Cn"})
MOST_KEPT: Final = 20_000
"""Characters whose plain form is kept in memory; beyond, it is found out again each time."""

_MARKDOWN_SIGN: Final = re.compile(r"[*_~`|\\]")
_MARKDOWN: Final = str.maketrans("", "", "*_~`|\\")
_LEET: Final = str.maketrans("013457@$!+", "oieastasit")
_LEET_SIGN: Final = re.compile(r"[013457@$!+]")
_LEET_BESIDE: Final = re.compile(r"[013457@$!+][a-z]|[a-z](?:[013457$]|[@!+]+[a-z0-9$])")
"""A sign beside a letter: without one there is nothing to read, as in numbers and at the ends of sentences."""
_LEET_WORD: Final = re.compile(r"[a-z0-9@$!+]*[a-z0-9$]")


class _Plain(dict[int, str]):
    """What each character is compared as; found out when it is met first."""

    def __missing__(self, code: int) -> str:
        plain = _plain(chr(code))
        if len(self) < MOST_KEPT:
            self[code] = plain
        return plain


def _plain(character: str) -> str:
    if character in _DRAWN_EMPTY or unicodedata.category(character) in _UNSEEN:
        return ""
    folded = character.casefold()
    for form in (character, folded):
        if len(form) == 1 and ord(form) in _LETTERS:
            return _LETTERS[ord(form)]
    changed = unicodedata.normalize("NFKD", folded)
    return changed if changed == character else "".join(map(_plain, changed))


_PLAIN: Final = _Plain()


def plain(text: str) -> str:
    """The text in small letters, without accents and what nobody sees; letters that look alike are the same."""
    return text.lower() if text.isascii() else text.translate(_PLAIN)


def as_words(text: str) -> str:
    """The same without the marks that Discord formats by: `b**a**d` reads as one word."""
    text = plain(text)
    return text.translate(_MARKDOWN) if _MARKDOWN_SIGN.search(text) else text


def spelled(text: str) -> str:
    """Plain text with digits and signs read as the letters that they stand for, as in `fr33 n1tr0`.

    A number stays one: only in words with letters in them.
    """

    def letters(found: re.Match[str]) -> str:
        word = found[0]
        if word.isalpha() or word.isdigit() or not any("a" <= one <= "z" for one in word):
            return word
        return word.translate(_LEET)

    if _LEET_SIGN.search(text) is None or _LEET_BESIDE.search(text) is None:
        return text
    return _LEET_WORD.sub(letters, text)
