"""Rules as lines: `--words "bad word" evil* --delete --timeout 10m`. Reading them, changing them, writing them."""

from collections.abc import Mapping
from typing import Any, Final

import discord

from cogs.moderation.automod.clauses import CLAUSES, PUNISHMENTS, Clauses, Group, Values
from utils.errors import UserError
from utils.flag_words import Flag, Words, known
from utils.formatting import clean_input, code, truncate
from utils.i18n import _

COMMAND: Final = "automod add"
_UNITS: Final = ((604_800, "w"), (86_400, "d"), (3_600, "h"), (60, "m"), (1, "s"))
_AS_WRITTEN: Final = frozenset({"regex", "reason"})
_TIMES: Final = frozenset({"account-under", "here-under", "timeout", "ban"})
_RATES: Final = frozenset(name for name, clause in CLAUSES.items() if clause.is_rate)


def read_clauses(text: str, guild: discord.Guild) -> dict[str, Values | None]:
    """The clauses of a line; None for one that is taken away, by `--no-…`. Raises UserError."""
    return {name: _read(name, words, guild) for name, words in _split(clean_input(text)).items()}


def _split(text: str) -> dict[str, list[str] | None]:
    names = [*CLAUSES, *(f"no-{name}" for name in CLAUSES)]
    found: dict[str, list[str] | None] = {}
    behind: list[str] | None = None
    words = Words(text)
    while (word := words.next()) is not None:
        if isinstance(word, Flag):
            name = known(word.name, names, COMMAND)
            taken_away = name not in CLAUSES
            behind = [] if taken_away else found.get(name) or []
            found[name.removeprefix("no-") if taken_away else name] = None if taken_away else behind
        elif behind is None:
            raise UserError(
                _("{word} stands before the first clause; write it like `--words {word}`.").format(
                    word=code(truncate(word, 40)).strip("`")
                )
            )
        else:
            behind.append(word)
    return found


def _read(name: str, words: list[str] | None, guild: discord.Guild) -> Values | None:
    if words is None:
        return None
    try:
        if name not in _AS_WRITTEN:  # people write lists with commas, too
            words = [word.rstrip(",") or word for word in words]
        return CLAUSES[name].read(words, guild)
    except (ValueError, UserError) as error:
        raise UserError(f"{code(f'--{name}')}: {error}") from error


def changed(clauses: Clauses, changes: Mapping[str, Values | None]) -> Clauses:
    """A rule with some clauses set, in place of what they were, and others taken away.

    Another punishment takes the place of the one there is. Raises UserError if what remains is no rule.
    """
    result = dict(clauses)
    chosen = [name for name in PUNISHMENTS if changes.get(name) is not None]
    if len(chosen) > 1:
        raise UserError(_("A rule warns, times out, kicks or bans: one of these, for each makes a case."))
    for name in PUNISHMENTS if chosen else ():
        result.pop(name, None)
    for name, values in changes.items():
        if values is None:
            result.pop(name, None)
        else:
            result[name] = list(values)
    if not of_group(result, "trigger"):
        raise UserError(_("A rule looks for something: for words, links, invites and more. Say what."))
    if not of_group(result, "action"):
        raise UserError(_("A rule does something: say `--delete`, `--alert` or another of its actions."))
    return {name: result[name] for name in CLAUSES if name in result}


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
