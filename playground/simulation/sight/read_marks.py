"""What everybody has read."""

from datetime import datetime

import discord
from simcord.backend import Backend
from simcord.backend.models import Channel, Guild, Message

# Of a channel's messages, how many are looked at for what is new: nobody counts further.
LOOKED_AT_MESSAGES = 500
LEFT_UNREAD_CHANNELS = 2
"""In each guild, so many of the busiest channels have something new when the town opens."""


def pings(message: Message, person: int, guild: Guild | None) -> bool:
    """Whether a message notifies somebody: by name, by one of their roles, or with everybody."""
    if message.author_id == person or not message.visible_to(person):
        return False
    if message.mention_everyone or person in message.ping_user_ids:
        return True
    member = guild.members.get(person) if guild is not None else None
    return member is not None and not set(message.ping_role_ids).isdisjoint(member.role_ids)


class ReadMarks:
    """Up to which message each person has read each channel. What was there when the town opened counts as read."""

    def __init__(self, backend: Backend) -> None:
        self.backend = backend
        self.opened = 0
        """Id before which everything happened before the town opened."""
        self._everybody: dict[int, int] = {}  # by channel, where it isn't `opened`
        self._read: dict[tuple[int, int], int] = {}  # by person and channel

    def read_all(self, *, seen: int | None = None) -> None:
        """Let the town open now: all is read, but for the last word in a few channels other than `seen`."""
        self._read.clear()
        self._everybody.clear()
        newest = {number: max(messages, default=0) for number, messages in self.backend.messages.items()}
        self.opened = max(newest.values(), default=0)
        for guild in self.backend.guilds.values():
            busiest = sorted(
                (number for number in guild.channel_ids if number != seen and newest.get(number)),
                key=lambda number: newest[number],
                reverse=True,
            )
            for number in busiest[:LEFT_UNREAD_CHANNELS]:
                self._everybody[number] = newest[number] - 1

    def mark_read(self, person: int, channel_id: int) -> None:
        """Somebody has seen a channel to its end."""
        self._read[person, channel_id] = max(self.backend.messages.get(channel_id, ()), default=0)

    def news(self, person: int, channel: Channel, guild: Guild | None) -> tuple[bool, int]:
        """Whether there is something new from others in a channel, and how many of it are mentions.

        In direct messages everything is one. In a thread that this person hasn't joined only mentions count.
        """
        mark = self._read.get((person, channel.id))
        if mark is None:
            mark = max(self._everybody.get(channel.id, self.opened), _joined(person, guild))
        unread, mentions = False, 0
        for number, message in enumerate(reversed(self.backend.messages.get(channel.id, {}).values())):
            if message.id <= mark or number == LOOKED_AT_MESSAGES:
                break
            if message.author_id == person or not message.visible_to(person):
                continue
            unread = True
            mentions += guild is None or pings(message, person, guild)
        if channel.is_thread and person not in channel.thread_members:
            unread = mentions > 0
        return unread, mentions


def _joined(person: int, guild: Guild | None) -> int:
    """The id before which everything happened before somebody came: that isn't new to them either."""
    member = guild.members.get(person) if guild is not None else None
    if member is None or not member.joined_at:
        return 0
    return discord.utils.time_snowflake(datetime.fromisoformat(member.joined_at))
