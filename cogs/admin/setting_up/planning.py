"""What the answers come to: what is made and what is changed, in the order in which it is done. No Discord here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from cogs.admin.setting_up.steps import CREATE, KEEP, NONE, SET, Answers, Now

STAFF, CELL, READ_ONLY = "staff", "cell", "read-only"
"""Who sees a channel that is made: the staff, who is in jail with the staff, or everybody, but without writing."""
JAIL_ROLE_NAME: Final = "Jailed"
JAIL_ROLE: Final = "jail-role"
AUTOMOD: Final = "automod"
LEVELS_ON: Final = {"here": "here", "channel": "channel", "dm": "dm", "quiet": "off"}


@dataclass(frozen=True, slots=True)
class Place:
    """A channel that the wizard offers to make: its name, who sees it, and the setting that then names it."""

    name: str
    kind: str
    key: str | None


PLACES: Final[dict[str, Place]] = {
    "mod-log": Place("mod-log", STAFF, "mod-log"),
    "jail": Place("jail", CELL, None),
    "welcome": Place("welcome", READ_ONLY, "welcome-channel"),
    "level-channel": Place("levels", READ_ONLY, "level-up-channel"),
    "automod-channel": Place("automod", STAFF, "automod-channel"),
}
"""By the step that offers it."""


@dataclass(frozen=True, slots=True)
class Made:
    """Stands for the id of what is made first: a role or channel, by its place in `PLACES` or as `JAIL_ROLE`."""

    reference: str


@dataclass(frozen=True, slots=True)
class NewRole:
    """A role without any rights."""

    reference: str
    name: str


@dataclass(frozen=True, slots=True)
class NewChannel:
    """A text channel, of one of the kinds above. `staff` are the roles that see it, besides the bot.

    `jail` is the role of who is in jail: they see a `CELL`, and don't see what everybody else reads.
    """

    reference: str
    name: str
    kind: str
    staff: tuple[int, ...] = ()
    jail: int | Made | None = None


@dataclass(frozen=True, slots=True)
class Hide:
    """Channels that a role mustn't see."""

    role: int | Made
    channels: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Admit:
    """A channel that a role sees and writes to: the cell that is there already."""

    role: int | Made
    channel: int


@dataclass(frozen=True, slots=True)
class Switch:
    """A feature that is switched on or off."""

    feature: str
    on: bool


@dataclass(frozen=True, slots=True)
class Change:
    """A setting, as it is and as it will be; None is back to its default."""

    key: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class Start:
    """What a feature adds by itself, such as rules of automod: the names of what isn't there yet."""

    key: str
    names: tuple[str, ...]


Piece = NewRole | NewChannel | Hide | Admit | Switch | Change | Start


@dataclass(frozen=True, slots=True)
class Facts:
    """What is there: values by the keys of settings, what is switched off, what is called how.

    `visible` are the channels that everybody sees; `hidden` those that the jail role is kept from by an overwrite
    of its own; `admitted` are the roles that the cell is open to. `starts` says by key what features would add.
    `channels` and `roles` are ids by name, of those that may serve where one is to be made.
    """

    values: Now
    disabled: frozenset[str] = frozenset()
    channels: Mapping[str, int] = field(default_factory=dict)
    roles: Mapping[str, int] = field(default_factory=dict)
    visible: tuple[int, ...] = ()
    hidden: Mapping[int, frozenset[int]] = field(default_factory=dict)
    """By the role."""
    admitted: frozenset[int] = frozenset()
    starts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def plan(answers: Answers, facts: Facts) -> tuple[Piece, ...]:
    """What these answers (those that change something) make of a server."""
    made: list[Piece] = []
    changes: list[Piece] = []
    staff = _staff(answers, facts)
    jail = _jail(answers, facts, made, changes)
    for step, place in PLACES.items():
        answer = answers.get(step)
        if answer is None or place.key is None:
            continue
        if answer.kind == CREATE:
            existing = facts.channels.get(place.name)
            if existing is None:
                seen_by = staff if place.kind == STAFF else ()
                hidden_from = _jail_role(answers, facts) if place.kind == READ_ONLY else None
                made.append(NewChannel(step, place.name, place.kind, seen_by, hidden_from))
            changes += _change(facts, place.key, Made(step) if existing is None else existing)
        else:
            changes += _change(facts, place.key, answer.value if answer.kind == SET else None)
    for step, key in (("language", "language"), ("prefix", "prefixes"), ("timezone", "timezone")):
        if step in answers:
            changes += _change(facts, key, answers[step].value)
    if "mod-roles" in answers and set(staff) != set(facts.values.get("mod-roles") or ()):
        changes += _change(facts, "mod-roles", staff)
    made += jail
    return (*made, *_switches(answers, facts), *changes, *_levels(answers, facts), *_starts(answers, facts))


