"""What somebody sees, and what they may do in a channel."""

from datetime import datetime

import discord
from simcord import Env
from simcord.backend import Backend
from simcord.backend.access import channel_accessible
from simcord.backend.errors import BackendError
from simcord.backend.models import Channel, Guild
from simcord.enums import VOICE_CHANNEL_TYPES, ChannelType

from playground.shapes import MayHere
from playground.simulation.acting_rules import NOT_WRITTEN_IN, Place, timed_out_until, why_not_write
from playground.simulation.sight.times import spoken

ALL_PERMISSIONS = discord.Permissions.all()


class Access:
    """Answers by the rules of those who do things (`acting_rules`), so that what is offered can be done."""

    def __init__(self, env: Env) -> None:
        self.env = env
        self.backend: Backend = env.backend

    def channel(self, person: int, channel_id: int) -> Channel | None:
        """A channel, if this person sees it."""
        return self.backend.channels[channel_id] if self.can_see(person, channel_id) else None

    def can_see(self, person: int, channel_id: int) -> bool:
        """Whether a channel, thread or category is in this person's list."""
        return channel_accessible(self.backend, channel_id, person)

    def permissions(self, person: int, channel: Channel) -> discord.Permissions:
        """All that somebody may do in a channel; in direct messages, everything."""
        if channel.guild_id is None:
            return ALL_PERMISSIONS
        try:
            return discord.Permissions(self.backend.compute_permissions(channel.guild_id, person, channel.id))
        except BackendError:  # a thread of a channel that is gone
            return discord.Permissions.none()

    def open_to_everyone(self, guild: Guild, channel: Channel) -> bool:
        """Whether a member without roles could see the channel (for voice: join it), so that it has no lock."""
        if channel.type == ChannelType.PRIVATE_THREAD:
            return False
        place = self.backend.channels.get(channel.permission_channel_id(), channel)
        allowed = guild.everyone_role.permissions
        for overwrite in place.overwrites:
            if overwrite.target_id == guild.id:
                allowed = allowed & ~overwrite.deny | overwrite.allow
        granted = discord.Permissions(allowed)
        if granted.administrator:
            return True
        return granted.view_channel and (place.type not in VOICE_CHANNEL_TYPES or granted.connect)

    def place(self, person: int, channel: Channel) -> Place:
        """The channel as those see it who decide whether something can be done there."""
        guild = self.backend.guilds.get(channel.guild_id) if channel.guild_id is not None else None
        return Place(self.env, person, channel, guild, self.permissions(person, channel))

    def may_here(self, person: int, channel: Channel) -> MayHere:
        """What the open channel offers this person."""
        place = self.place(person, channel)
        obstacle = self._why_not_send(place)
        reacts = place.permissions.read_message_history and place.permissions.add_reactions
        return MayHere(
            send=obstacle is None,
            attach=obstacle is None and place.permissions.attach_files,
            react=reacts and channel.type not in NOT_WRITTEN_IN and not archived(channel),
            manage_messages=place.guild is not None and place.permissions.manage_messages,
            why_not_send=obstacle,
        )

    def _why_not_send(self, place: Place) -> str | None:
        until = self.timed_out_until(place.guild, place.person)
        obstacle = why_not_write(self.env, place.person, place.channel.id)
        if obstacle is not None and until is not None:  # it stays on the page for a while, so it names the end
            return f"You are timed out until {spoken(until)}."
        return obstacle

    def timed_out_until(self, guild: Guild | None, person: int) -> datetime | None:
        """The end of a time-out that isn't over yet."""
        member = guild.members.get(person) if guild is not None else None
        return timed_out_until(member, self.env.now()) if member is not None else None


def archived(channel: Channel) -> bool:
    """Whether it is a thread that was put away."""
    return channel.thread_metadata is not None and channel.thread_metadata.archived
