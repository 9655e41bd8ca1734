"""The words behind `purge`: `100 @ann --links --contains "free"`, read without Discord."""

import re
from dataclasses import dataclass
from typing import Final

from utils.errors import UserError
from utils.flag_words import Flag, Words, known, read_pattern, short
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


def parse(text: str, channel_id: int) -> Ask:
    """Read the words. Raises UserError with the sentence that says what is wrong.

    The messages of `--before`, `--after` and `--between` have to be of the channel `channel_id`.
    """
    words = Words(text)
    flags: dict[str, list[str]] = {}
    counts: list[str] = []
    people: list[str] = []
    while (word := words.next()) is not None:
        if isinstance(word, Flag):
            name = known(word.name, FLAGS, "purge")
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
        contains=tuple(short(one, LONGEST_TEXT) for one in flags.get("contains", ())),
        regex=read_pattern(flags["regex"][0], LONGEST_TEXT) if "regex" in flags else None,
        before=before,
        after=after,
        any_of="any" in flags,
        pins="pins" in flags,
        show="show" in flags,
        reason=short(flags["reason"][0], LONGEST_REASON) if "reason" in flags else None,
    )


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
