"""Where games on boards are played: each press changes a stored game once, and its end is counted and told."""

import asyncio
import logging
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final, Literal
from weakref import WeakValueDictionary

import discord

from cogs.fun.boards.bets import Bets
from cogs.fun.boards.buttons import Choice, view_of
from cogs.fun.boards.kinds import KINDS, Kind
from cogs.fun.boards.rules import elo
from cogs.fun.boards.rules.clock import AWAY_AFTER, MOVE, Clock
from cogs.fun.boards.rules.position import Position
from cogs.fun.boards.texts import CUT_OFF, bet_ended_text, choices_of, text_of
from database.board_games import BoardGame, BoardGamesStore, BoardRatingsStore
from utils.bot import CANNOT_SAY, Hearth
from utils.context import GuildContext
from utils.errors import Silent, UserError
from utils.events import BetEnded, BetHeld, BoardGameTimer
from utils.i18n import _, current_language, translate, using

log = logging.getLogger("hearth.fun")

ANSWER: Final = timedelta(minutes=5)
"""How long a challenge can be accepted."""

Click = discord.Interaction[Any]
Outcome = Literal["won", "lost", "drawn"]

CHALLENGE_CHOICES: Final = ("accept", "decline", "withdraw")


class _Late(Exception):  # noqa: N818 - nothing is wrong
    """Another change came first: what was begun is rolled back."""


