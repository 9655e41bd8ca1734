"""Bets on games, by events alone: the economy holds the coins, or isn't there and the game is for honour."""

import asyncio

from database.board_games import BoardGame
from database.ids import new_id
from utils import events
from utils.bot import Hearth
from utils.errors import UserError
from utils.events import BetHeld, BetRefused, BetRequested, BetSettled

WAIT_SECONDS = 2.0
"""How long an answer is waited for. It takes a moment where the economy is on."""


class Bets:
    """Asks for stakes to be held, and says who won them."""

    def __init__(self, bot: Hearth) -> None:
        self.bot = bot
        self._asked: dict[int, asyncio.Future[BetHeld | BetRefused]] = {}

    async def hold(self, game: BoardGame, stake: int) -> BetHeld | None:
        """Let the stakes of all players be held; None where nobody answers.

        Raises `UserError` with the reason why they can't be. Call `begun` once the game that they are for is stored,
        or won't be.
        """
        request = BetRequested(new_id(), game.guild_id, game.game, game.players, stake)
        answer: asyncio.Future[BetHeld | BetRefused] = asyncio.get_running_loop().create_future()
        self._asked[request.bet_id] = answer
        events.publish(self.bot, request)
        waiting = asyncio.ensure_future(asyncio.sleep(WAIT_SECONDS))
        try:
            await asyncio.wait({answer, waiting}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            waiting.cancel()
        if not answer.done():
            self.begun(request.bet_id)  # what comes later than this is given back
            return None
        held = answer.result()
        if isinstance(held, BetRefused):
            self.begun(request.bet_id)
            raise UserError(held.reason)
        return held

    def begun(self, bet_id: int) -> None:
        """Whoever hears of this bet from now on finds its game among those that are stored, or nowhere."""
        self._asked.pop(bet_id, None)

    def answered(self, answer: BetHeld | BetRefused) -> bool:
        """Take an answer, also a second time; False if nobody waits for it."""
        waiting = self._asked.get(answer.bet_id)
        if waiting is None:
            return False
        if not waiting.done():
            waiting.set_result(answer)
        return True

    def settle(self, bet_id: int, guild_id: int, winner_id: int | None = None) -> None:
        """Say who won; None gives everybody their stake back."""
        winners = () if winner_id is None else (winner_id,)
        events.publish(self.bot, BetSettled(bet_id, guild_id, winners))
