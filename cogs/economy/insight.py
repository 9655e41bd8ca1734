"""What the economy says to `why` and `doctor`: waits for coins, bought roles, and items that can't be sold."""

from collections.abc import Sequence

import discord

from cogs.economy.earning.claiming import COOLDOWNS, Claiming
from cogs.economy.games.catalogue import GAMES
from cogs.economy.shop.till import Till
from database.deliveries import ShopRolesStore
from database.shop import ShopItem
from utils.cog import Cog
from utils.explanations import CommandQuestion, Explanation, RoleQuestion, explains
from utils.findings import Finding, Repair, Severity, role_findings
from utils.formatting import safe
from utils.giving_roles import powers, powers_shown
from utils.i18n import _
from utils.time import timestamp

LONGEST_NAME = 50  # characters, on a menu


class EconomyInsight(Cog):
    """What the economy did and why, and what is wrong with it."""

    def __init__(self, till: Till) -> None:
        super().__init__(till.bank.bot)
        self.shop = till.shop
        self.roles = ShopRolesStore(self.bot.db)
        self.claiming = Claiming(till.bank)

    @explains(RoleQuestion)
    async def why_role(self, question: RoleQuestion) -> list[Explanation]:
        """Whether they bought it."""
        guild, member, role = question.guild, question.member, question.role
        held = await self.roles.get(guild.id, member.id, role.id)
        if held is not None and question.has:
            text = _("They bought it in the shop; they have it until {when}.")
            return [Explanation(text.format(when=timestamp(held.ends_at, "f")), decides=True)]
        if held is not None and held.owed:
            text = _("They bought it until {when}, and I have yet to give it again.")
            return [Explanation(text.format(when=timestamp(held.ends_at, "f")), decides=True)]
        bought = await self.shop.bought(guild.id, member.id)
        items = await self.shop.items(guild.id, [number for number, count in bought.items() if count > 0])
        found = [item for item in items.values() if item.role_id == role.id]
        if found and question.has:
            text = _("They bought it in the shop: {item}.")
            return [Explanation(text.format(item=f"**{safe(found[0].name)}**"), decides=found[0].lasts is None)]
        for item in await self.shop.on_sale(guild.id):
            if item.role_id == role.id:
                text = _("It is sold in the shop: {item}.").format(item=f"**{safe(item.name)}**")
                return [Explanation(text)]
        return []

    @explains(CommandQuestion)
    async def why_not_command(self, question: CommandQuestion) -> list[Explanation]:
        """Whether they have to wait for their coins, or a game is switched off."""
        name, guild_id = question.command.qualified_name, question.guild.id
        if question.command.cog is None or getattr(question.command.cog, "feature", None) != self.feature:
            return []
        game = GAMES.get(name)
        if game is not None and not self.bot.guild_settings.get(guild_id, game.switch):
            text = _("This game is switched off: `config set {key} on` switches it on.")
            return [Explanation(text.format(key=game.switch.key), decides=True)]
        if name not in COOLDOWNS:
            return []
        last = await self.claiming.store.last(guild_id, question.member.id, name)
        rhythm = self.claiming.rhythm(guild_id, name)
        if last is None or rhythm.is_possible(last, discord.utils.utcnow()):
            return []
        text = _("{member} used it {when}; it is possible again {again}.").format(
            member=question.member.mention, when=timestamp(last.at, "R"),
            again=timestamp(rhythm.possible_at(last.at), "f"),
        )  # fmt: skip
        return [Explanation(text, decides=True)]

    async def findings(self, guild: discord.Guild) -> Sequence[Finding]:
        """Items whose role is gone, can't be given, or has become powerful."""
        return [one for item in await self.shop.on_sale(guild.id) for one in self._item(guild, item)]

    def _item(self, guild: discord.Guild, item: ShopItem) -> list[Finding]:
        async def remove(member: discord.Member) -> None:
            await self.shop.remove(guild.id, item.number, discord.utils.utcnow())

        what = _("The item {item} in the shop").format(item=f"**{safe(item.name)}**")
        taken_out = Repair(_("Take {item} out of the shop").format(item=item.name[:LONGEST_NAME]), remove)
        found = role_findings(
            guild, item.role_id, what,
            if_gone=_("Give it another role with `shop edit`, or take it out with `shop remove`."),
            repair_gone=taken_out,
        )  # fmt: skip
        role = guild.get_role(item.role_id or 0)
        more = 0 if role is None else powers(role) & ~item.accepted_permissions
        if more:
            names = powers_shown(more)
            problem = _("{what}: its role got {permissions}, so I don't sell it.")
            advice = _("Take these permissions from the role, or agree to sell it with `shop edit`.")
            found.append(Finding(problem.format(what=what, permissions=names), advice, repair=taken_out))
        if item.needed_role_id is not None and guild.get_role(item.needed_role_id) is None:
            problem = _("{what}: the role that members need for it was deleted, so nobody can buy it.")
            advice = _("Change what it needs with `shop edit`.")
            found.append(Finding(problem.format(what=what), advice, Severity.BROKEN, taken_out))
        return found
