"""What people do in the simulated Discord, as its client would let them."""

from collections.abc import Mapping, Sequence
from typing import Any

from playground.simulation.acting_base import Town
from playground.simulation.acting_components import Press

File = tuple[str, bytes]
"""A file to send: its name and content."""


class Acting:
    """Acts as one person, named by user id. Each call waits until the bot has come to rest.

    All raise Refused with the sentence for what Discord's client wouldn't let that person do.
    """

    def __init__(self, world: Town) -> None:
        self.world = world

    # --- messages

    async def send(
        self, person: int, channel: int, text: str, reply_to: int | None = None, files: Sequence[File] = ()
    ) -> int:
        """Write a message; its id."""
        raise NotImplementedError

    async def edit(self, person: int, channel: int, message: int, text: str) -> None:
        raise NotImplementedError

    async def delete(self, person: int, channel: int, message: int) -> None:
        raise NotImplementedError

    async def set_pinned(self, person: int, channel: int, message: int, pinned: bool) -> None:
        raise NotImplementedError

    async def react(self, person: int, channel: int, message: int, key: str, on: bool) -> None:
        raise NotImplementedError

    async def typing(self, person: int, channel: int) -> None:
        raise NotImplementedError

    def direct(self, person: int) -> int:
        """The id of the direct messages with the bot."""
        raise NotImplementedError

    # --- buttons, selects, forms

    async def click(self, person: int, channel: int, message: int, custom_id: str) -> Press:
        raise NotImplementedError

    async def choose(self, person: int, channel: int, message: int, custom_id: str, values: Sequence[str]) -> Press:
        raise NotImplementedError

    async def submit(self, person: int, interaction: int, values: Mapping[str, Any]) -> Press:
        raise NotImplementedError

    # --- people

    async def add_person(self, name: str, guild: int) -> int:
        raise NotImplementedError

    async def leave(self, person: int, guild: int) -> None:
        raise NotImplementedError

    async def rejoin(self, person: int, guild: int) -> None:
        raise NotImplementedError

    async def set_role(self, person: int, guild: int, role: int, on: bool) -> None:
        raise NotImplementedError

    async def set_nick(self, person: int, guild: int, nick: str | None, *, by: int) -> None:
        raise NotImplementedError

    async def join_voice(self, person: int, channel: int) -> None:
        raise NotImplementedError

    async def leave_voice(self, person: int) -> None:
        raise NotImplementedError

    async def voice_state(self, person: int, *, muted: bool, deafened: bool) -> None:
        raise NotImplementedError
