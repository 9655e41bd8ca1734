"""Trivia: what members reached in each guild, and guilds' own questions."""

from collections.abc import Sequence
from dataclasses import dataclass

from database.manager import DatabaseManager
from database.presence import note_presence
from database.values import json_value


@dataclass(frozen=True, slots=True)
class TriviaScore:
    """What a member reached in all games of a guild."""

    user_id: int
    points: int = 0
    right_answers: int = 0
    best_streak: int = 0


@dataclass(frozen=True, slots=True)
class OwnQuestion:
    """A guild's own question; `key` is what it has in common with others that are the same."""

    key: str
    text: str
    answers: tuple[str, ...]


class TooManyQuestionsError(ValueError):
    """A guild would have more questions of its own than it may."""


class TriviaStore:
    """The tables `trivia_scores` and `trivia_questions`."""

    def __init__(self, db: DatabaseManager) -> None:
        self.db = db

    # --- scores

    async def add(self, guild_id: int, user_id: int, *, points: int, streak: int) -> None:
        """Count a right answer of a member, which was the so-manieth in a row."""
        await self.db.execute(
            "INSERT INTO trivia_scores (guild_id, user_id, points, right_answers, best_streak)"
            " VALUES ($1, $2, $3, 1, $4) ON CONFLICT (guild_id, user_id) DO UPDATE"
            " SET points = trivia_scores.points + excluded.points, right_answers = trivia_scores.right_answers + 1,"
            " best_streak = CASE WHEN trivia_scores.best_streak > excluded.best_streak"
            " THEN trivia_scores.best_streak ELSE excluded.best_streak END, present = TRUE",
            guild_id, user_id, points, streak,
        )  # fmt: skip

    async def score(self, guild_id: int, user_id: int) -> TriviaScore:
        """What a member reached."""
        row = await self.db.fetchone(
            "SELECT user_id, points, right_answers, best_streak FROM trivia_scores"
            " WHERE guild_id = $1 AND user_id = $2",
            guild_id, user_id,
        )  # fmt: skip
        return TriviaScore(user_id) if row is None else TriviaScore(**row)

    async def top(self, guild_id: int, *, limit: int, offset: int = 0) -> list[TriviaScore]:
        """So many of the members with most points from a place on; those known to have left aren't among them."""
        rows = await self.db.fetchall(
            "SELECT user_id, points, right_answers, best_streak FROM trivia_scores"
            " WHERE guild_id = $1 AND present ORDER BY points DESC, user_id LIMIT $2 OFFSET $3",
            guild_id, limit, offset,
        )  # fmt: skip
        return [TriviaScore(**row) for row in rows]

    async def count(self, guild_id: int) -> int:
        """How many have points and aren't known to have left."""
        found = await self.db.fetchval("SELECT COUNT(*) FROM trivia_scores WHERE guild_id = $1 AND present", guild_id)
        return int(found)

    async def note_presence(self, guild_id: int, user_ids: Sequence[int], *, present: bool) -> None:
        """Write down who is a member, and who isn't any more."""
        await note_presence(self.db, "trivia_scores", guild_id, user_ids, present=present)

    # --- questions

    async def questions(self, guild_id: int) -> list[OwnQuestion]:
        """A guild's own questions."""
        rows = await self.db.fetchall(
            "SELECT question_key, question, answers FROM trivia_questions WHERE guild_id = $1 ORDER BY question_key",
            guild_id,
        )
        return [OwnQuestion(row["question_key"], row["question"], tuple(json_value(row["answers"]))) for row in rows]

    async def add_questions(self, guild_id: int, questions: Sequence[OwnQuestion], *, most: int) -> None:
        """Keep these questions, in place of those that are the same.

        Raises `TooManyQuestionsError`, and keeps none of them, if there were more than `most` then.
        """
        async with self.db.transaction():
            await self.db.executemany(
                "INSERT INTO trivia_questions (guild_id, question_key, question, answers) VALUES ($1, $2, $3, $4)"
                " ON CONFLICT (guild_id, question_key) DO UPDATE"
                " SET question = excluded.question, answers = excluded.answers",
                [(guild_id, one.key, one.text, list(one.answers)) for one in questions],
            )
            if await self.count_questions(guild_id) > most:
                raise TooManyQuestionsError

    async def count_questions(self, guild_id: int) -> int:
        """How many questions of its own a guild has."""
        return int(await self.db.fetchval("SELECT COUNT(*) FROM trivia_questions WHERE guild_id = $1", guild_id))

    async def clear_questions(self, guild_id: int) -> int:
        """Delete a guild's own questions; how many there were."""
        return await self.db.execute("DELETE FROM trivia_questions WHERE guild_id = $1", guild_id)
