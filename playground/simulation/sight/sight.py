"""The one door to what people see; the other modules here are its rooms."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from playground import shapes
from playground.simulation.sight import kinds, modals
from playground.simulation.sight.access import Access
from playground.simulation.sight.media import Media
from playground.simulation.sight.messages import Messages
from playground.simulation.sight.people import People
from playground.simulation.sight.places import PlaceList
from playground.simulation.sight.read_marks import ReadMarks
from playground.simulation.sight.scene import Scene
from playground.simulation.sight.texts import Texts

if TYPE_CHECKING:
    from playground.town.world import World

PAGE_OF_MESSAGES = 50


class Sight:
    """Answers what one person, named by user id, sees. It changes nothing but what counts as read."""

    def __init__(self, world: "World") -> None:
        self.world = world
        self.backend = world.env.backend
        self.traced: Callable[[int], bool] = lambda _message_id: False
        """Whether something is known of what the bot did for a message; the tracer's to say."""
        self._access = Access(world.env)
        self._people = People(world, self._access)
        self._marks = ReadMarks(self.backend)
        self._texts = Texts()
        self._media = Media(self.backend, world.pictures)
        self._places = PlaceList(self._people, self._marks)
        self._messages = Messages(self._people, self._texts, self._marks, self._media, self._is_traced)
        self.read_all()

    # --- people

    def person(self, user_id: int) -> shapes.Person:
        """Anybody, as they are named outside of guilds."""
        return self._people.person(user_id)

    def you(self, person: int) -> shapes.You:
        """Who a tab is."""
        return self._people.you(person)

    def people(self) -> list[shapes.Townsperson]:
        """All whom one can be, in the order of the switcher."""
        return self._people.townspeople()

    def members(self, person: int, channel_id: int) -> list[shapes.MemberGroup]:
        """The member list beside a channel; empty for a channel that this person doesn't see."""
        channel = self._access.channel(person, channel_id)
        return self._people.groups(channel) if channel is not None else []

    def bot_in_guilds(self) -> list[shapes.BotIn]:
        """How the bot stands in each guild."""
        return self._people.bot_in_guilds()

    # --- places

    def places(self, person: int) -> shapes.Places:
        """Where this person can go."""
        return self._places.places(person)

    def channel(self, person: int, channel_id: int) -> shapes.OpenChannel | None:
        """A channel to be opened; None if this person doesn't see it."""
        channel = self._access.channel(person, channel_id)
        if channel is None:
            return None
        direct = channel.guild_id is None
        bot = self._people.display(None, self.backend.bot_user.id)
        return shapes.OpenChannel(
            id=str(channel.id),
            guild=None if direct else str(channel.guild_id),
            name=bot if direct else kinds.name(channel),
            kind=kinds.kind(channel),
            topic_html=Scene(self._people, self._texts, person, channel).html(channel.topic or "", "topic"),
            may=self._access.may_here(person, channel),
            pins=self._messages.count_pins(person, channel_id),
            slowmode=channel.rate_limit_per_user,
        )

    def can_see(self, person: int, channel_id: int) -> bool:
        """Whether a channel, thread or conversation is there for this person."""
        return self._access.can_see(person, channel_id)

    def default_channel(self, person: int) -> int | None:
        """Where this person begins; None if they see nothing at all."""
        return self._places.default_channel(person, self.world.general.id)

    def read_all(self) -> None:
        """Let the town open now: everything before counts as read, but for the last word in a few channels."""
        self._marks.read_all(seen=self.world.general.id)

    def mark_read(self, person: int, channel_id: int) -> None:
        """Let a channel be read to its end by this person."""
        if self.can_see(person, channel_id):
            self._marks.mark_read(person, channel_id)

    # --- messages

    def conversation(
        self, person: int, channel_id: int, before: int | None = None, limit: int = PAGE_OF_MESSAGES
    ) -> shapes.Conversation:
        """The newest messages of a channel (or those before the id `before`), the oldest of them first."""
        return self._messages.conversation(person, channel_id, before, limit)

    def message(self, person: int, channel_id: int, message_id: int) -> shapes.Message | None:
        """One message; None if it isn't there for this person."""
        return self._messages.message(person, channel_id, message_id)

    def pins(self, person: int, channel_id: int) -> list[shapes.Message]:
        """The pinned messages of a channel, the newest first."""
        return self._messages.pins(person, channel_id)

    def _is_traced(self, message_id: int) -> bool:
        return self.traced(message_id)

    def attachment(self, channel_id: int, attachment_id: int, name: str) -> bytes | None:
        """What is in a file that was sent; None if there is none like that."""
        return self._media.content(f"{channel_id}/{attachment_id}/{name}")

    def modal(self, interaction_id: int, payload: Mapping[str, Any]) -> shapes.Modal:
        """A form that the bot opened in answer to an interaction, for whoever caused that."""
        interaction = self.backend.interactions[interaction_id]
        scene = Scene(self._people, self._texts, interaction.user_id, self.backend.channels[interaction.channel_id])
        return modals.modal(scene, self._media, interaction_id, payload)
