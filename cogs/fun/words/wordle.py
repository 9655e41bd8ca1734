"""A game of wordle in a channel, or of one player there."""

import asyncio
from functools import partial
from typing import Final

import discord

from cogs.fun.channel_games.game import ChannelGame, Place
from cogs.fun.words.lists import known_words, wordle_words
from cogs.fun.words.wordle_rules import TILES, TRIES, Tile, is_guess, keyboard, row
from utils.i18n import _, ngettext

IDLE_SECONDS: Final = 600.0


class WordleGame(ChannelGame):
    """A word of five letters, and six tries."""

    def __init__(self, place: Place, *, alone: bool) -> None:
        super().__init__(place)
        self.alone = alone
        self.word = place.chance.choice(wordle_words())
        self.guesses: list[str] = []

    @property
    def is_decided(self) -> bool:
        """Whether the word was found, or no try is left."""
        return self.word in self.guesses or len(self.guesses) == TRIES

    async def begin(self) -> None:
        """Say how it goes."""
        await asyncio.to_thread(known_words)  # read once, and not while somebody's message is judged
        lines = [
            _("Find the English word of five letters in six tries: just write a word here. `{stop}` ends the game."),
            _(
                "{right} is a letter in its place, {elsewhere} one that belongs elsewhere, and {absent} one that"
                " isn't in the word, or not once more. I mark words that I don't know with ❓."
            ),
            _("Only {member} plays.") if self.alone else _("Everybody plays together."),
        ]
        text = "\n".join(lines).format(
            stop=f"{self.place.prefix}stop",
            right=TILES[Tile.RIGHT],
            elsewhere=TILES[Tile.ELSEWHERE],
            absent=TILES[Tile.ABSENT],
            member=f"<@{self.place.starter_id}>",
        )
        await self.say(text, title=_("Wordle"))
        self.after(IDLE_SECONDS, self._nobody_plays)

    def hear(self, message: discord.Message) -> None:
        """Take a word of five letters as a guess."""
        guess = message.content.strip().casefold()
        if self.is_decided or not is_guess(guess) or (self.alone and message.author.id != self.place.starter_id):
            return
        if guess not in known_words():
            self.do(partial(self.react, message, "❓"))
        elif guess in self.guesses:
            self.do(partial(self.react, message, "🔁"))
        else:
            self.guesses.append(guess)
            self.after(IDLE_SECONDS, self._nobody_plays)
            self.do(partial(self._show, len(self.guesses), message.author.id))

    def farewell(self) -> str:
        """The word."""
        return _("The word was **{word}**.").format(word=self.word.upper())

    async def _show(self, count: int, user_id: int) -> None:
        guesses = self.guesses[:count]
        board = "\n".join(row(guess, self.word) for guess in guesses)
        if guesses[-1] == self.word:
            end = ngettext(
                "🎉 {member} found it with the first try!", "🎉 {member} found it! It took {count} tries.", count
            ).format(member=f"<@{user_id}>", count=count)
        elif count == TRIES:
            end = self.farewell()
        else:
            await self.say(f"{board}\n\n{self._letters(guesses)}", title=_("Wordle"))
            return
        await self.finish()
        await self.say(f"{board}\n\n{end}", title=_("Wordle"))

    def _letters(self, guesses: list[str]) -> str:
        """What is known of the letters that were guessed, those in the word first."""
        known = keyboard(guesses, self.word)
        lines = []
        for tile in sorted(Tile, reverse=True):
            letters = sorted(letter.upper() for letter, found in known.items() if found is tile)
            if letters:
                lines.append(f"{TILES[tile]} {' '.join(letters)}")
        return "\n".join(lines)

    async def _nobody_plays(self) -> None:
        if not self.is_decided:
            await self.end(_("Nobody is guessing any more, so I stop here."))
