"""People who come and go, their roles and names, and voice."""

from collections.abc import Mapping

import discord
from simcord import MemberActor
from simcord.backend.models import Guild
from simcord.enums import VOICE_CHANNEL_TYPES, AuditLogAction

from playground.errors import Refused
from playground.simulation.acting_base import Base, display_name
from playground.simulation.acting_refusals import refusing
from utils.formatting import NICKNAME_LIMIT


class People(Base):
    """What happens to people, by their own hand or by that of the guild's owner."""

    async def add_person(self, name: str, guild: int) -> int:
        """Let somebody new join a guild; the user id. `name` is the one that is shown."""
        handle = self.guild_handle(guild)
        made: list[int] = []
        async with self.operation("add person"):
            made.append(self.world.add_person(name, handle).id)
        return made[0]

    async def leave(self, person: int, guild: int) -> None:
        """Leave a guild, and its voice channel. Roles, nickname and threads are lost."""
        member, model = self.member(person, guild), self.guild(guild)
        if model.owner_id == person:
            raise Refused(f"{display_name(member.user)} owns {model.name}, and an owner can't leave.")
        async with self.operation("leave"):
            self.env.backend.set_voice_state(guild, person, None)
            self.env.backend.remove_member(guild, person)

    async def rejoin(self, person: int, guild: int) -> None:
        """Join a guild, as on a first day."""
        user, model = self.user(person), self.guild(guild)
        name = display_name(user)
        if person in model.members:
            raise Refused(f"{name} is in {model.name} already.")
        if person in model.bans:
            raise Refused(f"{name} is banned from {model.name}.")
        async with self.operation("join"):
            self.guild_handle(guild).add_member(user)

    async def set_role(self, person: int, guild: int, role: int, on: bool) -> None:
        """Give or take a role, as the guild's owner, who may handle all that can be handled."""
        self.member(person, guild)
        model = self.guild(guild)
        found = model.roles.get(role)
        if found is None:
            raise Refused("That role is gone.")
        if found.id == model.id:
            raise Refused("Everybody has @everyone; it can't be given or taken.")
        if found.managed:
            raise Refused(f"The role {found.name} belongs to an app; nobody can give or take it.")
        if (role in model.members[person].role_ids) == on:
            return
        async with self.operation("set role"):
            change = self.env.backend.add_member_role if on else self.env.backend.remove_member_role
            change(guild, person, role)
            self._log(
                model, AuditLogAction.MEMBER_ROLE_UPDATE, person, model.owner_id,
                {"key": "$add" if on else "$remove", "new_value": [{"id": str(role), "name": found.name}]},
            )  # fmt: skip

    async def set_nick(self, person: int, guild: int, nick: str | None, *, by: int) -> None:
        """Give a member a nickname, or take it away with an empty one; `by` is who does it."""
        self.member(by, guild)
        member, model = self.member(person, guild), self.guild(guild)
        wanted = " ".join((nick or "").split()) or None
        if wanted and len(wanted) > NICKNAME_LIMIT:
            raise Refused(f"A nickname has at most {NICKNAME_LIMIT} characters.")
        self._check_naming(model, member, by)
        old = model.members[person].nick
        if wanted == old:
            return
        async with self.operation("set nick"):
            self.env.backend.edit_member(guild, person, {"nick": wanted})
            change = {"key": "nick"} | ({"old_value": old} if old else {}) | ({"new_value": wanted} if wanted else {})
            self._log(model, AuditLogAction.MEMBER_UPDATE, person, by, change)

    def _check_naming(self, guild: Guild, member: MemberActor, by: int) -> None:
        manages = self._may(guild, by, "manage_nicknames")
        if by == member.id:
            if not manages and not self._may(guild, by, "change_nickname"):
                raise Refused(f"You can't change your nickname in {guild.name}: that needs Change Nickname.")
            return
        name = display_name(member.user)
        if not manages:
            raise Refused(f"You can't rename {name} in {guild.name}: that needs Manage Nicknames.")
        above = guild.top_role_position(member.id) >= guild.top_role_position(by)
        if guild.owner_id == member.id or (guild.owner_id != by and above):
            raise Refused(f"You can't rename {name}: their highest role isn't below yours.")

    def _may(self, guild: Guild, person: int, permission: str) -> bool:
        permissions = discord.Permissions(self.env.backend.compute_permissions(guild.id, person))
        return bool(getattr(permissions, permission))

    def _log(self, guild: Guild, action: AuditLogAction, target: int, by: int, change: Mapping[str, object]) -> None:
        self.env.backend.record_audit_log(guild.id, action, target_id=target, user_id=by, changes=[dict(change)])

    # --- voice

    async def join_voice(self, person: int, channel: int) -> None:
        """Go into a voice channel, out of any other one."""
        place = self.place(person, channel)
        if place.guild is None or place.channel.type not in VOICE_CHANNEL_TYPES:
            raise Refused(f"{_capital(place.name)} is no voice channel.")
        place.need(f"join {place.name}", "connect")
        states = place.guild.voice_states
        here = sum(state.channel_id == channel for user_id, state in states.items() if user_id != person)
        if 0 < place.channel.user_limit <= here and not place.may("move_members"):
            people = "1 person is" if here == 1 else f"{here} people are"
            raise Refused(f"{_capital(place.name)} is full: {people} in it.")
        if person in states and states[person].channel_id == channel:
            return
        await self._leave_voice(person, but=place.guild.id)
        with refusing():
            await self.member(person, place.guild.id).join_voice(self.channel_handle(place))

    async def leave_voice(self, person: int) -> None:
        """Go out of the voice channel."""
        self.user(person)
        await self._leave_voice(person)

    async def _leave_voice(self, person: int, *, but: int | None = None) -> None:
        """A person is in one voice channel of all guilds."""
        for guild in list(self.env.backend.guilds.values()):
            if guild.id != but and person in guild.voice_states:
                with refusing():
                    await self.member(person, guild.id).leave_voice()

    async def voice_state(self, person: int, *, muted: bool, deafened: bool) -> None:
        """Mute or deafen oneself; who hears nothing doesn't speak either."""
        self.user(person)
        for guild in self.env.backend.guilds.values():
            if person in guild.voice_states:
                with refusing():
                    await self.member(person, guild.id).set_voice(self_mute=muted or deafened, self_deaf=deafened)
                return
        raise Refused("You aren't in a voice channel.")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
