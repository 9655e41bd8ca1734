"""Which members are meant by `humans without @Muted joined before 2026-01-31`. Pure."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from utils.errors import UserError
from utils.flag_words import Flag, Words
from utils.formatting import code, truncate
from utils.i18n import _, format_list
from utils.near import nearest

KINDS: Final = {
    "all": "all", "everyone": "all", "everybody": "all", "@everyone": "all", "members": "all", "alle": "all",
    "humans": "humans", "human": "humans", "people": "humans", "menschen": "humans",
    "bots": "bots", "bot": "bots",
}  # fmt: skip
WITH: Final = frozenset({"with", "has", "having", "in", "mit"})
WITHOUT: Final = frozenset({"without", "hasnt", "ohne"})
JOINED: Final = frozenset({"joined", "join"})
BEFORE: Final = frozenset({"before", "vor"})
AFTER: Final = frozenset({"after", "since", "nach", "seit"})
SKIPPED: Final = frozenset({"and", "und", "who", "only", ","})
DRY: Final = frozenset({"dry", "dry-run", "dryrun", "show", "preview"})
SHOWN_WORDS: Final = ("all", "humans", "bots", "with", "without", "joined before", "joined after", "--dry")
MOST_ROLES: Final = 20


@dataclass(frozen=True, slots=True)
class Whom:
    """Which members are meant: all that is said has to fit."""

    kind: str = "all"
    with_roles: tuple[int, ...] = ()
    without_roles: tuple[int, ...] = ()
    joined_before: datetime | None = None
    joined_after: datetime | None = None

    def fits(self, *, is_bot: bool, role_ids: Collection[int], joined_at: datetime | None) -> bool:
        """Whether somebody is meant."""
        if (self.kind == "humans" and is_bot) or (self.kind == "bots" and not is_bot):
            return False
        if any(one not in role_ids for one in self.with_roles) or any(one in role_ids for one in self.without_roles):
            return False
        if self.joined_before is None and self.joined_after is None:
            return True
        if joined_at is None:
            return False
        return (self.joined_before is None or joined_at < self.joined_before) and (
            self.joined_after is None or joined_at >= self.joined_after
        )

    def encode(self) -> dict[str, Any]:
        """The same as plain data."""
        return {
            "kind": self.kind,
            "with": list(self.with_roles),
            "without": list(self.without_roles),
            "before": None if self.joined_before is None else self.joined_before.isoformat(),
            "after": None if self.joined_after is None else self.joined_after.isoformat(),
        }

    @classmethod
    def decode(cls, data: dict[str, Any]) -> "Whom":
        """What `encode` made."""
        before, after = data["before"], data["after"]
        return cls(
            data["kind"], tuple(data["with"]), tuple(data["without"]),
            None if before is None else datetime.fromisoformat(before),
            None if after is None else datetime.fromisoformat(after),
        )  # fmt: skip


def parse(text: str, find_role: Callable[[str], int], find_moment: Callable[[str], datetime]) -> tuple[Whom, bool]:
    """Who is meant, and whether it is only to be shown. Raises UserError, also for what a finder doesn't find."""
    words, whom, dry, said = Words(text), Whom(), False, False
    while (word := words.next()) is not None:
        name = word.name if isinstance(word, Flag) else word.strip(",").casefold()
        if name in DRY:
            dry = True
        elif name in KINDS:
            whom, said = replace(whom, kind=KINDS[name]), True
        elif name in WITH:
            whom, said = replace(whom, with_roles=_more(whom.with_roles, words, find_role)), True
        elif name in WITHOUT:
            whom, said = replace(whom, without_roles=_more(whom.without_roles, words, find_role)), True
        elif name in JOINED:
            whom, said = _joined(whom, words, find_moment), True
        elif name not in SKIPPED and name:
            raise _unknown(name)
    if not said:
        raise UserError(_("Say whom: {words}.").format(words=_listed()))
    if set(whom.with_roles) & set(whom.without_roles):
        raise UserError(_("Nobody has a role and doesn't have it."))
    return whom, dry


def _more(known: tuple[int, ...], words: Words, find_role: Callable[[str], int]) -> tuple[int, ...]:
    word = words.next()
    if not isinstance(word, str):
        raise UserError(_("Say which role, behind `with` or `without`; names of several words in quotes."))
    try:
        found = (*known, find_role(word))
    except ValueError as error:
        raise UserError(str(error)) from error
    if len(found) > MOST_ROLES:
        raise UserError(_("That's too many: {most} at most.").format(most=MOST_ROLES))
    return found


def _joined(whom: Whom, words: Words, find_moment: Callable[[str], datetime]) -> Whom:
    side, text = words.next(), words.next()
    word = side.casefold() if isinstance(side, str) else ""
    if word not in BEFORE | AFTER or not isinstance(text, str):
        raise UserError(
            _("Write {before} or {after}.").format(
                before=code("joined before 2026-01-31"), after=code("joined after 30d")
            )
        )
    try:
        moment = find_moment(text)
    except ValueError as error:
        raise UserError(str(error)) from error
    return replace(whom, joined_before=moment) if word in BEFORE else replace(whom, joined_after=moment)


def _unknown(word: str) -> UserError:
    near = nearest(word, [*KINDS, *WITH, *WITHOUT, *JOINED])
    if near is None:
        sentence = _("I don't know {word} here. There are {words}.")
    else:
        sentence = _("I don't know {word} here. Did you mean {near}?")
    return UserError(sentence.format(word=code(truncate(word, 40)), near=code(near or ""), words=_listed()))


def _listed() -> str:
    return format_list([code(word) for word in SHOWN_WORDS])
