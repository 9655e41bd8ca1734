"""What the small things do to words and names."""

import hashlib
import re
import unicodedata
from collections.abc import Callable
from typing import Final

import wcwidth

from utils.errors import UserError
from utils.formatting import clean_input, shows_nothing
from utils.i18n import N_, _

MOST_CHOICES: Final = 50
MOST_CHOICE_CHARACTERS: Final = 200

ANSWERS: Final = (
    N_("Yes, and sooner than you think."),
    N_("All signs say yes."),
    N_("I'd bet my best acorn on it."),
    N_("Of course. Did you doubt it?"),
    N_("Yes, but don't tell anybody that I said so."),
    N_("The stars nod."),
    N_("It looks good from here."),
    N_("If you believe in it, yes."),
    N_("Probably, if nobody sneezes."),
    N_("Half of me says yes, and the other half agrees."),
    N_("Ask me again after a cup of tea."),
    N_("The smoke is too thick, I see nothing."),
    N_("Maybe. It depends on the cat."),
    N_("I know it, but it would spoil the fun."),
    N_("Think of it once more, then ask again."),
    N_("It is written, but the ink ran."),
    N_("Rather not."),
    N_("The stars shake their heads."),
    N_("No, and be glad of it."),
    N_("My fortune cookie says no."),
    N_("Not in this life."),
    N_("I wouldn't wait for it."),
    N_("Even the coin refuses to land on yes."),
    N_("No. But it was a fine question."),
)
"""What the ball says: eight times yes and more, eight times neither, eight times no."""

# --- choosing

_QUOTES: Final = {'"': '"', "“": "”", "„": "“", "«": "»", "»": "«"}
_QUOTED = re.compile("|".join(f"{opening}[^{closing}]*{closing}" for opening, closing in _QUOTES.items()))
_MARKED = re.compile(r"[,;|\n]")
_OR = re.compile(r"\s+(?:or|oder)\s+", re.IGNORECASE)
_SPACE = re.compile(r"\s+")


def read_choices(text: str) -> list[str]:
    """What there is to choose from, each once: between commas, else between "or"s, else between spaces.

    Quotes keep together what they hold. Raises `UserError` if it isn't at least two things.
    """
    text = clean_input(text)
    quoted = [found.span() for found in _QUOTED.finditer(text)]
    parts = next((parts for between in (_MARKED, _OR) if len(parts := _split(text, between, quoted)) > 1), None)
    choices = list(dict.fromkeys(filter(None, map(_bare, parts or _split(text, _SPACE, quoted)))))
    if len(choices) < 2:
        raise UserError(_("Give me at least two things to choose from, like `tea, coffee`."))
    if len(choices) > MOST_CHOICES or any(len(choice) > MOST_CHOICE_CHARACTERS for choice in choices):
        raise UserError(
            _("That's too much: I choose from up to {most} things of up to {characters} characters.").format(
                most=MOST_CHOICES, characters=MOST_CHOICE_CHARACTERS
            )
        )
    return choices


def _split(text: str, between: re.Pattern[str], quoted: list[tuple[int, int]]) -> list[str]:
    """The text cut where something stands between its parts, but not inside quotes."""
    parts, start = [], 0
    for found in between.finditer(text):
        if not any(first <= found.start() < last for first, last in quoted):
            parts.append(text[start : found.start()])
            start = found.end()
    return [part for part in [*parts, text[start:]] if part.strip()]


def _bare(part: str) -> str:
    """A part without the quotes around it; "" if there is nothing to see."""
    part = part.strip()
    if len(part) > 1 and _QUOTES.get(part[0]) == part[-1]:
        part = part[1:-1].strip()
    return "" if shows_nothing(part) else part


# --- rock, paper, scissors

