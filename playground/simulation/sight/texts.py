"""Markdown that was rendered before, as long as the names in it are still the same."""

from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from playground.markup import Kind, Names, render

KEPT_TEXTS = 5_000
"""A page of messages with embeds has a few hundred texts."""

Answer = TypeVar("Answer")
Lookup = Literal["user", "role", "channel"]


@dataclass(frozen=True, slots=True)
class Rendered:
    """The HTML, and everything that was looked up for it with what was found."""

    html: str
    found: tuple[tuple[Lookup, int, Any], ...]


class Noting:
    """Passes look-ups on and notes them."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self.found: list[tuple[Lookup, int, Any]] = []

    def user(self, identity: int) -> str | None:
        return self._note("user", identity, self._names.user(identity))

    def role(self, identity: int) -> tuple[str, str | None] | None:
        return self._note("role", identity, self._names.role(identity))

    def channel(self, identity: int) -> tuple[str, str] | None:
        return self._note("channel", identity, self._names.channel(identity))

    def _note(self, kind: Lookup, identity: int, answer: Answer) -> Answer:
        self.found.append((kind, identity, answer))
        return answer


class Texts:
    """Rendering is most of what showing a conversation takes, and most of a conversation was shown before."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, Kind, int, bool], Rendered] = {}

    def html(self, text: str, names: Names, *, kind: Kind, viewer: int, everyone: bool) -> str:
        """The same as `playground.markup.render`."""
        key = text, kind, viewer, everyone
        kept = self._kept.pop(key, None)
        if kept is None or any(getattr(names, name)(identity) != known for name, identity, known in kept.found):
            noting = Noting(names)
            html = render(text, noting, kind=kind, viewer=viewer, everyone=everyone)
            kept = Rendered(html, tuple(noting.found))
        self._kept[key] = kept  # now the latest
        if len(self._kept) > KEPT_TEXTS:
            del self._kept[next(iter(self._kept))]
        return kept.html
