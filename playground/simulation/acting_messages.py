"""Writing, editing, reacting: what a person does with messages."""

import re
from collections.abc import Sequence
from datetime import datetime

from simcord import MemberActor
from simcord.backend import serializers
from simcord.backend.access import reaction_permissions
from simcord.backend.models import Message
from simcord.enums import MessageType

from playground.emoji import LONGEST_EMOJI, is_emoji
from playground.errors import Refused
from playground.simulation.acting_base import Base, Town
from playground.simulation.acting_refusals import refusing
from playground.simulation.acting_rules import Place, check_open, check_slowmode, check_writing
from utils.formatting import MESSAGE_LIMIT

File = tuple[str, bytes]
"""A file to send: its name and content."""

MOST_FILES = 10
LARGEST_BYTES = 25 * 1024 * 1024  # of all files of one message
MOST_PINS = 250
MOST_KINDS_OF_REACTIONS = 20
LONGEST_FILE_NAME = 100
SPOKEN = {
    MessageType.DEFAULT, MessageType.REPLY, MessageType.CHAT_INPUT_COMMAND, MessageType.CONTEXT_MENU_COMMAND,
}  # fmt: skip
"""What somebody wrote; the others are notices of Discord's own."""


class Messages(Base):
    """What a person does with messages."""

    def __init__(self, world: Town) -> None:
        super().__init__(world)
        self._wrote: dict[tuple[int, int], datetime] = {}  # who last wrote where when, for slowmode

    async def send(
        self, person: int, channel: int, text: str, reply_to: int | None = None, files: Sequence[File] = ()
    ) -> int:
        """Write a message; its id. The bot has come to rest afterwards, unless it takes seconds."""
        place, text = self.place(person, channel), text.strip()
        check_writing(place)
        _check_text(text)
        if not text and not files:
            raise Refused("There is nothing to send.")
        _check_files(place, files)
        answered = self._answered(place, reply_to)
        check_slowmode(place, self._wrote.get((person, channel)))
        self._open_thread(place)
        named = [(file_name(name), data) for name, data in files]
        with self.events("MESSAGE_CREATE") as created, refusing():
            await self._write(place, text, answered, named)
        ids = [int(payload["id"]) for payload in created if _is_by(payload, place)]
        if not ids:
            raise Refused(f"AutoMod blocks that message in {place.name}.")
        self._wrote[person, channel] = self.env.now()
        return ids[0]

    async def _write(self, place: Place, text: str, answered: Message | None, files: Sequence[File]) -> None:
        hands = self.hands(place)
        if isinstance(hands, MemberActor):
            reply_to = self.reference(answered) if answered else None
            await hands.send(self.channel_handle(place), text, reply_to=reply_to, attachments=files)
            return
        reference = {"message_id": str(answered.id)} if answered else None
        attachments = self.env.backend.store_attachments(place.channel.id, files)
        await hands.send_dm(text, reference=reference, attachments=attachments)

    def _answered(self, place: Place, message_id: int | None) -> Message | None:
        if message_id is None:
            return None
        place.need(f"reply in {place.name}", "read_message_history")
        stored = self.env.backend.messages.get(place.channel.id, {}).get(message_id)
        if stored is None:
            raise Refused("The message that you reply to is gone.")
        if stored.type not in SPOKEN or stored.is_ephemeral:
            raise Refused("That message can't be replied to.")
        return stored

    def _open_thread(self, place: Place) -> None:
        """Writing opens an archived thread again, and makes one a member of the thread."""
        if not place.channel.is_thread:
            return
        backend, thread = self.env.backend, place.channel.thread_metadata
        if thread is not None and thread.archived:
            backend.edit_channel(place.channel.id, {}, thread_metadata={"archived": False})
        backend.add_thread_member(place.channel.id, place.person)

    async def edit(self, person: int, channel: int, message: int, text: str) -> None:
        """Change one's own message."""
        place, text = self.place(person, channel), text.strip()
        stored = self._of_person(place, message)
        if stored.author_id != person or stored.type not in SPOKEN:
            raise Refused("You can only edit what you wrote.")
        check_open(place)
        _check_text(text)
        if not text and not stored.attachments:
            raise Refused("Nothing would be left of the message; delete it instead.")
        if text != stored.content:
            with refusing():
                await self.hands(place).edit(self.reference(stored), text)

    async def delete(self, person: int, channel: int, message: int) -> None:
        """Delete one's own message, or another's as a moderator."""
        place = self.place(person, channel)
        stored = self._of_person(place, message)
        if stored.author_id != person:
            if place.guild is None:
                raise Refused("In direct messages you can only delete what you wrote.")
            place.need(f"delete what others wrote in {place.name}", "manage_messages")
        with refusing():
            await self.hands(place).delete(self.reference(stored))

    async def set_pinned(self, person: int, channel: int, message: int, pinned: bool) -> None:
        """Pin a message, or take the pin off."""
        place = self.place(person, channel)
        stored = self._of_person(place, message)
        # Discord split Pin Messages from Manage Messages; servers made before that rely on the old one.
        place.need(f"pin messages in {place.name}", "pin_messages", "manage_messages")
        check_open(place)
        if stored.type not in SPOKEN:
            raise Refused("Discord's own notices can't be pinned.")
        if pinned and sum(one.pinned for one in self.env.backend.messages[channel].values()) >= MOST_PINS:
            raise Refused(f"There are {MOST_PINS} pinned messages in {place.name}; unpin one first.")
        async with self.operation("pin"):
            self.env.backend.set_pinned(channel, message, pinned, actor_id=person)

    async def react(self, person: int, channel: int, message: int, key: str, on: bool) -> None:
        """React, or take the reaction back. `key` is the emoji itself, or `name:id` of a custom one."""
        place = self.place(person, channel)
        stored = self._of_person(place, message)
        check_open(place)
        if on and stored.reaction_for(key) is None:
            key = self._emoji(place, key)
            if len(stored.reactions) >= MOST_KINDS_OF_REACTIONS and stored.reaction_for(key) is None:
                raise Refused(f"There are {MOST_KINDS_OF_REACTIONS} different reactions on that message already.")
        for permission in reaction_permissions(stored, key, reacted=on):
            place.need(f"react in {place.name}", permission)
        with refusing():
            await self.hands(place).set_reaction(self.reference(stored), key, reacted=on)

    def _emoji(self, place: Place, key: str) -> str:
        name, colon, emoji_id = key.rpartition(":")
        if not colon:
            if not is_emoji(key):
                raise Refused(f"“{key[:LONGEST_EMOJI]}” isn't an emoji.")
            return key
        for guild in self.env.backend.guilds.values():
            known = next((emoji for number, emoji in guild.emojis.items() if str(number) == emoji_id), None)
            if known is not None and place.person in guild.members:
                if place.guild is not None and place.guild.id != guild.id:
                    place.need(f"use the emoji of other servers in {place.name}", "external_emojis")
                return f"{known.name}:{known.id}"
        raise Refused(f"There is no emoji :{name.lstrip(':')}: for you.")

    async def typing(self, person: int, channel: int) -> None:
        """Show that somebody is typing; where they can't write, nothing happens."""
        try:
            place = self.place(person, channel)
            check_writing(place)
        except Refused:
            return
        backend = self.env.backend
        payload = {
            "channel_id": str(channel), "user_id": str(person), "timestamp": int(self.env.now().timestamp()),
        }  # fmt: skip
        if place.guild is not None:
            member = place.guild.members[person]
            payload |= {
                "guild_id": str(place.guild.id), "member": serializers.member_payload(backend, place.guild, member),
            }  # fmt: skip
        async with self.operation("typing"):
            backend.emit("TYPING_START", payload)

    def direct(self, person: int) -> int:
        """The id of the direct messages with the bot, which are opened if need be."""
        return self.user(person).dm_channel.id

    def _of_person(self, place: Place, message_id: int) -> Message:
        """A message that something may be done with: not one that only this person sees."""
        stored = self.message(place, message_id)
        if stored.is_ephemeral:
            raise Refused("Only you see that message; nothing can be done with it but to use its buttons.")
        return stored


