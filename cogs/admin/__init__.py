"""Admin: help, prefixes, what is on and off, and the owner's tools."""

from cogs.admin.about import About
from cogs.admin.aliases.cog import Aliases
from cogs.admin.announcing.cog import BotNews
from cogs.admin.blocking.blocklist import Blocklist
from cogs.admin.blocking.botblock import BotBlocks
from cogs.admin.blocking.ignoring import Ignoring
from cogs.admin.bulkrole.cog import BulkRoles
from cogs.admin.configuration import Configuration
from cogs.admin.doctor.cog import Doctor
from cogs.admin.help import Help
from cogs.admin.operating.backups import DatabaseBackups
from cogs.admin.operating.evaluating import Evaluating
from cogs.admin.operating.guilds import Guilds
from cogs.admin.operating.sql import Sql
from cogs.admin.owner import Owner
from cogs.admin.permissions.cog import Permissions
from cogs.admin.prefix import Prefix
from cogs.admin.presence.cog import BotStatus
from cogs.admin.privacy.cog import Privacy
from cogs.admin.privacy.departures import Departures
from cogs.admin.privacy.owner import ErasingForOwner
from cogs.admin.privacy.service import Erasing
from cogs.admin.saying.cog import Speaking
from cogs.admin.serverlog.cog import ServerLog
from cogs.admin.serverlog.members import MemberLog
from cogs.admin.serverlog.messages import MessageLog
from cogs.admin.serverlog.structure import StructureLog
from cogs.admin.setting_up.cog import Setup
from cogs.admin.statistics.cog import Statistics
from cogs.admin.toggles import Toggles
from cogs.admin.why.cog import Why
from utils.bot import Hearth


async def setup(bot: Hearth) -> None:
    """Add the cogs of this feature."""
    for cog in (
        Help,
        About,
        Prefix,
        Configuration,
        Toggles,
        Permissions,
        Ignoring,
        Blocklist,
        BotBlocks,
        Aliases,
        Why,
        Doctor,
        Setup,
        Speaking,
        BulkRoles,
        Owner,
        Sql,
        DatabaseBackups,
        Evaluating,
        Guilds,
        Statistics,
        BotStatus,
        BotNews,
    ):
        await bot.add_cog(cog(bot))
    erasing = Erasing(bot)
    departures = Departures(bot, erasing)
    for privacy in (Privacy(bot, erasing), departures, ErasingForOwner(bot, departures)):
        await bot.add_cog(privacy)
    server_log = ServerLog(bot)
    members = MemberLog(bot, server_log.desk)
    for part in (server_log, MessageLog(bot, server_log.desk), members, StructureLog(bot, server_log.desk, members)):
        await bot.add_cog(part)
