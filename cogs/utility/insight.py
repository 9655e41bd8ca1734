"""What utility says to `why`: roles out of menus, for newcomers and for who came back, and channels of tickets."""

from datetime import timedelta

from cogs.utility.stickyroles.settings import EXCEPT, ON
from database.auto_roles import AutoRolesStore
from database.role_menus import RoleMenusStore, TermsStore
from database.tickets import TicketsStore
from utils.bot import Hearth
from utils.cog import Cog
from utils.explanations import Explanation, RemovedMessageQuestion, RoleQuestion, explains
from utils.formatting import message_link, safe
from utils.i18n import _, format_number
from utils.time import human_duration, timestamp


class UtilityInsight(Cog):
    """What the tools did and why."""

    def __init__(self, bot: Hearth) -> None:
        super().__init__(bot)
        self.menus = RoleMenusStore(bot.db)
        self.terms = TermsStore(bot.db)
        self.auto_roles = AutoRolesStore(bot.db)
        self.tickets = TicketsStore(bot.db)

    @explains(RoleQuestion)
    async def why_role(self, question: RoleQuestion) -> list[Explanation]:
        """All that gives roles here."""
        return [
            *await self._from_menus(question), *await self._for_newcomers(question), *self._again(question),
        ]  # fmt: skip

    async def _from_menus(self, question: RoleQuestion) -> list[Explanation]:
        guild, member, role = question.guild, question.member, question.role
        menus = [menu for menu in await self.menus.with_role(role.id) if menu.guild_id == guild.id]
        term = await self.terms.get(guild.id, member.id, role.id)
        found = []
        if term is not None and question.has:
            text = _("They chose it in a role menu; they have it until {when}.")
            found.append(Explanation(text.format(when=timestamp(term.ends_at, "f")), decides=True))
        for menu in menus:
            name = f"**{safe(menu.name)}**"
            if menu.message_id is not None:
                name = f"[{name}]({message_link(guild.id, menu.channel_id, menu.message_id)})"
            text = _("Members can choose it in the role menu {menu}.").format(menu=name)
            found.append(Explanation(text))
            needed = menu.required_role_id
            if not question.has and needed is not None and member.get_role(needed) is None:
                text = _("The role menu {menu} gives roles only to members with {role}.")
                found.append(Explanation(text.format(menu=name, role=f"<@&{needed}>"), decides=True))
        return found

    async def _for_newcomers(self, question: RoleQuestion) -> list[Explanation]:
        found = []
        for one in await self.auto_roles.of(question.guild.id):
            if one.role_id != question.role.id or one.for_bots != question.member.bot:
                continue
            delay = timedelta(seconds=one.delay_seconds)
            if not delay:
                text = _("Everybody gets it who joins.")
            else:
                text = _("Everybody gets it {delay} after joining.").format(delay=human_duration(delay))
            found.append(Explanation(text, decides=question.has))
            if not question.has and question.member.pending:
                text = _("They have yet to accept the rules of this server.")
                found.append(Explanation(text, decides=True))
        return found

    def _again(self, question: RoleQuestion) -> list[Explanation]:
        get, guild_id = self.bot.guild_settings.get, question.guild.id
        if not get(guild_id, ON) or question.role.id in get(guild_id, EXCEPT) or not question.has:
            return []
        return [Explanation(_("Who leaves and comes back gets their roles again here."))]

    @explains(RemovedMessageQuestion)
    async def why_removed(self, question: RemovedMessageQuestion) -> list[Explanation]:
        """Whether it was in a ticket whose channel was deleted."""
        ticket = await self.tickets.of_channel(question.channel_id)
        if ticket is None or question.guild.get_channel_or_thread(question.channel_id) is not None:
            return []
        text = _("It was in ticket {number}, whose channel was deleted after the ticket was closed.")
        return [Explanation(text.format(number=format_number(ticket.number)), decides=True)]
