"""A game of anagrams in a channel."""

import asyncio
from functools import partial
from typing import Final

import discord

from cogs.fun.channel_games.game import ChannelGame, Place
from cogs.fun.channel_games.points import result
from cogs.fun.words.anagram_rules import FULL_POINTS, HINTED_POINTS, answer_in, mixed
from cogs.fun.words.lists import anagram_words, list_language, words_by_letters
from utils.i18n import N_, _, ngettext, translate

HINT_AFTER_SECONDS: Final = 25.0
SOLVED_AFTER_SECONDS: Final = 20.0  # after the hint
BETWEEN_SECONDS: Final = 4.0
UNSOLVED_IN_A_ROW: Final = 3
_HOW: Final = {
    "en": N_("Find the English word that these letters make, and write it here. `{stop}` ends the game."),
    "de": N_("Find the German word that these letters make, and write it here. `{stop}` ends the game."),
}


class AnagramGame(ChannelGame):
    """Words whose letters are mixed up; who is the first to find one gets its points."""

    def __init__(self, place: Place, rounds: int) -> None:
        super().__init__(place)
        self.language = list_language(place.language)
        self.words = place.chance.sample(anagram_words(self.language), rounds)
        self.shown = 0
        self.is_open = False
        self.is_hinted = False
        self.unsolved = 0
        self.points: dict[int, int] = {}

    @property
    def word(self) -> str:
        """The one that was shown last."""
        return self.words[self.shown - 1]

    async def begin(self) -> None:
        """Say how it goes, and show the first."""
        # Read once, and not while somebody's message is judged.
        await asyncio.to_thread(words_by_letters, self.language)
        how = translate(_HOW[self.language]).format(stop=f"{self.place.prefix}stop")
        await self.say(how, title=_("Anagram"))
        await self._show()

    def hear(self, message: discord.Message) -> None:
        """Take the first right word."""
        if not self.is_open:
            return
        found = answer_in(message.content, self.word, words_by_letters(self.language))
        if found is not None:
            self.is_open = False
            self.no_alarm()
            self.do(partial(self._solved, message.author.id, found))

    def farewell(self) -> str:
        """The word that is open, and the points so far."""
        lines = [self._solution()] if self.is_open else []
        return "\n\n".join([*lines, result(self.points)])

    async def _show(self) -> None:
        self.shown += 1
        self.is_open, self.is_hinted = True, False
        letters = " ".join(mixed(self.word, words_by_letters(self.language), self.place.chance).upper())
        title = _("Word {number} of {count}").format(number=self.shown, count=len(self.words))
        await self.say(f"`{letters}`", title=title)
        if self.is_open:  # it may have been found while this was sent
            self.after(HINT_AFTER_SECONDS, self._give_hint)

    async def _give_hint(self) -> None:
        if not self.is_open:
            return
        self.is_hinted = True
        hint = f"`{self.word[:2].upper()}{'_' * (len(self.word) - 2)}`"
        await self.say(_("💡 A hint: {hint}").format(hint=hint))
        if self.is_open:
            self.after(SOLVED_AFTER_SECONDS, self._time_is_up)

    async def _solved(self, user_id: int, found: str) -> None:
        points = HINTED_POINTS if self.is_hinted else FULL_POINTS
        self.points[user_id] = self.points.get(user_id, 0) + points
        self.unsolved = 0
        text = ngettext(
            "✅ {member} has it: **{word}**. That brings {count} point.",
            "✅ {member} has it: **{word}**. That brings {count} points.",
            points,
        ).format(member=f"<@{user_id}>", word=found.upper(), count=points)
        await self.say(text)
        await self._next()

    async def _time_is_up(self) -> None:
        if not self.is_open:
            return
        self.is_open = False
        self.unsolved += 1
        await self.say(_("⏰ Time is up. {answer}").format(answer=self._solution()))
        await self._next()

    async def _next(self) -> None:
        if self.shown == len(self.words):
            await self.end(_("That was the last word."))
        elif self.unsolved >= UNSOLVED_IN_A_ROW:
            await self.end(_("Nobody is answering any more, so I stop here."))
        else:
            self.after(BETWEEN_SECONDS, self._show)

    def _solution(self) -> str:
        return _("The word was **{word}**.").format(word=self.word.upper())
