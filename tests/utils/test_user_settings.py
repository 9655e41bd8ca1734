"""What people choose for themselves: remembered, bounded, never lost between two changes at once."""

import asyncio

import pytest

from database.manager import DatabaseManager
from database.user_settings import UserSettingsStore
from utils.user_settings import Preferences, UserSettings

ANN, BOB = 1, 2**62
MOST = 3

sqlite = pytest.mark.engines("sqlite")


async def test_choices_hold_and_outlive_a_restart(db: DatabaseManager):
    settings = UserSettings(UserSettingsStore(db), most=MOST)
    assert await settings.of(ANN) == Preferences()
    await settings.set_language(ANN, "de")
    await settings.set_timezone(BOB, "Europe/Berlin")
    again = UserSettings(UserSettingsStore(db), most=MOST)
    for each in (settings, again):
        assert await each.of(ANN) == Preferences("de", None)
        assert (await each.of(BOB)).zone.key == "Europe/Berlin"
        assert (await each.of(ANN)).zone is None
    await again.set_language(ANN, None)
    assert await again.of(ANN) == await UserSettings(UserSettingsStore(db), most=MOST).of(ANN) == Preferences()


async def test_two_choices_at_once_both_hold(db: DatabaseManager):
    for user in range(20):
        settings = UserSettings(UserSettingsStore(db), most=MOST)
        await asyncio.gather(
            settings.set_language(user, "de"),
            settings.of(user),
            settings.set_timezone(user, "Asia/Tokyo"),
        )
        assert await settings.of(user) == Preferences("de", "Asia/Tokyo")
        assert await UserSettings(UserSettingsStore(db), most=MOST).of(user) == Preferences("de", "Asia/Tokyo")


@sqlite
async def test_what_is_read_meanwhile_does_not_hide_a_choice(db: DatabaseManager):
    class SlowStore(UserSettingsStore):
        """A store whose first answer takes its time."""

        waiting = asyncio.Event()
        asked = 0

        async def of_user(self, user_id: int) -> dict[str, str]:
            found = await super().of_user(user_id)
            self.asked += 1
            if self.asked == 1:
                await self.waiting.wait()
            return found

    store = SlowStore(db)
    settings = UserSettings(store, most=MOST)
    reading = asyncio.create_task(settings.of(ANN))
    while not store.asked:
        await asyncio.sleep(0)
    await settings.set_language(ANN, "de")
    store.waiting.set()
    assert await reading == await settings.of(ANN) == Preferences("de", None)


@sqlite
async def test_who_used_a_command_lately_is_read_from_memory(db: DatabaseManager):
    statements: list[str] = []
    db.on_statement = lambda text, *_: statements.append(text)
    settings = UserSettings(UserSettingsStore(db), most=MOST)

    async def asks_the_database(user: int) -> bool:
        statements.clear()
        await settings.of(user)
        return bool(statements)

    assert [await asks_the_database(user) for user in (1, 2, 3, 1, 4)] == [True, True, True, False, True]
    assert not await asks_the_database(1), "used lately"
    assert await asks_the_database(2), "used longest ago"
