"""Games on boards: how each stands, and how members fare in them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from database.manager import DatabaseManager, Row
from database.presence import note_presence
from database.values import json_value, moment


@dataclass(frozen=True, slots=True)
class BoardGame:
    """One game, from the challenge to its end."""

    id: int
    """The id of the message that began it."""
    guild_id: int
    channel_id: int
    game: str
    phase: str
    """asked, playing or over."""
    challenger_id: int
    first_id: int
    """Who moves first."""
    second_id: int | None
    """The other; None in a game of one."""
    deadline: datetime
    language: str
    state: dict[str, Any] = field(default_factory=dict)
    message_id: int | None = None
    """The message with the buttons, once it is sent."""
    version: int = 0
    timer_id: int | None = None
    stake: int | None = None
    """What each of them bets."""
    bet_id: int | None = None
    """The bet that is held."""
    bet_shown: str | None = None
    ending: str | None = None
    winner_id: int | None = None
    rating_gain: int | None = None
    """What the first gained in rating, and the second lost."""
    ended_at: datetime | None = None

    @property
    def players(self) -> tuple[int, ...]:
        """Who plays, in the order in which they move."""
        return (self.first_id,) if self.second_id is None else (self.first_id, self.second_id)

    @property
    def is_over(self) -> bool:
        """Whether nothing can happen in it any more."""
        return self.phase == "over"


@dataclass(frozen=True, slots=True)
class BoardRating:
    """How somebody fares in a game."""

    guild_id: int
    game: str
    user_id: int
    rating: int
    won: int = 0
    lost: int = 0
    drawn: int = 0

    @property
    def played(self) -> int:
        """All games that ended."""
        return self.won + self.lost + self.drawn


class BoardGamesStore:
    """The table `board_games`."""

    def __init__(self, db: DatabaseManager) -> None:
        self.db = db

    async def add(self, game: BoardGame) -> bool:
        """Write a new game down; False if it is there already, or its challenger has another of its kind open."""
        return bool(
            await self.db.execute(
                "INSERT INTO board_games (id, guild_id, channel_id, game, phase, challenger_id, first_id, second_id,"
                " state, language, deadline, timer_id, stake)"
                " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT DO NOTHING",
                game.id, game.guild_id, game.channel_id, game.game, game.phase, game.challenger_id, game.first_id,
                game.second_id, game.state, game.language, game.deadline, game.timer_id, game.stake,
            )
        )  # fmt: skip

    async def sent(self, game_id: int, message_id: int) -> None:
        """Write down which message has its buttons."""
        await self.db.execute("UPDATE board_games SET message_id = $2 WHERE id = $1", game_id, message_id)

    async def save(self, game: BoardGame) -> BoardGame | None:
        """Write down how a game stands now, as its next version; None if another change came first."""
        return _maybe(
            await self.db.fetchone(
                "UPDATE board_games SET phase = $3, first_id = $4, second_id = $5, state = $6, deadline = $7,"
                " bet_id = $8, bet_shown = $9, ending = $10, winner_id = $11, rating_gain = $12, ended_at = $13,"
                " version = version + 1 WHERE id = $1 AND version = $2 AND phase <> 'over' RETURNING *",
                game.id, game.version, game.phase, game.first_id, game.second_id, game.state, game.deadline,
                game.bet_id, game.bet_shown, game.ending, game.winner_id, game.rating_gain, game.ended_at,
            )
        )  # fmt: skip

    async def remove(self, game_id: int) -> None:
        """Forget a game."""
        await self.db.execute("DELETE FROM board_games WHERE id = $1", game_id)

    async def remove_old(self, ended_before: datetime, due_before: datetime) -> int:
        """Forget the games that ended before a moment, and those that were due long ago; how many there were.

        What is due so long without an end is in a guild that the bot isn't in any more.
        """
        return await self.db.execute(
            "DELETE FROM board_games WHERE (phase = 'over' AND ended_at < $1) OR deadline < $2",
            ended_before, due_before,
        )  # fmt: skip

    async def get(self, game_id: int) -> BoardGame | None:
        """One of them."""
        return _maybe(await self.db.fetchone("SELECT * FROM board_games WHERE id = $1", game_id))

    async def open_of(self, guild_id: int, challenger_id: int, game: str) -> BoardGame | None:
        """The game of a kind that somebody began, and that isn't over."""
        return _maybe(
            await self.db.fetchone(
                "SELECT * FROM board_games WHERE guild_id = $1 AND challenger_id = $2 AND game = $3"
                " AND phase <> 'over'",
                guild_id, challenger_id, game,
            )
        )  # fmt: skip

    async def bet_ended(self, game_id: int) -> None:
        """Write down that it is known what became of the bet on a game that is over."""
        await self.db.execute("UPDATE board_games SET bet_ended = $2 WHERE id = $1", game_id, True)

    async def with_open_bets(self) -> list[BoardGame]:
        """Games that are over, of which it isn't known what became of their bets."""
        rows = await self.db.fetchall(
            "SELECT * FROM board_games WHERE bet_id IS NOT NULL AND phase = 'over' AND NOT bet_ended ORDER BY id"
        )
        return [_game(row) for row in rows]

    async def with_bet(self, bet_id: int) -> BoardGame | None:
        """The game that a bet is on."""
        return _maybe(await self.db.fetchone("SELECT * FROM board_games WHERE bet_id = $1", bet_id))


