"""A game of trivia in a channel."""

import logging
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Final

import discord

from cogs.fun.channel_games.game import ChannelGame, Place
from cogs.fun.channel_games.points import result
from cogs.fun.trivia.answers import hints_of, is_right, points_for
from cogs.fun.trivia.questions import Question
from cogs.fun.trivia.rounds import Streak
from database.errors import DatabaseUnavailable
from database.trivia import TriviaStore
from utils.formatting import code, safe
from utils.i18n import _, ngettext

log = logging.getLogger("hearth.fun")

BEFORE_THE_FIRST_SECONDS: Final = 5.0
BETWEEN_SECONDS: Final = 5.0
SILENT_QUESTIONS: Final = 3
"""The game ends when nobody said a word to so many questions in a row."""


class TriviaGame(ChannelGame):
    """Questions, one after the other; who is the first with the right answer gets its points."""

    def __init__(
        self, place: Place, store: TriviaStore, questions: Sequence[Question], *, answer_time: timedelta, hints: bool
    ) -> None:
        super().__init__(place)
        self.store = store
        self.questions = questions
        self.answer_seconds = answer_time.total_seconds()
        self.with_hints = hints
        self.hint_texts: Sequence[str] = ()  # of the open question
        self.points: dict[int, int] = {}
        self.streak = Streak()
        self.asked = 0  # questions so far, the open one included
        self.hints = 0  # given to the open question
        self.is_open = False
        self.was_silent = True
        self.silent_questions = 0

    @property
    def question(self) -> Question:
        """The one that was asked last."""
        return self.questions[self.asked - 1]

    async def begin(self) -> None:
        """Say how it goes; the first question comes in a moment."""
        await self.say(
            ngettext(
                "{count} question is coming. Write the answer here: the first right one gets the points, and small"
                " slips don't matter. `{stop}` ends the game.",
                "{count} questions are coming. Write the answers here: the first right one gets the points, and small"
                " slips don't matter. `{stop}` ends the game.",
                len(self.questions),
            ).format(count=len(self.questions), stop=f"{self.place.prefix}trivia stop"),
            title=_("Trivia"),
        )
        self.after(BEFORE_THE_FIRST_SECONDS, self._ask)

    def hear(self, message: discord.Message) -> None:
        """Close the question at the first right answer."""
        if not self.is_open:
            return
        self.was_silent = False
        if is_right(message.content, self.question.answers, self.question.text):
            self.is_open = False
            self.no_alarm()
            self.do(partial(self._answered, message.author.id))

    def skip(self) -> bool:
        """Go on to the next question; False if none is open."""
        if not self.is_open:
            return False
        self.is_open = False
        self.no_alarm()
        self.do(self._skipped)
        return True

    def farewell(self) -> str:
        """The answer that is open, and the points so far."""
        lines = [self._answer()] if self.is_open else []
        return "\n\n".join([*lines, result(self.points)])

    # --- one question

    async def _ask(self) -> None:
        self.asked += 1
        self.hints, self.was_silent, self.is_open = 0, True, True
        self.hint_texts = hints_of(self.question.answers[0]) if self.with_hints else ()
        title = _("Question {number} of {count}").format(number=self.asked, count=len(self.questions))
        await self.say(safe(self.question.text), title=title)
        self._go_on()

    def _go_on(self) -> None:
        if self.is_open:  # it may have been answered while this was sent
            more = self.hints < len(self.hint_texts)
            seconds = self.answer_seconds / (len(self.hint_texts) + 1)
            self.after(seconds, self._give_hint if more else self._time_is_up)

    async def _give_hint(self) -> None:
        if not self.is_open:
            return
        self.hints += 1
        await self.say(_("💡 A hint: {hint}").format(hint=code(self.hint_texts[self.hints - 1])))
        self._go_on()

    async def _answered(self, user_id: int) -> None:
        streak = self.streak.answered_by(user_id)
        points = points_for(self.hints, streak)
        self.points[user_id] = self.points.get(user_id, 0) + points
        self.silent_questions = 0
        text = _("✅ {member} has it: **{answer}**. That brings {points} points.").format(
            member=f"<@{user_id}>", answer=safe(self.question.answers[0]), points=points
        )
        lines = [text]
        if streak > 1:
            lines.append(_("🔥 {count} in a row!").format(count=streak))
        if not await self._keep(user_id, points, streak):
            lines.append(_("I can't write the points down right now; they count in this game only."))
        await self.say("\n".join(lines))
        await self._next()

    async def _time_is_up(self) -> None:
        if not self.is_open:
            return
        self.is_open = False
        self.streak.broken()
        self.silent_questions = self.silent_questions + 1 if self.was_silent else 0
        await self.say(_("⏰ Time is up. {answer}").format(answer=self._answer()))
        await self._next()

    async def _skipped(self) -> None:
        self.streak.broken()
        self.silent_questions = 0
        await self.say(self._answer())
        await self._next()

    def _answer(self) -> str:
        return _("The answer was **{answer}**.").format(answer=safe(self.question.answers[0]))

    async def _keep(self, user_id: int, points: int, streak: int) -> bool:
        assert self.place.guild is not None
        try:
            await self.store.add(self.place.guild.id, user_id, points=points, streak=streak)
        except DatabaseUnavailable as error:
            log.warning("Points of trivia aren't written: %s", error)
            return False
        return True

    # --- the whole game

    async def _next(self) -> None:
        if self.asked == len(self.questions):
            await self.end(_("That was the last question."))
        elif self.silent_questions >= SILENT_QUESTIONS:
            await self.end(_("Nobody is answering any more, so I stop here."))
        else:
            self.after(BETWEEN_SECONDS, self._ask)