class Tables:
    """All games, of all guilds."""

    def __init__(self, bot: Hearth, feature: str) -> None:
        self.bot = bot
        self.feature = feature
        self.store = BoardGamesStore(bot.db)
        self.ratings = BoardRatingsStore(bot.db)
        self.bets = Bets(bot)
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    def lock(self, game_id: int) -> asyncio.Lock:
        """Held while a game is changed and shown, so that what its message says last is how it is."""
        return self._locks.setdefault(game_id, asyncio.Lock())

    # --- beginning

    async def open(self, ctx: GuildContext, kind: Kind, opponent_id: int | None, *, stake: int | None = None) -> None:
        """Challenge somebody; nobody begins a game of one at once. Raises `UserError`."""
        now = discord.utils.utcnow()
        game = BoardGame(
            ctx.message.id, ctx.guild.id, ctx.channel.id, kind.name, "asked", ctx.author.id, ctx.author.id,
            opponent_id, now + ANSWER, current_language(), stake=stake,
        )  # fmt: skip
        await self._open(ctx, game)

    async def open_alone(self, ctx: GuildContext, kind: Kind, position: Position) -> None:
        """Begin a game of one. Raises `UserError`."""
        clock, now = Clock(), discord.utils.utcnow()
        game = BoardGame(
            ctx.message.id, ctx.guild.id, ctx.channel.id, kind.name, "playing", ctx.author.id, ctx.author.id, None,
            clock.deadline(0, now), current_language(), state_of(position, clock),
        )  # fmt: skip
        await self._open(ctx, game)

    async def _open(self, ctx: GuildContext, game: BoardGame) -> None:
        try:
            game = await self._add(game)
        except _Late:
            raise await self._refusal(game) from None
        async with self.lock(game.id):  # whoever is quick to answer waits until it is known where the buttons are
            try:
                message = await ctx.reply(**_shown(game))
            except BaseException:
                await self.store.remove(game.id)  # its timer finds nothing
                raise
            await self.store.sent(game.id, message.id)

    async def _add(self, game: BoardGame) -> BoardGame:
        async with self.bot.db.transaction():
            timer_id = await self.bot.timers.schedule(
                BoardGameTimer, game.deadline, guild_id=game.guild_id, payload={"game_id": game.id}
            )
            game = replace(game, timer_id=timer_id)
            if not await self.store.add(game):
                raise _Late
        return game

    async def _refusal(self, game: BoardGame) -> Exception:
        """Why a game can't begin."""
        if await self.store.get(game.id) is not None:
            return Silent()  # Discord delivered this message before
        other = await self.store.open_of(game.guild_id, game.challenger_id, game.game)
        label = translate(KINDS[game.game].label)
        if other is None or other.message_id is None:
            return UserError(_("You have a game of {game} open; finish it first.").format(game=label))
        link = self._message(other, other.message_id).jump_url
        return UserError(_("You have a game of {game} open; finish it first: {link}").format(game=label, link=link))

    async def begin(self, game: BoardGame, bet: BetHeld | None) -> BoardGame | None:
        """Begin a game that was accepted: chance says who moves first. None if another change came first."""
        clock, now = Clock(), discord.utils.utcnow()
        players = list(game.players)
        self.bot.chance.shuffle(players)
        position = KINDS[game.game].position.begin(self.bot.chance)
        return await self.save(
            replace(
                game, phase="playing", first_id=players[0], second_id=players[1], state=state_of(position, clock),
                deadline=clock.deadline(position.turn, now), bet_id=bet.bet_id if bet else None,
                bet_shown=bet.shown if bet else None,
            )
        )  # fmt: skip

    # --- going on

    async def save(self, game: BoardGame) -> BoardGame | None:
        """Store how a game stands, and look at it again at its deadline; None if another change came first."""
        async with self.bot.db.transaction():
            saved = await self.store.save(game)
            if saved is not None and saved.timer_id is not None:
                await self.bot.timers.reschedule(saved.timer_id, saved.deadline)
        return saved

    async def move(self, click: Click, game: BoardGame, move: str) -> None:
        """Make a move for who pressed, and end the game if that ends it. Raises `UserError`."""
        position, clock = position_of(game), clock_of(game)
        player = game.players.index(click.user.id)
        if position.turn != player:
            raise UserError(_("It's {member}'s turn.").format(member=f"<@{game.players[position.turn]}>"))
        try:
            after = position.play(move)
        except ValueError as error:
            raise UserError(_("That can't be done now; look at the board.")) from error
        now = discord.utils.utcnow()
        clock = clock.after(player, game.deadline, now)
        moved = replace(game, state=state_of(after, clock, click.id), deadline=clock.deadline(after.turn, now))
        result = after.result()
        if result is None:
            await self.show(or_over(await self.save(moved)), click)
        elif not KINDS[game.game].is_rated:
            await self.end(
                moved, "solved" if result.winner == 0 else "blown_up", 0 if result.winner == 0 else None, click
            )
        else:
            await self.end(moved, "drawn" if result.winner is None else "won", result.winner, click)

    # --- ending

    async def end(self, game: BoardGame, ending: str, winner: int | None, click: Click | None = None) -> None:
        """End a game, count it, and tell. `winner` is which of the players won. Raises `UserError` if it was over."""
        try:
            ended = await self._store_end(game, ending, winner)
        except _Late:
            raise UserError(game_is_over()) from None
        if ended.bet_id is not None:
            self.bets.settle(ended.bet_id, ended.guild_id, ended.winner_id)
        await self.show(ended, click)

    async def _store_end(self, game: BoardGame, ending: str, winner: int | None) -> BoardGame:
        async with self.bot.db.transaction():
            is_counted = game.phase == "playing" and ending != CUT_OFF
            gain = await self._gain(game, winner) if is_counted else None
            ended = await self.store.save(
                replace(
                    game, phase="over", ending=ending, winner_id=None if winner is None else game.players[winner],
                    rating_gain=gain, ended_at=discord.utils.utcnow(),
                )
            )  # fmt: skip
            if ended is None:
                raise _Late
            if is_counted and (ended.second_id is not None or ended.state["click"] is not None):
                await self._count(ended, winner, gain or 0)
            if ended.timer_id is not None:
                await self.bot.timers.cancel(ended.timer_id)
        return ended

    async def _gain(self, game: BoardGame, winner: int | None) -> int | None:
        """What the first of two gains by this end; None where nothing is rated."""
        if len(game.players) < 2:
            return None
        ratings = []
        for player_id in game.players:
            found = await self.ratings.of(game.guild_id, player_id, game.game)
            ratings.append(found[0].rating if found else elo.BEGIN)
        return elo.gain(ratings[0], ratings[1], winner)

    async def _count(self, game: BoardGame, winner: int | None, gain: int) -> None:
        alone = len(game.players) == 1
        for player_id in sorted(game.players):
            place = game.players.index(player_id)
            outcome: Outcome = "won" if winner == place else "lost" if alone or winner is not None else "drawn"
            await self.ratings.count(
                game.guild_id, game.game, player_id, begin=elo.BEGIN, gain=-gain if place else gain, outcome=outcome
            )

    async def run_out(self, event: BoardGameTimer) -> None:
        """Look at a game whose time may be over, and say so to the timers."""
        game_id = event.payload["game_id"]
        async with self.lock(game_id):
            while (game := await self.store.get(game_id)) is not None and not game.is_over:
                if discord.utils.utcnow() < game.deadline:  # somebody moved meanwhile
                    await self.bot.timers.reschedule(event.timer_id, game.deadline)
                    return
                try:
                    if await self._time_is_over(game, event):
                        return
                except UserError:
                    continue  # a move came first
        await self.bot.timers.done(event)

    async def _time_is_over(self, game: BoardGame, event: BoardGameTimer) -> bool:
        """End it, or let who is to move have more time because the bot was away: True if it goes on."""
        if game.phase == "asked":
            await self.end(game, "unanswered", None)
        elif await self._is_cut_off(game):
            await self.end(game, CUT_OFF, None)
        elif event.late > AWAY_AFTER and event.attempt == 1:
            more = await self.save(replace(game, deadline=discord.utils.utcnow() + MOVE))
            await self.show(or_over(more))
            return True
        elif not KINDS[game.game].is_rated:
            await self.end(game, "left", None)
        else:
            await self.end(game, "too_late", 1 - position_of(game).turn)
        return False

    async def _is_cut_off(self, game: BoardGame) -> bool:
        """Whether nobody could move: games are switched off, or the message with the buttons was deleted."""
        if game.message_id is None or not self.bot.switches.feature_is_on(game.guild_id, self.feature):
            return True
        try:
            await self._message(game, game.message_id).fetch()
        except discord.NotFound:
            return True
        except CANNOT_SAY:  # that doesn't tell
            return False
        return False

    async def settle_again(self) -> None:
        """Say who won where a crash may have kept that from being heard."""
        for game in await self.store.with_open_bets():
            assert game.bet_id is not None
            if not self.bot.cluster.owns(game.guild_id):
                continue
            self.bets.settle(game.bet_id, game.guild_id, game.winner_id)

    # --- telling

    def _message(self, game: BoardGame, message_id: int) -> discord.PartialMessage:
        place = self.bot.get_partial_messageable(game.channel_id, guild_id=game.guild_id)
        return place.get_partial_message(message_id)

    async def show(self, game: BoardGame, click: Click | None = None, *, below: str | None = None) -> None:
        """Let the message say how a game stands, as the answer to a click if there is one; Discord may refuse."""
        content = _shown(game, below)
        if click is not None and not click.response.is_done():
            try:
                await click.response.edit_message(**content)
            except CANNOT_SAY:  # Discord is slow or had this click before; the message can be changed all the same
                pass
            else:
                return
        if game.message_id is None:
            return
        try:
            await self._message(game, game.message_id).edit(**content)
        except CANNOT_SAY:
            log.info("Could not change a message in channel %d", game.channel_id, exc_info=True)

    async def bet_ended(self, news: BetEnded) -> None:
        """Tell below a game what became of its bet; one that isn't over goes on for honour."""
        found = await self.store.with_bet(news.bet_id)
        if found is None:
            return
        async with self.lock(found.id):
            game = await self.store.get(found.id)
            if game is None:
                return
            if not game.is_over:
                game = await self.save(replace(game, bet_id=None, bet_shown=None))
                if game is not None:
                    await self.show(game)
                return
            await self.store.bet_ended(game.id)
            with using(game.language):
                below = bet_ended_text(news)
            await self.show(game, below=below)


