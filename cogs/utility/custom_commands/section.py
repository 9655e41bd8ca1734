"""A server's own commands as a section of its file: by name, what each says, and who may use it where."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Final

import discord

from cogs.utility.custom_commands import rules
from cogs.utility.custom_commands.rules import Details
from database.custom_commands import CustomCommandRow
from database.ids import new_id
from utils.converters import parse_colour, parse_text
from utils.errors import UserError
from utils.formatting import MESSAGE_LIMIT, code
from utils.i18n import N_, _
from utils.portable import (
    EntryChange,
    Field,
    Section,
    called_twice,
    channel_reference,
    duration_text,
    each_found,
    role_reference,
    without_nothing,
)
from utils.time import parse_duration

if TYPE_CHECKING:
    from cogs.utility.custom_commands.cog import CustomCommandsCog

PICTURES: Final = frozenset({"image", "thumbnail"})


class CustomCommandsSection(Section):
    """Commands that a server makes itself; how often each was used isn't in files."""

    name = "custom-commands"
    title = N_("Commands of this server")
    most: ClassVar[int] = rules.MOST_COMMANDS

    def __init__(self, cog: "CustomCommandsCog") -> None:
        self.cog = cog
        self.made = cog.commands

    async def export(self, guild: discord.Guild) -> dict[str, Any]:
        """By name, all that is set of each."""
        return {
            one.row.name: _as_plain(guild, one.details, sorted(one.row.aliases)) for one in self.made.of(guild.id)
        }

    def read(self, key: str, entry: Field) -> Any:
        """One command."""
        self._check_name(key, entry)
        parts = entry.parts((), ("text", "embed", "cooldown", "role", "channels", "aliases"))
        text = parts["text"].optional_text(MESSAGE_LIMIT) or ""
        cooldown = parts["cooldown"].optional_duration(timedelta(0), timedelta(seconds=rules.MOST_COOLDOWN_SECONDS))
        channels = each_found(parts["channels"].items(rules.MOST_CHANNELS), lambda one: one.channel().id)
        details = Details(
            parts["text"].checked(lambda: rules.check_text(parse_text(text, MESSAGE_LIMIT, 0))),
            _embed(parts["embed"]),
            int((cooldown or timedelta(0)).total_seconds()),
            parts["role"].role().id if parts["role"].is_given else None,
            tuple(dict.fromkeys(channels)),
        )
        if details.says_nothing:
            raise entry.misfit(_("Then the command would say nothing: give it a text or an embed first."))
        aliases = set()
        for one in parts["aliases"].items(rules.MOST_ALIASES):
            aliases.add(one.text(rules.NAME_LIMIT))
            self._check_name(one.text(rules.NAME_LIMIT), one)
        return _as_plain(entry.target.guild, details, sorted(aliases - {key}))

    def _check_name(self, name: str, field: Field) -> None:
        if field.checked(lambda: rules.read_name(name)) != name:
            raise field.misfit(_("This name has to be written {name}.").format(name=code(rules.read_name(name))))
        bot, guild_id = self.cog.bot, field.target.guild.id
        if bot.get_command(name) is not None:
            raise field.misfit(_("I have a command {name} of my own.").format(name=code(name)))
        if any(finder.knows(guild_id, name) for finder in bot.command_finders if finder is not self.cog):
            sentence = _("There is an alias {name} already; remove it first.")
            raise field.misfit(sentence.format(name=code(name)))

    def clash(self, entries: Mapping[str, Any]) -> str | None:
        """A name means one command."""
        return called_twice(name for key, one in entries.items() for name in (key, *one.get("aliases", ())))

    def held(self, guild: discord.Guild) -> AbstractAsyncContextManager[Any]:
        """Let nobody change a command meanwhile."""
        return self.made.one_at_a_time

    async def write(self, guild: discord.Guild, changes: Sequence[EntryChange], by: int, import_id: int) -> None:
        """Store them: first what goes, so that its names are free. Raises `UserError` for a name twice."""
        store, now = self.made.store, discord.utils.utcnow()
        present = {one.row.name: one.row for one in self.made.of(guild.id)}
        for change in changes:
            if (row := present.get(change.key)) is None:
                continue
            if change.new is None:
                await store.remove(row.id)
                continue
            for alias in set(row.aliases) - set(change.new.get("aliases", ())):
                await store.remove_name(row, alias)
        for change in changes:
            if change.new is None:
                continue
            row = present.get(change.key)
            details = _details(change.new).stored()
            if row is not None:
                await store.change(row.id, details)
            else:
                row = CustomCommandRow(new_id(), guild.id, change.key, details, by, now)
                if not await store.add(row):
                    raise _taken(change.key)
            for alias in change.new.get("aliases", ()):
                if alias not in row.aliases and not await store.add_name(row, alias):
                    raise _taken(alias)

    async def written(self, guild: discord.Guild, changes: Sequence[EntryChange], by: int) -> None:
        """Read them again."""
        await self.made.load_guild(guild.id)


def _embed(field: Field) -> dict[str, str]:
    """The parts of an embed, each as its command would take it."""
    found = {}
    for key, part in field.parts((), rules.EMBED_KEYS).items() if field.is_given else ():
        if not part.is_given:
            continue
        longest = rules.EMBED_KEYS[key]
        text = part.checked(partial(parse_text, part.text(longest), longest))
        if key == "colour":
            found[key] = str(part.checked(partial(parse_colour, text)))
            continue
        if key in PICTURES:
            part.checked(partial(rules.check_address, text))
        found[key] = part.checked(partial(rules.check_text, text))
    return found


def _as_plain(guild: discord.Guild, details: Details, aliases: list[str]) -> dict[str, Any]:
    seconds = details.cooldown_seconds
    return without_nothing({
        "text": details.text or None,
        "embed": dict(sorted(details.embed.items())) or None,
        "cooldown": duration_text(timedelta(seconds=seconds)) if seconds else None,
        "role": None if details.role_id is None else role_reference(guild, details.role_id),
        "channels": [channel_reference(guild, one) for one in details.channel_ids],
        "aliases": aliases,
    })  # fmt: skip


def _details(plain: dict[str, Any]) -> Details:
    cooldown = parse_duration(plain["cooldown"]) if "cooldown" in plain else timedelta(0)
    return Details(
        plain.get("text", ""),
        plain.get("embed", {}),
        int(cooldown.total_seconds()),
        plain["role"]["id"] if "role" in plain else None,
        tuple(one["id"] for one in plain.get("channels", ())),
    )


def _taken(name: str) -> UserError:
    return UserError(_("This server has a command {name} of its own already.").format(name=code(name)))
