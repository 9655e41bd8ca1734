"""What the server log tells of, by kind; each goes to a channel of its own. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from utils.i18n import N_
from utils.near import nearest


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of what is logged. `title` is marked for translation."""

    key: str
    title: str
    emoji: str
    colour: int


RED, ORANGE, YELLOW, GREEN, GREY, BLUE = 0xE74C3C, 0xE67E22, 0xF1C40F, 0x2ECC71, 0x95A5A6, 0x3498DB

KINDS: Final[Mapping[str, Kind]] = {
    kind.key: kind
    for kind in (
        Kind("edits", N_("Edited messages"), "✏️", YELLOW),
        Kind("deletes", N_("Deleted messages"), "🗑️", RED),
        Kind("joins", N_("Members who join"), "📥", GREEN),
        Kind("leaves", N_("Members who leave"), "📤", GREY),
        Kind("names", N_("Names and nicknames"), "🏷️", BLUE),
        Kind("member-roles", N_("Roles of members"), "🎭", BLUE),
        Kind("avatars", N_("Avatars"), "🖼️", BLUE),
        Kind("moderation", N_("Bans, kicks and timeouts"), "🔨", RED),
        Kind("channels", N_("Channels"), "#️⃣", ORANGE),
        Kind("threads", N_("Threads"), "🧵", ORANGE),
        Kind("roles", N_("The server's roles"), "🛡️", ORANGE),
        Kind("server", N_("Settings of the server"), "⚙️", ORANGE),
        Kind("emoji", N_("Emoji and stickers"), "😀", ORANGE),
        Kind("invites", N_("Invites"), "✉️", ORANGE),
        Kind("voice", N_("Voice channels"), "🔊", BLUE),
    )
}

PRESETS: Final[Mapping[str, tuple[str, ...]]] = {
    "all": tuple(KINDS),
    "messages": ("edits", "deletes"),
    "members": ("joins", "leaves", "names", "member-roles", "avatars", "moderation"),
    "structure": ("channels", "threads", "roles", "server", "emoji", "invites"),
}
"""Words that stand for several kinds."""

KEEPS_BODIES: Final = ("edits", "deletes")
"""Without what messages said, these have nothing to show."""
KEEPS_MEMBERS: Final = ("leaves", "names", "avatars")
"""Discord doesn't say how the member was before."""
BY_AUDIT_LOG: Final = ("names", "member-roles", "moderation", "emoji", "invites")
"""Of these, only the audit log tells a bot that keeps no members."""


class UnknownKindError(ValueError):
    """A word that is no kind and no preset; `near` is one that may be meant."""

    def __init__(self, word: str, near: str | None) -> None:
        super().__init__(word)
        self.word = word
        self.near = near


def is_kind(word: str) -> bool:
    """Whether a word is a kind or a preset."""
    return _plain(word) in {**PRESETS, **KINDS}


def read_kinds(words: Iterable[str]) -> tuple[str, ...]:
    """The kinds that words mean, each once, in the order of the table. Raises `UnknownKindError`."""
    found: set[str] = set()
    for word in words:
        plain = _plain(word)
        if plain in PRESETS:
            found.update(PRESETS[plain])
        elif plain in KINDS:
            found.add(plain)
        else:
            raise UnknownKindError(word, nearest(plain, [*PRESETS, *KINDS]))
    return tuple(key for key in KINDS if key in found)


def _plain(word: str) -> str:
    return word.strip(" ,").casefold()
