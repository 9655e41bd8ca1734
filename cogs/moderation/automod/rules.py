"""Judging messages: rules are compiled once for each guild, and say what they find. Pure, and without any waiting."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from cogs.moderation.automod.clauses import CLAUSES, Clauses, Values, plain_word
from cogs.moderation.automod.memory import Memory, Reference
from cogs.moderation.automod.patterns import Pattern, words_pattern
from cogs.moderation.automod.posts import ANY, EMOJI_PERHAPS, FILES, LINES, LINK, MENTIONS, SLASH, Post
from database.automod import AutomodRule

OFF: Final = "off"
OBSERVE: Final = "observe"
ON: Final = "on"
FEWEST_LETTERS: Final = 10
"""Below, nobody shouts: `OK` is all capitals, too."""
WORDS_COUNT_LESS: Final = 10
LONGEST_MATCHED: Final = 100  # characters that are kept of what was found


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule fits a message."""

    rule: AutomodRule
    trigger: str
    """The clause that found it."""
    matched: str
    """What it found; as little as shows why."""
    references: tuple[Reference, ...]
    """The message, and for a rate those that it adds up with."""

    @property
    def acts(self) -> bool:
        """Whether something is done about it, and it isn't only watched."""
        return self.rule.mode == ON


@dataclass(slots=True)  # frozen, it would take three times as long to make one for each message
class Known:
    """What is known of the servers that invites lead to: by code; None for one that leads nowhere."""

    own_id: int
    vanity: str | None = None
    servers: Mapping[str, int | None] = field(default_factory=dict)

    def is_own(self, code: str) -> bool:
        """Whether an invite leads here."""
        return (self.vanity is not None and code.casefold() == self.vanity.casefold()) or (
            self.servers.get(code) == self.own_id
        )


Look = Callable[[Post, Known], str | None]
"""Looks for something in a message, and says what it found."""


@dataclass(frozen=True, slots=True)
class _Rate:
    name: str
    count: int
    within: timedelta
    per_channel: bool

    def reached(
        self, guild_id: int, number: int, post: Post, memory: Memory
    ) -> tuple[str, tuple[Reference, ...]] | None:
        weight, what = _WEIGHTS[self.name](post)
        if not weight:
            return None
        whose = post.channel_id if self.per_channel else -post.author_id
        key = (guild_id, number, self.name, whose, what)
        counted = memory.count(key, post.reference, post.at, self.within, weight)
        return (str(counted), memory.counted(key)) if counted >= self.count else None


_WEIGHTS: Final[dict[str, Callable[[Post], tuple[int, int]]]] = {
    "duplicates": lambda post: (0 if post.said is None else 1, hash(post.said)),
    "messages": lambda post: (1, 0),
    "mention-rate": lambda post: (post.mentions, 0),
    "link-rate": lambda post: (post.links, 0),
}
"""How much a message counts, and together with which others of the same person or channel."""

_NEEDS: Final = {
    "invites": SLASH, "links": LINK, "link-rate": LINK, "attachments": FILES, "mentions": MENTIONS,
    "mention-rate": MENTIONS, "emoji": EMOJI_PERHAPS, "lines": LINES,
}  # fmt: skip
"""What has to be in a message for a trigger to find something; anything will do for those that aren't here."""


# --- What is looked for -----------------------------------------------------------------------------------


def _look_for_words(values: Values, _allowed: Collection[str]) -> Look:
    pattern = words_pattern({plain_word(word) for word in values})

    def look(post: Post, _known: Known) -> str | None:
        found = pattern.find(post.words)
        return pattern.find(post.spelled) if found is None and post.spelled is not post.words else found

    return look


def _look_for_patterns(values: Values, _allowed: Collection[str]) -> Look:
    patterns = [Pattern(value) for value in values]

    def look(post: Post, _known: Known) -> str | None:
        for pattern in patterns:
            found = pattern.find(post.raw)
            if found is None and post.plain is not post.raw:
                found = pattern.find(post.plain)
            if found is not None:
                return found
        return None

    return look


def _look_for_invites(_values: Values, allowed: Collection[str]) -> Look:
    def look(post: Post, known: Known) -> str | None:
        for code in post.invites:
            server = known.servers.get(code)
            if not known.is_own(code) and code not in allowed and str(server) not in allowed:
                return code
        return None

    return look


def _look_for_links(values: Values, allowed: Collection[str]) -> Look:
    def look(post: Post, _known: Known) -> str | None:
        for host in post.hosts:
            if not is_among(host, allowed) and (not values or is_among(host, values)):
                return host
        return None

    return look


def is_among(host: str, domains: Iterable[str]) -> bool:
    """Whether a host is one of these domains, or below one."""
    return any(host == domain or host.endswith("." + domain) for domain in domains)


def _look_for_files(values: Values, _allowed: Collection[str]) -> Look:
    endings = tuple(f".{value}" for value in values)

    def look(post: Post, _known: Known) -> str | None:
        # A dot or space behind the ending changes nothing about what opens the file.
        fits = (name for name in post.files if not endings or name.casefold().rstrip(". ").endswith(endings))
        return next(fits, None)

    return look


def _look_for_capitals(values: Values, _allowed: Collection[str]) -> Look:
    (percent,) = values

    def look(post: Post, _known: Known) -> str | None:
        upper, letters = post.letters
        if letters < FEWEST_LETTERS or upper * 100 < percent * letters:
            return None
        return f"{upper * 100 // letters} %"

    return look


