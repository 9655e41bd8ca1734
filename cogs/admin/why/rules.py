"""Reading a question as people write it, in English or German, without Discord.

`can't @ann use ban in #general`, `did this message get removed`, `bekomme ich keine XP`: what matters are a few words
that give away which of four questions it is, and what is named by mention, id or link. What is left over are names.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from enum import StrEnum
from typing import Final, TypeVar

Found = TypeVar("Found")

MOST_WORDS: Final = 40
"""Of a question: nobody needs more, and names are looked for in all runs of them."""
LONGEST_RUN: Final = 6  # words of a name
NEAR: Final = 0.84  # how alike a mistyped word is to the one that was meant, from 0 to 1
SHORTEST_MISTYPED: Final = 4  # letters


class Kind(StrEnum):
    """Which question it is."""

    COMMAND = "command"
    REMOVED = "removed"
    XP = "xp"
    ROLE = "role"


@dataclass(frozen=True, slots=True)
class Word:
    """A word, or a quoted name. `key` is what it is compared by; it is empty for what is quoted."""

    text: str
    key: str = ""

    @property
    def says_nothing(self) -> bool:
        """Whether it is no part of a name, unless nothing else could be meant."""
        return self.key in _EVERY_KEYWORD


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked. `kind` is None where the words don't give it away."""

    kind: Kind | None = None
    words: tuple[Word, ...] = ()
    user_ids: tuple[int, ...] = ()
    role_ids: tuple[int, ...] = ()
    channel_ids: tuple[int, ...] = ()
    ids: tuple[int, ...] = ()
    """Numbers that could be the id of anything."""
    channel_name: str | None = None
    linked: tuple[int, int] | None = None
    """Channel and message of a link."""
    about_self: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """What is left without the words that only say which question it is; words side by side are one name."""
        return _names(self.words, range(0))


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_USE: Final = _words(
    "use used using run running call execute invoke command commands benutze benutzen benutzt verwende verwenden"
    " verwendet nutze nutzen nutzt ausführen aufrufen befehl befehle kommando kommandos"
)
_CAN: Final = _words("can cant cannot could couldnt may kann kannst können darf dürfen allowed erlaubt")
_WORKS: Final = _words("work works working geht gehen funktioniert funktionieren klappt available")
_REMOVED: Final = _words(
    "removed remove deleted delete deletes removes gone disappear disappeared vanish vanished purged"
    " gelöscht löscht löschst entfernt entfernst weg verschwunden"
)
_MESSAGE: Final = _words("message messages msg post posts comment nachricht nachrichten beitrag kommentar")
_XP: Final = _words("xp exp experience ep erfahrung erfahrungspunkte level levels leveled leveling lvl aufgestiegen")
_ROLE: Final = _words("role roles rolle rollen")
_HAVE: Final = _words(
    "have has had got get gets given habe hab hat hatte bekam bekomme bekommen bekommt kriege kriegt"
)
_SELF: Final = _words("i me my mine myself im ive ich mir mich mein meine meinen meiner")
_FILLERS: Final = _words(
    "why warum wieso weshalb how come did didnt do dont does doesnt is isnt was wasnt were werent are arent be been"
    " being am will wont would the a an this that these those here there in on at to of for from by with it its now"
    " any no not none nothing still always ever just even and or please up gained gain earned earn received receive"
    " der die das den dem des ein eine einen einer dies diese dieser dieses diesen hier da dort im am an auf zu von"
    " für mit es jetzt kein keine keinen keinem keiner nicht nichts noch immer und oder wurde wird werden wurden ist"
    " sind war sein er sie bitte kanal channel server denn eigentlich gerade"
)
_EVERY_KEYWORD: Final = _USE | _CAN | _WORKS | _REMOVED | _MESSAGE | _XP | _ROLE | _HAVE | _SELF | _FILLERS

_CHANNELS: Final = r"<?https?://(?:ptb\.|canary\.)?discord(?:app)?\.com/channels/[0-9]{15,20}"
_TOKEN: Final = re.compile(
    rf"{_CHANNELS}/(?P<link_in>[0-9]{{15,20}})/(?P<link>[0-9]{{15,20}})/?>?"
    rf"|{_CHANNELS}/(?P<place>[0-9]{{15,20}})/?>?"
    r"|(?<![0-9])(?P<pair_in>[0-9]{15,20})-(?P<pair>[0-9]{15,20})(?![0-9])"
    r"|<@!?(?P<user>[0-9]{15,20})>|<@&(?P<role>[0-9]{15,20})>|<\#(?P<channel>[0-9]{15,20})>"
    r'|"(?P<quoted>[^"]+)"|“(?P<curly>[^”]+)”|„(?P<german>[^“”]+)[“”]|`(?P<code>[^`]+)`'
    r"|\#(?P<channel_name>[^\s#<>?!,]+)|(?<![0-9])(?P<id>[0-9]{15,20})(?![0-9])|(?P<word>\S+)"
)
_AROUND: Final = ".,;:?!()[]{}…"
_APOSTROPHES: Final = str.maketrans("", "", "'’`´")
_LARGEST_ID: Final = 2**63 - 1


