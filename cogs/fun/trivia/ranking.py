"""Who has most points in trivia."""

from collections.abc import Sequence

import discord

from database.trivia import TriviaScore, TriviaStore
from utils.i18n import _, format_number
from utils.rankings import PER_PAGE, RankedPage, Ranking


class TriviaRanking(Ranking[TriviaScore]):
    """Everybody in a guild by their points; among equals the older account first."""

    def __init__(self, store: TriviaStore, guild: discord.Guild) -> None:
        super().__init__(guild)
        self.store = store

    async def count(self) -> int:
        """How many have points and aren't known to have left."""
        return await self.store.count(self.guild.id)

    async def top(self, *, limit: int, offset: int = 0) -> Sequence[TriviaScore]:
        """So many of them from a place on."""
        return await self.store.top(self.guild.id, limit=limit, offset=offset)

    async def leave_out(self, user_ids: Sequence[int]) -> None:
        """Write down that these have left."""
        await self.store.note_presence(self.guild.id, user_ids, present=False)

    def lines(self, page: RankedPage[TriviaScore]) -> list[str]:
        """The people of a page, a line each."""
        first = page.index * PER_PAGE + 1
        return [line(place, one) for place, one in enumerate(page.entries, start=first)]


def line(place: int, score: TriviaScore) -> str:
    """Somebody in the list."""
    return _("**#{place}** {member} · {points} points · {right} right · best streak {streak}").format(
        place=format_number(place),
        member=f"<@{score.user_id}>",
        points=format_number(score.points),
        right=format_number(score.right_answers),
        streak=format_number(score.best_streak),
    )
