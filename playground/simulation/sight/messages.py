"""Messages, as one person sees them."""

from collections.abc import Callable, Mapping

from simcord.backend.models import Channel, Message, Reaction
from simcord.enums import MessageType

from playground import shapes
from playground.markup import only_emoji, plain
from playground.simulation.sight import embeds
from playground.simulation.sight.access import archived
from playground.simulation.sight.components import Components
from playground.simulation.sight.embeds import Embeds
from playground.simulation.sight.media import UPLOADED, Media
from playground.simulation.sight.notices import SPOKEN, UNDELETABLE, notice
from playground.simulation.sight.people import People
from playground.simulation.sight.read_marks import ReadMarks, pings
from playground.simulation.sight.scene import Scene
from playground.simulation.sight.texts import Texts
from playground.simulation.sight.times import moment

THINKING = 1 << 7
COMPONENTS_V2 = 1 << 15
FORWARD = 1
"""The kind of a message's reference; replies are 0."""

NAMED_WHO_REACTED = 5
REPLY_CHARACTERS = 100
DELETED = "The message was deleted."
HIDDEN = "The message can't be shown."


class Messages:
    """The conversations of all channels."""

    def __init__(
        self, people: People, texts: Texts, marks: ReadMarks, media: Media, traced: Callable[[int], bool]
    ) -> None:
        self.people = people
        self.backend = people.backend
        self.access = people.access
        self.texts = texts
        self.marks = marks
        self.media = media
        self.traced = traced
        self.embeds = Embeds(media)
        self.components = Components(media)

    # --- which

    def conversation(self, person: int, channel_id: int, before: int | None, limit: int) -> shapes.Conversation:
        """The newest messages that somebody sees, or the newest of those before one."""
        scene = self._scene(person, channel_id)
        if scene is None:
            return shapes.Conversation(channel=str(channel_id), messages=[], more=False)
        stored = self._stored(scene.channel)
        found: list[Message] = []
        for number in sorted(stored, reverse=True):
            if (before is None or number < before) and self._visible(scene, stored[number]):
                found.append(stored[number])
                if len(found) > limit:
                    break
        shown = [self._message(scene, message) for message in reversed(found[:limit])]
        return shapes.Conversation(channel=str(channel_id), messages=shown, more=len(found) > limit)

    def message(self, person: int, channel_id: int, message_id: int) -> shapes.Message | None:
        """One message; None if it isn't there for this person."""
        scene = self._scene(person, channel_id)
        message = self._stored(scene.channel).get(message_id) if scene is not None else None
        if scene is None or message is None or not self._visible(scene, message):
            return None
        return self._message(scene, message)

    def pins(self, person: int, channel_id: int) -> list[shapes.Message]:
        """The pinned messages that somebody sees, the newest first."""
        scene = self._scene(person, channel_id)
        return [self._message(scene, message) for message in self._pinned(scene)] if scene is not None else []

    def count_pins(self, person: int, channel_id: int) -> int:
        """How many those are."""
        scene = self._scene(person, channel_id)
        return len(self._pinned(scene)) if scene is not None else 0

    def _pinned(self, scene: Scene) -> list[Message]:
        stored = self.backend.messages.get(scene.channel.id, {})
        pinned = [message for message in stored.values() if message.pinned and self._visible(scene, message)]
        return sorted(pinned, key=lambda message: message.id, reverse=True)

    def _scene(self, person: int, channel_id: int) -> Scene | None:
        channel = self.access.channel(person, channel_id)
        return Scene(self.people, self.texts, person, channel) if channel is not None else None

    def _stored(self, channel: Channel) -> Mapping[int, Message]:
        """All messages by id. A thread begins with the message that it grew from, though that isn't kept in it."""
        stored = self.backend.messages.get(channel.id, {})
        start = self.backend.messages.get(channel.parent_id or 0, {}).get(channel.id) if channel.is_thread else None
        return {start.id: start} | stored if start is not None else stored

    def _visible(self, scene: Scene, message: Message) -> bool:
        """Whether this person's client has the message.

        Not if only somebody else sees it. Without Read Message History there's only what came since the town opened.
        """
        if not message.visible_to(scene.person):
            return False
        return scene.place.may("read_message_history") or message.id > self.marks.opened

    # --- one message

    def _message(self, scene: Scene, message: Message) -> shapes.Message:
        said = notice(scene, message)
        spoken = said is None
        text = message.content if spoken else ""
        laid_out = bool(message.flags & COMPONENTS_V2)
        return shapes.Message(
            id=str(message.id),
            channel=str(message.channel_id),
            at=moment(message.timestamp) or 0,
            edited=moment(message.edited_timestamp) if not message.flags & THINKING else None,
            notice=said,
            author=self._author(scene, message),
            text=text,
            html=scene.html(text, "message", everyone=message.mention_everyone),
            only_emoji=only_emoji(text) and not message.snapshots,
            embeds=self.embeds.of(scene, message) if spoken else [],
            attachments=[] if laid_out else self._attachments(message),
            components=self._components(scene, message),
            reactions=[self._reaction(scene, reaction) for reaction in message.reactions if reaction.user_ids],
            reply=self._reply(scene, message),
            thread=self._thread(scene, message),
            pinned=message.pinned,
            ephemeral=message.is_ephemeral,
            thinking=bool(message.flags & THINKING),
            mentions_you=pings(message, scene.person, scene.guild),
            may=self._may(scene, message),
            traced=self.traced(message.id),
        )

    def _author(self, scene: Scene, message: Message) -> shapes.Author:
        author = scene.author(message.author_id)
        if message.webhook_id is None:
            return author
        name = message.author_name or author["name"]
        picture = self.media.local(message.author_avatar) if message.author_avatar else author["avatar"]
        return author | {"name": name, "display": name, "avatar": picture, "bot": True, "webhook": True}

    def _attachments(self, message: Message) -> list[shapes.Attachment]:
        elsewhere = embeds.uploaded_in(message.embeds)
        shown = [
            file
            for file in message.attachments
            if file.get("url") not in elsewhere and f"{UPLOADED}{file.get('filename')}" not in elsewhere
        ]
        shown += [file for snapshot in message.snapshots for file in snapshot["message"].get("attachments", ())]
        return [self.media.attachment(file) for file in shown]

    def _components(self, scene: Scene, message: Message) -> list[shapes.Component]:
        shown = self.components.of(scene, message.components, message.attachments)
        for snapshot in message.snapshots:
            part = snapshot["message"]
            forwarded = self.components.of(scene, part.get("components", []), part.get("attachments", ()))
            shown += _switched_off(forwarded)
        return shown

    def _reaction(self, scene: Scene, reaction: Reaction) -> shapes.Reaction:
        return shapes.Reaction(
            emoji=self.media.reaction_emoji(reaction.emoji),
            key=reaction.emoji,
            count=len(reaction.user_ids),
            me=scene.person in reaction.user_ids,
            who=[scene.author(number)["display"] for number in reaction.user_ids[:NAMED_WHO_REACTED]],
        )

    def _reply(self, scene: Scene, message: Message) -> shapes.Reply | None:
        reference = message.reference
        if reference is None or reference.get("type", 0) == FORWARD or "message_id" not in reference:
            return None
        number = int(reference["message_id"])
        target = self.backend.messages.get(int(reference.get("channel_id", message.channel_id)), {}).get(number)
        if target is None:
            return shapes.Reply(id=str(number), author=None, text=DELETED)
        if target.channel_id != message.channel_id or not self._visible(scene, target):
            return shapes.Reply(id=str(number), author=None, text=HIDDEN)
        return shapes.Reply(id=str(number), author=self._author(scene, target), text=self._beginning(scene, target))

    def _beginning(self, scene: Scene, message: Message) -> str:
        """A message in one line."""
        if (said := notice(scene, message)) is not None:
            return said
        text = message.content or next((part["message"].get("content") or "" for part in message.snapshots), "")
        if text:
            return plain(text, scene.names, characters=REPLY_CHARACTERS)
        if message.embeds:
            return embeds.summary(scene, message.embeds[0])
        if message.attachments:
            return str(message.attachments[0].get("filename") or "A file")
        if message.poll is not None:
            return plain(message.poll.question, scene.names, characters=REPLY_CHARACTERS)
        return "A message"

    def _thread(self, scene: Scene, message: Message) -> shapes.ThreadMark | None:
        """The thread that grew from it, or that a notice tells of; in the thread itself there's no need to."""
        number = message.id
        if message.type == MessageType.THREAD_CREATED and message.system_metadata is not None:
            number = message.system_metadata.channel_id or number
        thread = self.backend.channels.get(number)
        if thread is None or not thread.is_thread or thread.id == scene.channel.id:
            return None
        if not self.access.can_see(scene.person, thread.id):
            return None
        return shapes.ThreadMark(id=str(thread.id), name=thread.name or "", messages=thread.message_count)

    def _may(self, scene: Scene, message: Message) -> shapes.MayMessage:
        """What `acting_messages` lets them do with it."""
        here = message.channel_id == scene.channel.id and not message.is_ephemeral
        spoken = message.type in SPOKEN
        mine = message.author_id == scene.person
        manages = scene.guild is not None and scene.place.may("manage_messages")
        changeable = here and spoken and not archived(scene.channel)
        return shapes.MayMessage(
            edit=changeable and mine and not message.snapshots and message.poll is None,
            delete=here and (mine or manages) and message.type not in UNDELETABLE,
            pin=changeable and scene.place.may("pin_messages", "manage_messages"),
        )


def _switched_off(components: list[shapes.Component]) -> list[shapes.Component]:
    """In a forwarded message nothing can be pressed."""
    for component in components:
        if component["type"] == "button" or component["type"] == "select":
            component["disabled"] = True
        else:
            _switched_off([*component.get("items", ()), *_beside(component)])
    return components


def _beside(component: shapes.Layout) -> list[shapes.Component]:
    return [component["accessory"]] if "accessory" in component else []
