"""What a person chose for themselves, wherever they are: language and time zone."""

from dataclasses import dataclass, replace
from functools import partial
from zoneinfo import ZoneInfo

from database.user_settings import UserSettingsStore
from utils.kept import Kept
from utils.shared_cache import NoCache, SharedCache
from utils.shared_memory import Changed, told_nobody


@dataclass(frozen=True, slots=True)
class Preferences:
    """One person's choices; None where they made none."""

    language: str | None = None
    timezone: str | None = None

    @property
    def zone(self) -> ZoneInfo | None:
        """The time zone that they chose; without one, that of the guild holds."""
        return ZoneInfo(self.timezone) if self.timezone else None


class UserSettings:
    """People's choices; those of the `most` who used the bot lately are in memory."""

    def __init__(
        self,
        store: UserSettingsStore,
        *,
        most: int,
        changed: Changed = told_nobody,
        cache: SharedCache | None = None,
    ) -> None:
        """`changed` tells other processes of a person with changes; `cache` is what they share."""
        self.store = store
        self._cache = cache or NoCache()
        self._tell = changed
        self._times_forgotten = 0
        self.kept: Kept[Preferences] = Kept(most)

    async def of(self, user_id: int) -> Preferences:
        """The choices of a person."""
        preferences = self.kept.get(user_id)
        if preferences is None:
            before = self._times_forgotten
            stored = await self._cache.read(_name(user_id), partial(self.store.of_user, user_id))
            # What was chosen meanwhile is newer than what was read.
            preferences = self.kept.peek(user_id) or Preferences(stored.get("language"), stored.get("timezone"))
            if self._times_forgotten == before:  # else this may be from before another process's change
                self.kept.put(user_id, preferences)
        return preferences

    async def set_language(self, user_id: int, language: str | None) -> None:
        """Keep a language, or with None forget the choice."""
        await self._change(user_id, "language", language)

    async def set_timezone(self, user_id: int, timezone: str | None) -> None:
        """Keep a time zone by its key, or with None forget the choice."""
        await self._change(user_id, "timezone", timezone)

    def forget(self, user_id: int) -> None:
        """Read a person's choices anew when they are asked for next."""
        self._times_forgotten += 1
        self.kept.forget(user_id)

    async def erased(self, user_id: int) -> None:
        """Forget a person's choices, here and in the shared cache: their rows are gone."""
        self.forget(user_id)
        await self._cache.drop(_name(user_id))
        self.forget(user_id)

    async def read(self, user_id: int | None) -> None:
        """Read a person's choices anew when they are asked for next, or everybody's: another process changed them."""
        if user_id is None:
            self._times_forgotten += 1
            self.kept.clear()
        else:
            self.forget(user_id)

    async def _change(self, user_id: int, key: str, value: str | None) -> None:
        preferences = await self.of(user_id)
        async with self._cache.changing(_name(user_id)):
            await self.store.change(user_id, key, value)
        self.kept.put(user_id, replace(self.kept.peek(user_id) or preferences, **{key: value}))
        await self._tell(user_id)


def _name(user_id: int) -> str:
    return f"user:{user_id}"
