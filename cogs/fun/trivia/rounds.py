"""What is asked in a game, and what is wanted of it. Pure."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from discord.ext import commands

from cogs.fun.trivia.questions import CATEGORIES, OWN, Question
from utils.arguments import as_bad_argument
from utils.formatting import code, truncate
from utils.i18n import N_, _, format_list
from utils.near import meant

QUESTIONS: Final = 10
MOST_QUESTIONS_ASKED: Final = 50
NAMES: Final[Mapping[str, str]] = {**CATEGORIES, OWN: N_("This server's own questions")}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a game is to ask: a category, or None for all of them; and how many questions."""

    category: str | None = None
    count: int = QUESTIONS

    @classmethod
    async def convert(cls, _ctx: commands.Context[Any], argument: str) -> "Wanted":
        """For discord.py: read a command's argument."""
        with as_bad_argument():
            return read_wanted(argument)


def read_wanted(text: str) -> Wanted:
    """Read a category and a number of questions in any order; raises `ValueError` with a sentence."""
    count: int | None = None
    named: list[str] = []
    for word in text.casefold().split():
        if word.lstrip("-").isdecimal():
            if count is not None or len(word) > 4 or not 1 <= int(word) <= MOST_QUESTIONS_ASKED:
                raise ValueError(
                    _("Say one number of questions, from 1 to {most}.").format(most=MOST_QUESTIONS_ASKED)
                )
            count = int(word)
        else:
            named.append(word)
    return Wanted(_category(" ".join(named)), QUESTIONS if count is None else count)


def _category(text: str) -> str | None:
    if text in {"", "all", "alle"}:
        return None
    found = meant(text, NAMES)
    if found is None:
        raise ValueError(
            _("There is no category {text}. Choose {categories}, or `all`.").format(
                text=code(truncate(text, 40)), categories=format_list([code(key) for key in NAMES], style="or")
            )
        )
    return found


def draw(
    pool: Sequence[Question], count: int, *, asked_before: Sequence[str], chance: random.Random
) -> list[Question]:
    """So many questions, none twice, first those that weren't asked lately; fewer if there aren't as many.

    `asked_before` are keys, the latest last.
    """
    latest = {key: place for place, key in enumerate(asked_before)}
    shuffled = chance.sample(list(pool), len(pool))
    # The sort is stable, so those not asked lately come first and in the order of chance.
    return sorted(shuffled, key=lambda question: latest.get(question.key, -1))[:count]


@dataclass(slots=True)
class Streak:
    """Who answered the latest questions in a row."""

    user_id: int | None = None
    length: int = 0

    def answered_by(self, user_id: int) -> int:
        """How many this person answered in a row with this one."""
        self.length = self.length + 1 if user_id == self.user_id else 1
        self.user_id = user_id
        return self.length

    def broken(self) -> None:
        """Nobody answered."""
        self.user_id, self.length = None, 0
