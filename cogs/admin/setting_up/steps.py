"""The steps of the wizard, as a machine of states: no Discord, no settings, nothing done.

A state is a set of answers. Which step is asked follows from it: the first that applies and has no answer; when all
have one, the review. So every answer brings the end nearer, and `back` gives the very state that was there before.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Final, Literal

KEEP, SET, CREATE, NONE = "keep", "set", "create", "none"
"""What an answer does: leaves what is there, sets a value, has something made, or sets nothing."""
OPEN: Final = "open"
CONFIRMED: Final = "confirmed"
CANCELLED: Final = "cancelled"
TIMED_OUT: Final = "timed out"

Status = Literal["open", "confirmed", "cancelled", "timed out"]
Now = Mapping[str, Any]
"""What holds in the server, by the keys of settings."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer. `value` is that of a `SET`."""

    kind: str
    value: Any = None


KEPT: Final = Answer(KEEP)
Answers = Mapping[str, Answer]


def _always(_answers: Answers, _now: Now) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Step:
    """One question. `keys` are the settings that have to be there for it, `kinds` the answers it takes.

    `options` are the values it takes, if these are few. `applies` says whether it is asked after these answers.
    """

    key: str
    keys: tuple[str, ...]
    kinds: frozenset[str]
    options: tuple[str, ...] = ()
    applies: Callable[[Answers, Now], bool] = _always


def _levels_in_a_channel(answers: Answers, _now: Now) -> bool:
    return answers.get("levels") == Answer(SET, "channel")


def _automod_has_no_channel(answers: Answers, now: Now) -> bool:
    if answers.get("automod") != Answer(SET, "observe") or now.get("automod-channel") is not None:
        return False
    log = answers.get("mod-log", KEPT)
    return log.kind == NONE or (log.kind == KEEP and now.get("mod-log") is None)


_PLACE: Final = frozenset({KEEP, SET, CREATE, NONE})
_CHOICE: Final = frozenset({KEEP, SET})

STEPS: Final[tuple[Step, ...]] = (
    Step("language", ("language",), _CHOICE),
    Step("prefix", ("prefixes",), _CHOICE),
    Step("timezone", ("timezone",), _CHOICE),
    Step("mod-roles", ("mod-roles",), frozenset({KEEP, SET, NONE})),
    Step("mod-log", ("mod-log",), _PLACE),
    Step("jail", ("jail-role",), _PLACE),
    Step("welcome", ("welcome-channel",), _PLACE),
    Step("levels", ("level-up", "level-up-channel"), _CHOICE, ("here", "channel", "dm", "quiet", "off")),
    Step(
        "level-channel",
        ("level-up", "level-up-channel"),
        frozenset({KEEP, SET, CREATE}),
        applies=_levels_in_a_channel,
    ),
    Step("economy", ("chat-income",), _CHOICE, ("on", "chat", "off")),
    Step("automod", ("automod-channel",), _CHOICE, ("observe",)),
    Step("automod-channel", ("automod-channel",), frozenset({KEEP, SET, CREATE}), applies=_automod_has_no_channel),
)


def steps_for(declared: Collection[str]) -> tuple[Step, ...]:
    """The steps of which all settings are there: features may not be loaded."""
    return tuple(step for step in STEPS if all(key in declared for key in step.keys))


class NotHereError(ValueError):
    """What can't be done in a state: it was left meanwhile, or takes other answers."""


@dataclass(frozen=True, slots=True)
class Wizard:
    """A state. `before` is the one before the last move."""

    steps: tuple[Step, ...]
    now: Now = field(default_factory=lambda: MappingProxyType({}))
    answers: Answers = field(default_factory=lambda: MappingProxyType({}))
    before: "Wizard | None" = None
    status: Status = OPEN

    # --- where it is

    @property
    def current(self) -> Step | None:
        """The step that is asked; None at the review and after the end."""
        if self.status != OPEN:
            return None
        return next((step for step in self.applying if step.key not in self.answers), None)

    @property
    def applying(self) -> tuple[Step, ...]:
        """The steps that are asked with these answers, in order."""
        return tuple(step for step in self.steps if step.applies(self.answers, self.now))

    @property
    def at_review(self) -> bool:
        """Whether all is answered and nothing is done yet."""
        return self.status == OPEN and self.current is None

    @property
    def holding(self) -> dict[str, Answer]:
        """The answers that change something: those of steps that apply, without what stays as it is."""
        given = {step.key: self.answers[step.key] for step in self.applying if step.key in self.answers}
        return {key: answer for key, answer in given.items() if answer.kind != KEEP}

    @property
    def to_do(self) -> dict[str, Answer]:
        """What has to be done: nothing before it was confirmed."""
        return self.holding if self.status == CONFIRMED else {}

    # --- moves; all raise NotHereError

    def answer(self, answer: Answer) -> "Wizard":
        """Answer the step that is asked."""
        step = self.current
        if step is None or answer.kind not in step.kinds:
            raise NotHereError
        if answer.kind == SET and step.options and answer.value not in step.options:
            raise NotHereError
        return replace(self, answers=MappingProxyType({**self.answers, step.key: answer}), before=self)

    def skip(self) -> "Wizard":
        """Leave what this step is about as it is."""
        return self.answer(KEPT)

    def finish(self) -> "Wizard":
        """Leave all that wasn't asked yet as it is, in one move."""
        if self.current is None:
            raise NotHereError
        state = self
        while state.current is not None:
            state = state.skip()
        return replace(state, before=self)

    def back(self) -> "Wizard":
        """Take the last move back."""
        if self.before is None or self.status != OPEN:
            raise NotHereError
        return self.before

    def change(self, key: str) -> "Wizard":
        """Ask one step again, at the review; the other answers stay."""
        if not self.at_review or key not in {step.key for step in self.applying}:
            raise NotHereError
        left = {other: answer for other, answer in self.answers.items() if other != key}
        return replace(self, answers=MappingProxyType(left), before=self)

    def confirm(self) -> "Wizard":
        """Have it done: only at the review, and once."""
        if not self.at_review:
            raise NotHereError
        return replace(self, status=CONFIRMED)

    def cancel(self) -> "Wizard":
        """End it, changing nothing."""
        return self._ended(CANCELLED)

    def time_out(self) -> "Wizard":
        """The same, because nobody answered."""
        return self._ended(TIMED_OUT)

    def _ended(self, status: Status) -> "Wizard":
        if self.status != OPEN:
            raise NotHereError
        return replace(self, status=status)
