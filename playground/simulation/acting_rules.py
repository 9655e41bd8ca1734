"""What Discord's client lets a person do in a place, and the sentence for what it doesn't.

simcord checks permissions too, but says no as the API does, and leaves out what only the client knows: slowmode,
locked threads, forums.
"""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

import discord
from simcord import Env
from simcord.backend.access import channel_accessible
from simcord.backend.models import Channel, Guild, Member
from simcord.enums import VOICE_CHANNEL_TYPES, ChannelType

from playground.errors import Refused
from utils.permissions import PERMISSION_NAMES
from utils.time.durations import human_duration

GONE = "That channel is gone."
NOT_WRITTEN_IN = {
    ChannelType.CATEGORY: "it only holds channels.",
    ChannelType.FORUM: "it is a forum; write in one of its posts.",
}


def permission_name(name: str) -> str:
    """What Discord's settings call a permission of discord.py's."""
    return PERMISSION_NAMES.get(name) or name.replace("_", " ").title()


def channel_name(channel: Channel) -> str:
    """How a sentence names a channel."""
    if channel.guild_id is None:
        return "your direct messages"
    if channel.is_thread:
        return f"the thread “{channel.name}”"
    if channel.type in VOICE_CHANNEL_TYPES:
        return f"the voice channel “{channel.name}”"
    return f"the category “{channel.name}”" if channel.type == ChannelType.CATEGORY else f"#{channel.name}"


@dataclass(frozen=True, slots=True)
class Place:
    """A channel that a person sees, and what they may do there."""

    env: Env
    person: int
    channel: Channel
    guild: Guild | None
    permissions: discord.Permissions

    @property
    def name(self) -> str:
        """How a sentence names it."""
        return channel_name(self.channel)

    def may(self, *names: str) -> bool:
        """Whether the person has one of these permissions; in direct messages everybody has."""
        return self.guild is None or any(getattr(self.permissions, name) for name in names)

    def need(self, doing: str, *names: str) -> None:
        """Refuse what takes one of these permissions; the first is the one that the sentence names.

        `doing` goes on after "You can't".
        """
        if not self.may(*names):
            assert self.guild is not None
            refuse_while_timed_out(self.env, self.guild, self.person)
            raise Refused(f"You can't {doing}: that needs {permission_name(names[0])}.")


def place_of(env: Env, person: int, channel_id: int) -> Place:
    """A channel as this person stands there. Raises Refused when they don't see it."""
    backend = env.backend
    channel = backend.channels.get(channel_id)
    if channel is None:
        raise Refused(GONE)
    if channel.guild_id is None:
        if person not in channel.recipient_ids:
            raise Refused("Those are somebody else's direct messages.")
        return Place(env, person, channel, None, discord.Permissions.none())
    guild = backend.guilds.get(channel.guild_id)
    if guild is None:
        raise Refused(GONE)
    if person not in guild.members:
        raise Refused(f"You aren't in {guild.name}.")
    permissions = discord.Permissions(backend.compute_permissions(guild.id, person, channel.id))
    if not permissions.view_channel:
        raise Refused(f"You can't see {channel_name(channel)}: that needs View Channel.")
    if not channel_accessible(backend, channel.id, person):
        raise Refused(f"You aren't in {channel_name(channel)}, and it is private.")
    return Place(env, person, channel, guild, permissions)


def check_writing(place: Place) -> None:
    """Refuse where this person can't write."""
    if place.guild is None:
        _check_direct_messages(place)
        return
    kind = ChannelType(place.channel.type)
    if kind in NOT_WRITTEN_IN:
        raise Refused(f"You can't write in {place.name}: {NOT_WRITTEN_IN[kind]}")
    place.need(f"write in {place.name}", "send_messages_in_threads" if place.channel.is_thread else "send_messages")
    if kind in VOICE_CHANNEL_TYPES:
        place.need(f"write in {place.name}", "connect")
    thread = place.channel.thread_metadata
    if thread is not None and thread.locked:
        place.need(f"write in {place.name}, which is locked", "manage_threads")


def _check_direct_messages(place: Place) -> None:
    backend = place.env.backend
    bot = backend.bot_user
    if not any({bot.id, place.person} <= guild.members.keys() for guild in backend.guilds.values()):
        raise Refused(f"You can't write to {bot.name}: you share no server with it.")


def why_not_write(env: Env, person: int, channel_id: int) -> str | None:
    """The sentence why this person can't write in a channel; None when they can."""
    try:
        check_writing(place_of(env, person, channel_id))
    except Refused as refusal:
        return str(refusal)
    return None


def check_open(place: Place) -> None:
    """Refuse in an archived thread what doesn't open it again, as writing does."""
    thread = place.channel.thread_metadata
    if thread is not None and thread.archived:
        raise Refused(f"Nothing can be changed in {place.name}: it is archived. Writing there opens it again.")


def check_slowmode(place: Place, wrote: datetime | None) -> None:
    """Refuse a message that comes too soon after the one of the moment `wrote`.

    Discord split Bypass Slowmode from the permissions to manage; servers made before that rely on the old ones.
    """
    seconds = place.channel.rate_limit_per_user
    if not seconds or wrote is None or place.guild is None:
        return
    if place.may("bypass_slowmode", "manage_messages", "manage_channels"):
        return
    left = (wrote + timedelta(seconds=seconds) - place.env.now()).total_seconds()
    if left > 0:
        again = human_duration(timedelta(seconds=math.ceil(left)))
        raise Refused(f"Slowmode is on in {place.name}: you can write again in {again}.")


def timed_out_until(member: Member, now: datetime) -> datetime | None:
    """The end of a member's time-out; None when there is none now."""
    if member.timed_out_until is None:
        return None
    until = datetime.fromisoformat(member.timed_out_until)
    return until if until > now else None


def refuse_while_timed_out(env: Env, guild: Guild, person: int) -> None:
    """Refuse what a member can't do while timed out."""
    until = timed_out_until(guild.members[person], env.now())
    if until is not None:
        left = timedelta(seconds=math.ceil((until - env.now()).total_seconds()))
        raise Refused(f"You are timed out in {guild.name} for another {human_duration(left)}: until then, only read.")
