"""Finding out who is meant by `massban`: named people, or members that fit filters; and who must not be banned."""

from collections.abc import Container, Iterable, Sequence
from datetime import datetime
from typing import Final

import discord

from cogs.moderation.bans import banned_among
from cogs.moderation.massban.rules import MOST_BANNED, Candidate, Filters, Plan, Why, fits
from cogs.moderation.massban.words import Ask
from cogs.moderation.pipeline import Pipeline
from cogs.moderation.purge.patterns import matching
from cogs.moderation.staff import is_staff
from utils.errors import UserError
from utils.i18n import _, format_number
from utils.lookup import NoMatchError, find_member
from utils.members import all_members, get_members
from utils.permissions import outranks

MOST_BAN_PAGES: Final = 50
"""Of a thousand bans each. Who stands further back is told of by Discord's answer."""


class Search:
    """One search, for one moderator."""

    def __init__(self, pipeline: Pipeline, moderator: discord.Member, known: Iterable[discord.abc.User] = ()) -> None:
        """`known` are people whose names are at hand, such as those mentioned in the message."""
        self.pipeline = pipeline
        self.moderator = moderator
        self.guild = moderator.guild
        self.known = {person.id: str(person) for person in known}

    async def plan(self, ask: Ask, now: datetime) -> Plan:
        """Who is banned and who is skipped. Raises UserError, and what Discord refuses with."""
        filters = await self._filters(ask, now)
        if ask.ids:
            return await self._among(ask, filters)
        if not self.pipeline.bot.intents.members:
            raise UserError(
                _("I can't look through all members: this bot runs without the members intent. Name people by id.")
            )
        return await self._among_all(ask, filters)

    async def again(self, plan: Plan) -> Plan:
        """The same people as they are now: some may have become staff or been banned, while somebody thought.

        Who has left is banned all the same; the filters are not asked again.
        """
        members = await get_members(self.guild, [one.id for one in plan.chosen])
        now = [self._candidate(members[one.id]) if one.id in members else _gone(one) for one in plan.chosen]
        judged = await self._judged(now, members)
        return Plan(judged.chosen, (*plan.skipped, *judged.skipped))

    async def _among(self, ask: Ask, filters: Filters) -> Plan:
        members = await get_members(self.guild, ask.ids)
        people = [
            self._candidate(members[user_id])
            if user_id in members
            else Candidate(user_id, self.known.get(user_id, str(user_id)))
            for user_id in ask.ids
        ]
        fitting = {one.id for one in await self._fitting(people, ask, filters)} if ask.filtered else set(ask.ids)
        judged = await self._judged([one for one in people if one.id in fitting], members)
        unfit = [(one, Why.UNFIT) for one in people if one.id not in fitting]
        return Plan(judged.chosen, (*judged.skipped, *unfit))

    async def _among_all(self, ask: Ask, filters: Filters) -> Plan:
        """Page by page, and only as long as there aren't too many: there may be hundreds of thousands."""
        chosen: list[Candidate] = []
        skipped: list[tuple[Candidate, Why]] = []
        async for page in all_members(self.guild):
            members = {member.id: member for member in page}
            people = [self._candidate(member) for member in page]
            judged = await self._judged(await self._fitting(people, ask, filters), members)
            chosen += judged.chosen
            skipped += judged.skipped
            if len(chosen) > MOST_BANNED:
                raise UserError(too_many(None))
        return Plan(tuple(chosen), tuple(skipped))

    async def _fitting(self, people: Sequence[Candidate], ask: Ask, filters: Filters) -> list[Candidate]:
        fitting = [one for one in people if fits(one, filters)]
        if ask.name is None or not fitting:
            return fitting
        names = [(place, name) for place, one in enumerate(fitting) for name in one.names]
        found = await matching(ask.name, [name for _place, name in names], ignore_case=True)
        places = {place for (place, _name), fit in zip(names, found, strict=True) if fit}
        return [one for place, one in enumerate(fitting) if place in places]

    async def _judged(self, people: Sequence[Candidate], members: dict[int, discord.Member]) -> Plan:
        """Who of these may be banned; who isn't a member may be banned already."""
        strangers = [one.id for one in people if one.id not in members]
        banned = await banned_among(self.guild, strangers, most_pages=MOST_BAN_PAGES)
        whys = [(one, self._why_not(one.id, members.get(one.id), banned)) for one in people]
        return Plan(
            tuple(one for one, why in whys if why is None), tuple((one, why) for one, why in whys if why is not None)
        )

    def _why_not(self, user_id: int, member: discord.Member | None, banned: Container[int]) -> Why | None:
        at_once = {self.moderator.id: Why.YOU, self.guild.me.id: Why.ME, self.guild.owner_id: Why.OWNER}
        if user_id in at_once:
            return at_once[user_id]
        if member is None:
            return Why.BANNED if user_id in banned else None
        if is_staff(self.pipeline.bot, member):
            return Why.STAFF
        if not outranks(self.moderator, member):
            return Why.ABOVE_YOU
        return None if outranks(self.guild.me, member) else Why.ABOVE_ME

    async def _filters(self, ask: Ask, now: datetime) -> Filters:
        return Filters(
            joined_since=now - ask.joined if ask.joined is not None else None,
            made_since=now - ask.age if ask.age is not None else None,
            joined_after=await self._joined(ask.joined_after),
            joined_before=await self._joined(ask.joined_before),
            no_avatar=ask.no_avatar,
            no_roles=ask.no_roles,
        )

    async def _joined(self, who: str | None) -> datetime | None:
        """When somebody joined."""
        if who is None:
            return None
        try:
            return (await find_member(self.guild, who)).joined_at
        except NoMatchError as error:
            raise UserError(str(error)) from error

    @staticmethod
    def _candidate(member: discord.Member) -> Candidate:
        names = dict.fromkeys(filter(None, (member.name, member.global_name, member.nick)))
        return Candidate(
            id=member.id,
            name=str(member),
            names=tuple(names),
            joined_at=member.joined_at,
            has_avatar=member.avatar is not None or member.guild_avatar is not None,
            roles=tuple(role.id for role in member.roles if not role.is_default()),
            nick=member.nick or None,
            is_bot=member.bot,
            is_member=True,
        )


def _gone(candidate: Candidate) -> Candidate:
    return Candidate(candidate.id, candidate.name, candidate.names)


def too_many(count: int | None) -> str:
    """The sentence for more people than are banned at once; None if nobody counted how many."""
    if count is None:
        return _("More than {most} people fit, and I ban {most} at most at a time. Narrow it down.").format(
            most=format_number(MOST_BANNED)
        )
    return _("These are {count} people, and I ban {most} at most at a time. Split them up.").format(
        count=format_number(count), most=format_number(MOST_BANNED)
    )
