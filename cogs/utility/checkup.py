"""What utility says to `doctor`: role menus, newcomers, tickets, and what comes later."""

from collections.abc import Sequence
from typing import Any, Final

import discord

from cogs.utility.autoroles.cog import AutoRoles
from cogs.utility.greetings.settings import CHANNELS
from cogs.utility.rolemenus import texts as menu_texts
from cogs.utility.rolemenus.board import Board
from cogs.utility.starboard.settings import CHANNEL, EMOJI
from cogs.utility.stickyroles.settings import ON
from database.auto_roles import AutoRole
from database.giveaways import GiveawaysStore
from database.role_menus import MenuRole, RoleMenu, RoleMenusStore
from database.scheduled_messages import ScheduledMessagesStore
from database.ticket_panels import TicketKind, TicketPanel, TicketPanelsStore
from utils.bot import CANNOT_SAY, Hearth
from utils.cog import Cog
from utils.findings import Finding, Repair, Severity, channel_findings, role_findings
from utils.formatting import safe, truncate
from utils.giving_roles import powers, powers_shown
from utils.i18n import _, format_number

CATEGORY_HOLDS: Final = 50  # channels, by Discord
NEARLY_FULL: Final = 45
LOOKED_UP: Final = 15
"""Messages of menus and panels that Discord is asked about at most."""
LONGEST_NAME: Final = 50  # characters, on a menu


