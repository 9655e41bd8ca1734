"""What the bot answered, in a form that reads well in a test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import discord


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a message."""

    label: str
    custom_id: str | None
    disabled: bool = False
    url: str | None = None
    emoji: str | None = None


@dataclass(frozen=True, slots=True)
class Menu:
    """A select menu under a message; `options` maps what people read to what the bot gets."""

    custom_id: str
    options: dict[str, str]
    placeholder: str | None = None
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class Modal:
    """A form that the bot opened; `fields` maps labels to custom ids, `values` what is already filled in."""

    title: str
    fields: dict[str, str]
    values: dict[str, str]
    on: Answer
    """The message whose button opened it."""
    shown: Any
    """The simulated Discord's own handle."""


class Answer(str):
    """One message of the bot. As a string it is its readable text: content, then embeds line by line.

    So `assert answer == "Pong!"` and `assert "two hours" in answer` both work. `replies` holds all messages
    that the bot sent for the same cause, this one first. `pings` are the ids of those that it notifies.
    """

    __slots__ = ("_clean", "ephemeral", "message", "pings", "pings_everyone", "replies")

    _clean: Callable[[str], str]
    message: discord.Message
    ephemeral: bool
    pings: frozenset[int]
    pings_everyone: bool
    replies: tuple[Answer, ...]

    def __new__(
        cls,
        message: discord.Message,
        *,
        clean: Callable[[str], str] = str,
        pings: frozenset[int] = frozenset(),
        pings_everyone: bool = False,
    ) -> Answer:
        answer = super().__new__(cls, clean(readable(message)))
        answer.message = message
        answer._clean = clean
        answer.ephemeral = message.flags.ephemeral
        answer.pings = pings
        answer.pings_everyone = pings_everyone
        answer.replies = (answer,)
        return answer

    # Identity of a message, not of its text: two different messages may say the same.
    @property
    def id(self) -> int:
        return self.message.id

    @property
    def channel_id(self) -> int:
        return self.message.channel.id

    @property
    def text(self) -> str:
        """The readable text: content, then embeds."""
        return str(self)

    @property
    def content(self) -> str:
        return self._clean(self.message.content)

    @property
    def embeds(self) -> list[discord.Embed]:
        return [discord.Embed.from_dict(_cleaned(dict(e.to_dict()), self._clean)) for e in self.message.embeds]

    @property
    def embed(self) -> discord.Embed | None:
        """The first embed, if there is one."""
        return self.embeds[0] if self.message.embeds else None

    @property
    def fields(self) -> dict[str, str]:
        """The fields of all embeds by name."""
        return {field.name or "": field.value or "" for embed in self.embeds for field in embed.fields}

    @property
    def buttons(self) -> dict[str, Button]:
        """The buttons by label, or by emoji for those without; of several alike, the others by custom id."""
        found = {}
        for component in _walk(self.message.components):
            if isinstance(component, discord.Button):
                emoji = str(component.emoji) if component.emoji else None
                button = Button(
                    self._clean(component.label or ""),
                    component.custom_id,
                    component.disabled,
                    component.url,
                    emoji,
                )
                name = button.label or emoji or ""
                found[button.custom_id or name if name in found or not name.strip() else name] = button
        return found

    @property
    def menus(self) -> list[Menu]:
        return [
            Menu(
                component.custom_id,
                {self._clean(option.label): option.value for option in component.options},
                self._clean(component.placeholder) if component.placeholder else None,
                component.disabled,
            )
            for component in _walk(self.message.components)
            if isinstance(component, discord.SelectMenu)
        ]

    @property
    def options(self) -> dict[str, str]:
        """The options of all menus: what people read, and what the bot gets."""
        return {label: value for menu in self.menus for label, value in menu.options.items()}

    @property
    def files(self) -> list[discord.Attachment]:
        return self.message.attachments

    @property
    def replies_to(self) -> int | None:
        """The id of the message it is a Discord reply to."""
        return self.message.reference.message_id if self.message.reference else None

    def button(self, name: str) -> Button:
        """The button with this label, emoji or custom id; an AssertionError that names those there are."""
        for button in self.buttons.values():
            if name in (button.label, button.emoji, button.custom_id):
                return button
        raise AssertionError(f"There is no button {name!r}, only {list(self.buttons)} under: {self.text}")

    def __repr__(self) -> str:
        extra = [f"buttons={list(self.buttons)}"] if self.buttons else []
        extra += [f"options={list(self.options)}"] if self.options else []
        extra += ["ephemeral"] if self.ephemeral else []
        return f"<Answer {' '.join([str.__repr__(self), *extra])}>"


@dataclass(frozen=True, slots=True)
class Reaction:
    """What happened after a press, a choice or a filled form."""

    replies: tuple[Answer, ...]
    """New messages, those that only this person sees among them."""
    message: Answer | None
    """The message that was acted on, as it is now; None when it is gone."""
    modal: Modal | None
    failed: bool
    """The bot gave no sign of life: Discord shows 'This interaction failed'."""

    @property
    def reply(self) -> Answer | None:
        """The first new message."""
        return self.replies[0] if self.replies else None


def modal_from(raw: dict[str, Any], on: Answer, shown: Any, clean: Callable[[str], str]) -> Modal:
    """Read a form out of Discord's payload, in its old shape (rows) and its new one (labels)."""
    fields: dict[str, str] = {}
    values: dict[str, str] = {}
    for row in raw.get("components") or []:
        for component in [
            *(row.get("components") or []),
            *([row["component"]] if "component" in row else []),
        ]:
            label = clean(row.get("label") or component.get("label") or component["custom_id"])
            fields[label] = component["custom_id"]
            values[label] = clean(component.get("value") or "")
    return Modal(clean(raw.get("title") or ""), fields, values, on, shown)


def readable(message: discord.Message) -> str:
    """A message as a person reads it, line by line."""
    lines = [message.content]
    for embed in message.embeds:
        lines += [embed.author.name, embed.title, embed.description]
        lines += [f"{field.name}: {field.value}" for field in embed.fields]
        lines += [embed.footer.text]
    lines += [c.content for c in _walk(message.components) if isinstance(c, discord.TextDisplay)]
    return "\n".join(line for line in lines if line)


def _walk(components: Any) -> Iterator[Any]:
    for component in components:
        yield component
        yield from _walk(getattr(component, "children", None) or [])
        if accessory := getattr(component, "accessory", None):
            yield accessory


def _cleaned(value: Any, clean: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {key: _cleaned(item, clean) for key, item in value.items()}
    if isinstance(value, list):
        return [_cleaned(item, clean) for item in value]
    return value
