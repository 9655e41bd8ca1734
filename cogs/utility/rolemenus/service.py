"""What happens to members' roles when they use a role menu, and when their time is over."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final
from weakref import WeakValueDictionary

import discord

from cogs.utility.rolemenus import texts
from cogs.utility.rolemenus.rules import Change, change
from database.role_menus import RoleMenu, RoleMenusStore, Term, TermsStore
from database.sanctions import SanctionsStore
from utils.bot import CANNOT_SAY, Hearth
from utils.errors import UserError
from utils.events import SelfRoleTimer
from utils.i18n import _, using
from utils.members import get_member
from utils.owners import tell_owner
from utils.time import timestamp

log = logging.getLogger("hearth.utility")

TRY_AGAIN_AFTER: Final = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1))
LATER: Final = timedelta(hours=6)
"""How often it is tried after the owner was told."""
RECENT: Final = timedelta(seconds=10)
"""For how long after a change the roles that Discord sent with a press may be those from before."""
REMEMBERED: Final = 1_000


@dataclass(slots=True)
class Outcome:
    """What was done to somebody's roles, and which ones Discord didn't let be changed."""

    given: list[int] = field(default_factory=list)
    taken: list[int] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)


class SelfRoles:
    """Gives and takes the roles of menus."""

    def __init__(self, bot: Hearth) -> None:
        self.bot = bot
        self.store = RoleMenusStore(bot.db)
        self.terms = TermsStore(bot.db)
        self.sanctions = SanctionsStore(bot.db)
        self._locks: WeakValueDictionary[tuple[int, int], asyncio.Lock] = WeakValueDictionary()
        self._changed: OrderedDict[tuple[int, int], datetime] = OrderedDict()

    def lock(self, guild_id: int, user_id: int) -> asyncio.Lock:
        """Held by whoever changes a member's roles here."""
        return self._locks.setdefault((guild_id, user_id), asyncio.Lock())

    # --- choosing

    async def choose(self, member: discord.Member, menu: RoleMenu, role_ids: Sequence[int]) -> str:
        """Do what somebody chose, and say what became of it. Raises `UserError`."""
        async with self.lock(member.guild.id, member.id):
            member = await self._as_they_are(member)
            await self._check(member, menu)
            wanted = change(
                menu.mode, menu.most, [one.role_id for one in menu.roles], {one.id for one in member.roles}, role_ids
            )
            if wanted.why_not is not None:
                raise UserError(texts.nothing_changes(menu, wanted))
            _check_roles(member.guild, menu, wanted)
            ends_at = None if menu.seconds is None else discord.utils.utcnow() + timedelta(seconds=menu.seconds)
            outcome = await self._carry_out(member, menu, wanted, ends_at)
        return _told(outcome, ends_at)

    async def _as_they_are(self, member: discord.Member) -> discord.Member:
        """The member as they are now: a second press may have been sent before the first was done."""
        changed_at = self._changed.get((member.guild.id, member.id))
        if changed_at is None or discord.utils.utcnow() - changed_at > RECENT:
            return member
        found = await get_member(member.guild, member.id)
        if found is None:
            raise UserError(_("You aren't in this server any more."))
        return found

    async def _check(self, member: discord.Member, menu: RoleMenu) -> None:
        if member.pending:
            raise UserError(_("Accept this server's rules first; then you can choose roles."))
        if menu.required_role_id is not None and member.get_role(menu.required_role_id) is None:
            if member.guild.get_role(menu.required_role_id) is None:
                raise UserError(_("The role that is needed here was deleted. Please tell the staff of this server."))
            raise UserError(_("You need {role} for this.").format(role=texts.mention(menu.required_role_id)))
        if await self.sanctions.is_jailed(member.guild.id, member.id):
            raise UserError(_("You can't choose roles while you are in jail."))

    async def _carry_out(
        self, member: discord.Member, menu: RoleMenu, wanted: Change, ends_at: datetime | None
    ) -> Outcome:
        outcome = Outcome()
        with using(self.bot.language_of(member.guild)):
            reason = _("Chosen in the menu {name}.").format(name=menu.name)
        for role_id in wanted.give:
            try:
                await self._give(member, role_id, ends_at, reason)
                outcome.given.append(role_id)
            except CANNOT_SAY as error:
                outcome.refused.append(role_id)
                log.warning("Role %d of a menu in guild %d isn't given: %r", role_id, member.guild.id, error)
        if wanted.give and not outcome.given:
            return outcome  # nobody loses the old role for a new one that they don't get
        for role_id in wanted.take:
            try:
                await member.remove_roles(discord.Object(role_id), reason=reason)
                await self._forget_role(member, role_id)
                outcome.taken.append(role_id)
            except CANNOT_SAY as error:
                outcome.refused.append(role_id)
                log.warning("Role %d of a menu in guild %d isn't taken: %r", role_id, member.guild.id, error)
        self._changed[member.guild.id, member.id] = discord.utils.utcnow()
        self._changed.move_to_end((member.guild.id, member.id))
        if len(self._changed) > REMEMBERED:
            self._changed.popitem(last=False)
        return outcome

    async def _give(self, member: discord.Member, role_id: int, ends_at: datetime | None, reason: str) -> None:
        """Its end is written down first: a crash in between leaves no role that never ends."""
        await self._forget_role(member, role_id)
        if ends_at is None:
            await member.add_roles(discord.Object(role_id), reason=reason)
            return
        async with self.bot.db.transaction():
            timer_id = await self.bot.timers.schedule(
                SelfRoleTimer, ends_at, guild_id=member.guild.id, user_id=member.id
            )
            await self.terms.put(Term(member.guild.id, member.id, role_id, ends_at, timer_id))
        try:
            await member.add_roles(discord.Object(role_id), reason=reason)
        except discord.HTTPException:  # after any other error nobody knows whether they have it
            await self._forget_role(member, role_id)
            raise

    async def _forget_role(self, member: discord.Member, role_id: int) -> None:
        term = await self.terms.get(member.guild.id, member.id, role_id)
        if term is not None:
            await self._forget(term)

    async def _forget(self, term: Term) -> None:
        async with self.bot.db.transaction():
            if await self.terms.remove(term):
                await self.bot.timers.cancel(term.timer_id)

    # --- ending

    async def end(self, event: SelfRoleTimer) -> None:
        """Take a role whose time is over. Raises `DatabaseError`; the timer comes again then."""
        found = await self.terms.of_timer(event.timer_id)
        if found is None:
            await self.bot.timers.done(event)
            return
        async with self.lock(found.guild_id, found.user_id):
            term = await self.terms.of_timer(event.timer_id)
            guild = self.bot.get_guild(found.guild_id)
            if term is not None and guild is not None:
                await self._end(guild, term)

    async def _end(self, guild: discord.Guild, term: Term) -> None:
        try:
            member = await get_member(guild, term.user_id)
            if member is not None and member.get_role(term.role_id) is not None:
                with using(self.bot.language_of(guild)):
                    reason = _("Its time is over.")
                await member.remove_roles(discord.Object(term.role_id), reason=reason)
            await self._forget(term)
        except discord.NotFound:  # the person or the role is gone at this very moment
            await self._forget(term)
        except CANNOT_SAY as error:
            await self._end_later(guild, term, error)

    async def _end_later(self, guild: discord.Guild, term: Term, error: Exception) -> None:
        """Try again, ever more seldom; tell the owner once."""
        wait = TRY_AGAIN_AFTER[term.tries] if term.tries < len(TRY_AGAIN_AFTER) else LATER
        async with self.bot.db.transaction():
            if await self.bot.timers.reschedule(term.timer_id, discord.utils.utcnow() + wait):
                await self.terms.put(replace(term, tries=term.tries + 1))
        if term.tries != len(TRY_AGAIN_AFTER):
            return
        log.warning("Role %d in guild %d doesn't end: %r", term.role_id, guild.id, error)
        role = guild.get_role(term.role_id)
        with using(self.bot.language_of(guild)):
            text = _("I can't take the role {role} from {member}, whose time is over. Is it above my own role?")
            name = f"**{discord.utils.escape_markdown(role.name)}**" if role is not None else str(term.role_id)
            text = text.format(role=name, member=f"<@{term.user_id}>")
        await tell_owner(self.bot, guild, text)


def _check_roles(guild: discord.Guild, menu: RoleMenu, wanted: Change) -> None:
    """Raise `UserError` if the bot can't give or take one of them."""
    for role in menu.roles:
        gives = role.role_id in wanted.give
        if not gives and role.role_id not in wanted.take:
            continue
        why = texts.why_not(guild, role, gives=gives)
        if why is not None:
            raise UserError(_("{why}\nPlease tell the staff of this server.").format(why=why))


def _told(outcome: Outcome, ends_at: datetime | None) -> str:
    parts = [texts.done(outcome.given, outcome.taken, None if ends_at is None else timestamp(ends_at, "f"))]
    if outcome.refused:
        parts.append(
            _("Discord didn't let me change {roles}. Try again later, or tell the staff of this server.").format(
                roles=texts.mentions(outcome.refused)
            )
        )
    return "\n".join(filter(None, parts))