class UtilityCheckup(Cog):
    """What is wrong with the tools."""

    def __init__(self, bot: Hearth, newcomers_roles: AutoRoles) -> None:
        super().__init__(bot)
        self.newcomers_roles = newcomers_roles
        self.menus = RoleMenusStore(bot.db)
        self.panels = TicketPanelsStore(bot.db)
        self.scheduled = ScheduledMessagesStore(bot.db)
        self.giveaways = GiveawaysStore(bot.db)

    async def findings(self, guild: discord.Guild) -> Sequence[Finding]:
        """All of it."""
        found = [
            *self._unheard(guild, await self.newcomers_roles.store.of(guild.id)),
            *[one for role in await self.newcomers_roles.store.of(guild.id) for one in self._auto_role(guild, role)],
        ]  # fmt: skip
        for menu in await self.menus.of_guild(guild.id):
            found += self._menu(guild, menu)
        for panel in await self.panels.of_guild(guild.id):
            for kind in panel.kinds:
                found += self._ticket_kind(guild, kind)
        return [*found, *self._star(guild), *await self._messages(guild), *await self._later(guild)]

    # --- who joins

    def _unheard(self, guild: discord.Guild, auto_roles: Sequence[AutoRole]) -> list[Finding]:
        """What waits for joins that the bot isn't told of."""
        get = self.bot.guild_settings.get
        waits = bool(auto_roles) or get(guild.id, ON) or any(get(guild.id, one) for one in CHANNELS.values())
        if self.bot.intents.members or not waits:
            return []
        return [
            Finding(
                _("I don't hear who joins and leaves: welcomes, autoroles and sticky roles don't work."),
                _("Whoever runs me switches on `MEMBERS`, and the members intent in Discord's developer portal."),
            )
        ]

    def _auto_role(self, guild: discord.Guild, one: AutoRole) -> list[Finding]:
        async def remove(member: discord.Member) -> None:
            await self.newcomers_roles.forget(guild.id, one.role_id)

        what = _("The role for newcomers")
        found = role_findings(
            guild, one.role_id, what, if_gone=_("Add another with `autorole add`."),
            repair_gone=Repair(_("Forget the deleted role for newcomers"), remove),
        )  # fmt: skip
        role = guild.get_role(one.role_id)
        more = 0 if role is None else powers(role) & ~one.powers
        if role is not None and more:
            names = powers_shown(more)
            problem = _("Newcomers don't get {role}: it got {permissions} since it was added.")
            advice = _("Take these permissions from it, or say `autorole add` again to agree.")
            found.append(Finding(problem.format(role=role.mention, permissions=names), advice))
        return found

    # --- role menus

    def _menu(self, guild: discord.Guild, menu: RoleMenu) -> list[Finding]:
        what = _("The role menu {name}").format(name=f"**{safe(menu.name)}**")
        found = [one for role in menu.roles for one in self._menu_role(guild, menu, role, what)]
        if menu.required_role_id is not None and guild.get_role(menu.required_role_id) is None:
            problem = _("{what}: the role that members need for it was deleted, so nobody can choose.")
            found.append(Finding(problem.format(what=what), _("Change it with `rolemenu require`.")))
        return found

    def _menu_role(self, guild: discord.Guild, menu: RoleMenu, role: MenuRole, what: str) -> list[Finding]:
        async def remove(member: discord.Member) -> None:
            await self.menus.remove_role(menu.id, role.role_id)
            left = await self.menus.get(menu.id)
            if left is not None:
                await Board(self.bot, self.menus).refresh(guild, left)

        name = truncate(menu.name, LONGEST_NAME)
        found = role_findings(
            guild, role.role_id, what, if_gone=_("Take it out with `rolemenu remove`."),
            repair_gone=Repair(
                _("Take the deleted role out of {menu}").format(menu=name), remove, ("manage_guild", "manage_roles")
            ),
        )  # fmt: skip
        why = None if found else menu_texts.why_not(guild, role, gives=True)
        if why is not None:
            problem = _("{what}: <@&{role}> can't be chosen.").format(what=what, role=role.role_id)
            found.append(Finding(problem, why))
        return found

    def _star(self, guild: discord.Guild) -> list[Finding]:
        """Whether the reaction that counts as a star still exists."""
        text = self.bot.guild_settings.get(guild.id, EMOJI)
        emoji = discord.PartialEmoji.from_str(text)
        is_there = emoji.id is None or self.bot.get_emoji(emoji.id) is not None
        if is_there or self.bot.guild_settings.get(guild.id, CHANNEL) is None:
            return []
        problem = _("The emoji that counts as a star, {emoji}, was deleted, or is another server's.")
        advice = _("Choose another with `config set starboard-emoji`.")
        return [Finding(problem.format(emoji=f"`:{emoji.name}:`"), advice, Severity.WARNING)]

    # --- tickets

    def _ticket_kind(self, guild: discord.Guild, kind: TicketKind) -> list[Finding]:
        what = _("Tickets about {kind}").format(kind=f"**{safe(kind.label)}**")
        found = []
        category: Any = None if kind.category_id is None else guild.get_channel(kind.category_id)
        if kind.category_id is not None and category is None:
            problem = _("{what}: their category was deleted.")
            found.append(Finding(problem.format(what=what), _("Choose another with `ticket kind edit`.")))
        elif category is not None and len(category.channels) >= CATEGORY_HOLDS:
            problem = _("{what}: the category {category} is full: Discord allows {most} channels in one.")
            found.append(
                Finding(
                    problem.format(what=what, category=category.mention, most=CATEGORY_HOLDS),
                    _("Delete closed tickets, or choose another category."),
                )
            )
        elif category is not None and len(category.channels) >= NEARLY_FULL:
            problem = _("{what}: the category {category} is nearly full, with {count} of {most} channels.")
            values = {"what": what, "category": category.mention, "most": format_number(CATEGORY_HOLDS)}
            found.append(
                Finding(
                    problem.format(count=format_number(len(category.channels)), **values),
                    _("Delete closed tickets, or choose another category."), Severity.WARNING,
                )
            )  # fmt: skip
        gone = [role_id for role_id in kind.role_ids if guild.get_role(role_id) is None]
        if gone and len(gone) == len(kind.role_ids):
            problem = _("{what}: all roles that answer them were deleted, so only who manages the server sees them.")
            found.append(Finding(problem.format(what=what), _("Choose who answers with `ticket kind edit`.")))
        elif gone:
            problem = _("{what}: a role that answers them was deleted.")
            advice = _("Choose who answers with `ticket kind edit`.")
            found.append(Finding(problem.format(what=what), advice, Severity.HINT))
        return found

    # --- messages with buttons

    async def _messages(self, guild: discord.Guild) -> list[Finding]:
        """Menus and panels whose message or channel was deleted."""
        found = []
        menus, panels = await self.menus.of_guild(guild.id), await self.panels.of_guild(guild.id)
        posted: list[tuple[RoleMenu | TicketPanel, str, str]] = [
            (one, _("The role menu {name}"), _("Send it anew with `rolemenu post`.")) for one in menus
        ] + [(one, _("The ticket panel {name}"), _("Send it anew with `ticket panel post`.")) for one in panels]
        for one, called, advice in posted[:LOOKED_UP]:
            channel_id, message_id = one.channel_id, one.message_id
            if channel_id is None or message_id is None:
                continue
            what = called.format(name=f"**{safe(one.name)}**")
            missing = channel_findings(guild, channel_id, what, if_gone=advice)
            found += missing
            channel: Any = guild.get_channel_or_thread(channel_id)
            if channel is None or missing:
                continue
            try:
                await channel.fetch_message(message_id)
            except discord.NotFound:
                problem = _("{what}: its message in {channel} was deleted.")
                found.append(Finding(problem.format(what=what, channel=channel.mention), advice))
            except CANNOT_SAY:
                continue  # nothing is known of it
        return found

    # --- what comes later

    async def _later(self, guild: discord.Guild) -> list[Finding]:
        found = []
        for message in await self.scheduled.of_guild(guild.id):
            found += self._scheduled(guild, message.id, message.number, message.channel_id)
        for giveaway in await self.giveaways.unfinished_in(guild.id):
            what = _("The giveaway of {prize}").format(prize=f"**{safe(truncate(giveaway.prize, 80))}**")
            advice = _("Cancel it with `giveaway cancel {number}`.").format(number=giveaway.number)
            found += channel_findings(guild, giveaway.channel_id, what, if_gone=advice)
        return found

    def _scheduled(self, guild: discord.Guild, scheduled_id: int, number: int, channel_id: int) -> list[Finding]:
        what = _("The scheduled message {number}").format(number=number)
        advice = _("Choose another with `schedule channel {number}`, or cancel it.").format(number=number)
        return channel_findings(guild, channel_id, what, needs=("view_channel", "send_messages"), if_gone=advice)