def read(text: str) -> Asked:
    """Read a question."""
    found: dict[str, list[int]] = {}
    words: list[Word] = []
    asked = Asked()
    for token in _TOKEN.finditer(text):
        kind, value = token.lastgroup or "", token[token.lastgroup or 0]
        if kind in {"link", "pair"}:
            ids = [number for name in (f"{kind}_in", kind) if (number := int(token[name])) <= _LARGEST_ID]
            asked = replace(asked, linked=(ids[0], ids[1])) if len(ids) == 2 else asked
        elif kind in {"quoted", "curly", "german", "code"}:
            words += [Word(" ".join(value.split()))] if value.strip() else []
        elif kind == "channel_name":
            asked = replace(asked, channel_name=value)
        elif kind == "word":
            words += [_word(value)] if value.strip(_AROUND) else []
        elif int(value) <= _LARGEST_ID:
            found.setdefault(kind, []).append(int(value))
    asked = replace(
        asked, words=tuple(words[:MOST_WORDS]), user_ids=tuple(found.get("user", ())),
        role_ids=tuple(found.get("role", ())), ids=tuple(found.get("id", ())),
        channel_ids=(*found.get("channel", ()), *found.get("place", ())),
    )  # fmt: skip
    keys = {word.key for word in asked.words}
    return replace(asked, kind=_kind(keys, asked) or _kind(_corrected(keys), asked), about_self=bool(keys & _SELF))


def _word(text: str) -> Word:
    text = text.strip(_AROUND)
    return Word(text, text.translate(_APOSTROPHES).casefold())


def _kind(keys: set[str], asked: Asked) -> Kind | None:
    """The question that these words give away; the surest words are asked for first."""
    is_role = bool(keys & _ROLE or asked.role_ids)
    clues: tuple[tuple[bool, Kind], ...] = (
        (bool(keys & _USE), Kind.COMMAND),
        (bool(keys & _REMOVED) and (not is_role or bool(keys & _MESSAGE)), Kind.REMOVED),
        (is_role and not (keys & _XP and not keys & _ROLE), Kind.ROLE),
        (bool(keys & _XP), Kind.XP),
        (bool(keys & _MESSAGE) or (asked.linked is not None and not asked.names), Kind.REMOVED),
        (bool(keys & (_CAN | _WORKS)), Kind.COMMAND),
        (bool(keys & _HAVE), Kind.ROLE),
    )
    return next((kind for is_it, kind in clues if is_it), None)


def _corrected(keys: set[str]) -> set[str]:
    """The words that were probably meant where some were mistyped."""
    long_ones = [one for one in _USE | _REMOVED | _MESSAGE | _ROLE | _XP if len(one) >= SHORTEST_MISTYPED]
    return {
        near
        for key in keys
        if len(key) >= SHORTEST_MISTYPED and key not in _EVERY_KEYWORD
        for near in get_close_matches(key, long_ones, n=1, cutoff=NEAR)
    }


def _names(words: Sequence[Word], used: range) -> tuple[str, ...]:
    found: list[list[str]] = [[]]
    for index, word in enumerate(words):
        if index in used or word.says_nothing:
            found.append([])
        else:
            found[-1].append(word.text)
    return tuple(" ".join(run) for run in found if run)


def named(asked: Asked, find: Callable[[str], Found | None]) -> tuple[Found, tuple[str, ...]] | None:
    """What some of the words are the name of, and the names that are left (`Asked.names`); None if nothing is.

    Of several names the longest counts, then the one with the fewest words that only say which question it is, and of
    those that are alike the last one. The one `use` of a question is no name.
    """
    best: tuple[tuple[int, int, int, int], Found, range] | None = None
    uses = sum(word.key in _USE for word in asked.words)
    for run in _runs(len(asked.words)):
        words = [asked.words[index] for index in run]
        verbs = sum(word.key in _USE for word in words)
        rank = (len(words), -verbs, -sum(word.says_nothing for word in words), run.start)
        if (best is not None and rank <= best[0]) or (verbs == len(words) == uses == 1):
            continue
        found = find(" ".join(word.text for word in words))
        if found is not None:
            best = (rank, found, run)
    if best is None:
        return None
    _rank, found, used = best
    return found, _names(asked.words, used)


def _runs(count: int) -> Iterator[range]:
    for length in range(min(count, LONGEST_RUN), 0, -1):
        for start in range(count - length + 1):
            yield range(start, start + length)
