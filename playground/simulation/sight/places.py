"""The rail of guilds and the list of channels."""

from simcord.backend.models import Channel, Guild
from simcord.enums import VOICE_CHANNEL_TYPES, ChannelType

from playground import shapes
from playground.simulation.sight import kinds
from playground.simulation.sight.access import archived
from playground.simulation.sight.people import People, highest_first, role_tag, sorting
from playground.simulation.sight.read_marks import ReadMarks

INITIALS = 2


def place_in_list(channel: Channel) -> tuple[bool, int, int]:
    """Order the channels of a category as Discord does: voice below text, then by position."""
    return channel.type in VOICE_CHANNEL_TYPES, channel.position, channel.id


class PlaceList:
    """Where people can go."""

    def __init__(self, people: People, marks: ReadMarks) -> None:
        self.people = people
        self.backend = people.backend
        self.access = people.access
        self.marks = marks

    def places(self, person: int) -> shapes.Places:
        """All that somebody has in the rail."""
        guilds = [self._guild(person, guild) for guild in self.backend.guilds.values() if person in guild.members]
        return shapes.Places(guilds=guilds, direct=self._direct(person))

    def default_channel(self, person: int, general: int) -> int | None:
        """Where somebody begins: `general` if they see it, else the first text channel that they do."""
        if self.access.can_see(person, general):
            return general
        for guild in self.backend.guilds.values():
            if person not in guild.members:
                continue
            for channel in self._in_order(person, guild):
                if channel.type in {ChannelType.TEXT, ChannelType.NEWS}:
                    return channel.id
        return self.backend.dm_channels.get(person)

    # --- one guild

    def _guild(self, person: int, guild: Guild) -> shapes.Guild:
        channels = [self._channel(person, guild, channel) for channel in self._in_order(person, guild)]
        return shapes.Guild(
            id=str(guild.id),
            name=guild.name,
            icon=self.people.world.pictures.icon_url(guild.id),
            initials="".join(word[0] for word in guild.name.split()[:INITIALS]).upper(),
            unread=any(channel["unread"] for channel in channels),
            mentions=sum(channel["mentions"] for channel in channels),
            owner=str(guild.owner_id),
            channels=channels,
            roles=[role_tag(role) for role in highest_first(guild.roles.values()) if role.id != guild.id],
        )

    def _in_order(self, person: int, guild: Guild) -> list[Channel]:
        """What this person sees of a guild: channels without a category, then each category with its own."""
        known = [self.backend.channels[number] for number in guild.channel_ids if number in self.backend.channels]
        categories = sorted((one for one in known if one.type == ChannelType.CATEGORY), key=place_in_list)
        within: dict[int | None, list[Channel]] = {None: [], **{one.id: [] for one in categories}}
        for channel in known:
            if channel.type != ChannelType.CATEGORY and self.access.can_see(person, channel.id):
                within[channel.parent_id if channel.parent_id in within else None].append(channel)
        threads = self._threads(person, guild)
        listed: list[Channel] = []
        for category in (None, *categories):
            inside = sorted(within[category.id if category else None], key=place_in_list)
            if category is not None and (inside or self._manages(person, category)):
                listed.append(category)
            for channel in inside:
                listed += [channel, *threads.get(channel.id, ())]
        return listed

    def _manages(self, person: int, category: Channel) -> bool:
        permissions = self.access.permissions(person, category)
        return permissions.view_channel and permissions.manage_channels

    def _threads(self, person: int, guild: Guild) -> dict[int, list[Channel]]:
        """By channel, the newest first: those that are active, and archived ones that this person has joined."""
        found: dict[int, list[Channel]] = {}
        for number in sorted(guild.thread_ids, reverse=True):
            thread = self.backend.channels.get(number)
            if thread is None or thread.parent_id is None or not self.access.can_see(person, number):
                continue
            if not archived(thread) or person in thread.thread_members:
                found.setdefault(thread.parent_id, []).append(thread)
        return found

    def _channel(self, person: int, guild: Guild, channel: Channel) -> shapes.Channel:
        unread, mentions = self.marks.news(person, channel, guild)
        parent = channel.parent_id if channel.parent_id in self.backend.channels else None
        return shapes.Channel(
            id=str(channel.id),
            name=kinds.name(channel),
            kind=kinds.kind(channel),
            parent=str(parent) if parent is not None else None,
            topic=channel.topic or "",
            locked=channel.type != ChannelType.CATEGORY and not self.access.open_to_everyone(guild, channel),
            nsfw=False,  # simcord's channels have no age limit
            unread=unread,
            mentions=mentions,
            voice=self._voice(guild, channel),
            archived=archived(channel),
        )

    def _voice(self, guild: Guild, channel: Channel) -> list[shapes.Voice]:
        if channel.type not in VOICE_CHANNEL_TYPES:
            return []
        heard = [
            shapes.Voice(
                person=self.people.person(state.user_id, guild),
                muted=state.mute or state.self_mute,
                deafened=state.deaf or state.self_deaf,
            )
            for state in guild.voice_states.values()
            if state.channel_id == channel.id and state.user_id in guild.members
        ]
        return sorted(heard, key=lambda voice: sorting(voice["person"]["display"]))

    # --- outside of guilds

    def _direct(self, person: int) -> list[shapes.DirectMessages]:
        """The conversation with the bot, once there is one."""
        channel = self.backend.channels.get(self.backend.dm_channels.get(person, 0))
        if channel is None:
            return []
        unread, mentions = self.marks.news(person, channel, None)
        bot = self.people.person(self.backend.bot_user.id)
        return [shapes.DirectMessages(id=str(channel.id), person=bot, unread=unread, mentions=mentions)]