class BoardRatingsStore:
    """The table `board_ratings`."""

    def __init__(self, db: DatabaseManager) -> None:
        self.db = db

    async def count(self, guild_id: int, game: str, user_id: int, *, begin: int, gain: int = 0, outcome: str) -> None:
        """Count a game for one player: `won`, `lost` or `drawn`, and what it changes in their rating.

        `begin` is the rating before the first game. Call it for the lower id first: two games of the same players
        that end at once would wait for each other.
        """
        won, lost, drawn = (int(outcome == one) for one in ("won", "lost", "drawn"))
        await self.db.execute(
            "INSERT INTO board_ratings (guild_id, game, user_id, rating, won, lost, drawn, present)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (guild_id, user_id, game) DO UPDATE SET"
            " rating = board_ratings.rating + $9, won = board_ratings.won + excluded.won,"
            " lost = board_ratings.lost + excluded.lost, drawn = board_ratings.drawn + excluded.drawn, present = $8",
            guild_id, game, user_id, begin + gain, won, lost, drawn, True, gain,
        )  # fmt: skip

    async def of(self, guild_id: int, user_id: int, game: str | None = None) -> list[BoardRating]:
        """How somebody fares in each game they played, or in one."""
        rows = await self.db.fetchall(
            "SELECT * FROM board_ratings WHERE guild_id = $1 AND user_id = $2 ORDER BY game", guild_id, user_id
        )
        return [_rating(row) for row in rows if game in {None, row["game"]}]

    async def top(self, guild_id: int, game: str, *, limit: int, offset: int = 0) -> list[BoardRating]:
        """So many of those who aren't known to have left from a place on, the highest rating first."""
        rows = await self.db.fetchall(
            "SELECT * FROM board_ratings WHERE guild_id = $1 AND game = $2 AND present"
            " ORDER BY rating DESC, user_id LIMIT $3 OFFSET $4",
            guild_id, game, limit, offset,
        )  # fmt: skip
        return [_rating(row) for row in rows]

    async def ranked(self, guild_id: int, game: str) -> int:
        """How many there are who aren't known to have left."""
        return int(
            await self.db.fetchval(
                "SELECT COUNT(*) FROM board_ratings WHERE guild_id = $1 AND game = $2 AND present", guild_id, game
            )
        )

    async def place(self, rating: BoardRating) -> int:
        """Which place somebody has among those who aren't known to have left."""
        above = await self.db.fetchval(
            "SELECT COUNT(*) FROM board_ratings WHERE guild_id = $1 AND game = $2 AND present"
            " AND (rating > $3 OR (rating = $3 AND user_id < $4))",
            rating.guild_id, rating.game, rating.rating, rating.user_id,
        )  # fmt: skip
        return int(above) + 1

    async def note_presence(self, guild_id: int, user_ids: Sequence[int], *, present: bool) -> None:
        """Write down that these have left the guild, or are there."""
        await note_presence(self.db, "board_ratings", guild_id, user_ids, present=present)


def _maybe(row: Row | None) -> BoardGame | None:
    return None if row is None else _game(row)


def _game(row: Row) -> BoardGame:
    deadline = moment(row["deadline"])
    assert deadline is not None
    return BoardGame(
        row["id"], row["guild_id"], row["channel_id"], row["game"], row["phase"], row["challenger_id"],
        row["first_id"], row["second_id"], deadline, row["language"], json_value(row["state"]), row["message_id"],
        row["version"], row["timer_id"], row["stake"], row["bet_id"], row["bet_shown"], row["ending"],
        row["winner_id"], row["rating_gain"], moment(row["ended_at"]),
    )  # fmt: skip


def _rating(row: Row) -> BoardRating:
    return BoardRating(
        row["guild_id"], row["game"], row["user_id"], row["rating"], row["won"], row["lost"], row["drawn"]
    )
