"""Games that go on, with buttons: one player, one message, and each coin moved once whatever happens.

The stake is in escrow from the start (`Casino.open`). Moves of one game come one after the other, and a button says
which position it was shown for, so that a press that comes twice, or late, moves nothing. Whoever presses nothing for
`SECONDS_TO_DECIDE` has the game ended by its own rule. What was decided and couldn't be paid is tried again, until
`Refunds` gives the stake back; a game that is cut off is refunded.
"""

import asyncio
import logging
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final, Protocol, Self, cast

import discord
from discord.ui import Button, DynamicItem, View

from cogs.economy.base import EconomyCog
from cogs.economy.games.casino import Casino, game_is_over
from cogs.economy.games.catalogue import Game
from cogs.economy.games.odds import how_to_play
from cogs.economy.panels import repaint
from database.economy import BankRefusal
from database.errors import DatabaseError, DatabaseUnavailable
from database.wagers import Wager
from utils.amounts import Amount
from utils.bot import Hearth
from utils.context import GuildContext
from utils.errors import UserError
from utils.i18n import _, current_language, set_language, using
from utils.lasting import LastingButton

log = logging.getLogger("hearth.economy")

SECONDS_TO_DECIDE: Final = 60
FIRST_RETRY_SECONDS: Final = 5.0  # doubled after each attempt to pay what was won
LONGEST_RETRY_SECONDS: Final = 300.0
SECONDS_TO_CLOSE: Final = 10.0  # for all open games, when the bot stops


class Play(Protocol):
    """A game as its rules have it: pure, and for one player."""

    over: bool

    @property
    def staked(self) -> int:
        """How much is bet by now."""

    @property
    def payout(self) -> int:
        """What it brings back, once it is over."""

    def moves(self) -> Sequence[str]:
        """What may be done now."""

    def price(self, move: str) -> int:
        """How many coins a move takes before it is made."""

    def do(self, move: str) -> None:
        """Make a move."""

    def run_out(self) -> None:
        """End it by the rule for who presses nothing."""


@dataclass(frozen=True, slots=True)
class Choice:
    """How the button of a move looks."""

    move: str
    label: str
    emoji: str | None = None
    style: discord.ButtonStyle = discord.ButtonStyle.secondary


@dataclass(frozen=True, slots=True)
class Ending:
    """What became of the stake, and what the player has in hand since."""

    staked: int
    paid: int
    balance: int
    refunded: bool = False


class Face(Protocol):
    """How a game looks."""

    def embed(self, table: "Table") -> discord.Embed:
        """The whole game as it stands, or how it ended."""

    def choices(self, table: "Table") -> Sequence[Choice]:
        """The buttons; those whose move isn't possible are shown, and can't be pressed."""


@dataclass(slots=True)
class Table:
    """One open game."""

    wager: Wager
    play: Play
    face: Face
    can_embed: bool
    deadline: datetime
    language: str = field(default_factory=current_language)
    step: int = 0
    """How many moves were made: a button of an earlier position moves nothing."""
    timed_out: bool = False
    cut_off: bool = False
    """Whether it can't be played to its end."""
    ending: Ending | None = None
    """None as long as the stake is in escrow."""
    message: discord.Message | None = None
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def is_on(self) -> bool:
        """Whether there is something to be decided."""
        return not (self.play.over or self.cut_off)

    def look(self) -> tuple[discord.Embed, View | None]:
        """What the message says now, and its buttons."""
        with using(self.language):
            return self.face.embed(self), self._buttons() if self.is_on else None

    def _buttons(self) -> View:
        view, possible = View(timeout=None), self.play.moves()
        for choice in self.face.choices(self):
            view.add_item(MoveButton(self.wager.id, self.step, choice, disabled=choice.move not in possible))
        return view


