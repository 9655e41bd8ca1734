"""Moderation: act on people, keep the record, take it back."""

from cogs.moderation.channels import ChannelControl
from cogs.moderation.people import People
from cogs.moderation.pipeline import Pipeline
from cogs.moderation.purge import Purge
from utils.bot import Hearth


async def setup(bot: Hearth) -> None:
    """Add the cogs of this feature. They share one pipeline, which every action goes through."""
    pipeline = Pipeline(bot)
    await bot.add_cog(People(bot, pipeline))
    await bot.add_cog(ChannelControl(bot, pipeline))
    await bot.add_cog(Purge(bot, pipeline))
