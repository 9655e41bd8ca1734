"""Moderation: act on people, keep the record, take it back."""

from cogs.moderation.audit.cog import Audit
from cogs.moderation.automod.cog import Automod
from cogs.moderation.cases.cog import Cases
from cogs.moderation.cases.missed import LogCatchUp
from cogs.moderation.channels.cog import ChannelControl
from cogs.moderation.checkup import ModerationCheckup
from cogs.moderation.escalation.cog import Escalation
from cogs.moderation.expiry import Expiry
from cogs.moderation.insight import ModerationInsight
from cogs.moderation.jail.cog import JailCog
from cogs.moderation.massban.cog import MassBan
from cogs.moderation.people import People
from cogs.moderation.personal_data import ModerationData
from cogs.moderation.pipeline import Pipeline
from cogs.moderation.purge.cog import Purge
from cogs.moderation.raids.cog import RaidWatch
from cogs.moderation.recovery import Recovery
from cogs.moderation.rejoin import Rejoin
from cogs.moderation.reports.cog import Reports
from cogs.moderation.roles.cog import Roles
from cogs.moderation.undo.cog import Undoing
from cogs.moderation.voice.cog import Voice
from utils.bot import Hearth


async def setup(bot: Hearth) -> None:
    """Add the cogs of this feature. They share one pipeline, which every action goes through."""
    pipeline = Pipeline(bot)
    await bot.add_cog(People(bot, pipeline))
    expiry = Expiry(bot, pipeline)
    await bot.add_cog(expiry)
    await bot.add_cog(Rejoin(bot, pipeline, expiry))
    await bot.add_cog(Recovery(bot, pipeline))
    await bot.add_cog(ChannelControl(bot, pipeline))
    await bot.add_cog(Purge(bot, pipeline))
    await bot.add_cog(MassBan(bot, pipeline))
    await bot.add_cog(Cases(bot, pipeline))
    await bot.add_cog(Roles(bot, pipeline))
    await bot.add_cog(Escalation(bot, pipeline))
    await bot.add_cog(Audit(bot, pipeline))
    await bot.add_cog(JailCog(bot, pipeline))
    await bot.add_cog(Voice(bot, pipeline))
    await bot.add_cog(Undoing(bot, pipeline))
    await bot.add_cog(LogCatchUp(bot, pipeline))
    await bot.add_cog(Reports(bot, pipeline))
    await bot.add_cog(ModerationInsight(pipeline))
    await bot.add_cog(ModerationCheckup(bot))
    await bot.add_cog(Automod(bot, pipeline))
    await bot.add_cog(RaidWatch(bot, pipeline))
    await bot.add_cog(ModerationData(bot))
