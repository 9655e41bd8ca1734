"""A game of hangman in a channel."""

from functools import partial
from typing import Final

import discord

from cogs.fun.channel_games.game import ChannelGame, Place
from cogs.fun.words.hangman_rules import Gallows, Outcome
from cogs.fun.words.lists import CATEGORIES, hangman_words, list_language
from utils.formatting import code_block
from utils.i18n import N_, _, translate

IDLE_SECONDS: Final = 180.0
_HOW: Final = {
    "en": N_("Guess the English word: write a letter, or the whole word. `{stop}` ends the game."),
    "de": N_("Guess the German word: write a letter, or the whole word. `{stop}` ends the game."),
}


class HangmanGame(ChannelGame):
    """A word that everybody guesses letter by letter."""

    def __init__(self, place: Place, category: str | None) -> None:
        super().__init__(place)
        self.category = category or place.chance.choice(list(CATEGORIES))
        self.language = list_language(place.language)
        self.gallows = Gallows(place.chance.choice(hangman_words(self.language)[self.category]))

    async def begin(self) -> None:
        """Say how it goes, and show the empty word."""
        text = translate(_HOW[self.language]).format(stop=f"{self.place.prefix}stop")
        await self.say(f"{text}\n{self._board()}", title=self._title())
        self.after(IDLE_SECONDS, self._nobody_plays)

    def hear(self, message: discord.Message) -> None:
        """Take one letter, or the word."""
        outcome = self.gallows.guess(message.content)
        if outcome is Outcome.CHAT:
            return
        self.after(IDLE_SECONDS, self._nobody_plays)
        if outcome is Outcome.AGAIN:
            self.do(partial(self.react, message, "🔁"))
        else:
            # As it is now: the next letter may be heard before this is sent.
            self.do(partial(self._show, outcome, self._board(), message.author.id))

    def farewell(self) -> str:
        """The word."""
        return _("The word was **{word}**.").format(word=self.gallows.word.upper())

    def _title(self) -> str:
        return _("Hangman: {category}").format(category=translate(CATEGORIES[self.category]))

    def _board(self) -> str:
        lines = [self.gallows.drawing(), "", self.gallows.shown()]
        if self.gallows.misses:
            lines += ["", "✗ " + " ".join(self.gallows.misses).upper()]
        return code_block("\n".join(lines))

    async def _show(self, outcome: Outcome, board: str, user_id: int) -> None:
        if outcome is Outcome.WON:
            end = _("🎉 {member} solved it! {farewell}").format(member=f"<@{user_id}>", farewell=self.farewell())
        elif outcome is Outcome.LOST:
            end = _("💀 That was the last miss. {farewell}").format(farewell=self.farewell())
        else:
            await self.say(board, title=self._title())
            return
        await self.finish()
        await self.say(f"{board}\n{end}", title=self._title())

    async def _nobody_plays(self) -> None:
        if not self.gallows.is_over:
            await self.end(_("Nobody is guessing any more, so I stop here."))
