"""Rules as lines: `--words "bad word" evil* --delete --timeout 10m`. Reading them, changing them, writing them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import discord

from cogs.moderation.automod.clauses import CLAUSES, LISTS, PUNISHMENTS, Clauses, Group, Values
from utils.errors import UserError
from utils.flag_words import Flag, Words, known
from utils.formatting import clean_input, code, truncate
from utils.i18n import _

COMMAND: Final = "automod add"
_UNITS: Final = ((604_800, "w"), (86_400, "d"), (3_600, "h"), (60, "m"), (1, "s"))
_AS_WRITTEN: Final = frozenset({"regex", "reason"})
_TIMES: Final = frozenset({"account-under", "here-under", "timeout", "ban"})
_RATES: Final = frozenset(name for name, clause in CLAUSES.items() if clause.is_rate)


@dataclass(frozen=True, slots=True)
class Change:
    """What a line says about a clause: how it is set, what is added to its list or dropped, or that it goes."""

    name: str
    how: Literal["set", "add", "drop", "no"]
    values: Values


def read_clauses(text: str, guild: discord.Guild) -> list[Change]:
    """What a line says; `--no-…` takes a clause away, `--add-…` and `--drop-…` change a list. Raises UserError."""
    return [_read(*flag, words, guild) for flag, words in _split(clean_input(text)).items()]


def _split(text: str) -> dict[tuple[str, str], list[str]]:
    flags = {name: (name, "set") for name in CLAUSES} | {f"no-{name}": (name, "no") for name in CLAUSES}
    flags |= {f"{how}-{name}": (name, how) for how in ("add", "drop") for name in LISTS}
    found: dict[tuple[str, str], list[str]] = {}
    behind: list[str] | None = None
    words = Words(text)
    while (word := words.next()) is not None:
        if isinstance(word, Flag):
            behind = found.setdefault(flags[known(word.name, list(flags), COMMAND)], [])
        elif behind is None:
            raise UserError(
                _("{word} stands before the first clause; write it like `--words {plain}`.").format(
                    word=code(truncate(word, 40)), plain=code(truncate(word, 40)).strip("`")
                )
            )
        else:
            behind.append(word)
    return found


def _read(name: str, how: str, words: list[str], guild: discord.Guild) -> Change:
    try:
        if how == "no":
            return Change(name, "no", CLAUSES["delete"].read(words, guild))  # nothing may stand behind it
        if name not in _AS_WRITTEN:  # people write lists with commas, too
            words = [word.rstrip(",") or word for word in words]
        values = CLAUSES[name].read(words, guild)
    except (ValueError, UserError) as error:
        flag = name if how == "set" else f"{how}-{name}"
        raise UserError(f"{code(f'--{flag}')}: {error}") from error
    return Change(name, "add" if how == "add" else "drop" if how == "drop" else "set", values)


def changed(clauses: Clauses, changes: Sequence[Change]) -> Clauses:
    """A rule with some clauses set, in place of what they were, and others taken away or changed.

    Another punishment takes the place of the one there is. Raises UserError if what remains is no rule.
    """
    result = dict(clauses)
    chosen = [change.name for change in changes if change.name in PUNISHMENTS and change.how == "set"]
    for name in PUNISHMENTS if chosen else ():
        result.pop(name, None)
    for change in changes:
        _apply(result, change)
    check_whole(result)
    return {name: result[name] for name in CLAUSES if name in result}


def check_whole(clauses: Clauses) -> None:
    """Raise UserError unless these clauses make a rule."""
    if len([name for name in PUNISHMENTS if name in clauses]) > 1:
        raise UserError(_("A rule warns, times out, kicks or bans: one of these, for each makes a case."))
    if not of_group(clauses, "trigger"):
        raise UserError(_("A rule looks for something: for words, links, invites and more. Say what."))
    if not of_group(clauses, "action"):
        raise UserError(_("A rule does something: say `--delete`, `--alert` or another of its actions."))


def _apply(clauses: Clauses, change: Change) -> None:
    before = clauses.get(change.name, [])
    if change.how == "set":
        clauses[change.name] = list(change.values)
    elif change.how == "add":
        together = list(dict.fromkeys([*before, *change.values]))
        if len(together) > LISTS[change.name]:
            raise UserError(_("That's too many: {most} at most.").format(most=LISTS[change.name]))
        clauses[change.name] = together
    else:
        left = [value for value in before if value not in change.values] if change.how == "drop" else []
        if left:
            clauses[change.name] = left
        else:  # an empty list would mean everything, where it means anything
            clauses.pop(change.name, None)


def of_group(clauses: Mapping[str, Any], group: Group) -> list[str]:
    """The clauses of a rule that say what it looks for, when, or what it does."""
    return [name for name in clauses if name in CLAUSES and CLAUSES[name].group == group]


def as_line(clauses: Clauses) -> str:
    """The line that makes a rule, so that it can be copied."""
    return " ".join(_written(name, values) for name, values in clauses.items())


def _written(name: str, values: Values) -> str:
    if name in _TIMES:
        parts = [short_time(value) for value in values]
    elif name in _RATES:
        parts = [str(values[0]), short_time(values[1]), *(["channel"] if values[2] == "channel" else [])]
    elif name == "slowmode":
        parts = [short_time(value) for value in values]
    elif name == "give":
        parts = [str(values[0]), *(short_time(value) for value in values[1:])]
    else:
        parts = [_quoted(str(value)) for value in values]
    return " ".join([f"--{name}", *parts])


def short_time(seconds: int) -> str:
    """A length of time in one word that can be read again: `90m`."""
    size, unit = next((size, unit) for size, unit in _UNITS if seconds % size == 0)
    return f"{seconds // size}{unit}"


def _quoted(text: str) -> str:
    plain = not any(one.isspace() or one in '"“”„«»—–' for one in text) and not text.startswith("-")
    return text if plain and not text.endswith(",") else '"' + text.replace('"', '\\"') + '"'
