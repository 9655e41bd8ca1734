"""Moderation: act on people, keep the record, take it back."""

from cogs.moderation.people import People
from cogs.moderation.pipeline import Pipeline
from utils.bot import Hearth


async def setup(bot: Hearth) -> None:
    """Add the cogs of this feature. They share one pipeline, which every action goes through."""
    pipeline = Pipeline(bot)
    await bot.add_cog(People(bot, pipeline))
