"""The way of every bet: its limits, the stake out of the account when the game begins, and one settlement."""

from contextlib import AbstractAsyncContextManager
from datetime import timedelta

import discord

from cogs.economy.bank import Bank, Doer
from cogs.economy.games.catalogue import GAMES, Game
from cogs.economy.games.pace import Pace
from cogs.economy.games.settings import GAMES_PER_MINUTE, LARGEST_BET, SMALLEST_BET
from database.economy import MOST_COINS, AlreadyDone, Cause, Operation, Posting
from database.wagers import Wager, WagersStore
from utils.amounts import Amount
from utils.context import Context, GuildContext
from utils.errors import UserError
from utils.i18n import _, ngettext, translate
from utils.time import timestamp

SURELY_OVER = timedelta(hours=1)
"""No game takes longer: one that is open after this time couldn't be settled, such as while the database was away."""


class Casino:
    """Where stakes are held. One for all games.

    A game that is over at once is played in one operation (`play`). One that goes on opens a wager (`open`), which
    takes the stake, and ends it once (`settle`); what a crash leaves open is refunded (`recovery.py`). A payout
    includes the stake: nothing for a loss, the stake itself for a draw.
    """

    def __init__(self, bank: Bank) -> None:
        self.bank = bank
        self.bot = bank.bot
        self.wagers = WagersStore(bank.bot.db)
        self._pace = Pace()

    # --- before a game

    async def stake(self, ctx: GuildContext, game: Game, amount: Amount) -> int:
        """How many coins are bet in a game that begins now.

        Raises `UserError` if the game is off here, the bet isn't within the limits, or too many games were played in
        the last minute; call it once for each game.
        """
        self.check_on(ctx.guild.id, game)
        await self.free(ctx.guild.id, ctx.author.id)
        if amount.coins is not None:  # else the limits are told before what one has
            self.check_limits(ctx.guild.id, amount.coins)
        stake = await self.bank.resolve(ctx.guild.id, ctx.author.id, amount)
        if amount.share is not None:  # `all` means as much as may be bet
            stake = min(stake, self.bot.guild_settings.get(ctx.guild.id, LARGEST_BET))
        self.check_limits(ctx.guild.id, stake)
        self._count(ctx.guild.id, ctx.author.id)
        return stake

    async def free(self, guild_id: int, player_id: int) -> None:
        """Give somebody the stake of a game back that couldn't be settled, and would keep them from playing."""
        stuck = await self.wagers.open_of(guild_id, player_id)
        if stuck is not None and stuck.opened_at < discord.utils.utcnow() - SURELY_OVER:
            await self.refund(stuck)

    def check_on(self, guild_id: int, game: Game) -> None:
        """Raise `UserError` if a game is switched off in a guild."""
        if not self.bot.guild_settings.get(guild_id, game.switch):
            raise UserError(_("{game} is switched off in this server.").format(game=translate(game.label)))

    def check_limits(self, guild_id: int, stake: int) -> None:
        """Raise `UserError` for less than the smallest bet of a guild, or more than the largest."""
        settings = self.bot.guild_settings
        most = settings.get(guild_id, LARGEST_BET)
        least = min(settings.get(guild_id, SMALLEST_BET), most)  # set the wrong way round, they leave one bet
        if stake < least:
            raise UserError(_("The smallest bet is {least}.").format(least=self.bank.show(guild_id, least)))
        if stake > most:
            raise UserError(_("The largest bet is {most}.").format(most=self.bank.show(guild_id, most)))

    def _count(self, guild_id: int, player_id: int) -> None:
        """Count a game for the limit of them in a minute, or raise `UserError` if it is reached."""
        limit = self.bot.guild_settings.get(guild_id, GAMES_PER_MINUTE)
        free_at = self._pace.count(guild_id, player_id, limit, discord.utils.utcnow())
        if free_at is not None:
            raise UserError(
                ngettext(
                    "Only {limit} game a minute can be played in this server; your next one can begin {when}.",
                    "Only {limit} games a minute can be played in this server; your next one can begin {when}.",
                    limit,
                ).format(limit=limit, when=timestamp(free_at, "R"))
            )

    # --- games that are over at once

    async def play(self, doer: Doer, game: Game, stake: int, payout: int, *, most: int) -> int:
        """Take a stake and pay what came out, in one operation; the balance in hand after it.

        `most` is the largest payout that this bet could have: whoever has no room for it isn't let to play, and
        doesn't find out only when they win.
        """
        player_id = _player(doer)
        async with self.bank.by(doer, "bet", subject=game.name) as operation:
            await self._refuse_second(operation, player_id)
            if (await operation.account(player_id)).total - stake + most > MOST_COINS:
                raise UserError(
                    _("This bet could pay {most}, and your account has no room for that.").format(
                        most=self.bank.show(operation.guild_id, most)
                    )
                )
            await self.wagers.record(operation, player_id, game.name, stake, payout)
            entries = await operation.post(Posting(player_id, -stake), Posting(player_id, payout, kind="winnings"))
        return entries[-1].balance

    # --- games that go on

    async def open(self, doer: Doer, game: Game, stake: int) -> Wager:
        """Take a stake for a game that begins; raises `UserError` if the player has a game open."""
        player_id = _player(doer)
        async with self.bank.by(doer, "bet", subject=game.name) as operation:
            await self._refuse_second(operation, player_id)
            wager = await self.wagers.open(operation, player_id, game.name, stake)
            assert wager is not None
            await operation.post(Posting(player_id, -stake))
        return wager

    async def add_stake(self, click: discord.Interaction, wager: Wager, extra: int) -> Wager:
        """Take more for an open game, such as for a doubled bet; raises `UserError` if it is over meanwhile."""
        async with self.bank.by(click, "bet", subject=wager.game) as operation:
            raised = await self.wagers.add_stake(wager.id, extra)
            if raised is None:
                raise UserError(game_is_over())
            await operation.post(Posting(wager.user_id, -extra))
        return raised

    async def settle(self, wager: Wager, payout: int) -> bool:
        """End a game and pay what came out; False if it was over already, and then nothing is paid."""
        try:
            async with self._ending(wager, "winnings") as operation:
                if await self.wagers.settle(wager.id, payout, operation.new.at) is None:
                    raise AlreadyDone
                await operation.pay({wager.user_id: payout})
        except AlreadyDone:
            return False
        return True

    async def refund(self, wager: Wager) -> bool:
        """Give the stake of a game back that wasn't played to its end; False if it was over already.

        Of a game between several people all get theirs, in the same operation.
        """
        try:
            async with self._ending(wager, "bet_refund") as operation:
                if not await call_off(operation, self.wagers, wager):
                    raise AlreadyDone
        except AlreadyDone:
            return False
        return True

    def _ending(self, wager: Wager, kind: str) -> AbstractAsyncContextManager[Operation]:
        return self.bank.operation(wager.guild_id, kind, Cause("wager", wager.id), wager.user_id, subject=wager.game)

    async def _refuse_second(self, operation: Operation, player_id: int) -> None:
        open_one = await self.wagers.open_of(operation.guild_id, player_id)
        if open_one is not None:
            game = GAMES.get(open_one.game)
            label = translate(game.label) if game else open_one.game
            raise UserError(_("You have a game of {game} open; finish it first.").format(game=label))


async def call_off(operation: Operation, wagers: WagersStore, wager: Wager) -> bool:
    """Give back the stake of an open game, of one between several people all theirs; False if it was over already."""
    parts = [wager]
    if wager.match_id is not None:
        parts = await wagers.of_match(wager.guild_id, wager.match_id)
    ended = [await wagers.refund(part.id, operation.new.at) for part in parts]
    stakes = {part.user_id: part.stake for part in ended if part is not None}
    if stakes:
        await operation.pay(stakes, kind="bet_refund")
    return bool(stakes)


def game_is_over() -> str:
    """What who presses a button of a game reads that ended without them."""
    return _("This game is over. If it was cut off by a restart, your bet was given back.")


def _player(doer: Doer) -> int:
    return doer.author.id if isinstance(doer, Context) else doer.user.id
