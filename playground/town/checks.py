"""What the parts of a town file say of each other: that whoever and whatever is named is there."""

from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from playground.town import texts
from playground.town.fields import AnyEmoji, did_you_mean
from playground.town.spec import Channel, Guild, Overwrites, Suggestion, Town
from playground.town.talk import Message

GUILD_CHANNELS = 500

Place = tuple[str | int, ...]


class Problem(NamedTuple):
    """Something in a town file that can't be."""

    place: Place
    """The keys and list indices that lead there."""
    sentence: str


def problems(town: Town) -> Iterator[Problem]:
    """Everything that doesn't fit together, in the order of the file."""
    yield from _people(town)
    for name, guild in town.guilds.items():
        for problem in _GuildCheck(town, guild).problems():
            yield Problem(("guilds", name, *problem.place), problem.sentence)
    yield from _start(town)
    for number, suggestion in enumerate(town.suggestions):
        for problem in _suggestion(town, suggestion):
            yield Problem(("suggestions", number, *problem.place), problem.sentence)


def _people(town: Town) -> Iterator[Problem]:
    if town.bot.name in town.people:
        yield Problem(("bot", "name"), f"one of the people is called '{town.bot.name}' already")
    if all(person.bot for person in town.people.values()):
        yield Problem(("people",), "there is nobody but bots")
    for name in town.people:
        if not any(name in guild.members for guild in town.guilds.values()):
            yield Problem(("people", name), f"'{name}' is a member of no guild")


def _start(town: Town) -> Iterator[Problem]:
    guild = next(iter(town.guilds.values()))
    yield from _channel_exists(guild, town.start, ("start",), kinds=("text", "news"))


def _suggestion(town: Town, suggestion: Suggestion) -> Iterator[Problem]:
    name = suggestion.guild or next(iter(town.guilds))
    guild = town.guilds.get(name)
    if guild is None:
        yield Problem(("guild",), f"there is no guild '{name}'{did_you_mean(name, list(town.guilds))}")
        return
    humans = [member for member in guild.members if member in town.people and not town.people[member].bot]
    if suggestion.person not in humans:
        hint = did_you_mean(suggestion.person, humans)
        yield Problem(("as",), f"no person '{suggestion.person}' is in {name}{hint}")
    yield from _channel_exists(guild, suggestion.channel, ("channel",), kinds=("text", "news", "voice"))


def _channel_exists(guild: Guild, name: str, place: Place, *, kinds: Collection[str]) -> Iterator[Problem]:
    fitting = {key for key, channel in guild.all_channels().items() if channel.kind in kinds and not channel.deleted}
    if name not in fitting:
        *others, last = kinds
        what = f"{', '.join(others)} or {last}" if others else last
        yield Problem(place, f"there is no {what} channel '{name}'{did_you_mean(name, sorted(fitting))}")


