"""Looking for all that is wrong, in one feature or in all."""

import logging
from collections.abc import Collection

import discord

from cogs.admin.doctor import general, permissions, settings
from utils.bot import Hearth
from utils.cog import Cog
from utils.findings import Finding
from utils.i18n import _
from utils.switches import ALWAYS_ON_FEATURE

log = logging.getLogger("hearth.doctor")


async def look(bot: Hearth, guild: discord.Guild, feature: str | None = None) -> list[Finding]:
    """All that is wrong, the worst first. What is switched off isn't looked at."""
    known = [*bot.features.loaded]
    wanted = [one for one in known if feature in {None, one} and bot.switches.feature_is_on(guild.id, one)]
    found = [(name, one) for name, one in general.everywhere(bot, guild) if feature in {None, name}]
    found += permissions.of_server(bot, guild, wanted)
    if ALWAYS_ON_FEATURE in wanted:
        found += [(ALWAYS_ON_FEATURE, one) for one in permissions.of_channels(bot, guild)]
    found += settings.of_settings(bot, guild, wanted)
    found += await _of_cogs(bot, guild, wanted)
    # Two features may find the same.
    return sorted(dict.fromkeys(one for _name, one in found), key=lambda one: -one.severity)


async def _of_cogs(bot: Hearth, guild: discord.Guild, wanted: Collection[str]) -> list[tuple[str, Finding]]:
    """What each topic finds itself; one that fails is reported, and said to have failed."""
    found: list[tuple[str, Finding]] = []
    for cog in list(bot.cogs.values()):
        if not isinstance(cog, Cog) or cog.feature not in wanted:
            continue
        try:
            found += [(cog.feature, one) for one in await cog.findings(guild)]
        except Exception as error:  # noqa: BLE001 - the others are looked at all the same
            report = bot.error_reports.add(error, f"the findings of {cog.qualified_name}")
            failed = Finding(
                _("I couldn't look at everything of {feature}.").format(feature=f"`{cog.feature}`"),
                _("Something went wrong on my side. It is written down as `{id}`.").format(id=report.id),
            )
            found.append((cog.feature, failed))
    return found
