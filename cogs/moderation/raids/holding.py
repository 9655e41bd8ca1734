"""Quarantine of those who belong to a raid, and what ends it: jail where there is a jail role, else a timeout."""

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar, Final, Literal

import discord

from cogs.moderation.actions import Action, Target
from cogs.moderation.jail.actions import JAIL_ROLE, Jail, Unjail
from cogs.moderation.massban.rules import Candidate, Plan
from cogs.moderation.massban.run import MassBans, Order, Outcome
from cogs.moderation.massban.search import Search
from cogs.moderation.massban.texts import nobody, result
from cogs.moderation.pipeline import Origin, Pipeline
from cogs.moderation.punishments import Timeout, Untimeout
from cogs.moderation.refusals import REFUSALS, AlreadySoError, why_refused
from cogs.moderation.rights import require_own
from database.errors import DatabaseError
from database.moderation import CasesStore, SanctionsStore
from database.raids import RaidMember
from utils.errors import UserError
from utils.i18n import _
from utils.members import get_member

if TYPE_CHECKING:
    from utils.bot import Hearth

log = logging.getLogger("hearth.moderation")

HELD_FOR: Final = timedelta(days=7)
"""How long a timeout is, where there is no jail role: the staff decides before."""
BAN_DELETES_DAYS: Final = 1
FOR_MANY: Final = ("ban_members", "manage_guild")
"""What Discord wants of the bot for bans of many at once."""
RAID: Final = "raid"
"""Among a case's details: the raid that it was for."""
Never = Literal["before", "after", "never"]


@dataclass
class QuietJail(Jail):
    """Nobody of a cohort is written to: Discord takes a bot for a spammer that writes to hundreds."""

    tells: ClassVar[Never] = "never"


@dataclass
class QuietTimeout(Timeout):
    """The same for a timeout."""

    tells: ClassVar[Never] = "never"


@dataclass
class QuietUnjail(Unjail):
    """The same for its end."""

    tells: ClassVar[Never] = "never"


@dataclass
class QuietUntimeout(Untimeout):
    """The same for its end."""

    tells: ClassVar[Never] = "never"


class Holding:
    """Holds people, lets them go, and bans them: each by moderation's pipeline, with a case."""

    def __init__(self, pipeline: Pipeline) -> None:
        self.pipeline = pipeline
        self.bot: Hearth = pipeline.bot
        self.mass_bans = MassBans(pipeline)
        self.cases = CasesStore(pipeline.bot.db)
        self.sanctions = SanctionsStore(pipeline.bot.db)

    async def hold(self, guild: discord.Guild, raid_id: int, one: RaidMember) -> str:
        """Put somebody into quarantine; what became of them: quarantined, noted, gone or failed.

        Noted is who is held already, by somebody else: that isn't the raid's to end.
        """
        try:
            member = await get_member(guild, one.user_id)
            if member is None:
                return "gone"
            if await self._held_by(raid_id, guild, one):  # before a crash
                return "quarantined"
            target, reason, until = (
                Target.of(guild, member),
                _("Belongs to a raid"),
                discord.utils.utcnow() + HELD_FOR,
            )
            action: Action
            if guild.get_role(self.bot.guild_settings.get(guild.id, JAIL_ROLE) or 0) is not None:
                action = QuietJail(self.bot, target, reason, details={RAID: raid_id})
            elif member.timed_out_until is not None and member.timed_out_until >= until:
                return "noted"
            else:
                action = QuietTimeout(self.bot, target, reason, until, details={RAID: raid_id})
            await self.pipeline.perform(action, Origin("automod", None))
        except AlreadySoError:
            return "noted"
        except (UserError, *REFUSALS, DatabaseError) as error:
            log.info("User %d in guild %d isn't held: %s", one.user_id, guild.id, error)
            return "failed"
        return "quarantined"

    async def _held_by(self, raid_id: int, guild: discord.Guild, one: RaidMember) -> set[str]:
        """What a raid did to somebody and is in force still: what the staff did instead isn't in it."""
        in_force = await self.sanctions.of(guild.id, one.user_id)
        cases = [await self.cases.get(guild.id, sanction.number) for sanction in in_force]
        return {case.kind for case in cases if case is not None and case.details.get(RAID) == raid_id}

    async def let_go(self, moderator: discord.Member, raid_id: int, one: RaidMember) -> str | None:
        """Let somebody out of quarantine; the sentence that says why not, if it can't be done."""
        guild = moderator.guild
        try:
            held_by = await self._held_by(raid_id, guild, one)
            member = await get_member(guild, one.user_id)
            target = Target(guild, one.user_id, one.name) if member is None else Target.of(guild, member)
            if Jail.kind_key in held_by:
                await self.pipeline.perform(QuietUnjail(self.bot, target), Origin("button", moderator))
            if Timeout.kind_key in held_by:
                await self.pipeline.perform(QuietUntimeout(self.bot, target), Origin("button", moderator))
        except AlreadySoError:
            return None
        except (UserError, *REFUSALS) as error:
            return why_refused(error)
        return None

    async def ban(
        self, moderator: discord.Member, people: list[RaidMember], channel_id: int, press_id: int
    ) -> tuple[list[int], str]:
        """Ban people together; who is banned, and what to say. Raises UserError."""
        for permission in FOR_MANY:  # asked before anybody is written to
            require_own(moderator.guild, permission)
        wanted = Plan(tuple(Candidate(one.user_id, one.name) for one in people))
        try:
            plan = await Search(self.pipeline, moderator).again(wanted)
        except REFUSALS as error:
            raise UserError(why_refused(error)) from error
        if not plan.chosen:
            raise UserError(nobody(plan))
        order = Order(moderator, plan, BAN_DELETES_DAYS, "raid", channel_id, press_id, _("Belongs to a raid"))
        outcome = await self.mass_bans.carry_out(order, _without_progress)
        await self.pipeline.finish(outcome.case)
        return [one.id for one in outcome.banned], result(outcome, plan)


async def _without_progress(_outcome: Outcome) -> None:
    """Who pressed the button waits for the end."""
