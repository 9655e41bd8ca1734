"""What was said before one came: lived through again, each thing at its moment."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from simcord import ChannelHandle, Env, UserHandle

from playground.simulation import arranging
from playground.simulation.adapter import move_clock_before_start
from playground.town.drawing import COLOURS, motif_tile
from playground.town.spec import Channel
from playground.town.talk import Embed, File, Message, Post, Thread
from playground.town.texts import Texts

BETWEEN_MESSAGES = timedelta(seconds=1)  # at least
AFTERWARDS = timedelta(minutes=1)  # is when a message is edited, or pinned

ChannelId = Callable[[], int]
"""Known once the channel is there; of a thread that grows out of a message, not before that is written."""


class History:
    """Collects what happened anywhere, then lets it happen in the order of time."""

    def __init__(self, env: Env, now: datetime) -> None:
        self.env = env
        self.now = now
        self.beginning = env.now()
        self._happenings: list[tuple[datetime, int, Callable[[], None]]] = []

    def add(self, at: datetime, happening: Callable[[], None]) -> None:
        """Let something happen at a moment, but neither before the world's beginning nor after now."""
        moment = min(max(at, self.beginning), self.now)
        self._happenings.append((moment, len(self._happenings), happening))

    def happen(self) -> None:
        """Live through all of it, until now."""
        for at, _number, happening in sorted(self._happenings, key=lambda entry: entry[:2]):
            move_clock_before_start(self.env, at)
            happening()
        move_clock_before_start(self.env, self.now)


@dataclass(frozen=True)
class GuildHistory:
    """What happened in one guild. Things are told by the names that they have in the town's file."""

    history: History
    voices: Mapping[str, UserHandle]
    """Who can have said something: all members, and the bot."""
    emoji: Mapping[str, int]
    texts: Texts

    @property
    def env(self) -> Env:
        return self.history.env

    def add_joining(self, channel: ChannelHandle, user: UserHandle, at: datetime) -> None:
        """Discord says that somebody joined; of what was before the world's beginning nothing is left."""
        if at >= self.history.beginning:
            self.history.add(at, lambda: arranging.tell_who_joined(self.env, channel.id, user))

    def add_messages(self, channel: ChannelHandle, spec: Channel) -> None:
        """What was said in a channel, and in the threads that grew out of its messages."""
        self._messages(lambda: channel.id, spec.messages)

    def add_thread(
        self, channel: ChannelHandle, thread_id: int, name: str, spec: Thread | Post, tags: Mapping[str, int]
    ) -> None:
        """A thread of a channel, or a post of a forum; `tags` are the forum's."""
        self._thread(lambda: channel.id, lambda: thread_id, name, spec, tags)

    def _thread(
        self, parent_id: ChannelId, thread_id: ChannelId, name: str, spec: Thread | Post, tags: Mapping[str, int]
    ) -> None:
        members = spec.members if isinstance(spec, Thread) else []
        owner = self.voices[spec.messages[0].author]

        def begin() -> None:
            private = isinstance(spec, Thread) and spec.private
            applied = [tags[tag] for tag in spec.tags] if isinstance(spec, Post) else []
            arranging.begin_thread(self.env, parent_id(), thread_id(), name, owner, private=private, tags=applied)
            for member in members:
                arranging.add_to_thread(self.env, thread_id(), self.voices[member])

        def close() -> None:
            arranging.close_thread(self.env, thread_id(), archived=spec.archived, locked=spec.locked)

        self.history.add(self._moment(spec.messages[0]), begin)
        end = self._messages(thread_id, spec.messages)
        self.history.add(end, close)

    def _moment(self, message: Message) -> datetime:
        return message.at.at(self.history.now)

    def _messages(self, channel_id: ChannelId, messages: list[Message], after: datetime | None = None) -> datetime:
        """Messages in the order of the file, whatever their moments; the moment of the last."""
        ids: dict[str, int] = {}
        at = after or self.history.beginning
        for message in messages:
            at = max(self._moment(message), at + BETWEEN_MESSAGES)
            self._message(channel_id, message, ids, at)
        return at

    def _message(self, channel_id: ChannelId, message: Message, ids: dict[str, int], at: datetime) -> None:
        """One message, with what became of it; `ids` are those of its channel by key."""
        written: list[int] = []
        pinned_by, thread = message.pinned_by, message.thread

        def say() -> None:
            reply_to = ids[message.reply_to] if message.reply_to is not None else None
            written.append(self._write(channel_id(), message, reply_to))
            if message.key is not None:
                ids[message.key] = written[0]

        self.history.add(at, say)
        if message.edited:
            self.history.add(at + AFTERWARDS, lambda: arranging.mark_edited(self.env, channel_id(), written[0]))
        if pinned_by is not None:
            by = self.voices[pinned_by]
            self.history.add(at + AFTERWARDS, lambda: arranging.pin(self.env, channel_id(), written[0], by))
        if thread is not None:
            self._thread(channel_id, lambda: written[0], thread.name, thread, {})

    def _write(self, channel_id: int, message: Message, reply_to: int | None) -> int:
        written = arranging.write(
            self.env,
            channel_id,
            self.voices[message.author],
            self.texts.filled(message.text),
            embeds=[self._embed(embed) for embed in message.embeds],
            files=[_upload(file) for file in message.files],
            reply_to=reply_to,
        )
        for emoji, people in message.reactions.items():
            name = emoji.strip(":")
            key = f"{name}:{self.emoji[name]}" if emoji.startswith(":") else emoji
            for person in people:
                arranging.react(self.env, channel_id, written, key, self.voices[person])
        return written

    def _embed(self, spec: Embed) -> dict[str, Any]:
        fields = [
            {"name": field.name, "value": self.texts.filled(field.value), "inline": field.inline}
            for field in spec.fields_
        ]
        parts = {
            "title": spec.title,
            "description": self.texts.filled(spec.description),
            "url": spec.url,
            "color": spec.colour,
            "author": {"name": spec.author} if spec.author else None,
            "footer": {"text": spec.footer} if spec.footer else None,
            "fields": fields,
        }
        return {"type": "rich", **{name: part for name, part in parts.items() if part not in (None, "", [])}}


def _upload(file: File) -> arranging.Upload:
    if file.picture is not None:
        return arranging.Upload(file.name, motif_tile(file.picture, COLOURS[0]), file.description)
    return arranging.Upload(file.name, (file.text or "").encode(), file.description)
