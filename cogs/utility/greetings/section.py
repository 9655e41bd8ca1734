"""The texts of greetings as a section of a server's file: by kind, a list. Where they are said are settings."""

from collections.abc import Sequence
from typing import Any, ClassVar

import discord

from cogs.utility.greetings.rules import KINDS, LONGEST_TEXT, MOST_TEXTS, PLACES
from database.newcomers import GreetingsStore
from utils.converters import parse_text
from utils.formatting import code, truncate
from utils.i18n import N_, _, format_list
from utils.portable import EntryChange, Field, Section
from utils.templates import unknown_places


class GreetingsSection(Section):
    """What is said to newcomers, of who leaves and to who boosts. Backgrounds of pictures aren't in files."""

    name = "greetings"
    title = N_("Texts of greetings")
    most: ClassVar[int] = len(KINDS)

    def __init__(self, store: GreetingsStore) -> None:
        self.store = store

    async def export(self, guild: discord.Guild) -> dict[str, Any]:
        """By kind, the texts in their order."""
        found = {kind: list((await self.store.of(guild.id, kind)).values()) for kind in KINDS}
        return {kind: texts for kind, texts in found.items() if texts}

    def read(self, key: str, entry: Field) -> Any:
        """The texts of one kind."""
        if key not in KINDS:
            kinds = format_list([code(one) for one in KINDS], style="or")
            raise entry.misfit(_("Choose one of {options}.").format(options=kinds))
        return [_text(one) for one in entry.items(MOST_TEXTS)]

    async def write(self, guild: discord.Guild, changes: Sequence[EntryChange], by: int, import_id: int) -> None:
        """Store them; the numbers they are called by begin anew."""
        for change in changes:
            for number in await self.store.of(guild.id, change.key):
                await self.store.remove(guild.id, change.key, number)
            for text in change.new or ():
                await self.store.add(guild.id, change.key, text, MOST_TEXTS)


def _text(field: Field) -> str:
    text = field.checked(lambda: parse_text(field.text(LONGEST_TEXT), LONGEST_TEXT))
    if unknown := unknown_places(text, PLACES):
        raise field.misfit(
            _("There is nothing to put in place of {unknown}. There are {places}.").format(
                unknown=code("{" + truncate(unknown[0], 40) + "}"),
                places=format_list([code("{" + place + "}") for place in PLACES]),
            )
        )
    return text
