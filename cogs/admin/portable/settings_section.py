"""The settings of a server, as a section of its file."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from typing import Any, ClassVar, Final

import discord

from utils.core_settings import DISABLED_COMMANDS, DISABLED_FEATURES
from utils.guild_settings import GuildSettings
from utils.i18n import N_, _
from utils.near import nearest
from utils.portable import (
    EntryChange,
    Field,
    Section,
    channel_reference,
    duration_text,
    each_found,
    role_reference,
)
from utils.setting_types import Channel, Duration, Many, Role, Setting, SettingError, SettingType, Switch
from utils.switches import ALWAYS_ON_COMMANDS, ALWAYS_ON_FEATURE, entry
from utils.yaml_files import plain_of

LONGEST: Final = timedelta(days=365_000)
MOST_IN_A_LIST: Final = 1_000
LONGEST_TEXT: Final = 10_000


class SettingsSection(Section):
    """Every declared setting that differs from its default."""

    name = "settings"
    title = N_("Settings")
    most: ClassVar[int] = 2_000

    def __init__(self, settings: GuildSettings) -> None:
        self.settings = settings

    async def export(self, guild: discord.Guild) -> dict[str, Any]:
        """What was set, in the order of the keys."""
        stored = self.settings.stored(guild.id)
        return {key: as_plain(self.settings.declared[key], stored[key], guild) for key in sorted(stored)}

    def read(self, key: str, entry: Field) -> Any:
        """A setting's value, checked by its own type."""
        setting = self.settings.declared.get(key)
        if setting is None:
            near = nearest(key, [one for one, declared in self.settings.declared.items() if not declared.hidden])
            if near:
                raise entry.misfit(_("There is no such setting; did you mean `{near}`?").format(near=near))
            raise entry.misfit(_("There is no such setting; `config` lists them all."))
        return as_plain(setting, self._encoded(setting, entry), entry.target.guild)

    def held(self, guild: discord.Guild) -> AbstractAsyncContextManager[None]:
        """Let nobody change a setting meanwhile."""
        return self.settings.held(guild.id)

    async def write(self, guild: discord.Guild, changes: Sequence[EntryChange], by: int, import_id: int) -> None:
        """Store each with its line of the history."""
        values = self._values(guild, changes)
        await self.settings.store_many(guild.id, values, changed_by=by, import_id=import_id)

    async def written(self, guild: discord.Guild, changes: Sequence[EntryChange], by: int) -> None:
        """Let them hold, and tell the listeners."""
        await self.settings.take_many(guild.id, self._values(guild, changes), changed_by=by)

    def _values(self, guild: discord.Guild, changes: Sequence[EntryChange]) -> dict[str, Any]:
        """What is stored for each; the default is None."""
        values = {}
        for change in changes:
            setting = self.settings.declared[change.key]
            encoded = None if change.new is None else from_plain(setting, change.new)
            is_default = encoded is None or encoded == setting.type.encode(self.settings.default(setting))
            values[change.key] = None if is_default else encoded
        return values

    def _encoded(self, setting: Setting[Any], field: Field) -> Any:
        if setting is DISABLED_COMMANDS:
            encoded: Any = each_found(field.items(MOST_IN_A_LIST), _disabled_command)
        else:
            encoded = read_value(setting.type, field)
        if setting is DISABLED_FEATURES and ALWAYS_ON_FEATURE in encoded:
            raise field.misfit(
                _("`{feature}` stays on: without it there is no way back.").format(feature=ALWAYS_ON_FEATURE)
            )
        try:
            return setting.type.encode(setting.type.check(encoded))
        except SettingError as error:
            raise field.misfit(str(error)) from error


def as_plain(setting: Setting[Any], encoded: Any, guild: discord.Guild) -> Any:
    """A stored value as it stands in a file."""
    if setting is DISABLED_COMMANDS:
        return [_disabled_as_plain(one, guild) for one in encoded]
    return _as_plain(setting.type, encoded, guild)


def _as_plain(kind: SettingType[Any], encoded: Any, guild: discord.Guild) -> Any:
    if isinstance(kind, Many):
        return [_as_plain(kind.of, one, guild) for one in encoded]
    if isinstance(kind, Role):
        return role_reference(guild, encoded)
    if isinstance(kind, Channel):
        return channel_reference(guild, encoded)
    return duration_text(timedelta(seconds=encoded)) if isinstance(kind, Duration) else encoded


def from_plain(setting: Setting[Any], plain: Any) -> Any:
    """What is stored for a value as this server exports it."""
    if setting is DISABLED_COMMANDS:
        return [one if isinstance(one, str) else entry(one["command"], one["channel"]["id"]) for one in plain]
    return _from_plain(setting.type, plain)


def _from_plain(kind: SettingType[Any], plain: Any) -> Any:
    if isinstance(kind, Many):
        return [_from_plain(kind.of, one) for one in plain]
    if isinstance(kind, Role | Channel):
        return plain["id"]
    if isinstance(kind, Duration):
        return int(parsed_duration(plain).total_seconds())
    return plain


def parsed_duration(text: str) -> timedelta:
    """A length of time as `duration_text` writes it."""
    units = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}
    return timedelta(seconds=sum(int(part[:-1]) * units[part[-1]] for part in text.split()))


def read_value(kind: SettingType[Any], field: Field) -> Any:
    """A value as it is stored, before its type has checked it."""
    if isinstance(kind, Many):
        return each_found(field.items(MOST_IN_A_LIST), lambda one: read_value(kind.of, one))
    if isinstance(kind, Role):
        return field.role().id
    if isinstance(kind, Channel):
        return field.channel(kind.kinds).id
    if isinstance(kind, Duration):
        return int(field.duration(timedelta(0), LONGEST).total_seconds())
    if isinstance(kind, Switch):
        return field.switch() if field.is_given else None
    return field.text(LONGEST_TEXT) if isinstance(field.plain, str) else plain_of(field.value)


def _disabled_command(field: Field) -> str:
    if isinstance(field.plain, str):
        return entry(_command_name(field), None)
    parts = field.parts(("command", "channel"))
    return entry(_command_name(parts["command"]), parts["channel"].channel().id)


def _command_name(field: Field) -> str:
    name = field.text(LONGEST_TEXT)
    if name.split()[0] in ALWAYS_ON_COMMANDS:
        raise field.misfit(_("`{command}` stays on: without it there is no way back.").format(command=name))
    if _place_of(name) is not None:
        raise field.misfit(_("Write a command that is off in one channel as `command` and `channel`."))
    return name


def _disabled_as_plain(stored: str, guild: discord.Guild) -> Any:
    place = _place_of(stored)
    if place is None:
        return stored
    return {"command": place[0], "channel": channel_reference(guild, place[1])}


def _place_of(stored: str) -> tuple[str, int] | None:
    """The command and the channel of what is off in one channel."""
    name, at, channel_id = stored.rpartition("@")
    return (name, int(channel_id)) if at and channel_id.isdecimal() else None
