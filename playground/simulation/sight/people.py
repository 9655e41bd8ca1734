"""People, bots and roles: their names, colours and pictures as they look in a guild."""

import unicodedata
from collections.abc import Iterable
from typing import TYPE_CHECKING

import discord
from simcord.backend.models import Channel, Guild, Member, Role, User

from playground import shapes
from playground.simulation.sight.access import Access
from playground.simulation.sight.times import moment
from playground.simulation.standing import denied_everywhere

if TYPE_CHECKING:
    from playground.town.world import World

UNKNOWN_USER = "Unknown User"  # what Discord's client calls an account that it doesn't know
OTHERS = "Members"
"""The group of those who have no hoisted role."""

# What can be given to a bot or taken from it in the page, by discord.py's names: what a bot's commands may need.
BOT_PERMISSIONS = (
    "administrator", "view_channel", "send_messages", "send_messages_in_threads", "embed_links", "attach_files",
    "read_message_history", "add_reactions", "external_emojis", "mention_everyone", "manage_messages",
    "pin_messages", "manage_threads", "create_public_threads", "create_private_threads", "manage_channels",
    "manage_roles", "manage_nicknames", "change_nickname", "kick_members", "ban_members", "moderate_members",
    "manage_guild", "view_audit_log", "manage_webhooks", "create_expressions", "manage_expressions",
    "create_instant_invite", "connect", "speak", "mute_members", "deafen_members", "move_members",
)  # fmt: skip


def colour(value: int | None) -> str | None:
    """A colour as CSS writes it; Discord's 0 means none."""
    return f"#{value:06x}" if value else None


def sorting(name: str) -> tuple[str, str]:
    """Order names as people read them: 'Chloé' beside 'Chloe', capitals or not."""
    return unicodedata.normalize("NFKD", name).casefold(), name


def highest_first(roles: Iterable[Role]) -> list[Role]:
    """Roles as the settings of a guild list them."""
    return sorted(roles, key=lambda role: (-role.position, role.id))


def role_tag(role: Role) -> shapes.RoleTag:
    """A role by its name and colour."""
    return shapes.RoleTag(id=str(role.id), name=role.name, colour=colour(role.color), managed=role.managed)


def roles_of(guild: Guild, member: Member) -> list[Role]:
    """What hangs on a member, the highest first, without @everyone."""
    return highest_first(guild.roles[number] for number in member.role_ids if number in guild.roles)