HANDS: Final = {"rock": "🪨", "paper": "📄", "scissors": "✂️"}
HAND_NAMES: Final = {"rock": N_("Rock"), "paper": N_("Paper"), "scissors": N_("Scissors")}
_BEATS: Final = {"rock": "scissors", "paper": "rock", "scissors": "paper"}
_HAND_WORDS: Final = {
    "rock": "rock r stone stein 🪨 ✊",
    "paper": "paper p papier 📄 ✋",
    "scissors": "scissors scissor s schere ✂ ✌",
}


def read_hand(text: str) -> str | None:
    """The hand that is meant: a key of `HANDS`."""
    word = text.strip().casefold().replace("\ufe0f", "")
    return next((hand for hand, words in _HAND_WORDS.items() if word and word in words.split()), None)


def outcome(mine: str, theirs: str) -> int:
    """1 if the first hand wins, -1 if it loses, 0 if they are equal."""
    if mine == theirs:
        return 0
    return 1 if _BEATS[mine] == theirs else -1


# --- two people

VERDICTS: Final = (
    (95, N_("Two halves of one heart.")),
    (80, N_("The wedding bells are being polished.")),
    (60, N_("There is something between these two.")),
    (40, N_("It may become something with time, and cake.")),
    (20, N_("Good friends, and that is worth a lot.")),
    (5, N_("They greet each other, at least.")),
    (0, N_("Better at opposite ends of the table.")),
)


def match_percent(one_id: int, other_id: int) -> int:
    """How well two people go together, from 0 to 100: the same every time, whoever is named first."""
    first, second = sorted((one_id, other_id))
    digest = hashlib.sha256(f"{first}:{second}".encode()).digest()
    return int.from_bytes(digest[:8]) % 101


def verdict(percent: int) -> str:
    """What to say of a match, marked for translation."""
    return next(words for least, words in VERDICTS if percent >= least)


def joined_name(one: str, other: str) -> str:
    """The beginning of one name and the end of the other; no emoji or accented letter is cut through."""
    first, second = list(wcwidth.iter_graphemes(clean_input(one))), list(wcwidth.iter_graphemes(clean_input(other)))
    return "".join(first[: (len(first) + 1) // 2] + second[len(second) // 2 :])


# --- words


def mocked(text: str, upper: Callable[[], bool]) -> str:
    """A text in a mocking voice: never more than two letters of the same case in a row; `upper` draws."""
    shown: list[str] = []
    run, last = 0, False
    for character in text:
        if not character.isalpha():
            shown.append(character)
            continue
        is_upper = upper()
        if run == 2 and is_upper == last:
            is_upper = not last
        run = run + 1 if is_upper == last else 1
        last = is_upper
        changed = character.upper() if is_upper else character.lower()
        shown.append(changed if len(changed) == 1 else character)  # "ß" has no capital of its own here
    return "".join(shown)


_KEYCAP: Final = "\ufe0f\u20e3"
_SIGNS: Final = {"!": "❗", "?": "❓", "+": "➕", "-": "➖", "#": f"#{_KEYCAP}", "*": f"*{_KEYCAP}", "$": "💲"}


def emojified(text: str) -> str:
    """A text in emoji letters; what has no emoji stays. Raises `UserError` if nothing of it has one."""
    # Two of these letters side by side would be shown as a flag.
    pieces = [piece for character in clean_input(text) for piece in _emoji_of(character)]
    if all(piece.isascii() for piece in pieces):
        raise UserError(_("There is no letter and no digit in it that has an emoji."))
    return re.sub(r" {4,}", "   ", " ".join(pieces)).strip()


def _emoji_of(character: str) -> list[str]:
    if character in _SIGNS:
        return [_SIGNS[character]]
    found = []
    for part in unicodedata.normalize("NFKD", character.casefold()):
        if "a" <= part <= "z":
            found.append(chr(0x1F1E6 + ord(part) - ord("a")))
        elif "0" <= part <= "9":
            found.append(part + _KEYCAP)
        elif not unicodedata.combining(part):
            found.append(part)
    return found
