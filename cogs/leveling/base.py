"""What every cog of leveling is made of."""

import discord

from cogs.leveling import settings
from cogs.leveling.chat.rules import Places
from cogs.leveling.service import Leveling
from utils.bot import Hearth
from utils.cog import GuildCog


class LevelingCog(GuildCog):
    """One topic of leveling: XP is a server's, so its commands run in servers only."""

    def __init__(self, bot: Hearth, leveling: Leveling) -> None:
        super().__init__(bot)
        self.leveling = leveling

    def place_rules(self, guild_id: int | None) -> Places:
        """Where in a guild XP is earned, and by whom."""
        get = self.bot.guild_settings.get
        no_channels, only_channels = get(guild_id, settings.NO_XP_CHANNELS), get(guild_id, settings.ONLY_XP_CHANNELS)
        no_roles, only_roles = get(guild_id, settings.NO_XP_ROLES), get(guild_id, settings.ONLY_XP_ROLES)
        return Places(no_channels, only_channels, no_roles, only_roles)


def role_ids(member: discord.Member) -> list[int]:
    """The ids of a member's roles, without @everyone; in no order."""
    return [role.id for role in member.roles if not role.is_default()]