class _GuildCheck:
    """What is wrong in one guild; places are told from there on."""

    def __init__(self, town: Town, guild: Guild) -> None:
        self.town = town
        self.guild = guild
        self.members = list(guild.members)
        self.voices = [*self.members, town.bot.name]
        self.in_voice: set[str] = set()

    def problems(self) -> Iterator[Problem]:
        yield from self._owner()
        yield from self._roles_and_members()
        for field, kinds in (("system_channel", ("text",)), ("rules_channel", ("text", "news"))):
            name = getattr(self.guild, field)
            if name is not None:
                yield from _channel_exists(self.guild, name, (field,), kinds=kinds)
        yield from self._channels()

    def _owner(self) -> Iterator[Problem]:
        owner = self.guild.owner
        if owner not in self.members:
            yield Problem(("owner",), f"the owner '{owner}' is no member{did_you_mean(owner, self.members)}")
        elif owner in self.town.people and self.town.people[owner].bot:
            yield Problem(("owner",), f"'{owner}' is a bot, and bots own no guilds")

    def _roles_and_members(self) -> Iterator[Problem]:
        if self.guild.bot.below is not None:
            yield from self._known("role", [self.guild.bot.below], self.guild.roles, ("bot", "below"))
        for name, member in self.guild.members.items():
            yield from self._known("person", [name], self.town.people, ("members", name))
            yield from self._known("role", member.roles, self.guild.roles, ("members", name, "roles"))

    def _channels(self) -> Iterator[Problem]:
        seen: set[str] = set()
        for place, name in self._names_of_places():
            if name in seen:
                yield Problem(place, f"there are two channels or categories '{name}'")
            seen.add(name)
        if len(seen) > GUILD_CHANNELS:
            yield Problem(("channels",), f"a guild has at most {GUILD_CHANNELS} channels and categories")
        for name, category in self.guild.categories.items():
            yield from self._overwrites(category.overwrites, ("categories", name, "overwrites"))
        for place, name, channel in self._all_channels():
            yield from self._channel(place, name, channel)

    def _all_channels(self) -> Iterator[tuple[Place, str, Channel]]:
        for name, channel in self.guild.channels.items():
            yield ("channels", name), name, channel
        for title, category in self.guild.categories.items():
            for name, channel in category.channels.items():
                yield ("categories", title, "channels", name), name, channel

    def _names_of_places(self) -> Iterator[tuple[Place, str]]:
        yield from ((("categories", name), name) for name in self.guild.categories)
        yield from ((place, name) for place, name, _channel in self._all_channels())

    def _channel(self, place: Place, name: str, channel: Channel) -> Iterator[Problem]:
        written = name.lower().replace(" ", "-")
        if channel.kind in {"text", "news", "forum"} and name != written:
            yield Problem(place, f"a {channel.kind} channel is written small and without spaces, like '{written}'")
        if sentence := texts.problem_in(channel.topic):
            yield Problem((*place, "topic"), sentence)
        yield from self._overwrites(channel.overwrites, (*place, "overwrites"))
        yield from self._messages(channel.messages, (*place, "messages"), threads=channel.kind != "voice")
        for number, thread in enumerate(channel.threads):
            there = (*place, "threads", number)
            yield from self._known("member", thread.members, self.members, (*there, "members"))
            yield from self._messages(thread.messages, (*there, "messages"))
        for title, post in channel.posts.items():
            yield from self._known("tag", post.tags, channel.tags, (*place, "posts", title, "tags"))
            yield from self._messages(post.messages, (*place, "posts", title, "messages"))
        yield from self._connected(place, channel)

    def _connected(self, place: Place, channel: Channel) -> Iterator[Problem]:
        yield from self._known("member", channel.connected, self.members, (*place, "connected"))
        for name in channel.connected:
            if name in self.in_voice:
                yield Problem((*place, "connected", name), f"'{name}' can't be in two voice channels")
            self.in_voice.add(name)

    def _overwrites(self, overwrites: Overwrites | None, place: Place) -> Iterator[Problem]:
        if overwrites is not None:
            yield from self._known("role", overwrites.roles, self.guild.roles, (*place, "roles"))
            yield from self._known("member", overwrites.people, self.members, (*place, "people"))

    def _messages(self, messages: list[Message], place: Place, *, threads: bool = False) -> Iterator[Problem]:
        keys: list[str] = []
        for number, message in enumerate(messages):
            for problem in self._message(message, keys, threads=threads):
                yield Problem((*place, number, *problem.place), problem.sentence)
            if message.key is not None:
                if message.key in keys:
                    yield Problem((*place, number, "key"), f"there are two messages '{message.key}'")
                keys.append(message.key)

    def _message(self, message: Message, earlier: list[str], *, threads: bool) -> Iterator[Problem]:
        yield from self._known("member", [message.author], self.voices, ("from",))
        if message.reply_to is not None and message.reply_to not in earlier:
            hint = did_you_mean(message.reply_to, earlier)
            yield Problem(("reply_to",), f"no message above has the key '{message.reply_to}'{hint}")
        if message.pinned_by is not None:
            yield from self._known("member", [message.pinned_by], self.voices, ("pinned_by",))
        for emoji, people in message.reactions.items():
            yield from self._reaction(emoji, people)
        yield from self._embeds(message)
        if sentence := texts.problem_in(message.text):
            yield Problem(("text",), sentence)
        if message.thread is not None:
            if not threads:
                yield Problem(("thread",), "no thread can grow here")
            yield from self._known("member", message.thread.members, self.members, ("thread", "members"))
            if message.thread.private:
                yield Problem(("thread", "private"), "a thread that grows out of a message can't be private")
            yield from self._messages(message.thread.messages, ("thread", "messages"))

    def _embeds(self, message: Message) -> Iterator[Problem]:
        for number, embed in enumerate(message.embeds):
            for field, text in (
                ("description", embed.description),
                *(("fields", one.value) for one in embed.fields_),
            ):
                if sentence := texts.problem_in(text):
                    yield Problem(("embeds", number, field), sentence)

    def _reaction(self, emoji: AnyEmoji, people: list[str]) -> Iterator[Problem]:
        place = ("reactions", emoji)
        if emoji.startswith(":"):
            yield from self._known("emoji", [emoji.strip(":")], self.guild.emoji, place)
        if not people:
            yield Problem(place, "nobody reacted")
        yield from self._known("member", people, self.voices, place)

    def _known(self, what: str, names: Iterable[str], known: Iterable[str], place: Place) -> Iterator[Problem]:
        there = list(known)
        for name in names:
            if name not in there:
                yield Problem(place, f"there is no {what} '{name}'{did_you_mean(name, there)}")
