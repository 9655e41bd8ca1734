"""What the page and the server say to each other: the one place where that is written down.

The page opens a WebSocket at `live` and sends requests, `{"id": 7, "do": "send", "channel": "…", "text": "…"}`. Each
is answered by `{"re": 7, "ok": …}` or `{"re": 7, "error": "One sentence."}`. What happens meanwhile is pushed as
`{"push": "message", "data": …}`; the kinds are the keys of `Pushes`. A push holds the whole of its slice, so a page
that missed one is right again after the next.

Ids are strings (they have more digits than JavaScript's numbers); moments are milliseconds since 1970; colours are
`#rrggbb`. Fields whose name ends in `html` hold safe HTML made by `playground.markup`; all else is plain text.
Addresses (`url`, `avatar`, `icon`) are relative to the page, or None; only a link that a person clicks leads out.
"""

from typing import Any, Literal, NotRequired, TypedDict

Id = str
Moment = int


# --- people and places


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


# --- messages


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


# --- modals


class Question(TypedDict):
    """A control of a modal."""

    custom_id: str
    label: str
    description: str | None
    kind: Literal["short", "paragraph", "select", "file", "radio", "checkboxes", "checkbox"]
    value: str
    placeholder: str
    required: bool
    min: int
    """Characters of a text, else chosen values."""
    max: int
    of: NotRequired[Literal["string", "user", "role", "mentionable", "channel"]]
    options: NotRequired[list[Option]]


class Modal(TypedDict):
    """A form that the bot opened."""

    interaction: Id
    title: str
    custom_id: str
    text_html: list[str]
    """Paragraphs above the questions."""
    questions: list[Question]


class Clicked(TypedDict):
    """What came of a click, a choice or a sent form."""

    answered: bool
    """False: the bot said nothing; Discord would show 'This interaction failed'."""
    modal: Modal | None


# --- the composer


class Completion(TypedDict):
    """A line of the completion list."""

    insert: str
    """What replaces the text from `Completions.start` to the cursor."""
    label: str
    detail: str
    kind: Literal["command", "person", "role", "channel", "emoji"]
    avatar: NotRequired[str | None]
    colour: NotRequired[str | None]


class Completions(TypedDict):
    """What could stand at the cursor."""

    start: int
    """Index (UTF-16 units, as in JavaScript) of the first character that would be replaced."""
    items: list[Completion]
    hint: str
    """Usage of the command being typed, with its help line; empty if none."""


# --- time, trouble, what happened


class Clock(TypedDict):
    """The town's time when this was sent; it runs at real speed."""

    now: Moment
    ahead_seconds: float
    """Of the real clock."""
    next_timer: Moment | None
    """When something of the bot is due next."""
    travelling: bool


class Fault(TypedDict):
    """REST calls that will fail."""

    id: str
    method: str
    path: str
    """With `*` for any part."""
    status: int
    left: int | None
    """How often; None for always."""
    label: str


class BotIn(TypedDict):
    """How the bot stands in a guild."""

    guild: Id
    name: str
    roles: list[RoleTag]
    """All roles of the guild, the highest first; the bot's own has the id `bot_role`."""
    bot_role: Id
    permissions: dict[str, bool]
    """By discord.py's names, those that the bot can be given here."""


class Trouble(TypedDict):
    """What is made difficult for the bot."""

    bot: Literal["running", "starting", "dead"]
    gateway: Literal["connected", "dropped"]
    faults: list[Fault]
    calls: list[str]
    """The latest REST calls, 'METHOD /path', the newest first: to choose from."""
    guilds: list[BotIn]


StepKind = Literal["command", "check", "event", "sql", "rest", "log", "error", "message", "gateway"]
"""An `event` is one of the bot's own, a `gateway` event came from Discord."""


class Step(TypedDict):
    """One thing that the bot did."""

    at: float
    """Milliseconds after the beginning."""
    town: Moment
    """When by the town's clock, which stands still while the bot works and jumps when time is skipped."""
    took: float | None
    """Milliseconds."""
    kind: StepKind
    title: str
    tag: str
    """A short word beside it: a log line's level, a REST call's status, a statement's rows."""
    detail: str
    """Lines to unfold; the first one is shown."""
    ok: bool


class Trace(TypedDict):
    """What one cause led to."""

    id: Id
    kind: Literal["message", "click", "form", "reaction", "timer", "other"]
    title: str
    who: str
    at: Moment
    took: float
    """Milliseconds until the last step so far."""
    outcome: Literal["running", "done", "refused", "failed", "nothing"]
    counts: dict[StepKind, int]
    sql_ms: float
    steps: list[Step]
    """In the order they began."""
    more: int
    """Steps beyond those kept."""
    messages: list[Id]
    """The messages that it is about: the cause first, then what the bot wrote or edited."""


class Toast(TypedDict):
    """A short word in the corner."""

    kind: Literal["info", "success", "error"]
    title: str
    text: str
    detail: str
    """Shown when asked for: a traceback. With one, an error stays until it is dismissed."""
    about: NotRequired[str]
    """A newer toast about the same takes its place: that a feature is broken, until it is reloaded."""


class Suggestion(TypedDict):
    """Something to try on the first visit."""

    title: str
    text: str
    person: Id
    channel: Id
    type: str
    """What to put into the composer."""


class Hello(TypedDict):
    """The answer to a tab's first request, `hello`. The pushes of every slice follow."""

    version: str
    town: str
    prefix: str
    you: You
    people: list[Townsperson]
    suggestions: list[Suggestion]
    permissions: dict[str, str]
    """What Discord calls the permissions of `BotIn`, by discord.py's names."""
    dev: bool


class Pushes(TypedDict):
    """Every kind of push, with what it carries."""

    you: You
    people: list[Townsperson]
    places: Places
    channel: OpenChannel | None
    members: list[MemberGroup]
    conversation: Conversation
    message: Message
    gone: Gone
    typing: Typing
    clock: Clock
    trouble: Trouble
    traced: list[Id]
    """Ids of messages for which something new was written down."""
    toast: Toast


Json = dict[str, Any]
