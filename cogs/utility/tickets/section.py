"""The panels of tickets as a section of a server's file: by name, with what tickets can be about."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar, Final

import discord

from cogs.utility.tickets.board import Board
from cogs.utility.tickets.panels import GREETING, LABEL, LONGEST_NAME, MOST_KINDS, MOST_PANELS, MOST_ROLES
from cogs.utility.tickets.rules import LONGEST_QUESTION, MOST_QUESTIONS, read_name, read_questions, write_questions
from cogs.utility.tickets.texts import LONGEST_GREETING, LONGEST_PANEL_TEXT
from database.ids import new_id
from database.ticket_panels import Question, TicketKind, TicketPanel, TicketPanelsStore
from utils.cog import Cog
from utils.converters import parse_text
from utils.emoji import is_emoji
from utils.errors import UserError
from utils.formatting import BUTTON_LABEL_LIMIT, CHANNEL_NAME_LIMIT, code
from utils.i18n import N_, _
from utils.portable import (
    EntryChange,
    Field,
    Section,
    UnmappedError,
    called_twice,
    channel_reference,
    each_found,
    role_reference,
    without_nothing,
)

STYLES: Final = ("buttons", "select")
PLACES: Final = ("channel", "thread")
MOST_OPEN: Final = 10
KIND_PARTS: Final = ("emoji", "place", "category", "roles", "name", "greeting", "questions", "limit")


class TicketPanelsSection(Section):
    """Panels, without the messages that show them: a new one is yet to be posted."""

    name = "ticket-panels"
    title = N_("Panels for tickets")
    most: ClassVar[int] = MOST_PANELS

    def __init__(self, cog: Cog, panels: TicketPanelsStore, board: Board) -> None:
        self.cog = cog
        self.panels = panels
        self.board = board
        self._gone: dict[int, list[TicketPanel]] = {}

    async def export(self, guild: discord.Guild) -> dict[str, Any]:
        """By name, what each says, and its kinds of tickets."""
        return {panel.name: _as_plain(guild, panel) for panel in await self.panels.of_guild(guild.id)}

    def read(self, key: str, entry: Field) -> Any:
        """One panel."""
        if entry.checked(lambda: parse_text(key, LONGEST_NAME)) != key:
            raise entry.misfit(_("This name can't begin or end with a space, nor hold characters that nobody sees."))
        parts = entry.parts((), ("text", "style", "kinds"))
        text = parts["text"].optional_text(LONGEST_PANEL_TEXT)
        kinds = parts["kinds"].entries() if parts["kinds"].is_given else {}
        if len(kinds) > MOST_KINDS:
            raise parts["kinds"].misfit(_("That's too many: {most} at most.").format(most=MOST_KINDS))
        guild = entry.target.guild
        read = []
        for label, part in kinds.items():
            try:
                read.append(_read_kind(guild.id, label, part))
            except UnmappedError:  # a panel without one of its kinds is a panel still
                continue
        panel = TicketPanel(
            0,
            guild.id,
            key,
            None if text is None else parts["text"].checked(lambda: parse_text(text, LONGEST_PANEL_TEXT)),
            parts["style"].one_of(STYLES) if parts["style"].is_given else "buttons",
            kinds=tuple(read),
        )
        return _as_plain(guild, panel)

    def clash(self, entries: Mapping[str, Any]) -> str | None:
        """A name means one panel, and one kind of tickets of all panels."""
        return called_twice(key.casefold() for key in entries) or called_twice(
            label.casefold() for one in entries.values() for label in one.get("kinds", ())
        )

    async def write(self, guild: discord.Guild, changes: Sequence[EntryChange], by: int, import_id: int) -> None:
        """Store them: first what goes, so that its names are free. Raises `UserError`."""
        present = {panel.name: panel for panel in await self.panels.of_guild(guild.id)}
        self._gone[guild.id] = [present[one.key] for one in changes if one.new is None and one.key in present]
        for panel in self._gone[guild.id]:
            await self.panels.remove(panel.id)
        for change in changes:
            if change.new is not None and change.key in present:
                kept = change.new.get("kinds", {})
                for kind in present[change.key].kinds:
                    if kind.label not in kept:
                        await self.panels.remove_kind(kind.id)
        for change in changes:
            if change.new is not None:
                await self._put(guild, change.key, change.new, present.get(change.key))

    async def _put(
        self, guild: discord.Guild, name: str, plain: Mapping[str, Any], known: TicketPanel | None
    ) -> None:
        panel = known or TicketPanel(new_id(), guild.id, name)
        if known is None and not await self.panels.create(panel, MOST_PANELS):
            raise UserError(_("There is a panel {name} already.").format(name=code(name)))
        await self.panels.change(replace(panel, text=plain.get("text"), style=plain["style"]))
        kinds = {kind.label: kind for kind in panel.kinds}
        for label, one in plain.get("kinds", {}).items():
            if label in kinds:
                kind = _kind(guild.id, label, one, kinds[label].id, panel.id)
            else:
                kind = _kind(guild.id, label, one, new_id(), panel.id)
                if not await self.panels.add_kind(kind, MOST_KINDS):
                    raise UserError(_("There would be two kinds of tickets called {name}.").format(name=code(label)))
            await self.panels.change_kind(kind)

    async def written(self, guild: discord.Guild, changes: Sequence[EntryChange], by: int) -> None:
        """Show them as they are now; that goes on by itself."""
        self.cog.spawn(self._show(guild, {one.key for one in changes}, self._gone.pop(guild.id, [])))

    async def _show(self, guild: discord.Guild, names: set[str], gone: list[TicketPanel]) -> None:
        for panel in gone:
            await self.board.take_down(guild, panel)
        for panel in await self.panels.of_guild(guild.id):
            if panel.name in names:
                await self.board.refresh(guild, panel.id)


def _read_kind(guild_id: int, label: str, field: Field) -> TicketKind:
    if field.checked(lambda: LABEL.check(" ".join(label.split()))) != label:
        raise field.misfit(_("This name can't begin or end with a space, nor hold characters that nobody sees."))
    parts = field.parts((), KIND_PARTS)
    emoji = parts["emoji"].optional_text(BUTTON_LABEL_LIMIT)
    if emoji is not None and not is_emoji(emoji):
        raise parts["emoji"].misfit(_("This isn't an emoji."))
    name = parts["name"].optional_text(CHANNEL_NAME_LIMIT) or "ticket-{number}"
    greeting = parts["greeting"].optional_text(LONGEST_GREETING)
    category = each_found([parts["category"]] if parts["category"].is_given else [], _category, may_be_none=True)
    roles = each_found(parts["roles"].items(MOST_ROLES), _answering, may_be_none=True)
    return TicketKind(
        0,
        0,
        guild_id,
        label,
        emoji,
        parts["place"].one_of(PLACES) if parts["place"].is_given else "channel",
        category[0] if category else None,
        tuple(dict.fromkeys(roles)),
        parts["name"].checked(lambda: read_name(name)),
        None if greeting is None else parts["greeting"].checked(lambda: GREETING.check(greeting)),
        _questions(parts["questions"]),
        parts["limit"].optional_whole(1, MOST_OPEN) or 1,
    )


def _category(field: Field) -> int:
    category = field.channel((discord.ChannelType.category,))
    if not isinstance(category, discord.CategoryChannel):
        raise field.misfit(_("This isn't a category."))
    return category.id


def _answering(field: Field) -> int:
    role = field.role()
    if role.is_default():
        raise field.misfit(_("Everybody would see these tickets: choose roles of your staff."))
    return role.id


def _questions(field: Field) -> tuple[Question, ...]:
    found = []
    for one in field.items(MOST_QUESTIONS):
        parts = one.parts(("text",), ("short", "optional"))
        text = parts["text"].text(LONGEST_QUESTION)
        found.append(Question(text, not parts["short"].switch(), not parts["optional"].switch()))
    # What a command couldn't say, such as a question with a bar in it, isn't taken from a file either.
    read = field.checked(lambda: read_questions(write_questions(found)))
    if len(read) != len(found):
        raise field.misfit(_("A question can't hold `|`."))
    return read


def _as_plain(guild: discord.Guild, panel: TicketPanel) -> dict[str, Any]:
    kinds = {kind.label: _kind_as_plain(guild, kind) for kind in panel.kinds}
    return without_nothing({"text": panel.text, "style": panel.style, "kinds": kinds or None})


def _kind_as_plain(guild: discord.Guild, kind: TicketKind) -> dict[str, Any]:
    return without_nothing({
        "emoji": kind.emoji,
        "place": kind.place,
        "category": None if kind.category_id is None else channel_reference(guild, kind.category_id),
        "roles": [role_reference(guild, one) for one in kind.role_ids],
        "name": kind.name,
        "greeting": kind.greeting,
        "questions": [
            without_nothing({"text": one.text, "short": not one.is_long, "optional": not one.is_needed})
            for one in kind.questions
        ],
        "limit": kind.most_open,
    })  # fmt: skip


def _kind(guild_id: int, label: str, plain: Mapping[str, Any], kind_id: int, panel_id: int) -> TicketKind:
    return TicketKind(
        kind_id,
        panel_id,
        guild_id,
        label,
        plain.get("emoji"),
        plain["place"],
        plain["category"]["id"] if "category" in plain else None,
        tuple(one["id"] for one in plain.get("roles", ())),
        plain["name"],
        plain.get("greeting"),
        tuple(
            Question(one["text"], not one.get("short", False), not one.get("optional", False))
            for one in plain.get("questions", ())
        ),
        plain["limit"],
    )
