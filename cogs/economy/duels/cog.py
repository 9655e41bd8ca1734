"""Duels: a challenge, its answer, and what follows on it. Nothing is taken before the other accepts."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Annotated, Any, ClassVar, Final, cast

import discord
from discord.ext import commands

from cogs.economy.base import EconomyCog
from cogs.economy.duels import rules
from cogs.economy.duels.duel import (
    SECONDS_TO_ANSWER,
    SECONDS_TO_CHOOSE,
    Duel,
    Phase,
    called_off_embed,
    challenge_embed,
    choosing_embed,
    coin_text,
    dice_text,
    ending_embed,
    hands_text,
    shown_hand,
)
from cogs.economy.duels.rules import DUEL, Hand, Variety, Winner
from cogs.economy.duels.settings import RAKE
from cogs.economy.duels.views import DuelButton, buttons_of
from cogs.economy.games.casino import Casino, game_is_over
from cogs.economy.games.matches import Matches
from cogs.economy.panels import repaint
from database.errors import DatabaseError
from utils.amounts import Amount
from utils.arguments import as_bad_argument
from utils.bot import Hearth
from utils.commands import command, example
from utils.context import GuildContext
from utils.converters import GuildMember
from utils.errors import Silent, UserError
from utils.i18n import _, using
from utils.members import get_member

log = logging.getLogger("hearth.economy")

SECONDS_TO_RETRY: Final = 30

Click = discord.Interaction[Any]


class VarietyName(commands.Converter[Variety]):
    """What is played in a duel."""

    async def convert(self, _ctx: commands.Context[Any], argument: str) -> Variety:
        """Raise `BadArgument`, with what there is, for anything else."""
        with as_bad_argument():
            return rules.find_variety(argument)


class Duels(EconomyCog):
    """Duels between two members who both want it."""

    settings = (DUEL.switch, RAKE)
    dynamic_items: ClassVar = (DuelButton,)

    def __init__(self, bot: Hearth, casino: Casino) -> None:
        super().__init__(bot, casino.bank)
        self.casino = casino
        self.matches = Matches(casino)
        self.open: dict[int, Duel] = {}
        """Challenges and duels that aren't over, by their ids."""

    @command(aliases=["challenge"], usage="<member> <bet> [coinflip|dice|rps]")
    @example("@bob 100", "@bob half dice", "@bob 1k rps")
    async def duel(
        self, ctx: GuildContext, member: Annotated[discord.Member, GuildMember], bet: Amount,
        *, game: Annotated[Variety, VarietyName] = "coinflip",
    ) -> None:  # fmt: skip
        """Challenge a member: both bet the same, and the winner gets both bets.

        The game is `coinflip`, `dice` or `rps` (rock, paper, scissors). Nothing is taken before the other accepts,
        which they can for two minutes; until then you can withdraw. In `rps` both choose in secret within a minute:
        who doesn't choose loses, and if neither does, both get their bets back.
        """
        self._check_opponent(ctx, member)
        if await self.matches.has_begun(ctx.guild.id, ctx.message.id):
            raise Silent  # Discord delivered this challenge before
        stake = await self.casino.stake(ctx, DUEL, bet)
        self._refuse_second(ctx.guild.id, ctx.author.id)
        duel = Duel(
            ctx.message.id, ctx.guild, (ctx.author.id, member.id), game, stake,
            self.bot.guild_settings.get(ctx.guild.id, RAKE),
            discord.utils.utcnow() + timedelta(seconds=SECONDS_TO_ANSWER), ctx.can_embed,
        )  # fmt: skip
        self.open[duel.id] = duel
        try:
            duel.message = await ctx.reply(embed=challenge_embed(self.bank, duel), view=buttons_of(duel))
        except BaseException:
            del self.open[duel.id]
            raise
        self.spawn(self._watch(duel))

    def _check_opponent(self, ctx: GuildContext, member: discord.Member) -> None:
        if member.id == ctx.author.id:
            raise UserError(_("You can't duel yourself; challenge another member."))
        if member.bot:
            raise UserError(_("Bots have no coins; challenge another member."))

    def _refuse_second(self, guild_id: int, challenger_id: int) -> None:
        for duel in self.open.values():
            if duel.guild.id == guild_id and duel.players[0] == challenger_id and duel.phase is Phase.ASKED:
                raise UserError(
                    _("You have challenged {member} already; wait for the answer, or withdraw.").format(
                        member=f"<@{duel.players[1]}>"
                    )
                )

    # --- buttons

    async def press(self, click: Click, doing: str, duel_id: int) -> None:
        """Somebody presses a button. Raises `UserError`."""
        duel = self.open.get(duel_id)
        if duel is None:
            raise UserError(game_is_over())
        if click.user.id not in duel.players:
            raise UserError(_("These buttons are not yours."))
        async with duel.lock:
            if duel.is_over or (duel.phase is Phase.ASKED) == (doing in rules.HANDS):
                raise UserError(game_is_over())  # it went on while this press was on its way
            await DOINGS.get(doing, Duels.choose)(self, click, duel, doing)

    async def accept(self, click: Click, duel: Duel, _doing: str) -> None:
        """Begin: take both bets together."""
        self._only(click, duel.players[1])
        self.check_coins_on(duel.guild.id)
        self.casino.check_on(duel.guild.id, DUEL)
        if await get_member(duel.guild, duel.players[0]) is None:
            raise UserError(_("{member} isn't in this server any more.").format(member=f"<@{duel.players[0]}>"))
        if duel.variety == "rps":
            duel.wagers = await self.matches.open(click, DUEL, duel.id, duel.stake, duel.players, most=duel.prize())
            duel.phase = Phase.CHOOSING
            duel.deadline = discord.utils.utcnow() + timedelta(seconds=SECONDS_TO_CHOOSE)
            self.spawn(self._watch(duel))
            with using(duel.language):
                await self._show(duel, choosing_embed(duel), click)
            return
        winner, happened = self._played(duel)
        await self.matches.play(click, DUEL, duel.id, duel.stake, duel.payouts(winner))
        with using(duel.language):
            await self._close(duel, ending_embed(self.bank, duel, happened, winner), click)

    def _played(self, duel: Duel) -> tuple[Winner, str]:
        """Who wins what chance decides, and how, in the duel's language."""
        with using(duel.language):
            if duel.variety == "coinflip":
                side = rules.coin_falls(self.bot.chance)
                return side, coin_text(side)
            rounds = rules.throws(self.bot.chance)
            return rules.dice_winner(*rounds[-1]), dice_text(duel, rounds)

    async def decline(self, click: Click, duel: Duel, _doing: str) -> None:
        """Say no."""
        self._only(click, duel.players[1])
        with using(duel.language):
            why = _("{member} declines the duel.").format(member=f"<@{duel.players[1]}>")
            await self._close(duel, called_off_embed(duel, why), click)

    async def withdraw(self, click: Click, duel: Duel, _doing: str) -> None:
        """Take the challenge back."""
        self._only(click, duel.players[0])
        with using(duel.language):
            why = _("{member} withdraws the challenge.").format(member=f"<@{duel.players[0]}>")
            await self._close(duel, called_off_embed(duel, why), click)

    async def choose(self, click: Click, duel: Duel, doing: str) -> None:
        """Choose a hand; once both have, the duel ends."""
        hand = cast("Hand", doing)
        if click.user.id in duel.hands:
            raise UserError(_("You chose already: {hand}.").format(hand=shown_hand(duel.hands[click.user.id])))
        duel.hands[click.user.id] = hand
        chosen = _("You choose {hand}. Nobody sees it before both have chosen.").format(hand=shown_hand(hand))
        if len(duel.hands) == 2:
            await self._finish(duel, click)
            return
        with using(duel.language):
            await self._show(duel, choosing_embed(duel), click)
        await click.followup.send(chosen, ephemeral=True)

    def _only(self, click: Click, player_id: int) -> None:
        if click.user.id != player_id:
            raise UserError(_("Only {member} can press this.").format(member=f"<@{player_id}>"))

    # --- its end

    async def _finish(self, duel: Duel, click: Click | None = None) -> None:
        """Pay what the hands bring, once. Raises what the database does; then the bets are still held."""
        winner = rules.rps_winner(duel.hand_of(0), duel.hand_of(1))
        if duel.hands:
            ended = await self.matches.settle(duel.wagers, duel.payouts(winner))
        else:
            ended = await self.casino.refund(duel.wagers[0])
        if not ended:  # a part of it was ended elsewhere; what is left of it goes back
            await self.casino.refund(duel.wagers[0])
        with using(duel.language):
            embed = ending_embed(self.bank, duel, hands_text(duel), winner)
            if not ended:
                embed = called_off_embed(duel, _("This duel was cut off, and both got their bets back."))
            await self._close(duel, embed, click)

    async def _watch(self, duel: Duel) -> None:
        """End it when the time for its present phase is over."""
        phase = duel.phase
        while duel.phase is phase:
            left = (duel.deadline - discord.utils.utcnow()).total_seconds()
            if left > 0:
                await asyncio.sleep(left)
                continue
            async with duel.lock:
                if duel.phase is not phase:
                    return
                try:
                    await self._run_out(duel)
                except DatabaseError:
                    log.warning("Duel %d waits for the database", duel.id, exc_info=True)
                    duel.deadline = discord.utils.utcnow() + timedelta(seconds=SECONDS_TO_RETRY)

    async def _run_out(self, duel: Duel) -> None:
        if duel.phase is Phase.CHOOSING:
            await self._finish(duel)
            return
        with using(duel.language):
            why = _("{member} didn't answer in time.").format(member=f"<@{duel.players[1]}>")
            await self._close(duel, called_off_embed(duel, why))

    async def _close(self, duel: Duel, embed: discord.Embed, click: Click | None = None) -> None:
        duel.phase = Phase.OVER
        self.open.pop(duel.id, None)
        await self._show(duel, embed, click)

    async def _show(self, duel: Duel, embed: discord.Embed, click: Click | None = None) -> None:
        await repaint(duel.message, embed, buttons_of(duel), can_embed=duel.can_embed, over=duel.is_over, click=click)


Doing = Callable[[Duels, Click, Duel, str], Awaitable[None]]
DOINGS: Final[dict[str, Doing]] = {"accept": Duels.accept, "decline": Duels.decline, "withdraw": Duels.withdraw}
"""What the buttons of a challenge do; the others choose a hand."""
