"""What the page and the server say to each other: the one place where that is written down.

The page opens a WebSocket at `live` and sends requests, `{"id": 7, "do": "send", "channel": "…", "text": "…"}`. Each
is answered by `{"re": 7, "ok": …}` or `{"re": 7, "error": "One sentence."}`. What happens meanwhile is pushed as
`{"push": "message", "data": …}`; the kinds are the keys of `Pushes`. A push holds the whole of its slice, so a page
that missed one is right again after the next.

Ids are strings (they have more digits than JavaScript's numbers); moments are milliseconds since 1970; colours are
`#rrggbb`. Fields whose name ends in `html` hold safe HTML made by `playground.markup`; all else is plain text.
Addresses (`url`, `avatar`, `icon`) are relative to the page, or None; only a link that a person clicks leads out.
"""

from typing import Literal, NotRequired, TypedDict

from playground.shapes.basics import Id, Moment
from playground.shapes.forms import Clicked, Completion, Completions, Modal, Question
from playground.shapes.messages import (
    Attachment,
    Author,
    Button,
    Component,
    Conversation,
    Embed,
    EmbedField,
    EmbedLine,
    Emoji,
    Gone,
    Layout,
    MayMessage,
    Message,
    Option,
    Reaction,
    Reply,
    Select,
    ThreadMark,
    Typing,
)
from playground.shapes.places import (
    Channel,
    ChannelKind,
    DirectMessages,
    Guild,
    MayHere,
    Member,
    MemberGroup,
    OpenChannel,
    Person,
    Places,
    RoleTag,
    Townsperson,
    Voice,
    You,
)
from playground.shapes.tools import BotIn, Clock, Fault, Step, StepKind, Trace, Trouble

__all__ = [
    "Attachment",
    "Author",
    "BotIn",
    "Button",
    "Channel",
    "ChannelKind",
    "Clicked",
    "Clock",
    "Completion",
    "Completions",
    "Component",
    "Conversation",
    "DirectMessages",
    "Embed",
    "EmbedField",
    "EmbedLine",
    "Emoji",
    "Fault",
    "Gone",
    "Guild",
    "Hello",
    "Id",
    "Layout",
    "MayHere",
    "MayMessage",
    "Member",
    "MemberGroup",
    "Message",
    "Modal",
    "Moment",
    "OpenChannel",
    "Option",
    "Person",
    "Places",
    "Pushes",
    "Question",
    "Reaction",
    "Reply",
    "RoleTag",
    "Select",
    "Step",
    "StepKind",
    "Suggestion",
    "ThreadMark",
    "Toast",
    "Townsperson",
    "Trace",
    "Trouble",
    "Typing",
    "Voice",
    "You",
]


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