def file_name(name: str) -> str:
    """A file's name as Discord makes it: without folders, spaces and what an address can't hold."""
    plain = re.sub(r"[^\w.-]+", "_", re.split(r"[\\/]", name)[-1])
    return plain[-LONGEST_FILE_NAME:].lstrip(".") or "file"


def _check_text(text: str) -> None:
    if len(text) > MESSAGE_LIMIT:
        raise Refused(f"A message has at most {MESSAGE_LIMIT:,} characters; this one has {len(text):,}.")


def _check_files(place: Place, files: Sequence[File]) -> None:
    if not files:
        return
    place.need(f"send files in {place.name}", "attach_files")
    if len(files) > MOST_FILES:
        raise Refused(f"A message takes at most {MOST_FILES} files; these are {len(files)}.")
    size = sum(len(data) for _name, data in files)
    if size > LARGEST_BYTES:
        raise Refused(
            f"The files of a message may have {LARGEST_BYTES // 1024**2} MiB in all; "
            f"these have {size / 1024**2:.1f} MiB."
        )


def _is_by(payload: object, place: Place) -> bool:
    assert isinstance(payload, dict)
    return (
        payload["channel_id"] == str(place.channel.id)
        and payload["author"]["id"] == str(place.person)
        and payload["type"] in SPOKEN
    )
