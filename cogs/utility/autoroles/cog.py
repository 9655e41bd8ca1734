"""Roles that everybody gets who joins: at once or some time later, and others for bots."""

import logging
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Annotated, ClassVar, Final

import discord

from cogs.utility.autoroles.rules import LONGEST_DELAY, MOST_ROLES
from cogs.utility.autoroles.section import AutoRolesSection
from cogs.utility.newcomers.cog import Newcomers
from database.auto_roles import AutoRole, AutoRolesStore
from database.errors import DatabaseError
from database.sanctions import SanctionsStore
from utils import checks
from utils.bot import CANNOT_SAY, Hearth
from utils.cog import Cog
from utils.commands import example, group
from utils.context import GuildContext
from utils.converters import Duration, RoleConverter
from utils.errors import UserError
from utils.events import AutoRoleTimer
from utils.formatting import bullets, safe
from utils.giving_roles import agreed_powers, powers, powers_shown, why_not_give
from utils.i18n import _, format_number, using
from utils.lookup import role_id_in
from utils.members import get_member
from utils.owners import tell_owner
from utils.shared_memory import Part
from utils.time import human_duration

log = logging.getLogger("hearth.utility")

IN_MEMORY: Final = "roles for newcomers"
TRY_AGAIN_AFTER: Final = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6))
LOOK_INTO_JAIL: Final = timedelta(hours=6)
LONGEST_JAIL: Final = 120
"""How often it is looked whether somebody is out of jail: for thirty days."""


