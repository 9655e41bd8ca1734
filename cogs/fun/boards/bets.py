"""Bets on games, by events alone: the economy holds the coins, or isn't there and the game is for honour."""

from dataclasses import dataclass
from typing import Any

import discord

from database.board_games import BoardGame
from database.ids import new_id
from utils import events
from utils.bot import Hearth
from utils.events import BetRequested, BetSettled


@dataclass
class Asked:
    """A bet that was asked for, on a game that somebody accepted."""

    bet_id: int
    game: BoardGame
    click: discord.Interaction[Any]
    """The press that accepted it."""
    answered: bool = False


class Bets:
    """Asks for stakes to be held, and says who won them."""

    def __init__(self, bot: Hearth) -> None:
        self.bot = bot
        self._asked: dict[int, Asked] = {}

    def ask(self, game: BoardGame, stake: int, click: discord.Interaction[Any]) -> int:
        """Let the stakes of all players be held; the bet's id."""
        request = BetRequested(new_id(), game.guild_id, game.game, game.players, stake)
        self._asked[request.bet_id] = Asked(request.bet_id, game, click)
        events.publish(self.bot, request)
        return request.bet_id

    def is_asked(self, game_id: int) -> bool:
        """Whether a bet on this game waits for an answer."""
        return any(asked.game.id == game_id for asked in self._asked.values())

    def game_of(self, bet_id: int) -> int | None:
        """The game that a bet was asked for, until it is begun with the bet or without."""
        asked = self._asked.get(bet_id)
        return None if asked is None else asked.game.id

    def take(self, bet_id: int) -> Asked | None:
        """Take in hand what was asked for; only the first answer, or its absence, gets it. Say `done` in the end."""
        asked = self._asked.get(bet_id)
        if asked is None or asked.answered:
            return None
        asked.answered = True
        return asked

    def done(self, bet_id: int) -> None:
        """Whoever hears of this bet from now on finds its game among those that are stored, or nowhere."""
        self._asked.pop(bet_id, None)

    def settle(self, bet_id: int, guild_id: int, winner_id: int | None = None) -> None:
        """Say who won; None gives everybody their stake back."""
        winners = () if winner_id is None else (winner_id,)
        events.publish(self.bot, BetSettled(bet_id, guild_id, winners))
