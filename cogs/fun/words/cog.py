"""Games with words: the commands."""

from typing import Annotated, Any, Final

from discord.ext import commands

from cogs.fun.channel_games.cog import ChannelGames, stop_command
from cogs.fun.words.anagram import AnagramGame
from cogs.fun.words.hangman import HangmanGame
from cogs.fun.words.lists import CATEGORIES
from cogs.fun.words.typerace import TypeRace
from cogs.fun.words.wordle import WordleGame
from utils.bot import Hearth
from utils.cog import Cog
from utils.commands import example, group
from utils.context import Context
from utils.converters import Number
from utils.formatting import code, truncate
from utils.i18n import N_, _, format_list
from utils.near import meant

ROUNDS: Final = 5
MOST_ROUNDS: Final = 20


class Category(commands.Converter[str]):
    """A category of hangman's words."""

    async def convert(self, _ctx: commands.Context[Any], argument: str) -> str:
        """Raise `BadArgument`, with those there are, for others."""
        found = meant(argument, CATEGORIES)
        if found is None:
            raise commands.BadArgument(
                _("There is no category {text}. Choose {categories}.").format(
                    text=code(truncate(argument, 40)),
                    categories=format_list([code(key) for key in CATEGORIES], style="or"),
                )
            )
        return found


class Alone(commands.Converter[bool]):
    """The word `alone`, or `together`."""

    async def convert(self, _ctx: commands.Context[Any], argument: str) -> bool:
        """Raise `BadArgument` for anything else."""
        word = argument.strip().casefold()
        if word not in {"alone", "together"}:
            raise commands.BadArgument(_("Say `alone`, or nothing to play together."))
        return word == "alone"


Rounds = Annotated[int, Number(N_("Say a number of words from {least} to {most}."), least=1, most=MOST_ROUNDS)]
"""How many rounds there are."""


class WordGames(Cog, name="Word games"):
    """Hangman, wordle, anagrams and typing races."""

    def __init__(self, bot: Hearth, games: ChannelGames) -> None:
        super().__init__(bot)
        self.games = games

    @group()
    @example("", "animals")
    async def hangman(self, ctx: Context, *, category: Annotated[str | None, Category] = None) -> None:
        """Guess a word letter by letter, everybody together.

        Write a letter, or the whole word, as an ordinary message. Six wrong letters end the game; a wrong word costs
        nothing. Choose what the word is about if you like: `animals`, `food`, `places`, `things` or `nature`.
        """
        await self.games.begin(ctx, lambda place: HangmanGame(place, category))

    hangman_stop = stop_command(hangman)

    @group()
    @example("", "alone")
    async def wordle(self, ctx: Context, alone: Annotated[bool, Alone] = False) -> None:
        """Find a word of five letters in six tries, everybody together or you `alone`.

        Write a word as an ordinary message. A green square is a letter in its place, a yellow one a letter that
        belongs elsewhere, and a black one a letter that isn't in the word, or not once more.
        """
        await self.games.begin(ctx, lambda place: WordleGame(place, alone=alone))

    wordle_stop = stop_command(wordle)

    @group()
    @example("", "10")
    async def anagram(self, ctx: Context, rounds: Rounds = ROUNDS) -> None:
        """Find the words that mixed-up letters make; the first one gets the points.

        There are 5 words, or as many as you say, up to 20. A word brings 3 points, after the hint 1. Another word
        that is made of the same letters counts as well.
        """
        await self.games.begin(ctx, lambda place: AnagramGame(place, rounds))

    anagram_stop = stop_command(anagram)

    @group(aliases=["typingrace"])
    @example("")
    async def typerace(self, ctx: Context) -> None:
        """Type a text as fast as you can, against everybody who joins in.

        I show the text after a moment; send what you typed as one message. Nine in ten characters have to be right,
        and a copied text doesn't count. When the first is done, the others have 20 seconds left.
        """
        await self.games.begin(ctx, TypeRace)

    typerace_stop = stop_command(typerace)
