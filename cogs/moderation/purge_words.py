"""The words behind `purge`: `100 @ann --links --contains "free"`, read without Discord."""

import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from utils.errors import UserError
from utils.formatting import code, truncate
from utils.i18n import _

MOST_DELETED: Final = 1_000  # messages of one purge
LONGEST_TEXT: Final = 200  # characters of --contains and --regex
LONGEST_REASON: Final = 500  # characters

WHAT: Final = ("links", "invites", "images", "files", "embeds", "emoji", "mentions", "reactions", "duplicates")
"""What a message has to have."""
WHO: Final = ("bots", "humans")
SWITCHES: Final = ("any", "pins", "show")
VALUES: Final = {"contains": 1, "regex": 1, "before": 1, "after": 1, "between": 2, "reason": 1}
"""Flags with words behind them, and how many."""
FLAGS: Final = (*WHAT, *WHO, *SWITCHES, *VALUES)

_FLAG = re.compile(r"(?:--|—|–)([^\s=]*)(=?)")  # telephones make a dash of two hyphens
_QUOTES = {'"': '"', "“": "”", "„": "“”", "«": "»"}
_COUNT = re.compile(r"[0-9]{1,9}")
_MESSAGE = re.compile(
    r"<?(?:https://(?:ptb\.|canary\.)?discord(?:app)?\.com/channels/[0-9]{15,20}/(?P<linked>[0-9]{15,20})/"
    r"|(?P<channel>[0-9]{15,20})-)?(?P<id>[0-9]{15,19})>?"
)


@dataclass(frozen=True, slots=True)
class Ask:
    """What was asked for. `before` and `after` are ids of messages, which are not included."""

    count: int | None = None
    people: tuple[str, ...] = ()
    """As written: mentions, ids and names."""
    filters: frozenset[str] = frozenset()
    """Of `WHAT` and `WHO`."""
    contains: tuple[str, ...] = ()
    regex: str | None = None
    before: int | None = None
    after: int | None = None
    any_of: bool = False
    """Whether one of the filters is enough."""
    pins: bool = False
    show: bool = False
    reason: str | None = None

    @property
    def wanted(self) -> int:
        """How many messages at most."""
        return self.count or MOST_DELETED

    @property
    def reads_content(self) -> bool:
        """Whether what messages say and carry decides; Discord may keep that from the bot."""
        return bool(self.contains or self.regex or self.filters - {*WHO, "reactions"})


@dataclass(frozen=True, slots=True)
class _Flag:
    name: str


def parse(text: str, channel_id: int) -> Ask:
    """Read the words. Raises UserError with the sentence that says what is wrong.

    The messages of `--before`, `--after` and `--between` have to be of the channel `channel_id`.
    """
    words = _Words(text)
    flags: dict[str, list[str]] = {}
    counts: list[str] = []
    people: list[str] = []
    while (word := words.next()) is not None:
        if isinstance(word, _Flag):
            name = _known(word.name)
            if name in flags and name in VALUES and name != "contains":
                raise UserError(_("{flag} stands there twice.").format(flag=code(f"--{name}")))
            flags.setdefault(name, []).extend(words.value(name) for _number in range(VALUES.get(name, 0)))
        else:
            (counts if _COUNT.fullmatch(word) else people).append(word)
    if {*WHO} <= flags.keys():
        raise UserError(_("Everybody is a bot or a human; leave out `--bots --humans`."))
    after, before = _range(flags, channel_id)
    return Ask(
        count=_count(counts),
        people=tuple(people),
        filters=frozenset(flags.keys() & {*WHAT, *WHO}),
        contains=tuple(_short(one, LONGEST_TEXT) for one in flags.get("contains", ())),
        regex=_pattern(flags.get("regex")),
        before=before,
        after=after,
        any_of="any" in flags,
        pins="pins" in flags,
        show="show" in flags,
        reason=_short(flags["reason"][0], LONGEST_REASON) if "reason" in flags else None,
    )


