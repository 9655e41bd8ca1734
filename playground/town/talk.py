"""What was said in a town: the parts of its file that are messages and threads."""

# ruff: noqa: RUF012 - pydantic gives each part its own copy of a default

from typing import Annotated

from pydantic import Field, model_validator

from playground.town.fields import (
    AnyEmoji,
    Colour,
    Many,
    MessageKey,
    Motif,
    Named,
    Part,
    Past,
    PlaceName,
    Who,
    problem,
)

MESSAGE_CHARACTERS = 2_000
EMBED_CHARACTERS = 6_000  # all its texts together
EMBED_FIELDS = 25
EMBEDS = 10
FILES = 10
REACTIONS = 20
APPLIED_TAGS = 5


class EmbedField(Part):
    """A field of an embed."""

    name: Annotated[str, Field(min_length=1, max_length=256)]
    value: Annotated[str, Field(min_length=1, max_length=1_024)]
    inline: bool = False


class Embed(Part):
    """An embed."""

    title: Annotated[str, Field(max_length=256)] = ""
    description: Annotated[str, Field(max_length=4_096)] = ""
    url: str | None = None
    colour: Colour | None = None
    author: Annotated[str, Field(max_length=256)] = ""
    fields_: Annotated[Many[EmbedField], Field(alias="fields", max_length=EMBED_FIELDS)] = []
    footer: Annotated[str, Field(max_length=2_048)] = ""

    @model_validator(mode="after")
    def _has_a_text_of_bearable_length(self) -> "Embed":
        texts = [self.title, self.description, self.author, self.footer]
        texts += [text for field in self.fields_ for text in (field.name, field.value)]
        if not any(texts):
            raise problem("an embed needs a title, a description, fields, an author or a footer")
        if sum(map(len, texts)) > EMBED_CHARACTERS:
            raise problem(f"all texts of an embed together have at most {EMBED_CHARACTERS} characters")
        return self


class File(Part):
    """A file at a message: either a text, or a drawn picture."""

    name: Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[\w.-]+$")]
    text: str | None = None
    picture: Motif | None = None
    description: Annotated[str, Field(max_length=1_024)] | None = None

    @model_validator(mode="after")
    def _has_one_content(self) -> "File":
        if (self.text is None) == (self.picture is None):
            raise problem("a file has either a 'text' or a 'picture'")
        return self


class Message(Part):
    """Something that somebody said."""

    key: MessageKey | None = None
    """A name for it, by which others can answer it."""
    author: Who = Field(alias="from")
    """Somebody in the guild, or the bot."""
    at: Past
    text: Annotated[str, Field(max_length=MESSAGE_CHARACTERS)] = ""
    reply_to: MessageKey | None = None
    edited: bool = False
    """It shows as edited, a minute after it was sent."""
    pinned_by: Who | None = None
    reactions: Annotated[Named[AnyEmoji, list[Who]], Field(max_length=REACTIONS)] = {}
    embeds: Annotated[Many[Embed], Field(max_length=EMBEDS)] = []
    files: Annotated[Many[File], Field(max_length=FILES)] = []
    thread: "Thread | None" = None
    """What grew out of it. The id of such a thread is the message's, and so another one in each run."""

    @model_validator(mode="after")
    def _says_something(self) -> "Message":
        if not (self.text.strip() or self.embeds or self.files):
            raise problem("a message needs a 'text', 'embeds' or 'files'")
        return self


class Thread(Part):
    """A thread; who wrote its first message began it."""

    name: PlaceName
    messages: Annotated[Many[Message], Field(min_length=1)]
    private: bool = False
    """Only its members, and those who may manage threads, see it."""
    members: Many[Who] = []
    """Who is in it besides those who wrote."""
    archived: bool = False
    locked: bool = False


class Post(Part):
    """A thread of a forum; its name is the key that it stands under."""

    tags: Annotated[Many[str], Field(max_length=APPLIED_TAGS)] = []
    messages: Annotated[Many[Message], Field(min_length=1)]
    archived: bool = False
    locked: bool = False
