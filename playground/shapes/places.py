"""People and places."""

from typing import Literal, TypedDict

from playground.shapes.basics import Id, Moment


class Person(TypedDict):
    """Somebody in town, or a bot."""

    id: Id
    name: str
    """The account's name, as in `@name`."""
    display: str
    avatar: str | None
    bot: bool


class You(Person):
    """Who this tab is."""

    guilds: list[Id]
    """Where this person is a member."""
    owns_bot: bool


class Townsperson(Person):
    """One of those whom one can be."""

    guilds: list[Id]
    owns: list[Id]
    """Guilds that belong to this person."""
    note: str
    """Who that is in a word: 'owner', 'Moderator', 'new here'."""


class RoleTag(TypedDict):
    """A role as it hangs on a member."""

    id: Id
    name: str
    colour: str | None
    managed: bool


class Voice(TypedDict):
    """Somebody in a voice channel."""

    person: Person
    muted: bool
    deafened: bool


ChannelKind = Literal["text", "news", "voice", "stage", "category", "forum", "thread", "dm"]


class Channel(TypedDict):
    """A line in the list of channels."""

    id: Id
    name: str
    kind: ChannelKind
    parent: Id | None
    """The category; of a thread, its channel."""
    topic: str
    locked: bool
    """Not everybody may see it: it is shown with a lock."""
    nsfw: bool
    unread: bool
    mentions: int
    voice: list[Voice]
    archived: bool


class Guild(TypedDict):
    """A server in the rail, with its channels in their order; threads follow their channel."""

    id: Id
    name: str
    icon: str | None
    initials: str
    unread: bool
    mentions: int
    owner: Id
    channels: list[Channel]
    roles: list[RoleTag]
    """All but @everyone, the highest first."""


class DirectMessages(TypedDict):
    """The conversation with the bot."""

    id: Id
    person: Person
    unread: bool
    mentions: int


class Places(TypedDict):
    """Where this person can go."""

    guilds: list[Guild]
    direct: list[DirectMessages]


class MayHere(TypedDict):
    """What this person may do in the open channel."""

    send: bool
    attach: bool
    react: bool
    manage_messages: bool
    why_not_send: str | None
    """A sentence, where writing isn't possible."""


class OpenChannel(TypedDict):
    """The channel that the tab shows."""

    id: Id
    guild: Id | None
    name: str
    kind: ChannelKind
    topic_html: str
    may: MayHere
    pins: int
    slowmode: int
    """Seconds between two messages of a member; 0 for none."""


class Member(Person):
    """A line in the member list."""

    colour: str | None
    roles: list[RoleTag]
    owner: bool
    timed_out_until: Moment | None
    joined: Moment | None
    nick: str | None
    pending: bool


class MemberGroup(TypedDict):
    """Members under the hoisted role that they are listed under."""

    name: str
    members: list[Member]
