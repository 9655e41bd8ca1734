"""Messages."""

from typing import Literal, NotRequired, TypedDict

from playground.shapes.basics import Id, Moment
from playground.shapes.places import Person


class Author(Person):
    """Who wrote a message, as they look in that guild."""

    colour: str | None
    webhook: bool


class Emoji(TypedDict):
    """A picture, or the character itself in `name`."""

    id: Id | None
    name: str
    url: str | None


class Reaction(TypedDict):
    """One kind of reaction under a message."""

    emoji: Emoji
    key: str
    """How a request names it."""
    count: int
    me: bool
    who: list[str]
    """Display names, the first few."""


class Attachment(TypedDict):
    """A file at a message."""

    id: Id
    name: str
    size: int
    """Bytes."""
    url: str
    image: bool
    spoiler: bool
    description: str | None


class EmbedField(TypedDict):
    """A field of an embed."""

    name_html: str
    html: str
    inline: bool


class EmbedLine(TypedDict):
    """The author's or the footer's line of an embed."""

    text: str
    icon: str | None
    link: str | None


class Embed(TypedDict):
    """An embed."""

    colour: str | None
    author: EmbedLine | None
    title_html: str
    link: str | None
    html: str
    fields: list[EmbedField]
    thumbnail: str | None
    image: str | None
    footer: EmbedLine | None
    at: Moment | None


class Option(TypedDict):
    """A choice of a select."""

    value: str
    label: str
    description: str | None
    emoji: Emoji | None
    default: bool


class Button(TypedDict):
    """A button; `link` ones lead out and have no `custom_id`."""

    type: Literal["button"]
    style: Literal["primary", "secondary", "success", "danger", "link"]
    label: str
    emoji: Emoji | None
    custom_id: str | None
    link: str | None
    disabled: bool


class Select(TypedDict):
    """A select. For people, roles and channels the options are those that the viewer could choose."""

    type: Literal["select"]
    of: Literal["string", "user", "role", "mentionable", "channel"]
    custom_id: str
    placeholder: str
    min: int
    max: int
    options: list[Option]
    disabled: bool


class Layout(TypedDict):
    """Everything else that a message can be made of. Which fields there are depends on `type`.

    row: `items`; section: `items`, `accessory`; container: `items`, `colour`, `spoiler`; text: `html`;
    thumbnail: `url`; gallery: `pictures`; file: `file`; separator: `line`.
    """

    type: Literal["row", "section", "container", "text", "thumbnail", "gallery", "file", "separator"]
    items: NotRequired[list["Component"]]
    accessory: NotRequired["Component"]
    colour: NotRequired[str | None]
    spoiler: NotRequired[bool]
    html: NotRequired[str]
    url: NotRequired[str | None]
    pictures: NotRequired[list[str]]
    file: NotRequired[Attachment]
    line: NotRequired[bool]


Component = Button | Select | Layout


class Reply(TypedDict):
    """What a message answers to; `author` is None when that is gone."""

    id: Id
    author: Author | None
    text: str
    """The beginning, in one line."""


class ThreadMark(TypedDict):
    """The thread that grew out of a message."""

    id: Id
    name: str
    messages: int


class MayMessage(TypedDict):
    """What this person may do with a message."""

    edit: bool
    delete: bool
    pin: bool


class Message(TypedDict):
    """A message as one person sees it."""

    id: Id
    channel: Id
    at: Moment
    edited: Moment | None
    notice: str | None
    """Of a notice of Discord's own ('pinned a message'): what the author did. Then nothing else counts."""
    author: Author
    text: str
    """As it was typed."""
    html: str
    only_emoji: bool
    """Nothing but a few emoji: they are shown large."""
    embeds: list[Embed]
    attachments: list[Attachment]
    components: list[Component]
    reactions: list[Reaction]
    reply: Reply | None
    thread: ThreadMark | None
    pinned: bool
    ephemeral: bool
    """Only this person sees it."""
    thinking: bool
    """The bot has promised an answer."""
    mentions_you: bool
    may: MayMessage
    traced: bool
    """The bot did something for it: see `trace`."""


class Conversation(TypedDict):
    """The newest messages of the open channel, the oldest first."""

    channel: Id
    messages: list[Message]
    more: bool
    """There are older ones."""


class Gone(TypedDict):
    """Messages that were deleted."""

    channel: Id
    messages: list[Id]


class Typing(TypedDict):
    """Who is typing in a channel; shown for ten seconds."""

    channel: Id
    person: Person