class People:
    """Everybody in town, and in the guilds."""

    def __init__(self, world: "World", access: Access) -> None:
        self.world = world
        self.backend = access.backend
        self.access = access

    # --- anybody

    def display(self, guild: Guild | None, user_id: int) -> str:
        """The name that is shown: the nickname in a guild, else the person's own."""
        user = self.backend.users.get(user_id)
        if user is None:
            return UNKNOWN_USER
        member = guild.members.get(user_id) if guild is not None else None
        return (member.nick if member is not None else None) or user.global_name or user.name

    def colour(self, guild: Guild | None, user_id: int) -> str | None:
        """That of the highest role with one."""
        member = guild.members.get(user_id) if guild is not None else None
        if guild is None or member is None:
            return None
        return next((colour(role.color) for role in roles_of(guild, member) if role.color), None)

    def person(self, user_id: int, guild: Guild | None = None) -> shapes.Person:
        """Somebody as they look in a guild, or outside of all."""
        user = self.backend.users.get(user_id)
        return shapes.Person(
            id=str(user_id),
            name=user.name if user is not None else UNKNOWN_USER,
            display=self.display(guild, user_id),
            avatar=self.world.pictures.avatar_url(user_id),
            bot=user is not None and user.bot,
        )

    def author(self, guild: Guild | None, user_id: int) -> shapes.Author:
        """Who wrote something, as they look now; those who left have no colour."""
        return shapes.Author(**self.person(user_id, guild), colour=self.colour(guild, user_id), webhook=False)

    # --- those whom one can be

    def you(self, person: int) -> shapes.You:
        """Who a tab is."""
        return shapes.You(
            **self.person(person), guilds=self._guilds_of(person), owns_bot=person == self.world.owner.id
        )

    def townspeople(self) -> list[shapes.Townsperson]:
        """All whom one can be, in the order of the switcher."""
        return [
            shapes.Townsperson(
                **self.person(number),
                guilds=self._guilds_of(number),
                owns=[str(guild.id) for guild in self.backend.guilds.values() if guild.owner_id == number],
                note=self.world.notes.get(number, ""),
            )
            for number in self.world.people
        ]

    def _guilds_of(self, person: int) -> list[shapes.Id]:
        return [str(guild.id) for guild in self.backend.guilds.values() if person in guild.members]

    # --- the member list

    def groups(self, channel: Channel) -> list[shapes.MemberGroup]:
        """Those who see a channel, under the hoisted role they are listed by; of a thread, those who joined it."""
        guild = self.backend.guilds.get(channel.guild_id) if channel.guild_id is not None else None
        if guild is None:
            return self._two(channel)
        listed: dict[int | None, list[shapes.Member]] = {}
        for number in self._present(guild, channel):
            shown = roles_of(guild, guild.members[number])
            group = next((role.id for role in shown if role.hoist), None)
            listed.setdefault(group, []).append(self._member(guild, self.backend.users[number], shown))
        order: list[tuple[int | None, str]] = [
            *((role.id, role.name) for role in highest_first(guild.roles.values())),
            (None, OTHERS),
        ]
        return [_group(name, listed[number]) for number, name in order if number in listed]

    def _present(self, guild: Guild, channel: Channel) -> list[int]:
        joined = channel.thread_members if channel.is_thread else guild.members
        return [
            number
            for number in joined
            if number in guild.members and number in self.backend.users and self.access.can_see(number, channel.id)
        ]

    def _member(self, guild: Guild, user: User, shown: list[Role]) -> shapes.Member:
        member = guild.members[user.id]
        until = self.access.timed_out_until(guild, user.id)
        return shapes.Member(
            **self.person(user.id, guild),
            colour=next((colour(role.color) for role in shown if role.color), None),
            roles=[role_tag(role) for role in shown],
            owner=guild.owner_id == user.id,
            timed_out_until=moment(member.timed_out_until) if until is not None else None,
            joined=moment(member.joined_at),
            nick=member.nick,
            pending=member.pending,
        )

    def _two(self, channel: Channel) -> list[shapes.MemberGroup]:
        both = [
            shapes.Member(
                **self.person(number),
                colour=None,
                roles=[],
                owner=False,
                timed_out_until=None,
                joined=None,
                nick=None,
                pending=False,
            )
            for number in (self.backend.bot_user.id, *channel.recipient_ids)
        ]
        return [_group(OTHERS, both)]

    # --- the bot

    def bot_in_guilds(self) -> list[shapes.BotIn]:
        """How the bot stands in each guild: its place among the roles, and what it may do in any channel at all."""
        bot = self.backend.bot_user.id
        return [
            self._bot_in(guild, guild.members[bot]) for guild in self.backend.guilds.values() if bot in guild.members
        ]

    def _bot_in(self, guild: Guild, bot: Member) -> shapes.BotIn:
        held = roles_of(guild, bot)
        own = next((role for role in held if role.managed), guild.everyone_role)
        allowed = guild.everyone_role.permissions
        for role in held:
            allowed |= role.permissions
        granted = discord.Permissions(allowed)
        if not granted.administrator:
            granted = discord.Permissions(allowed & ~denied_everywhere(self.backend, guild))
        roles = highest_first(role for role in guild.roles.values() if role.id != guild.id)
        return shapes.BotIn(
            guild=str(guild.id),
            name=guild.name,
            roles=[role_tag(role) for role in roles],
            bot_role=str(own.id),
            permissions={name: getattr(granted, name) for name in BOT_PERMISSIONS},
        )


def _group(name: str, members: list[shapes.Member]) -> shapes.MemberGroup:
    return shapes.MemberGroup(
        name=name, members=sorted(members, key=lambda member: (*sorting(member["display"]), int(member["id"])))
    )
