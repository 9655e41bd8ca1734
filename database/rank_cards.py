"""How people want their rank cards to look."""

from dataclasses import dataclass

from database.manager import DatabaseManager


@dataclass(frozen=True, slots=True)
class CardChoice:
    """What somebody chose, in every guild; None for what they didn't."""

    colour: int | None = None
    background: str | None = None


class RankCardsStore:
    """The table `rank_cards`."""

    def __init__(self, db: DatabaseManager) -> None:
        self.db = db

    async def of_user(self, user_id: int) -> CardChoice:
        """What somebody chose."""
        row = await self.db.fetchone("SELECT colour, background FROM rank_cards WHERE user_id = $1", user_id)
        return CardChoice() if row is None else CardChoice(row["colour"], row["background"])

    async def set_colour(self, user_id: int, colour: int) -> None:
        """Keep a colour, as a number of three bytes."""
        await self.db.execute(
            "INSERT INTO rank_cards (user_id, colour) VALUES ($1, $2)"
            " ON CONFLICT (user_id) DO UPDATE SET colour = excluded.colour",
            user_id, colour,
        )  # fmt: skip

    async def set_background(self, user_id: int, background: str) -> None:
        """Keep a background, by its name."""
        await self.db.execute(
            "INSERT INTO rank_cards (user_id, background) VALUES ($1, $2)"
            " ON CONFLICT (user_id) DO UPDATE SET background = excluded.background",
            user_id, background,
        )  # fmt: skip

    async def reset(self, user_id: int) -> bool:
        """Forget what somebody chose; False if that was nothing."""
        return await self.db.execute("DELETE FROM rank_cards WHERE user_id = $1", user_id) > 0
