"""Who and what a text can name, and who reads it."""

from dataclasses import dataclass
from typing import Literal, Protocol

Kind = Literal["message", "embed", "title", "field_name", "topic"]
"""Where a text stands. Titles and names of fields know no mentions, links and blocks; topics no blocks."""


class Names(Protocol):
    """Looks up what mentions stand for. None means that there is no such thing (any more)."""

    def user(self, identity: int) -> str | None:
        """The display name."""

    def role(self, identity: int) -> tuple[str, str | None] | None:
        """Its name and its colour, `#rrggbb`."""

    def channel(self, identity: int) -> tuple[str, str] | None:
        """Its name and its kind, one of `shapes.ChannelKind`."""


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom a text is rendered."""

    names: Names
    viewer: int | None
    """The user id; mentions of them stand out."""
    everyone: bool
    """Whether `@everyone` and `@here` really called everybody."""

    def user(self, identity: int) -> str:
        """How a mention of a user reads."""
        return f"@{self.names.user(identity) or 'unknown-user'}"

    def role(self, identity: int) -> str:
        """How a mention of a role reads."""
        role = self.names.role(identity)
        return f"@{role[0]}" if role else "@deleted-role"

    def channel(self, identity: int) -> str:
        """How a mention of a channel reads."""
        channel = self.names.channel(identity)
        return f"#{channel[0]}" if channel else "#unknown"
