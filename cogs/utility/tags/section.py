"""Tags as a section of a server's file: by name, the text and what else each is called."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

import discord

from cogs.utility.tags import rules
from database.ids import new_id
from database.tags import Tag
from utils.converters import parse_text
from utils.errors import UserError
from utils.formatting import MESSAGE_LIMIT, code
from utils.i18n import N_, _
from utils.portable import EntryChange, Field, Section, called_twice, without_nothing

if TYPE_CHECKING:
    from cogs.utility.tags.cog import Tags


class TagsSection(Section):
    """Tags. Whose each is, and how often it was used, isn't in files: who imports a new one owns it."""

    name = "tags"
    title = N_("Tags")
    needs: ClassVar[Sequence[str]] = ("manage_guild", "manage_messages")
    most: ClassVar[int] = rules.MOST_TAGS

    def __init__(self, cog: "Tags") -> None:
        self.cog = cog

    async def export(self, guild: discord.Guild) -> dict[str, Any]:
        """By name, the text and the aliases."""
        found = await self.cog.store.all_of(guild.id)
        return {tag.name: without_nothing({"text": tag.content, "aliases": aliases}) for tag, aliases in found}

    def read(self, key: str, entry: Field) -> Any:
        """One tag."""
        self._check_name(key, entry)
        parts = entry.parts(("text",), ("aliases",))
        text = parts["text"].checked(lambda: parse_text(parts["text"].text(MESSAGE_LIMIT), MESSAGE_LIMIT))
        if rules.expires(text):
            raise parts["text"].misfit(_("Links to files in Discord stop working after a day."))
        aliases = set()
        for one in parts["aliases"].items(rules.MOST_ALIASES):
            aliases.add(one.text(rules.NAME_LIMIT))
            self._check_name(one.text(rules.NAME_LIMIT), one)
        return without_nothing({"text": text, "aliases": sorted(aliases)})

    def _check_name(self, name: str, field: Field) -> None:
        read = field.checked(lambda: rules.read_name(name, self.cog.tag.all_commands))
        if read != name:
            raise field.misfit(_("This name has to be written {name}.").format(name=code(read)))

    def clash(self, entries: Mapping[str, Any]) -> str | None:
        """A name means one tag."""
        return called_twice(name for key, one in entries.items() for name in (key, *one.get("aliases", ())))

    async def write(self, guild: discord.Guild, changes: Sequence[EntryChange], by: int, import_id: int) -> None:
        """Store them: first what goes, so that its names are free. Raises `UserError` for a name twice."""
        store, now = self.cog.store, discord.utils.utcnow()
        present = {tag.name: (tag, aliases) for tag, aliases in await store.all_of(guild.id)}
        for change in changes:
            if change.key in present:
                tag, aliases = present[change.key]
                if change.new is None:
                    await store.remove(tag)
                    continue
                for alias in set(aliases) - set(change.new.get("aliases", ())):
                    await store.remove_alias(tag, alias)
        for change in changes:
            if change.new is None:
                continue
            if change.key in present:
                tag, aliases = present[change.key]
                if tag.content != change.new["text"]:
                    await store.edit(tag.id, change.new["text"], now)
            else:
                tag, aliases = Tag(new_id(), guild.id, change.key, change.new["text"], by, now), []
                if not await store.add(tag):
                    raise _taken(tag.name)
            for alias in change.new.get("aliases", ()):
                if alias not in aliases and not await self._call(tag, alias):
                    raise _taken(alias)

    async def _call(self, tag: Tag, alias: str) -> bool:
        async with self.cog.bot.db.transaction():  # so that a name that is taken doesn't spoil the import's own
            return await self.cog.store.named(tag.guild_id, alias) is None and await self.cog.store.add_alias(
                tag, alias
            )


def _taken(name: str) -> UserError:
    return UserError(_("Nothing was changed: two tags would be called {name}.").format(name=code(name)))
