"""What each guild set: read from memory, changed in one place, with a history that can be undone."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, TypeVar
from weakref import WeakSet

import discord

from database.guild_settings import GuildSettingsStore, SettingChange, StoredSetting
from utils.digests import Digest
from utils.events import GuildSettingChanged
from utils.setting_types import Setting, SettingError
from utils.shared_memory import Changed, told_nobody

log = logging.getLogger("hearth.settings")

T = TypeVar("T")


class GuildSettings:
    """The settings of all guilds that the bot is in.

    Memory holds only values that differ from their default, each within its setting's limits, and only of guilds the
    bot is in: `forget` lets a guild go and `load_guild` takes it back.
    """

    def __init__(
        self,
        store: GuildSettingsStore,
        publish: Callable[[GuildSettingChanged], None],
        defaults: Mapping[str, Any],
        changed: Changed = told_nobody,
    ) -> None:
        """`defaults` are the operator's own, by key; they stand in for those of the declarations.

        `changed` tells other processes of a guild with changes.
        """
        self.store = store
        self.declared: dict[str, Setting[Any]] = {}
        self._feature_of: dict[str, str] = {}
        self._publish = publish
        self._defaults = dict(defaults)
        self._tell = changed
        self._values: dict[int, dict[str, Any]] = {}
        # Stored values that no declaration takes, or that don't fit it: kept as they are until one does.
        self._unused: dict[int, dict[str, Any]] = {}
        self._unread: set[int] = set()
        self._digests: WeakSet[Digest[Any]] = WeakSet()  # each goes with the cog that asks it
        self._changing = asyncio.Lock()

    # --- declarations

    def declare(self, feature: str, settings: Sequence[Setting[Any]]) -> None:
        """Make a feature's settings known; what guilds stored for them holds from now on."""
        for setting in settings:
            other = self._feature_of.get(setting.key, feature)
            if other != feature:
                raise ValueError(f"setting {setting.key!r} is declared by both {other} and {feature}")
        self.withdraw(settings)
        for setting in settings:
            self.declared[setting.key] = setting
            self._feature_of[setting.key] = feature
            for guild_id in [guild_id for guild_id, values in self._unused.items() if setting.key in values]:
                self._keep(guild_id, setting.key, self._unused[guild_id][setting.key])

    def withdraw(self, settings: Iterable[Setting[Any]]) -> None:
        """Forget declarations; what guilds stored for them is kept until they are declared again."""
        self._clear_digests()
        for key in [setting.key for setting in settings if setting.key in self.declared]:
            old = self.declared.pop(key)
            del self._feature_of[key]
            for guild_id in [guild_id for guild_id, values in self._values.items() if key in values]:
                encoded = old.type.encode(self._values[guild_id][key])
                _drop(self._values, guild_id, key)
                self._unused.setdefault(guild_id, {})[key] = encoded

    def of_feature(self, feature: str) -> list[Setting[Any]]:
        """The settings a feature shows, in the order it declared them."""
        return [
            setting
            for key, setting in self.declared.items()
            if self._feature_of[key] == feature and not setting.hidden
        ]

    def feature_of(self, setting: Setting[Any]) -> str:
        """The feature that declared a setting."""
        return self._feature_of[setting.key]

    def unfit(self, guild_id: int) -> list[Setting[Any]]:
        """The settings of which a guild stored values that no longer fit them, so that the defaults hold."""
        return [self.declared[key] for key in self._unused.get(guild_id, {}) if key in self.declared]

    # --- reading

    def get(self, guild_id: int | None, setting: Setting[T]) -> T:
        """The value that holds in a guild; the default in direct messages."""
        values = self._values.get(guild_id) if guild_id is not None else None
        if values is not None and setting.key in values:
            value: T = values[setting.key]
            return value
        default: T = self._defaults.get(setting.key, setting.default)
        return default

    def default(self, setting: Setting[T]) -> T:
        """What holds where nothing was set."""
        default: T = self._defaults.get(setting.key, setting.default)
        return default

    def is_set(self, guild_id: int, setting: Setting[Any]) -> bool:
        """Whether the guild chose a value of its own."""
        return setting.key in self._values.get(guild_id, {})

    # --- what is made of settings

    def digest(self, make: Callable[[int | None], T]) -> Digest[T]:
        """Keep what `make` makes of a guild's settings (None: the defaults), until one of that guild changes.

        For what is asked with each message. `make` looks at settings alone, and does no I/O.
        """
        digest = Digest(self._values, make)
        self._digests.add(digest)
        return digest

    def _forget_digests(self, guild_id: int) -> None:
        for digest in self._digests:
            digest.forget(guild_id)

    def _clear_digests(self) -> None:
        for digest in self._digests:
            digest.clear()

    @property
    def count(self) -> int:
        """How many values are in memory, of all guilds."""
        return sum(map(len, self._values.values()))

    # --- loading

    async def load(self) -> None:
        """Read what every guild stored."""
        self._take(await self.store.all())

    async def read(self, guild_id: int | None) -> None:
        """Read anew what one guild stored, or every guild: another process changed it. Raises DatabaseError."""
        async with self._changing:
            stored = await (self.store.all() if guild_id is None else self.store.of_guild(guild_id))
            for known in [*self._values, *self._unused] if guild_id is None else [guild_id]:
                self.forget(known)
            if guild_id is None:
                self._unread.clear()
            self._take(stored)

    async def load_guild(self, guild_id: int) -> None:
        """Read what one guild stored, when the bot joins it.

        Raises DatabaseError; then it is read before the next change of a setting or at the next `catch_up`.
        """
        self._unread.add(guild_id)
        await self.catch_up(guild_id)

    async def catch_up(self, guild_id: int) -> None:
        """Read what a guild stored if that failed when the bot joined it; costs nothing otherwise."""
        if guild_id in self._unread:
            async with self._turn(guild_id):
                pass

    @asynccontextmanager
    async def _turn(self, guild_id: int) -> AsyncIterator[None]:
        """One change at a time, and none from defaults where stored values could not be read yet."""
        async with self._changing:
            if guild_id in self._unread:
                stored = await self.store.of_guild(guild_id)
                self.forget(guild_id)
                self._take(stored)
            yield

    def forget(self, guild_id: int) -> None:
        """Let a guild that the bot left go from memory; its rows stay."""
        self._forget_digests(guild_id)
        self._unread.discard(guild_id)
        self._values.pop(guild_id, None)
        self._unused.pop(guild_id, None)

    def forget_where(self, is_gone: Callable[[int], bool]) -> None:
        """Let the guilds go from memory that are gone."""
        for guild_id in {*self._values, *self._unused}:
            if is_gone(guild_id):
                self.forget(guild_id)

    def _take(self, stored: Iterable[StoredSetting]) -> None:
        for one in stored:
            self._keep(one.guild_id, one.key, one.value)

    def _keep(self, guild_id: int, key: str, encoded: Any) -> None:
        """Let a stored value hold; None stands for the default."""
        self._forget_digests(guild_id)
        _drop(self._values, guild_id, key)
        _drop(self._unused, guild_id, key)
        if encoded is None:
            return
        if key not in self.declared:
            self._unused.setdefault(guild_id, {})[key] = encoded
            return
        try:
            self._values.setdefault(guild_id, {})[key] = self.declared[key].type.check(encoded)
        except SettingError as error:
            # The limits changed since it was stored: the default holds, the row stays for whoever looks.
            log.warning("Stored value of setting %s in guild %d no longer fits: %s", key, guild_id, error)
            self._unused.setdefault(guild_id, {})[key] = encoded

    # --- many at once

    def stored(self, guild_id: int) -> dict[str, Any]:
        """What a guild set, by key, as it is stored; only what is declared."""
        values = self._values.get(guild_id, {})
        return {key: setting.type.encode(values[key]) for key, setting in self.declared.items() if key in values}

    def held(self, guild_id: int) -> AbstractAsyncContextManager[None]:
        """Keep others from changing anything. Enter it before a transaction, so that nobody waits for both."""
        return self._turn(guild_id)

    async def store_many(
        self, guild_id: int, values: Mapping[str, Any], *, changed_by: int | None, import_id: int
    ) -> None:
        """Store encoded values (None: back to the default) while `held`, in the caller's transaction."""
        now = discord.utils.utcnow()
        for key, encoded in values.items():
            await self.store.change(guild_id, key, encoded, changed_by=changed_by, at=now, import_id=import_id)

    async def take_many(self, guild_id: int, values: Mapping[str, Any], *, changed_by: int | None) -> None:
        """Let what `store_many` stored hold, after the commit and still `held`, and tell the listeners."""
        before = self.stored(guild_id)
        for key, encoded in values.items():
            self._keep(guild_id, key, encoded)
        await self._tell(guild_id)
        for key, encoded in values.items():
            self._publish(GuildSettingChanged(guild_id, key, before.get(key), encoded, changed_by))

    # --- changing

    async def set(
        self, guild_id: int, setting: Setting[T], value: T, *, changed_by: int | None
    ) -> SettingChange | None:
        """Validate and store a value, write the change down and tell the listeners.

        Returns None when the value already held. Raises SettingError when it doesn't fit.
        """
        return await self.update(guild_id, setting, lambda _old: value, changed_by=changed_by)

    async def reset(self, guild_id: int, setting: Setting[Any], *, changed_by: int | None) -> SettingChange | None:
        """Go back to the default. Returns None when it already held."""
        async with self._turn(guild_id):
            if not self.is_set(guild_id, setting) and setting.key not in self._unused.get(guild_id, {}):
                return None
            return await self._store(guild_id, setting.key, None, changed_by)

    async def update(
        self, guild_id: int, setting: Setting[T], change: Callable[[T], T], *, changed_by: int | None
    ) -> SettingChange | None:
        """Like `set`, for a value made from the present one: two people adding to a list both get theirs."""
        async with self._turn(guild_id):
            old = self.get(guild_id, setting)
            value = setting.type.check(change(old))
            if value == old:
                return None
            if value == self.default(setting):
                return await self._store(guild_id, setting.key, None, changed_by)
            return await self._store(guild_id, setting.key, setting.type.encode(value), changed_by)

    async def undo_last(self, guild_id: int, *, changed_by: int | None) -> SettingChange | None:
        """Take back the newest change that wasn't taken back yet; None when there is none."""
        async with self._turn(guild_id):
            last = await self.store.last_to_undo(guild_id)
            if last is None:
                return None
            return await self._store(guild_id, last.key, last.old, changed_by, undoes=last.id)

    async def _store(
        self, guild_id: int, key: str, encoded: Any, changed_by: int | None, *, undoes: int | None = None
    ) -> SettingChange:
        now = discord.utils.utcnow()
        change = await self.store.change(guild_id, key, encoded, changed_by=changed_by, at=now, undoes=undoes)
        self._keep(guild_id, key, encoded)
        await self._tell(guild_id)  # first: where the event is heard, the value holds
        self._publish(GuildSettingChanged(guild_id, key, change.old, change.new, changed_by))
        return change

    def shown(self, setting: Setting[T], encoded: Any) -> str:
        """A stored value in words, `None` being the default."""
        value = self.default(setting) if encoded is None else setting.type.check(encoded)
        return self.show(setting, value)

    def show(self, setting: Setting[T], value: T | None) -> str:
        """A value in words; nothing set shows as a dash."""
        return "—" if value is None else setting.type.show(value)


def _drop(values: dict[int, dict[str, Any]], guild_id: int, key: str) -> None:
    """Take a guild's value out, and the guild with its last one."""
    of_guild = values.get(guild_id)
    if of_guild is not None:
        of_guild.pop(key, None)
        if not of_guild:
            del values[guild_id]