class AutoRoles(Cog):
    """Roles for newcomers."""

    also_needs: ClassVar[Mapping[str, str]] = {"manage_roles": "roles for newcomers"}

    def __init__(self, bot: Hearth, newcomers: Newcomers) -> None:
        super().__init__(bot)
        self.newcomers = newcomers
        self.store = AutoRolesStore(bot.db)
        self.sections = (AutoRolesSection(self),)
        self.in_memory = (Part(IN_MEMORY, self.read),)
        self.sanctions = SanctionsStore(bot.db)
        self._roles: dict[int, tuple[AutoRole, ...]] = {}
        self._told: set[tuple[int, int]] = set()

    async def cog_load(self) -> None:
        """Read which roles there are, and begin to hear of newcomers."""
        await self.read(None)
        self.newcomers.companions.append(self)

    async def cog_unload(self) -> None:
        """Hear of them no more."""
        self.newcomers.companions.remove(self)

    async def forget_guild(self, guild_id: int) -> None:
        """Give nobody any there."""
        self._roles.pop(guild_id, None)

    def of_guild(self, guild_id: int) -> Sequence[AutoRole]:
        """Those of one server."""
        return self._roles.get(guild_id, ())

    async def read(self, guild_id: int | None) -> None:
        """Read those of one server, or all."""
        if guild_id is not None:
            self._roles[guild_id] = tuple(await self.store.of(guild_id))
            return
        found: dict[int, tuple[AutoRole, ...]] = {}
        for role in await self.store.all():
            found[role.guild_id] = (*found.get(role.guild_id, ()), role)
        self._roles = found

    async def load_guild(self, guild_id: int) -> None:
        """Read those of one server after a change of them."""
        await self.read(guild_id)
        await self.bot.shared_memory.changed(IN_MEMORY, guild_id)

    # --- giving

    def wants(self, guild_id: int) -> bool:
        """Whether a guild has any."""
        return bool(self._roles.get(guild_id))

    async def arrived(self, member: discord.Member) -> None:
        """Let a newcomer get their roles, each in its time: by timers, so that no restart loses one."""
        now = discord.utils.utcnow()
        by_delay: dict[int, list[int]] = {}
        for role in self._roles[member.guild.id]:
            if role.for_bots == member.bot:
                by_delay.setdefault(role.delay_seconds, []).append(role.role_id)
        for seconds, role_ids in by_delay.items():
            payload = {"role_ids": role_ids, "joined_at": _joined_at(member), "tries": 0}
            await self.bot.timers.schedule(
                AutoRoleTimer, now + timedelta(seconds=seconds),
                guild_id=member.guild.id, user_id=member.id, payload=payload,
            )  # fmt: skip

    @Cog.listener()
    async def on_auto_role_timer(self, event: AutoRoleTimer) -> None:
        """Give somebody their roles, if they are still there."""
        guild = self.bot.get_guild(event.guild_id or 0)
        if guild is None:
            return
        try:
            again_after = await self._give(guild, event) if self.is_on(guild.id) else None
            async with self.bot.db.transaction():
                await self.bot.timers.done(event)
                if again_after is not None:
                    await self.bot.timers.schedule(
                        AutoRoleTimer, discord.utils.utcnow() + again_after, guild_id=guild.id, user_id=event.user_id,
                        payload={**event.payload, "tries": event.payload["tries"] + 1},
                    )  # fmt: skip
        except DatabaseError:
            log.warning("Timer %d waits for the database", event.timer_id, exc_info=True)

    async def _give(self, guild: discord.Guild, event: AutoRoleTimer) -> timedelta | None:
        """Give what can be given; after what time to try again."""
        tries = event.payload["tries"]
        later = TRY_AGAIN_AFTER[tries] if tries < len(TRY_AGAIN_AFTER) else None
        try:
            member = await get_member(guild, event.user_id or 0)
            if member is None or _joined_at(member) != event.payload["joined_at"]:
                return None  # who came back has other timers
            if await self.sanctions.is_jailed(guild.id, member.id):
                return LOOK_INTO_JAIL if tries < LONGEST_JAIL else None
            for role in self._still_given(guild.id, event.payload["role_ids"], member):
                await self._give_one(member, role)
        except CANNOT_SAY:
            return later  # also where they or a role went at this very moment: the next look knows of that
        return None

    def _still_given(self, guild_id: int, role_ids: Sequence[int], member: discord.Member) -> list[AutoRole]:
        given = [role for role in self._roles.get(guild_id, ()) if role.for_bots == member.bot]
        return [role for role in given if role.role_id in role_ids and member.get_role(role.role_id) is None]

    async def _give_one(self, member: discord.Member, role: AutoRole) -> None:
        guild, role_id = member.guild, role.role_id
        with using(self.bot.language_of(guild)):
            why = self._why_not(guild, role)
            reason = _("Everybody gets it who joins.")
        if why is None:
            try:
                await member.add_roles(discord.Object(role_id), reason=reason)
                self._told.discard((guild.id, role_id))
            except discord.Forbidden as error:  # the other roles may be allowed
                log.warning("Newcomers in guild %d don't get role %d: %r", guild.id, role_id, error)
        elif (guild.id, role_id) not in self._told:
            self._told.add((guild.id, role_id))
            found = guild.get_role(role_id)
            with using(self.bot.language_of(guild)):
                text = _("I can't give newcomers the role {role}. {why}").format(
                    role=str(role_id) if found is None else f"**{safe(found.name)}**", why=why
                )
            await tell_owner(self.bot, guild, text)

    def _why_not(self, guild: discord.Guild, role: AutoRole) -> str | None:
        found = guild.get_role(role.role_id)
        why = why_not_give(guild, found)
        if why is None and found is not None and (more := powers(found) & ~role.powers):
            return _("It gives these permissions, which nobody agreed to give to newcomers: {permissions}.").format(
                permissions=powers_shown(more)
            )
        return why

    # --- which

    @group(name="autorole", aliases=["autoroles"])
    @example("")
    @checks.requires(manage_guild=True, manage_roles=True)
    async def autorole(self, ctx: GuildContext) -> None:
        """Show which roles newcomers get.

        They get them when they have accepted the server's rules, if it has the membership screening.
        """
        roles = self._roles.get(ctx.guild.id, ())
        if not roles:
            raise UserError(
                _("Newcomers get no roles here. Add one like `{example}`.").format(
                    example=f"{ctx.clean_prefix}autorole add @Newcomer"
                )
            )
        lines = [self._line(ctx.guild, role) for role in roles]
        if not self.bot.intents.members:
            lines.append("⚠️ " + _("I don't hear who joins and leaves: the members intent is switched off."))
        await ctx.info(bullets(lines), title=_("Roles for newcomers"))

    def _line(self, guild: discord.Guild, role: AutoRole) -> str:
        values = {
            "role": f"<@&{role.role_id}>", "delay": human_duration(timedelta(seconds=role.delay_seconds)),
        }  # fmt: skip
        if role.for_bots and role.delay_seconds:
            line = _("{role}, for bots, after {delay}").format(**values)
        elif role.for_bots:
            line = _("{role}, for bots").format(**values)
        elif role.delay_seconds:
            line = _("{role}, after {delay}").format(**values)
        else:
            line = values["role"]
        why = self._why_not(guild, role)
        return line if why is None else f"{line}\n⚠️ {why}"

    @autorole.command(name="add", usage="<role> [delay]")
    @example("@Newcomer", "@Regular 10m", '"Old Friends" 7d')
    @checks.bot_needs(manage_roles=True)
    async def autorole_add(
        self,
        ctx: GuildContext,
        role: Annotated[discord.Role, RoleConverter],
        *,
        delay: Annotated[timedelta | None, Duration(maximum=LONGEST_DELAY)] = None,
    ) -> None:
        """Give a role to everybody who joins, at once or after a time."""
        await self._add(ctx, role, delay, for_bots=False)

    @autorole.command(name="bots", aliases=["bot"], usage="<role> [delay]")
    @example("@Bots")
    @checks.bot_needs(manage_roles=True)
    async def autorole_bots(
        self,
        ctx: GuildContext,
        role: Annotated[discord.Role, RoleConverter],
        *,
        delay: Annotated[timedelta | None, Duration(maximum=LONGEST_DELAY)] = None,
    ) -> None:
        """Give a role to each bot that joins."""
        await self._add(ctx, role, delay, for_bots=True)

    @autorole.command(name="remove", aliases=["delete", "rm"])
    @example("@Newcomer")
    async def autorole_remove(self, ctx: GuildContext, *, role: str) -> None:
        """Give a role to no more newcomers. Who has it keeps it; a deleted role is named by its id."""
        role_id = role_id_in(role.strip()) or (await RoleConverter().convert(ctx, role)).id
        if not await self.store.remove(ctx.guild.id, role_id):
            raise UserError(_("Newcomers don't get {role}.").format(role=f"<@&{role_id}>"))
        await self.load_guild(ctx.guild.id)
        await ctx.success(_("Newcomers don't get {role} any more.").format(role=f"<@&{role_id}>"))

    async def _add(self, ctx: GuildContext, role: discord.Role, delay: timedelta | None, *, for_bots: bool) -> None:
        bits = await agreed_powers(
            ctx, role,
            question=_("Everybody who joins gets {role}, which gives these permissions: {permissions}. Really?"),
            otherwise=_("Newcomers don't get {role}.").format(role=role.mention),
        )  # fmt: skip
        seconds = 0 if delay is None else int(delay.total_seconds())
        if not await self.store.put(AutoRole(ctx.guild.id, role.id, for_bots, seconds, bits), MOST_ROLES):
            raise UserError(_("That's enough: {most} roles at most.").format(most=format_number(MOST_ROLES)))
        await self.load_guild(ctx.guild.id)
        if for_bots:
            await ctx.success(_("Bots that join get {role} from now on.").format(role=role.mention))
        else:
            await ctx.success(_("Who joins gets {role} from now on.").format(role=role.mention))

    @Cog.listener()
    async def on_guild_role_delete(self, role: discord.Role) -> None:
        """Forget a role that isn't there any more."""
        if any(one.role_id == role.id for one in self._roles.get(role.guild.id, ())):
            await self.forget(role.guild.id, role.id)

    async def forget(self, guild_id: int, role_id: int) -> None:
        """Give a role to newcomers no longer."""
        await self.store.remove(guild_id, role_id)
        await self.load_guild(guild_id)


def _joined_at(member: discord.Member) -> int:
    return 0 if member.joined_at is None else int(member.joined_at.timestamp())
