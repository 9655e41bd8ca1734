"""Forms that the bot opens, and what the composer offers."""

from typing import Literal, NotRequired, TypedDict

from playground.shapes.basics import Id
from playground.shapes.messages import Option


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
