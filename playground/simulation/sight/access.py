"""What somebody may do in a channel, and why they may not write there."""

from datetime import datetime

import discord
from simcord.backend import Backend
from simcord.backend.access import channel_accessible
from simcord.backend.errors import BackendError
from simcord.backend.models import Channel, Guild
from simcord.enums import VOICE_CHANNEL_TYPES, ChannelType

from playground.shapes import MayHere
from playground.simulation.sight.times import spoken

ALL_PERMISSIONS = discord.Permissions.all()
WITHOUT_MESSAGES: dict[int, str] = {
    ChannelType.CATEGORY: "This is a category: it only holds channels.",
    ChannelType.FORUM: "This is a forum: open one of its posts to write there.",
}


class Access:
    """Answers by simcord's own rules, so that what is shown can also be done."""

    def __init__(self, backend: Backend) -> None:
        self.backend = backend

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

    def may_here(self, person: int, channel: Channel) -> MayHere:
        """What the open channel offers this person."""
        permissions = self.permissions(person, channel)
        obstacle = self.why_not_send(person, channel, permissions)
        direct = channel.guild_id is None
        reacts = (
            permissions.read_message_history and permissions.add_reactions and not self._shut(channel, permissions)
        )
        return MayHere(
            send=obstacle is None,
            attach=obstacle is None and permissions.attach_files,
            react=reacts and channel.type not in WITHOUT_MESSAGES,
            manage_messages=not direct and permissions.manage_messages,
            why_not_send=obstacle,
        )

    def why_not_send(self, person: int, channel: Channel, permissions: discord.Permissions) -> str | None:
        """A sentence if this person can't write here; None if they can."""
        if channel.guild_id is None:
            return None
        if channel.type in WITHOUT_MESSAGES:
            return WITHOUT_MESSAGES[channel.type]
        needed = "send_messages_in_threads" if channel.is_thread else "send_messages"
        if not getattr(permissions, needed):
            return self._why_not_allowed(person, channel)
        if channel.type in VOICE_CHANNEL_TYPES and not permissions.connect:
            return "Only those who may connect to this voice channel can write in it."
        if self._shut(channel, permissions):
            return "This thread is locked: only those who manage threads can write in it."
        return None

    def timed_out_until(self, guild: Guild, person: int) -> datetime | None:
        """The end of a time-out that isn't over yet."""
        member = guild.members.get(person)
        if member is None or member.timed_out_until is None:
            return None
        until = datetime.fromisoformat(member.timed_out_until)
        return until if until > self.backend.clock.now() else None

    def _why_not_allowed(self, person: int, channel: Channel) -> str:
        assert channel.guild_id is not None
        until = self.timed_out_until(self.backend.guilds[channel.guild_id], person)
        if until is not None:
            return f"You are timed out until {spoken(until)}."
        if channel.type == ChannelType.NEWS:
            return "This is an announcement channel: you can read it, but not write in it."
        needed = "Send Messages in Threads" if channel.is_thread else "Send Messages"
        return f"You can't write here: it needs the permission {needed}."

    def _shut(self, channel: Channel, permissions: discord.Permissions) -> bool:
        """Whether a thread is locked for this person. An archived one isn't: writing in it opens it again."""
        state = channel.thread_metadata
        return state is not None and state.locked and not permissions.manage_threads
