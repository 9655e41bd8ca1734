"""What fun says to `why` and `doctor`: birthdays, confessions, counting."""

from collections.abc import Sequence

import discord

from cogs.fun.birthdays.settings import BIRTHDAY_CHANNEL, BIRTHDAY_ROLE
from cogs.fun.confessions.settings import CONFESSION_CHANNEL, CONFESSION_LOG
from database.birthdays import BirthdaysStore
from utils.bot import Hearth
from utils.cog import Cog
from utils.explanations import Explanation, RoleQuestion, explains
from utils.findings import Finding, Severity
from utils.giving_roles import powers, powers_shown
from utils.i18n import _


class FunInsight(Cog):
    """What games and pastimes did and why, and what is wrong with them."""

    def __init__(self, bot: Hearth) -> None:
        super().__init__(bot)
        self.birthdays = BirthdaysStore(bot.db)

    @explains(RoleQuestion)
    async def why_role(self, question: RoleQuestion) -> list[Explanation]:
        """Whether it is for their birthday."""
        guild, member = question.guild, question.member
        held = await self.birthdays.role_of(guild.id, member.id)
        if held is not None and held.role_id == question.role.id and question.has:
            return [Explanation(_("They have it for their birthday, and only for the day."), decides=True)]
        if self.bot.guild_settings.get(guild.id, BIRTHDAY_ROLE) == question.role.id:
            return [Explanation(_("Members have it for the day of their birthday."), decides=not question.has)]
        return []

    async def findings(self, guild: discord.Guild) -> Sequence[Finding]:
        """A birthday role with powers, birthdays that nobody hears of, and reports that reach nobody."""
        get, found = self.bot.guild_settings.get, []
        role = guild.get_role(get(guild.id, BIRTHDAY_ROLE) or 0)
        if role is not None and powers(role):
            names = powers_shown(powers(role))
            found.append(
                Finding(
                    _("The birthday role {role} has {permissions}, so I give it to nobody.").format(
                        role=role.mention, permissions=names
                    ),
                    _("Take these permissions from it, or choose another with `config set birthday-role`."),
                )
            )
        nobody_hears = get(guild.id, BIRTHDAY_CHANNEL) is None and get(guild.id, BIRTHDAY_ROLE) is None
        if nobody_hears and await self.birthdays.of_guild(guild.id):
            found.append(
                Finding(
                    _("Members told me their birthdays, but nothing happens on the day."),
                    _("Choose a channel with `config set birthday-channel #channel`."),
                    Severity.HINT,
                )
            )
        if get(guild.id, CONFESSION_CHANNEL) is not None and get(guild.id, CONFESSION_LOG) is None:
            found.append(
                Finding(
                    _("Nobody can report a confession: there is no channel for reports of them."),
                    _("Choose one with `config set confession-log #channel`."),
                    Severity.WARNING,
                )
            )
        return found
