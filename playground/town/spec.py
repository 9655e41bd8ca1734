"""A town as its file tells it. docs/PLAYGROUND.md shows every field; `playground.town.file` reads one."""

# ruff: noqa: RUF012 - pydantic gives each part its own copy of a default

from datetime import date
from typing import Annotated

from pydantic import Field, model_validator

from playground.town.fields import (
    AccountName,
    ChannelKind,
    Colour,
    Date,
    EmojiName,
    GuildName,
    Many,
    Motif,
    Named,
    Part,
    Past,
    Permission,
    PlaceName,
    RoleName,
    ShownName,
    Timeout,
    Who,
    problem,
)
from playground.town.talk import Message, Post, Thread

FORUM_TAGS = 20
TOPIC_CHARACTERS = 1_024
LONGEST_SLOWMODE_SECONDS = 21_600
GUILD_EMOJI = 50
GUILD_ROLES = 250
CATEGORY_CHANNELS = 50

# Which fields go with which kinds of channel; all others go with every kind.
_ONLY_IN: dict[str, tuple[ChannelKind, ...]] = {
    "topic": ("text", "news", "forum"),
    "slowmode": ("text", "voice", "stage", "forum"),
    "messages": ("text", "news", "voice"),
    "threads": ("text", "news"),
    "tags": ("forum",),
    "posts": ("forum",),
    "user_limit": ("voice", "stage"),
    "connected": ("voice", "stage"),
}


class Person(Part):
    """An account. Its name is the key that it stands under."""

    display: ShownName | None = None
    """The display name; without one, the account's name is shown."""
    note: Annotated[str, Field(max_length=30)] | None = None
    """Who that is in a word; without one, it is told by their roles."""
    bot: bool = False
    created: Date | None = None
    colour: Colour | None = None
    """Of their picture."""


class Bot(Part):
    """Our bot's account."""

    name: Annotated[str, Field(min_length=2, max_length=32)] = "Hearth"


class Role(Part):
    """A role. Its name is the key that it stands under; the highest stands first."""

    colour: Colour | None = None
    hoist: bool = False
    mentionable: bool = False
    permissions: Many[Permission] = []


class BotMember(Part):
    """Our bot in a guild."""

    nick: ShownName | None = None
    below: str | None = None
    """The bot's own role stands right below this one; without it, above all."""
    permissions: list[Permission] | None = None
    """What the bot's own role may; without it, all but Administrator."""


class Member(Part):
    """Somebody in a guild."""

    roles: Many[str] = []
    nick: ShownName | None = None
    joined: Past | None = None
    """Without it, the owner joined when the guild was created, and others 100 days ago."""
    timed_out_for: Timeout | None = None


class Overwrite(Part):
    """What somebody may, or may not, in a channel."""

    allow: Many[Permission] = []
    deny: Many[Permission] = []

    @model_validator(mode="after")
    def _decides(self) -> "Overwrite":
        both = set(self.allow) & set(self.deny)
        if both:
            raise problem(f"'{min(both)}' is both allowed and denied")
        return self


class Overwrites(Part):
    """The permission overwrites of a channel or a category."""

    everyone: Overwrite | None = None
    roles: Named[str, Overwrite] = {}
    people: Named[Who, Overwrite] = {}
    bot: Overwrite | None = None


class Connected(Part):
    """How somebody is in a voice channel."""

    muted: bool = False
    deafened: bool = False


class Channel(Part):
    """A channel. Its name is the key that it stands under."""

    kind: ChannelKind = "text"
    topic: Annotated[str, Field(max_length=TOPIC_CHARACTERS)] = ""
    slowmode: Annotated[int, Field(ge=0, le=LONGEST_SLOWMODE_SECONDS)] = 0
    """Seconds between two messages of a member."""
    overwrites: Overwrites | None = None
    """Without any of its own it has those of its category."""
    deleted: bool = False
    """It was there once; what mentions it leads nowhere."""
    messages: Many[Message] = []
    threads: Many[Thread] = []
    tags: Annotated[Many[Annotated[str, Field(min_length=1, max_length=20)]], Field(max_length=FORUM_TAGS)] = []
    posts: Named[PlaceName, Post] = {}
    user_limit: Annotated[int, Field(ge=0, le=99)] = 0
    """How many can be in it; 0 for any number."""
    connected: Named[Who, Connected] = {}

    @model_validator(mode="after")
    def _has_what_its_kind_has(self) -> "Channel":
        for name in sorted(self.model_fields_set & _ONLY_IN.keys()):
            if self.kind not in _ONLY_IN[name]:
                raise problem(f"a {self.kind} channel has no '{name}'")
        if self.deleted and self.model_fields_set - {"kind", "deleted", "topic", "overwrites"}:
            raise problem("a deleted channel has nothing in it")
        return self


class Category(Part):
    """A category. Its name is the key that it stands under."""

    overwrites: Overwrites | None = None
    channels: Annotated[Named[PlaceName, Channel], Field(max_length=CATEGORY_CHANNELS)] = {}


class Icon(Part):
    """A guild's icon."""

    picture: Motif
    colour: Colour


class Guild(Part):
    """A guild. Its name is the key that it stands under."""

    owner: Who
    created: Date = date(2024, 1, 1)
    description: Annotated[str, Field(max_length=300)] | None = None
    icon: Icon | None = None
    system_channel: PlaceName | None = None
    """Where Discord says who joined."""
    rules_channel: PlaceName | None = None
    everyone: list[Permission] | None = None
    """What everyone may; without it, what Discord gives in a new guild."""
    roles: Annotated[Named[RoleName, Role], Field(max_length=GUILD_ROLES)] = {}
    bot: BotMember = BotMember()
    members: Named[Who, Member]
    emoji: Annotated[Named[EmojiName, Motif], Field(max_length=GUILD_EMOJI)] = {}
    channels: Named[PlaceName, Channel] = {}
    """Those in no category; they stand above the categories."""
    categories: Named[PlaceName, Category] = {}

    def all_channels(self) -> dict[str, Channel]:
        """Those in categories too, by name, in their order."""
        found = dict(self.channels)
        for category in self.categories.values():
            found |= category.channels
        return found


class Suggestion(Part):
    """Something to try on the first visit."""

    title: Annotated[str, Field(min_length=1, max_length=60)]
    text: Annotated[str, Field(min_length=1, max_length=200)]
    person: Who = Field(alias="as")
    guild: GuildName | None = None
    """Without one, the first."""
    channel: PlaceName
    type: Annotated[str, Field(min_length=1, max_length=2_000)]


class Town(Part):
    """The whole file."""

    name: GuildName | None = None
    """Without one, that of the first guild."""
    bot: Bot = Bot()
    people: Annotated[Named[AccountName, Person], Field(min_length=1)]
    """In the order in which one can choose who to be."""
    guilds: Annotated[Named[GuildName, Guild], Field(min_length=1)]
    start: PlaceName
    """The channel of the first guild that is open at first."""
    suggestions: Many[Suggestion] = []