class MoveButton(LastingButton, template=r"game:(?P<wager>[0-9]+):(?P<step>[0-9]+):(?P<move>[a-z]+)"):
    """Makes a move in the game whose id it carries."""

    def __init__(self, wager_id: int, step: int, choice: Choice, *, disabled: bool = False) -> None:
        super().__init__(
            Button(
                label=choice.label,
                emoji=choice.emoji,
                style=choice.style,
                disabled=disabled,
                custom_id=f"game:{wager_id}:{step}:{choice.move}",
            )
        )
        self.wager_id = wager_id
        self.step = step
        self.move = choice.move

    @classmethod
    def read(cls, match: re.Match[str]) -> Self:
        """The button whose id this is."""
        return cls(int(match["wager"]), int(match["step"]), Choice(match["move"], ""))

    async def press(self, interaction: discord.Interaction[Any]) -> None:
        """Make the move. Raises `UserError`."""
        tables = cast("Tables | None", interaction.client.get_cog("Tables"))
        if tables is None:
            raise UserError(game_is_over())
        await tables.press(interaction, self)


class Tables(EconomyCog):
    """The open games that go on. Their commands are in cogs of their own, which share this one."""

    dynamic_items: ClassVar[Sequence[type[DynamicItem[Any]]]] = (MoveButton,)

    def __init__(self, bot: Hearth, casino: Casino) -> None:
        super().__init__(bot, casino.bank)
        self.casino = casino
        self.open: dict[int, Table] = {}
        """Those whose stake is in escrow, by the ids of their wagers."""

    async def cog_unload(self) -> None:
        """Give the stakes of open games back: nobody will hear their buttons any more."""
        closing = [asyncio.ensure_future(self._close(table)) for table in self.open.values()]
        if closing:
            _done, late = await asyncio.wait(closing, timeout=SECONDS_TO_CLOSE)
            for task in late:  # what they leave is found at the next start
                task.cancel()

    async def _close(self, table: Table) -> None:
        # Without the lock, which may be waiting for Discord; a wager ends once in any case.
        await self._cut_off(table)
        await self._show(table)

    # --- the life of a game

    async def tell_how(self, ctx: GuildContext, game: Game) -> None:
        """Show a game's rules and odds, to who calls it without a bet."""
        self.casino.check_on(ctx.guild.id, game)
        await ctx.show(how_to_play(ctx, game))

    async def begin(
        self, ctx: GuildContext, game: Game, bet: Amount, face: Face, deal: Callable[[int], Play]
    ) -> None:
        """Take a stake, deal, and show the game; it is over when the player ends it or presses nothing for long."""
        stake = await self.casino.stake(ctx, game, bet)
        wager = await self._take(ctx, game, stake)
        table = Table(wager, deal(stake), face, ctx.can_embed, _deadline())
        self.open[wager.id] = table
        try:
            async with table.lock:
                if table.play.over:
                    await self._end(table)
                embed, view = table.look()
                table.message = await ctx.reply(embed=embed, view=view)
        except Exception:
            await self._cut_off(table)
            raise
        finally:
            if table.ending is None:
                self.spawn(self._watch(table))

    async def press(self, interaction: discord.Interaction[Any], button: MoveButton) -> None:
        """Make a move for who pressed a button; raises `UserError` for what isn't theirs or is over."""
        table = self.open.get(button.wager_id)
        if table is None:
            await self._answer_late(interaction, button.wager_id)
            return
        if interaction.user.id != table.wager.user_id:
            raise UserError(_("These buttons are not yours."))
        set_language(table.language)
        async with table.lock:
            if table.is_on and button.step == table.step and button.move in table.play.moves():
                await self._move(interaction, table, button.move)
            await self._show(table, interaction)

    async def _move(self, interaction: discord.Interaction[Any], table: Table, move: str) -> None:
        price = table.play.price(move)
        if price:  # a refusal leaves the game as it is
            table.wager = await self.casino.add_stake(interaction, table.wager, price)
        table.play.do(move)
        table.step += 1
        table.deadline = _deadline()
        if table.play.over:
            await self._end(table)

    async def _watch(self, table: Table) -> None:
        """End a game whose player's time is over, and pay what couldn't be paid at once."""
        set_language(table.language)
        while table.is_on:
            await asyncio.sleep((table.deadline - discord.utils.utcnow()).total_seconds())
            async with table.lock:
                if table.is_on and table.deadline <= discord.utils.utcnow():
                    table.play.run_out()
                    table.step += 1
                    table.timed_out = True
                    await self._end(table)
                    await self._show(table)
        wait = FIRST_RETRY_SECONDS
        while table.ending is None:
            await asyncio.sleep(wait)
            wait = min(2 * wait, LONGEST_RETRY_SECONDS)
            async with table.lock:
                if await self._end(table):
                    await self._show(table)

    # --- its coins

    async def _take(self, ctx: GuildContext, game: Game, stake: int) -> Wager:
        try:
            return await self.casino.open(ctx, game, stake)
        except DatabaseError:
            self.spawn(self._give_back(ctx.guild.id, ctx.author.id, game, discord.utils.utcnow()))
            raise

    async def _give_back(self, guild_id: int, player_id: int, game: Game, failed_at: datetime) -> None:
        """Refund a stake that the database took, if it did, before it went away without saying so."""
        wait = FIRST_RETRY_SECONDS
        while True:
            await asyncio.sleep(wait)
            try:
                wager = await self.casino.wagers.open_of(guild_id, player_id)
                if (
                    wager is not None
                    and wager.game == game.name
                    and wager.id not in self.open
                    and wager.opened_at <= failed_at
                ):
                    await self.casino.refund(wager)
            except DatabaseUnavailable:
                wait = min(2 * wait, LONGEST_RETRY_SECONDS)
            else:
                return

    async def _end(self, table: Table) -> bool:
        """Pay what came of a game; False, and the game without an `ending`, if the database is away."""
        try:
            wager = await self._present(table)
            if wager.status == "open" and table.cut_off:
                await self.casino.refund(wager)
            elif wager.status == "open":
                # More is staked than was played for if the database took it and went away before it could say so.
                await self.casino.settle(wager, table.play.payout + wager.stake - table.play.staked)
            await self._note_ending(table)
        except (DatabaseError, BankRefusal):
            log.warning("A game of %s waits for its end", table.wager.game, exc_info=True)
            return False
        return True

    async def _cut_off(self, table: Table) -> None:
        """End a game that can't go on: what is decided is paid, else the stake goes back."""
        if table.ending is None:
            table.cut_off = table.cut_off or not table.play.over
            await self._end(table)

    async def _note_ending(self, table: Table) -> None:
        wager = await self._present(table)
        account = await self.bank.account(wager.guild_id, wager.user_id)
        refunded = wager.payout is None
        paid = wager.stake if wager.payout is None else wager.payout
        table.ending = Ending(wager.stake, paid, account.cash, refunded)
        self.open.pop(wager.id, None)

    async def _present(self, table: Table) -> Wager:
        wager = await self.casino.wagers.get(table.wager.id)
        assert wager is not None
        return wager

    # --- its message

    async def _show(self, table: Table, click: discord.Interaction[Any] | None = None) -> None:
        """Show a game as it stands, as the answer to a press if there is one; in a deleted message, how it ended."""
        embed, view = table.look()
        over = table.ending is not None
        await repaint(table.message, embed, view, can_embed=table.can_embed, over=over, click=click)

    async def _answer_late(self, interaction: discord.Interaction[Any], wager_id: int) -> None:
        """Tell who presses a button of a game that isn't open here what became of it, and take the buttons away."""
        wager = await self.casino.wagers.get(wager_id)
        if wager is None:
            raise UserError(game_is_over())
        if interaction.user.id != wager.user_id:
            raise UserError(_("These buttons are not yours."))
        if wager.status == "open":  # its other half went with a process that is no more
            await self.casino.refund(wager)
            wager = await self.casino.wagers.get(wager_id) or wager
        sentence = self._what_became_of(wager)
        shown = interaction.message.embeds if interaction.message is not None else []
        for embed in shown:
            embed.description = sentence  # it asked what to do, and counted down; the cards stay
        try:
            await interaction.response.edit_message(view=None, embeds=shown)
            await interaction.followup.send(sentence, ephemeral=True)
        except discord.HTTPException as error:
            raise UserError(sentence) from error

    def _what_became_of(self, wager: Wager) -> str:
        show = self.bank.show
        if wager.payout is None:
            return _("This game was cut off by a restart, and your bet of {bet} was given back.").format(
                bet=show(wager.guild_id, wager.stake)
            )
        if not wager.payout:
            return _("This game is over; you lost {bet}.").format(bet=show(wager.guild_id, wager.stake))
        return _("This game is over; it paid you {paid}.").format(paid=show(wager.guild_id, wager.payout))


def _deadline() -> datetime:
    return discord.utils.utcnow() + timedelta(seconds=SECONDS_TO_DECIDE)