def _staff(answers: Answers, facts: Facts) -> tuple[int, ...]:
    """The roles that will count as staff."""
    answer = answers.get("mod-roles")
    if answer is None or answer.kind == KEEP:
        return tuple(facts.values.get("mod-roles") or ())
    return () if answer.kind == NONE else tuple(answer.value)


def _jail(answers: Answers, facts: Facts, made: list[Piece], changes: list[Piece]) -> list[Piece]:
    """The jail: its role goes to `made`, before any channel; what is to be done after them is returned."""
    answer = answers.get("jail")
    if answer is None:
        return []
    if answer.kind == NONE:
        changes += _change(facts, JAIL_ROLE, None)
        return []
    if answer.kind == SET:
        changes += _change(facts, JAIL_ROLE, answer.value)
        return []
    role = _jail_role(answers, facts)
    assert role is not None
    if isinstance(role, Made):
        made.append(NewRole(JAIL_ROLE, JAIL_ROLE_NAME))
    cell = facts.channels.get(PLACES["jail"].name)
    if cell is None:
        made.append(NewChannel("jail", PLACES["jail"].name, CELL, _staff(answers, facts), role))
    changes += _change(facts, JAIL_ROLE, role)
    already = frozenset[int]() if isinstance(role, Made) else facts.hidden.get(role, frozenset())
    left = tuple(one for one in facts.visible if one not in already and one != cell)
    done: list[Piece] = [Hide(role, left)] if left else []
    return done if cell is None or role in facts.admitted else [Admit(role, cell), *done]


def _jail_role(answers: Answers, facts: Facts) -> int | Made | None:
    """The role that will be that of who is in jail."""
    answer = answers.get("jail")
    if answer is None or answer.kind == KEEP:
        held: int | None = facts.values.get(JAIL_ROLE)
        return held
    if answer.kind == CREATE:
        return facts.roles.get(JAIL_ROLE_NAME, Made(JAIL_ROLE))
    return answer.value if answer.kind == SET else None


def _switches(answers: Answers, facts: Facts) -> list[Piece]:
    found: list[Piece] = []
    for step, feature in (("levels", "leveling"), ("economy", "economy")):
        if step not in answers:
            continue
        on = answers[step].value != "off"
        if on == (feature in facts.disabled):
            found.append(Switch(feature, on))
    return found


def _levels(answers: Answers, facts: Facts) -> list[Piece]:
    """What levels and coins are set to; of what is switched off, the settings stay."""
    found: list[Piece] = []
    if "levels" in answers and answers["levels"].value in LEVELS_ON:
        found += _change(facts, "level-up", LEVELS_ON[answers["levels"].value])
    if "economy" in answers and answers["economy"].value != "off":
        found += _change(facts, "chat-income", answers["economy"].value == "chat")
    return found


def _starts(answers: Answers, facts: Facts) -> list[Piece]:
    names = facts.starts.get(AUTOMOD, ())
    return [Start(AUTOMOD, names)] if AUTOMOD in answers and names else []


def _change(facts: Facts, key: str, new: Any) -> list[Piece]:
    old = facts.values.get(key)
    return [] if old == new else [Change(key, old, new)]