class _Words:
    """The words one after the other; quoted ones as they stand between the marks."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def next(self) -> str | _Flag | None:
        """The next word or flag; None at the end."""
        self._skip_spaces()
        if self.at >= len(self.text):
            return None
        flag = _FLAG.match(self.text, self.at)
        if flag is None:
            return self._word()
        self.at = flag.end()
        return _Flag(flag[1].casefold())

    def value(self, flag: str) -> str:
        """The word that belongs to a flag, behind a space or an equals sign. Raises UserError if there is none."""
        joined = self.text[self.at - 1] == "="
        self._skip_spaces()
        ends = self.at >= len(self.text) or (not joined and _FLAG.match(self.text, self.at))
        found = "" if ends else self._word()
        if not found.strip():
            raise UserError(_("Something has to follow {flag}.").format(flag=code(f"--{flag}")))
        return found

    def _word(self) -> str:
        closing = _QUOTES.get(self.text[self.at])
        if closing is not None:
            return self._quoted(closing)
        found = re.compile(r"\S+").match(self.text, self.at)
        assert found is not None
        self.at = found.end()
        return found[0]

    def _quoted(self, closing: str) -> str:
        r"""Up to the partner of the quotation mark; only `\"` is special, so that patterns keep their backslashes."""
        letters, start = [], self.at + 1
        while start < len(self.text):
            letter = self.text[start]
            if letter == "\\" and self.text[start + 1 : start + 2] == '"':
                letters.append('"')
                start += 2
                continue
            start += 1
            if letter in closing:
                self.at = start
                return "".join(letters)
            letters.append(letter)
        raise UserError(
            _('A quotation mark is missing its partner; write `\\"` for a quotation mark that is just text.')
        )

    def _skip_spaces(self) -> None:
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1


def _known(name: str) -> str:
    if name in FLAGS:
        return name
    near = get_close_matches(name, FLAGS, n=1)
    written = code(truncate(f"--{name}", 40))
    if near:
        raise UserError(
            _("I don't know {flag}. Did you mean {near}?").format(flag=written, near=code(f"--{near[0]}"))
        )
    raise UserError(_("I don't know {flag}; `help purge` lists what there is.").format(flag=written))


def _count(counts: list[str]) -> int | None:
    if len(counts) > 1:
        raise UserError(
            _("How many, {first} or {second}? Mention people, or write their id.").format(
                first=code(counts[0]), second=code(counts[1])
            )
        )
    if not counts:
        return None
    count = int(counts[0])
    if not 1 <= count <= MOST_DELETED:
        raise UserError(_("I delete 1 to {most} messages at a time.").format(most=MOST_DELETED))
    return count


def _range(flags: dict[str, list[str]], channel_id: int) -> tuple[int | None, int | None]:
    """The ids to stay after and before."""
    if "between" in flags and flags.keys() & {"before", "after"}:
        raise UserError(_("`--between` says both ends already; leave out `--before` and `--after`."))
    if "between" in flags:
        first, second = sorted(_message_id(one, channel_id) for one in flags["between"])
        return first, second
    after, before = (
        _message_id(flags[name][0], channel_id) if name in flags else None for name in ("after", "before")
    )
    if after is not None and before is not None and after >= before:
        raise UserError(_("Nothing can be after {after} and before {before}.").format(
            after=code(str(after)), before=code(str(before))
        ))  # fmt: skip
    return after, before


def _message_id(word: str, channel_id: int) -> int:
    found = _MESSAGE.fullmatch(word)
    if found is None:
        raise UserError(_("{word} isn't a message. Copy its link or its id.").format(word=code(truncate(word, 60))))
    elsewhere = found["linked"] or found["channel"]
    if elsewhere is not None and int(elsewhere) != channel_id:
        raise UserError(_("That message is in <#{channel}>, and I purge the channel you write in.").format(
            channel=elsewhere
        ))  # fmt: skip
    return int(found["id"])


def _pattern(found: list[str] | None) -> str | None:
    if found is None:
        return None
    pattern = _short(found[0], LONGEST_TEXT)
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        raise UserError(
            _("The pattern {pattern} can't be read: {why}.").format(
                pattern=code(truncate(pattern, 60)), why=code(str(error))
            )
        ) from error
    return pattern


def _short(text: str, most: int) -> str:
    if len(text) > most:
        raise UserError(_("{text} is too long: {most} characters are the most.").format(
            text=code(truncate(text, 40)), most=most
        ))  # fmt: skip
    return text
