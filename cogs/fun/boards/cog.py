"""Games on boards: a challenge, its answer, and moves by buttons that outlive the bot that sent them."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Annotated, ClassVar, Final

import discord

from cogs.fun.boards import painting
from cogs.fun.boards.buttons import BoardButton, ShotForm, games_are_off
from cogs.fun.boards.kinds import KINDS, Kind
from cogs.fun.boards.rules.battleship import Battleship, place_fleet, read_square
from cogs.fun.boards.rules.minesweeper import FEWEST_MINES, MOST_MINES, USUAL_MINES, Minesweeper
from cogs.fun.boards.tables import Click, Tables, clock_of, game_is_over, or_over, position_of, state_of
from database.board_games import BoardGame
from database.errors import DatabaseError
from utils.amounts import Amount
from utils.bot import CANNOT_SAY, Hearth
from utils.cog import Cog, GuildCog, StartingCog
from utils.commands import command, example
from utils.context import GuildContext
from utils.converters import GuildMember, Number
from utils.errors import UserError
from utils.events import BetEnded, BetHeld, BetRefused, BoardGameTimer
from utils.formatting import safe, truncate
from utils.i18n import N_, _
from utils.members import get_member
from utils.timers import GONE_GUILD_KEPT

log = logging.getLogger("hearth.fun")

KEPT: Final = timedelta(days=7)
"""How long a game is kept after its end."""
LOOK_EVERY: Final = timedelta(days=1)
ANSWER_SECONDS: Final = 2.0
"""How long is waited for the economy to hold the stakes. It takes a moment where it is on."""


Opponent = Annotated[discord.Member, GuildMember]
"""Whom a game is played with."""
Bet = Annotated[Amount | None, Amount]
"""What each player puts in; None for a game for honour."""
MineCount = Annotated[
    int, Number(N_("Say how many mines there are, from {least} to {most}."), least=FEWEST_MINES, most=MOST_MINES)
]
"""How many mines are laid."""


class BoardGames(GuildCog, StartingCog):
    """Games on boards."""

    dynamic_items: ClassVar = (BoardButton,)

    def __init__(self, bot: Hearth) -> None:
        super().__init__(bot)
        self.tables = Tables(bot, self.feature)

    async def from_the_start_on(self) -> None:
        """Say again who won open bets, and forget games of long ago, day by day."""
        while True:
            try:
                await self.tables.settle_again()
                now = discord.utils.utcnow()
                if self.bot.cluster.leads:
                    await self.tables.store.remove_old(now - KEPT, now - KEPT - GONE_GUILD_KEPT)
            except DatabaseError:
                log.warning("Games that are over wait to be settled or forgotten", exc_info=True)
            await asyncio.sleep(LOOK_EVERY.total_seconds())

    # --- listeners

    @Cog.listener()
    async def on_board_game_timer(self, event: BoardGameTimer) -> None:
        """End what nobody moved in."""
        await self.tables.run_out(event)

    @Cog.listener()
    async def on_bet_held(self, news: BetHeld) -> None:
        """Let the game begin that waits for it; else give the stakes back, if no game has this bet."""
        if await self._begin_with(news.bet_id, news):
            return
        bets = self.tables.bets
        async with self.tables.lock(bets.game_of(news.bet_id) or news.bet_id):  # it may be about to be stored
            if await self.tables.store.with_bet(news.bet_id) is None:
                bets.settle(news.bet_id, news.guild_id)

    @Cog.listener()
    async def on_bet_refused(self, news: BetRefused) -> None:
        """Let the one who accepted know why; the challenge stays."""
        asked = self.tables.bets.take(news.bet_id)
        if asked is not None:
            self.tables.bets.done(news.bet_id)
            with suppress(*CANNOT_SAY):
                await asked.click.followup.send(news.reason, ephemeral=True)

    @Cog.listener()
    async def on_bet_ended(self, news: BetEnded) -> None:
        """Tell what became of a bet."""
        await self.tables.bet_ended(news)

    # --- commands

    @command(aliases=["ttt", "noughts"], usage="<member> [bet]")
    @example("@bob", "@bob 50")
    async def tictactoe(self, ctx: GuildContext, member: Opponent, *, bet: Bet = None) -> None:
        """Challenge a member to tic-tac-toe: three in a row win.

        Each move has five minutes, all moves of a player together 25. With a bet both put in the same coins, and the
        winner gets them all.
        """
        await self._challenge(ctx, KINDS["tictactoe"], member, bet)

    @command(aliases=["c4", "connectfour", "fourinarow"], usage="<member> [bet]")
    @example("@bob", "@bob 50")
    async def connect4(self, ctx: GuildContext, member: Opponent, *, bet: Bet = None) -> None:
        """Challenge a member to connect four: discs fall into columns, and four in a line win.

        Each move has five minutes, all moves of a player together 25. With a bet both put in the same coins, and the
        winner gets them all.
        """
        await self._challenge(ctx, KINDS["connect4"], member, bet)

    @command(aliases=["battleships", "seabattle"], usage="<member> [bet]")
    @example("@bob", "@bob 50")
    async def battleship(self, ctx: GuildContext, member: Opponent, *, bet: Bet = None) -> None:
        """Challenge a member to battleship: sink the other's five ships before yours are sunk.

        Your ships are placed by chance, and only you see where; until the first shot you can have other places.
        Each move has five minutes, all moves of a player together 25. With a bet both put in the same coins, and the
        winner gets them all.
        """
        await self._challenge(ctx, KINDS["battleship"], member, bet)

    @command(aliases=["mines"])
    @example("", "6")
    async def minesweeper(self, ctx: GuildContext, mines: MineCount = USUAL_MINES) -> None:
        """Open every square without a mine; the first one you open is safe.

        A number says how many mines are around that square. Say how many mines there are, from 1 to 12.
        """
        position = replace(Minesweeper.begin(self.bot.chance), mine_count=mines)
        await self.tables.open_alone(ctx, KINDS["minesweeper"], position)

    async def _challenge(self, ctx: GuildContext, kind: Kind, member: discord.Member, bet: Amount | None) -> None:
        if member.id == ctx.author.id:
            raise UserError(_("You can't play against yourself; challenge another member."))
        if member.bot:
            raise UserError(_("Bots don't play; challenge another member."))
        if bet is not None and bet.coins is None:
            raise UserError(_("Say how many coins each of you bets, like `50`."))
        await self.tables.open(ctx, kind, member.id, stake=bet.coins if bet is not None else None)

    # --- buttons

    async def press(self, click: Click, game_id: int, doing: str) -> None:
        """Somebody presses a button. Raises `UserError`."""
        async with self.tables.lock(game_id):
            game = await self._game_of(click, game_id)
            if game.phase == "asked":
                await ANSWERS.get(doing, BoardGames._not_begun)(self, click, game)
            else:
                await DOINGS.get(doing, BoardGames._move)(self, click, game, doing)

    async def shoot(self, click: Click, game_id: int, text: str) -> None:
        """Somebody says where to fire. Raises `UserError`."""
        square = read_square(text)
        if square is None:
            raise UserError(
                _("“{text}” isn't a square; write a letter from A to J and a number from 1 to 10, like `B4`.").format(
                    text=safe(truncate(text, 20))
                )
            )
        async with self.tables.lock(game_id):
            game = await self._game_of(click, game_id)
            await self._move(click, game, str(square))

    async def _game_of(self, click: Click, game_id: int) -> BoardGame:
        """The game that somebody may play in now."""
        game = await self.tables.store.get(game_id)
        if game is None or game.is_over:
            raise UserError(game_is_over())
        if click.user.id not in game.players:
            raise UserError(_("These buttons are not yours."))
        if not self.is_on(game.guild_id):
            raise UserError(games_are_off())
        if game.message_id is None and click.message is not None:  # a crash came before it was written down
            await self.tables.store.sent(game.id, click.message.id)
            return replace(game, message_id=click.message.id)
        return game

    async def _accept(self, click: Click, game: BoardGame) -> None:
        """Begin, with the stakes of both if they bet."""
        self._only(click, game.second_id)
        guild = click.guild
        if guild is None or await get_member(guild, game.first_id) is None:
            raise UserError(_("{member} isn't in this server any more.").format(member=f"<@{game.first_id}>"))
        if game.stake is None:
            await self.tables.show(or_over(await self.tables.begin(game, None)), click)
            return
        if self.tables.bets.is_asked(game.id):
            raise UserError(_("The coins are being counted; wait a moment."))
        with suppress(*CANNOT_SAY):  # the message can be changed all the same
            await click.response.defer()
        self.spawn(self._without_answer(self.tables.bets.ask(game, game.stake, click)))

    async def _without_answer(self, bet_id: int) -> None:
        """Begin for honour if nobody says in time that the stakes are held."""
        await asyncio.sleep(ANSWER_SECONDS)
        await self._begin_with(bet_id, None)

    async def _begin_with(self, bet_id: int, held: BetHeld | None) -> bool:
        """Begin the game that a bet was asked for; stakes for no game go back. False if somebody did, or does."""
        asked = self.tables.bets.take(bet_id)
        if asked is None:
            return False
        begun = None
        try:
            async with self.tables.lock(asked.game.id):
                begun = await self.tables.begin(asked.game, held)
                if begun is not None:
                    await self.tables.show(begun)
        finally:
            if begun is None and held is not None:
                self.tables.bets.settle(bet_id, held.guild_id)
            self.tables.bets.done(bet_id)
        return True

    async def _decline(self, click: Click, game: BoardGame) -> None:
        self._only(click, game.second_id)
        await self.tables.end(game, "declined", None, click)

    async def _withdraw(self, click: Click, game: BoardGame) -> None:
        self._only(click, game.challenger_id)
        await self.tables.end(game, "withdrawn", None, click)

    async def _not_begun(self, _click: Click, _game: BoardGame) -> None:
        raise UserError(_("This game hasn't begun yet."))

    def _only(self, click: Click, player_id: int | None) -> None:
        if click.user.id != player_id:
            raise UserError(_("Only {member} can press this.").format(member=f"<@{player_id}>"))

    async def _move(self, click: Click, game: BoardGame, move: str) -> None:
        if game.phase != "playing":
            raise UserError(_("This game hasn't begun yet."))
        if click.id <= (game.state["click"] or 0):  # Discord delivered it before: ids grow with time
            raise UserError(_("That's done already."))
        await self.tables.move(click, game, move)

    async def _give_up(self, click: Click, game: BoardGame, _doing: str) -> None:
        if game.second_id is None:
            await self.tables.end(game, "stopped", None, click)
        else:
            await self.tables.end(game, "gave_up", 1 - game.players.index(click.user.id), click)

    async def _aim(self, click: Click, game: BoardGame, _doing: str) -> None:
        """Ask who is to shoot where."""
        turn = game.players[position_of(game).turn]
        if click.user.id != turn:
            raise UserError(_("It's {member}'s turn.").format(member=f"<@{turn}>"))
        await click.response.send_modal(ShotForm(game.id))

    async def _show_fleet(self, click: Click, game: BoardGame, _doing: str) -> None:
        """Show somebody their ships, to their eyes only."""
        position = position_of(game)
        assert isinstance(position, Battleship)
        text = painting.fleet_text(position, game.players.index(click.user.id))
        await click.response.send_message(text, ephemeral=True)

    async def _shuffle(self, click: Click, game: BoardGame, _doing: str) -> None:
        """Give somebody's ships other places, as long as nobody has shot."""
        position = position_of(game)
        assert isinstance(position, Battleship)
        player = game.players.index(click.user.id)
        try:
            position = position.with_fleet(player, place_fleet(self.bot.chance))
        except ValueError as error:
            raise UserError(_("The first shot is fired: the ships stay where they are.")) from error
        saved = or_over(await self.tables.save(replace(game, state=state_of(position, clock_of(game), click.id))))
        await self._show_fleet(click, saved, "")


Answer = Callable[[BoardGames, Click, BoardGame], Awaitable[None]]
Doing = Callable[[BoardGames, Click, BoardGame, str], Awaitable[None]]
ANSWERS: Final[dict[str, Answer]] = {
    "accept": BoardGames._accept,
    "decline": BoardGames._decline,
    "withdraw": BoardGames._withdraw,
}
"""What the buttons of a challenge do."""
DOINGS: Final[dict[str, Doing]] = {
    painting.GIVE_UP: BoardGames._give_up,
    painting.FIRE: BoardGames._aim,
    painting.FLEET: BoardGames._show_fleet,
    painting.SHUFFLE: BoardGames._shuffle,
}
"""What the buttons of a board do; the others are moves."""
