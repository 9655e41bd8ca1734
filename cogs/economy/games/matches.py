"""Games between several people: all stakes are taken together, and all parts end together."""

from collections.abc import Iterable, Mapping, Sequence

import discord

from cogs.economy.games.casino import Casino, game_is_over
from cogs.economy.games.catalogue import Game
from database.economy import MOST_COINS, AlreadyDone, Cause, Operation, Posting, TooMuch
from database.wagers import Wager
from utils.errors import UserError
from utils.i18n import _


class Matches:
    """Holds the stakes of matches, as the casino does those of games of one. A match begins and ends once.

    Its id is that of the message which proposed it. What a crash leaves open, `Casino.refund` gives back to all.
    """

    def __init__(self, casino: Casino) -> None:
        self.casino = casino
        self.bank = casino.bank
        self.wagers = casino.wagers

    async def play(
        self, click: discord.Interaction, game: Game, match_id: int, stake: int, payouts: Mapping[int, int]
    ) -> None:
        """Take everybody's stake and pay what came out, in one operation. `payouts` by player, all of them."""
        await self.free(click.guild_id or 0, payouts)
        async with self.bank.by(click, "bet", subject=game.name) as operation:
            await self._may_begin(operation, match_id, list(payouts), click.user.id, sum(payouts.values()) - stake)
            await self._take(operation, stake, list(payouts))
            for player_id, payout in payouts.items():
                await operation.post(Posting(player_id, payout, kind="winnings"))
            played = [(player_id, stake, payout) for player_id, payout in payouts.items()]
            await self.wagers.record_all(operation, game.name, played, match_id=match_id)

    async def open(
        self, click: discord.Interaction, game: Game, match_id: int, stake: int, players: Sequence[int], *, most: int
    ) -> list[Wager]:
        """Take everybody's stake for a match that begins; raises `UserError` if somebody can't.

        `most` is the largest payout; whoever has no room for it finds out now, and not when they win.
        """
        await self.free(click.guild_id or 0, players)
        async with self.bank.by(click, "bet", subject=game.name) as operation:
            return await self.hold(operation, game.name, match_id, stake, players, most=most, reader_id=click.user.id)

    async def hold(
        self, operation: Operation, game: str, match_id: int, stake: int, players: Sequence[int], *, most: int,
        reader_id: int,
    ) -> list[Wager]:  # fmt: skip
        """Take everybody's stake inside an operation, as `open` does in one of its own.

        `reader_id` is who reads why it can't be, and isn't named there; 0 for nobody in particular.
        """
        await self._may_begin(operation, match_id, players, reader_id, most - stake)
        wagers = []
        for player_id in players:
            wager = await self.wagers.open(operation, player_id, game, stake, match_id=match_id)
            if wager is None:  # nobody plays against themselves
                raise UserError(_is_playing(player_id, reader_id))
            wagers.append(wager)
        await self._take(operation, stake, players)
        return wagers

    async def settle(self, wagers: Sequence[Wager], payouts: Mapping[int, int]) -> bool:
        """End a match and pay what came out; False if a part of it was over already, and then nothing is changed."""
        first = wagers[0]
        cause = Cause("match", first.match_id)
        try:
            async with self.bank.operation(first.guild_id, "winnings", cause, subject=first.game) as operation:
                for wager in wagers:
                    if await self.wagers.settle(wager.id, payouts[wager.user_id], operation.new.at) is None:
                        raise AlreadyDone
                await operation.pay({wager.user_id: payouts[wager.user_id] for wager in wagers})
        except AlreadyDone:
            return False
        return True

    async def free(self, guild_id: int, players: Iterable[int]) -> None:
        """Give players the stakes of games back that couldn't be settled, and would keep them from this one."""
        for player_id in players:
            await self.casino.free(guild_id, player_id)

    async def has_begun(self, guild_id: int, match_id: int) -> bool:
        """Whether that match was begun, and perhaps ended."""
        return bool(await self.wagers.of_match(guild_id, match_id))

    async def _take(self, operation: Operation, stake: int, players: Sequence[int]) -> None:
        await operation.post(*(Posting(player_id, -stake) for player_id in players))

    async def _may_begin(
        self, operation: Operation, match_id: int, players: Sequence[int], reader_id: int, gain: int
    ) -> None:
        if await self.has_begun(operation.guild_id, match_id):
            raise UserError(game_is_over())
        for player_id in sorted(players, key=lambda player_id: player_id != reader_id):
            if await self.wagers.open_of(operation.guild_id, player_id) is not None:
                raise UserError(_is_playing(player_id, reader_id))
            if (await operation.account(player_id)).total + gain > MOST_COINS:
                raise UserError(self.bank.too_much(operation.guild_id, TooMuch(player_id), reader_id))


def _is_playing(player_id: int, reader_id: int) -> str:
    if player_id == reader_id:
        return _("You have a game open; finish it first.")
    return _("{member} has a game open; wait until it is over.").format(member=f"<@{player_id}>")
