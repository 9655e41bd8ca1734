"""What a server's own commands may be called and say. Neither Discord nor SQL."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Self

from utils.formatting import EMBED_TITLE_LIMIT, MESSAGE_LIMIT, code, truncate
from utils.i18n import N_, _, format_list, translate
from utils.templates import fill, unknown_places

NAME_LIMIT: Final = 32  # characters
MOST_COMMANDS: Final = 200
"""Of one server."""
MOST_ALIASES: Final = 10
"""Of one command."""
MOST_CHANNELS: Final = 20
"""In which one command works."""
MOST_COOLDOWN_SECONDS: Final = 86_400

PLACES: Final = (
    "user", "mention", "server", "channel", "members", "args", *(str(number) for number in range(1, 10))
)  # fmt: skip
"""What is filled in: `{1}` is the first word behind the command, and `{args}` all of them."""

EMBED_KEYS: Final = {
    "title": EMBED_TITLE_LIMIT,
    "description": MESSAGE_LIMIT,
    "colour": 40,
    "footer": 500,
    "image": 500,
    "thumbnail": 500,
}
"""What an embed may have, with the most characters of each; together they are less than Discord's most."""
EMBED_WORDS: Final = {"color": "colour", "text": "description", "picture": "image"}
"""What else these are called."""

_NAME: Final = re.compile(rf"[\w-]{{1,{NAME_LIMIT}}}")
_RANDOM: Final = re.compile(r"\{random:([^{}]*)\}", re.IGNORECASE)
_RANDOM_BEGINS: Final = re.compile(r"\{random:", re.IGNORECASE)
_ADDRESS: Final = re.compile(r"https?://[^\s/]+\.[^\s/]+\S*")

BAD_NAME: Final = N_("A command's name is one word of up to {most} letters, digits, `-` and `_`.")


@dataclass(frozen=True, slots=True)
class Details:
    """What is set of a command: what it says, and who may use it where."""

    text: str = ""
    embed: Mapping[str, str] = field(default_factory=dict)
    cooldown_seconds: int = 0
    role_id: int | None = None
    channel_ids: tuple[int, ...] = ()

    def stored(self) -> dict[str, Any]:
        """As it is written to the database."""
        return {
            "text": self.text, "embed": dict(self.embed), "cooldown": self.cooldown_seconds, "role": self.role_id,
            "channels": list(self.channel_ids),
        }  # fmt: skip

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> Self:
        """As it was written to the database."""
        return cls(stored["text"], stored["embed"], stored["cooldown"], stored["role"], tuple(stored["channels"]))

    @property
    def says_nothing(self) -> bool:
        """Whether there is nothing to send: a colour alone can't be seen."""
        return not self.text and not (self.embed.keys() - {"colour"})


def folded(name: str) -> str:
    """A name as it is kept and looked up."""
    return name.casefold()


def read_name(text: str) -> str:
    """The name for a command; raises `ValueError` if none may be called so."""
    name = folded(text.strip())
    if _NAME.fullmatch(name) is None:
        raise ValueError(translate(BAD_NAME).format(most=NAME_LIMIT))
    return name


def check_text(text: str) -> str:
    """A text with places in it; raises `ValueError` if one could never be filled in."""
    rest = _RANDOM.sub("", text)
    if _RANDOM_BEGINS.search(rest):
        raise ValueError(_("Write a random choice like `{random:red|green|blue}`, without other braces in it."))
    unknown = unknown_places(rest, PLACES)
    if unknown:
        raise ValueError(
            _("There is nothing to put in place of {unknown}. There are {places}.").format(
                unknown=code("{" + truncate(unknown[0], 40) + "}"),
                places=format_list([code("{" + place + "}") for place in [*PLACES, "random:red|green"]]),
            )
        )
    return text


def read_embed_key(word: str) -> str:
    """What of an embed is meant; raises `ValueError` if nothing is."""
    key = EMBED_WORDS.get(word.casefold(), word.casefold())
    if key not in EMBED_KEYS:
        keys = format_list([code(one) for one in EMBED_KEYS], style="or")
        raise ValueError(_("An embed has {keys}.").format(keys=keys))
    return key


def check_address(text: str) -> str:
    """The address of a picture; raises `ValueError` for anything else."""
    if _ADDRESS.fullmatch(text) is None:
        raise ValueError(_("This should be the address of a picture, like `https://example.org/cat.png`."))
    return text


def values_of(words: Sequence[str], everything: str, others: Mapping[str, str]) -> dict[str, str]:
    """What is filled in: `words` behind the command one by one, `everything` as it was typed."""
    numbered = {str(number): words[number - 1] if number <= len(words) else "" for number in range(1, 10)}
    return {**others, **numbered, "args": everything}


def render(text: str, values: Mapping[str, str], choose: Callable[[Sequence[str]], str]) -> str:
    """A text with its choices made and its places filled; what is filled in is not looked at again."""
    chosen = _RANDOM.sub(lambda found: choose([option.strip() for option in found[1].split("|")]), text)
    return fill(chosen, values)
