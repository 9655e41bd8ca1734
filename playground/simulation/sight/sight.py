"""The one door to what people see; the other modules here are its rooms."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from simcord import ChannelHandle, Env, UserHandle

from playground import shapes


class Town(Protocol):
    """What must be known of the world (`playground.town.world.World`)."""

    env: Env
    general: ChannelHandle
    people: dict[int, UserHandle]
    notes: dict[int, str]


class Sight:
    """Answers what one person, named by user id, sees. It changes nothing but what counts as read."""

    def __init__(self, world: Town) -> None:
        self.world = world
        self.traced: Callable[[int], bool] = lambda _message_id: False
        """Whether something is known of what the bot did for a message; the tracer's to say."""

    # --- people

    def person(self, user_id: int) -> shapes.Person:
        """Anybody, as Discord names them outside of guilds."""
        raise NotImplementedError

    def you(self, person: int) -> shapes.You:
        raise NotImplementedError

    def people(self) -> list[shapes.Townsperson]:
        raise NotImplementedError

    def members(self, person: int, channel_id: int) -> list[shapes.MemberGroup]:
        raise NotImplementedError

    def bot_in_guilds(self) -> list[shapes.BotIn]:
        raise NotImplementedError

    # --- places

    def places(self, person: int) -> shapes.Places:
        raise NotImplementedError

    def channel(self, person: int, channel_id: int) -> shapes.OpenChannel | None:
        raise NotImplementedError

    def can_see(self, person: int, channel_id: int) -> bool:
        raise NotImplementedError

    def default_channel(self, person: int) -> int | None:
        raise NotImplementedError

    def read_all(self) -> None:
        raise NotImplementedError

    def mark_read(self, person: int, channel_id: int) -> None:
        raise NotImplementedError

    # --- messages

    def conversation(
        self, person: int, channel_id: int, before: int | None = None, limit: int = 50
    ) -> shapes.Conversation:
        raise NotImplementedError

    def message(self, person: int, channel_id: int, message_id: int) -> shapes.Message | None:
        raise NotImplementedError

    def pins(self, person: int, channel_id: int) -> list[shapes.Message]:
        raise NotImplementedError

    def modal(self, interaction_id: int, payload: Mapping[str, Any]) -> shapes.Modal:
        raise NotImplementedError
