"""What a person chose for themselves, wherever they are: language and time zone."""

from collections import OrderedDict
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from database.user_settings import UserSettingsStore

REMEMBERED_USERS = 10_000  # of the people who used a command lately; about 200 bytes each


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
    """People's choices; those of who used the bot lately are in memory."""

    def __init__(self, store: UserSettingsStore) -> None:
        self.store = store
        self._recent: OrderedDict[int, Preferences] = OrderedDict()

    async def of(self, user_id: int) -> Preferences:
        """The choices of a person."""
        preferences = self._recent.get(user_id)
        if preferences is None:
            stored = await self.store.of_user(user_id)
            # What was chosen meanwhile is newer than what was read.
            preferences = self._recent.get(user_id) or Preferences(stored.get("language"), stored.get("timezone"))
        self._remember(user_id, preferences)
        return preferences

    async def set_language(self, user_id: int, language: str | None) -> None:
        """Keep a language, or with None forget the choice."""
        await self._change(user_id, "language", language)

    async def set_timezone(self, user_id: int, timezone: str | None) -> None:
        """Keep a time zone by its key, or with None forget the choice."""
        await self._change(user_id, "timezone", timezone)

    def forget(self, user_id: int) -> None:
        """Read a person's choices anew when they are asked for next."""
        self._recent.pop(user_id, None)

    async def _change(self, user_id: int, key: str, value: str | None) -> None:
        preferences = await self.of(user_id)
        await self.store.change(user_id, key, value)
        self._remember(user_id, replace(self._recent.get(user_id, preferences), **{key: value}))

    def _remember(self, user_id: int, preferences: Preferences) -> None:
        self._recent[user_id] = preferences
        self._recent.move_to_end(user_id)
        while len(self._recent) > REMEMBERED_USERS:
            self._recent.popitem(last=False)