def _look_for_number(count: Callable[[Post], int]) -> Callable[[Values, Collection[str]], Look]:
    def make(values: Values, _allowed: Collection[str]) -> Look:
        (least,) = values

        def look(post: Post, _known: Known) -> str | None:
            found = count(post)
            return str(found) if found >= least else None

        return look

    return make


_LOOKS: Final[dict[str, Callable[[Values, Collection[str]], Look]]] = {
    "words": _look_for_words,
    "regex": _look_for_patterns,
    "invites": _look_for_invites,
    "links": _look_for_links,
    "attachments": _look_for_files,
    "caps": _look_for_capitals,
    "mentions": _look_for_number(lambda post: post.mentions),
    "emoji": _look_for_number(lambda post: post.emoji),
    "lines": _look_for_number(lambda post: post.lines),
}


# --- When it counts ---------------------------------------------------------------------------------------


Condition = Callable[[Post], bool]
"""Whether a rule looks at a message there, of such a person."""


def _is_in(values: Values) -> Condition:
    wanted = frozenset(values)
    return lambda post: not wanted.isdisjoint(post.places)


def _has_role(values: Values) -> Condition:
    wanted = frozenset(values)
    return lambda post: not wanted.isdisjoint(post.author.role_ids)


def _not(make: Callable[[Values], Condition]) -> Callable[[Values], Condition]:
    def made(values: Values) -> Condition:
        fits = make(values)
        return lambda post: not fits(post)

    return made


def _is_younger(since_when: Callable[[Post], datetime | None]) -> Callable[[Values], Condition]:
    def make(values: Values) -> Condition:
        age = timedelta(seconds=values[0])

        def fits(post: Post) -> bool:
            # Who isn't a member any more, or whose beginning nobody knows, is none of the new ones.
            since = since_when(post)
            return since is not None and post.at - since < age

        return fits

    return make


_CONDITIONS: Final[dict[str, Callable[[Values], Condition]]] = {
    "in": _is_in,
    "not-in": _not(_is_in),
    "role": _has_role,
    "not-role": _not(_has_role),
    "account-under": _is_younger(lambda post: post.author.account_made),
    "here-under": _is_younger(lambda post: post.author.joined),
}


# --- All rules of a guild ---------------------------------------------------------------------------------


class _Compiled:
    """A rule, ready to look."""

    def __init__(self, rule: AutomodRule) -> None:
        self.rule = rule
        allowed = frozenset(rule.clauses.get("allow", ()))
        self.looks: list[tuple[str, Look]] = []
        self.rates: list[_Rate] = []
        self.conditions: list[Condition] = []
        self.needs = 0
        """A message that has none of this isn't looked at."""
        for name, values in rule.clauses.items():
            if name in CLAUSES and CLAUSES[name].group == "trigger":
                self.needs |= _NEEDS.get(name, ANY)
            if name in _LOOKS:
                self.looks.append((name, _LOOKS[name](values, allowed)))
            elif name in CLAUSES and CLAUSES[name].is_rate:
                self.rates.append(_Rate(name, values[0], timedelta(seconds=values[1]), values[2] == "channel"))
            elif name in _CONDITIONS:
                self.conditions.append(_CONDITIONS[name](values))

    def judge(self, post: Post, known: Known, memory: Memory | None) -> Hit | None:
        """What it finds in a message; without a memory, what comes often isn't looked at."""
        rule = self.rule
        for fits in self.conditions:
            if not fits(post):
                return None
        # Each message counts in the rates, also where something else is found in it.
        reached = None
        if memory is not None:
            for rate in self.rates:
                found = rate.reached(rule.guild_id, rule.number, post, memory)
                reached = reached or (found and (rate.name, *found))
        for name, look in self.looks:
            matched = look(post, known)
            if matched is not None:
                references = reached[2] if reached else (post.reference,)
                return Hit(rule, name, matched[:LONGEST_MATCHED], references)
        return None if reached is None else Hit(rule, reached[0], reached[1], reached[2])


UNREADABLE: Final = (ValueError, KeyError, TypeError, IndexError)
"""What reading a rule ends with that another version, or a file, brought."""
Report = Callable[[AutomodRule, Exception], None]
"""Is told of a rule that can't be read."""


class Rules:
    """The rules of a guild, compiled. Making one takes milliseconds; judging a message microseconds."""

    def __init__(self, rules: Sequence[AutomodRule], report: Report | None = None) -> None:
        """What is off isn't compiled. A rule that can't be read is reported and left out, else it raises."""
        self._compiled: list[_Compiled] = []
        for rule in rules:
            try:
                if rule.mode != OFF:
                    self._compiled.append(_Compiled(rule))
            except UNREADABLE as error:
                if report is None:
                    raise
                report(rule, error)
        self.asks_invites = any("invites" in one.rule.clauses for one in self._compiled)
        self.counts_together = any(rate.per_channel for one in self._compiled for rate in one.rates)
        """Whether what several people write adds up."""

    def __bool__(self) -> bool:
        return bool(self._compiled)

    def judge(self, post: Post, known: Known, memory: Memory | None) -> list[Hit]:
        """All that fits a message, by rule; without a memory, as for what was edited, rates are left out."""
        has = post.has
        return [
            hit for one in self._compiled if has & one.needs and (hit := one.judge(post, known, memory)) is not None
        ]


def steps_of(clauses: Clauses) -> int:
    """How much work a rule is for each character at worst, which only what somebody made for that comes near to.

    Words count less: it takes odd ones, and many, for their automaton not to fit into its memory.
    """
    words = {plain_word(word) for word in clauses.get("words", ())}
    of_words = words_pattern(words).steps if words else 0
    return sum(Pattern(value).steps for value in clauses.get("regex", ())) + of_words // WORDS_COUNT_LESS
