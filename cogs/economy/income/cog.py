"""Coins for chatting, for roles and for levels."""

import asyncio
import logging
from datetime import timedelta
from typing import Annotated

import discord

from cogs.economy.bank import Bank
from cogs.economy.base import EconomyCog
from cogs.economy.income import rules, settings
from cogs.economy.income.chat import ChatIncome
from cogs.economy.income.rules import LONGEST_WAIT, MOST_ROLES, SHORTEST_WAIT
from cogs.economy.income.section import RoleIncomeSection
from cogs.economy.treasury.amounts import Coins
from database.claims import ClaimsStore
from database.economy import AlreadyDone, Cause, Posting
from database.errors import DatabaseUnavailable
from database.income import RoleIncome, RoleIncomeStore
from utils import checks, embeds
from utils.bot import Hearth
from utils.commands import command, example, group
from utils.context import GuildContext
from utils.converters import Duration, RoleConverter
from utils.errors import UserError
from utils.events import LevelUp
from utils.formatting import bullets
from utils.i18n import _, format_number
from utils.lookup import NoMatchError, find_role, role_id_in
from utils.people import named
from utils.time import human_duration, timestamp

log = logging.getLogger("hearth.economy")

TRIED_AGAIN_AFTER = (timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=10))


class Income(EconomyCog):
    """Coins that come by chatting, by having roles and by reaching levels."""

    settings = settings.SETTINGS

    def __init__(self, bot: Hearth, bank: Bank) -> None:
        super().__init__(bot, bank)
        self.roles = RoleIncomeStore(bot.db)
        self.sections = (RoleIncomeSection(self.roles),)
        self.claims = ClaimsStore(bot.db)
        self.chat = ChatIncome(bank, self)

    async def cog_load(self) -> None:
        """Begin to hear what is said."""
        self.bot.chat_hearers.append(self.chat.hear)

    async def cog_unload(self) -> None:
        """Write what was gathered."""
        self.bot.chat_hearers.remove(self.chat.hear)
        await self.chat.writer.write_the_last()

    # --- roles

    @command(aliases=["salary", "collectincome"])
    @example("")
    async def collect(self, ctx: GuildContext) -> None:
        """Collect what your roles pay.

        Each role pays once in its time, and what wasn't collected doesn't add up. `roleincome` shows them.
        """
        incomes = [one for one in await self.roles.all(ctx.guild.id) if _has(ctx.author, one.role_id)]
        if not incomes:
            raise UserError(
                _("None of your roles pays anything. `{command}` shows those that do.").format(
                    command=f"{ctx.clean_prefix}roleincome"
                )
            )
        async with self.bank.by(ctx, "role_income") as operation:
            claims = await self.claims.of(ctx.guild.id, ctx.author.id)
            paying = rules.due(incomes, claims, operation.new.at)
            if not paying:
                at = rules.next_at(incomes, claims)
                assert at is not None
                raise UserError(_("You have collected already; come again {when}.").format(when=timestamp(at, "R")))
            for one in paying:
                await self.claims.write(operation, ctx.author.id, rules.claim_kind(one.role_id))
            await operation.post(*(Posting(ctx.author.id, one.amount) for one in paying))
            account = await operation.account(ctx.author.id)
            claims = await self.claims.of(ctx.guild.id, ctx.author.id)
        await ctx.success(
            _("You collect {amount} and have {balance} in hand. Come again {when}.\n{roles}").format(
                amount=self.bank.show(ctx.guild.id, sum(one.amount for one in paying)),
                balance=self.bank.show(ctx.guild.id, account.cash),
                when=timestamp(rules.next_at(incomes, claims) or operation.new.at, "R"),
                roles=bullets(self._line(ctx.guild, one) for one in paying),
            )
        )

    @group(aliases=["incomeroles", "roleincomes"])
    @example("")
    async def roleincome(self, ctx: GuildContext) -> None:
        """Show which roles pay coins, how many and how often."""
        incomes = await self.roles.all(ctx.guild.id)
        if not incomes:
            await ctx.info(_("No role pays coins here."))
            return
        lines = [self._line(ctx.guild, one) for one in incomes]
        await ctx.show(embeds.info(bullets(lines), title=_("Role income")))

    @roleincome.command(name="list")
    @example("")
    async def roleincome_list(self, ctx: GuildContext) -> None:
        """Show which roles pay coins, how many and how often."""
        await self.roleincome(ctx)

    @roleincome.command(name="add", aliases=["set"])
    @example("@Helpers 500 1d", '"Server Booster" 1k 12h', "everyone 10 6h")
    @checks.requires(manage_guild=True)
    async def roleincome_add(
        self,
        ctx: GuildContext,
        role: Annotated[discord.Role, RoleConverter],
        amount: Annotated[int, Coins()],
        *,
        every: Annotated[timedelta, Duration(minimum=SHORTEST_WAIT, maximum=LONGEST_WAIT)],
    ) -> None:
        """Let a role pay coins to whoever has it and says `collect`.

        Say how many and how often, from every ten minutes to every 30 days. A role that pays already pays this then.
        """
        if amount > settings.MOST_PAID:
            raise UserError(
                _("A role pays {most} at most.").format(most=self.bank.show(ctx.guild.id, settings.MOST_PAID))
            )
        known = [one.role_id for one in await self.roles.all(ctx.guild.id)]
        if len(known) >= MOST_ROLES and role.id not in known:
            raise UserError(
                _("That's enough: {most} roles may pay coins. Remove one first.").format(
                    most=format_number(MOST_ROLES)
                )
            )
        income = RoleIncome(role.id, amount, every)
        await self.roles.put(ctx.guild.id, income)
        await ctx.success(
            _("From now on, `{command}` pays {line}.").format(
                command=f"{ctx.clean_prefix}collect", line=self._line(ctx.guild, income)
            )
        )

    @roleincome.command(name="remove", aliases=["delete"])
    @example("@Helpers")
    @checks.requires(manage_guild=True)
    async def roleincome_remove(self, ctx: GuildContext, *, role: str) -> None:
        """Let a role pay no coins any more; one that was deleted goes by its id."""
        role_id = _role_id(ctx.guild, role)
        if not await self.roles.remove(ctx.guild.id, role_id):
            raise UserError(
                _("This role pays nothing. `{command}` shows those that do.").format(
                    command=f"{ctx.clean_prefix}roleincome"
                )
            )
        found = ctx.guild.get_role(role_id)
        await ctx.success(
            _("{role} pays nothing any more.").format(role=named(found) if found is not None else f"`{role_id}`")
        )

    @EconomyCog.listener()
    async def on_guild_role_delete(self, role: discord.Role) -> None:
        """Forget what a role paid that isn't there any more."""
        try:
            await self.roles.remove(role.guild.id, role.id)
        except DatabaseUnavailable as error:  # the list says that it is deleted
            log.warning("What the deleted role %d paid isn't forgotten: %s", role.id, error)

    async def forget_person(self, user_id: int, guild_id: int | None) -> None:
        """Drop the coins that aren't paid."""
        await self.chat.writer.forget(user_id, guild_id)

    def _line(self, guild: discord.Guild, income: RoleIncome) -> str:
        role = guild.get_role(income.role_id)
        return _("{role}: {amount} every {time}").format(
            role=named(role) if role is not None else _("a deleted role (`{id}`)").format(id=income.role_id),
            amount=self.bank.show(guild.id, income.amount),
            time=human_duration(income.every),
        )

    # --- levels

    @EconomyCog.listener()
    async def on_level_up(self, event: LevelUp) -> None:
        """Pay for each level that this member reaches for the first time. Here the chain ends: it gives no XP."""
        reward = self.bot.guild_settings.get(event.guild_id, settings.LEVEL_UP_REWARD)
        if reward and self.bot.switches.feature_is_on(event.guild_id, self.feature):
            self.spawn(self._pay_levels(event, reward))

    async def _pay_levels(self, event: LevelUp, reward: int) -> None:
        for level in range(event.old_level + 1, event.new_level + 1):
            for wait in (*TRIED_AGAIN_AFTER, None):
                try:
                    await self._pay_level(event, level, reward)
                except DatabaseUnavailable as error:
                    log.warning("Level %d of user %d isn't paid for yet: %s", level, event.user_id, error)
                    if wait is None:
                        return
                    await asyncio.sleep(wait.total_seconds())
                else:
                    break

    async def _pay_level(self, event: LevelUp, level: int, reward: int) -> None:
        cause = Cause("level", level)
        try:
            async with self.bank.operation(event.guild_id, "level_up", cause, event.user_id) as operation:
                await operation.pay({event.user_id: reward})
        except AlreadyDone:
            log.debug("Level %d of user %d was paid for before", level, event.user_id)


def _has(member: discord.Member, role_id: int) -> bool:
    return role_id == member.guild.id or member.get_role(role_id) is not None


def _role_id(guild: discord.Guild, text: str) -> int:
    """A role's id, also of one that was deleted; raises `UserError`."""
    try:
        return find_role(guild, text).id
    except NoMatchError as error:
        if (role_id := role_id_in(text.strip())) is not None:
            return role_id
        raise UserError(str(error)) from error