def _shown(game: BoardGame, below: str | None = None) -> dict[str, Any]:
    """What a message is sent or edited with for a game, in the language it was begun in."""
    with using(game.language):
        position = None if not game.state else position_of(game)
        choices = choices_of(game, position) if game.phase != "asked" else _challenge_choices()
        content = "\n".join(filter(None, [text_of(game, position), below]))
        return {"content": content, "view": view_of(choices, game.id)}


def _challenge_choices() -> list[Choice]:
    return [
        Choice("accept", 0, label=_("Accept"), emoji="⚔️", style=discord.ButtonStyle.success),
        Choice("decline", 0, label=_("Decline")),
        Choice("withdraw", 0, label=_("Withdraw")),
    ]


def position_of(game: BoardGame) -> Position:
    """How a game that has begun stands."""
    return KINDS[game.game].position.load(game.state["position"])


def clock_of(game: BoardGame) -> Clock:
    """The time that both have left."""
    return Clock.load(game.state["clock"])


def state_of(position: Position, clock: Clock, click_id: int | None = None) -> dict[str, Any]:
    """What is stored of a game: `click` is the last one that changed it, which Discord may deliver twice."""
    return {"position": position.dump(), "clock": clock.dump(), "click": click_id}


def or_over(saved: BoardGame | None) -> BoardGame:
    """A game that was saved; raises `UserError` if it wasn't, because another change came first."""
    if saved is None:
        raise UserError(_("Somebody was faster; look at the board again."))
    return saved


def game_is_over() -> str:
    """What who presses a button of a game reads that ended without them."""
    return _("This game is over.")
