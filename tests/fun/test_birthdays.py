"""Birthdays: reading them, when they come, and what happens on the day."""

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.fun.birthdays import rules
from cogs.fun.birthdays.rules import Birthday, Way
from cogs.fun.birthdays.settings import BIRTHDAY_MESSAGE
from database.birthdays import BirthdaysStore, StoredBirthday
from tests.support.town import Town
from utils.errors import UserError
from utils.i18n import using
from utils.time import TimeError

TODAY = date(2026, 11, 23)
zones = st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Pacific/Kiritimati", "Pacific/Pago_Pago"])
ways = st.builds(Way, zones.map(ZoneInfo), st.integers(0, 23), st.booleans())
birthdays = st.dates(date(2000, 1, 1), date(2000, 12, 31)).map(lambda day: Birthday(day.month, day.day))
moments = st.datetimes(datetime(2001, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))

# --- rules


@pytest.mark.parametrize(
    ("text", "birthday"),
    [
        ("24 December", Birthday(12, 24)), ("december 24th", Birthday(12, 24)), ("24.12.", Birthday(12, 24)),
        ("24.12.1990", Birthday(12, 24, 1990)), ("1990-12-24", Birthday(12, 24, 1990)),
        ("24.12.90", Birthday(12, 24, 1990)), ("1.2.25", Birthday(2, 1, 2025)), ("29 February", Birthday(2, 29)),
        ("29.2.1996", Birthday(2, 29, 1996)), ("22.11.2026", Birthday(11, 22, 2026)),
    ],
)  # fmt: skip
def test_dates_are_read(text, birthday):
    assert rules.read_birthday(text, TODAY) == birthday


def test_german_dates_are_read():
    with using("de"):
        assert rules.read_birthday("24. Dezember 1990", TODAY) == Birthday(12, 24, 1990)


@pytest.mark.parametrize(
    "text",
    ["", "tomorrow", "friday", "soon", "24", "31 June", "30 February", "29.2.1995", "1 January 1800", "24.12.2026",
     "24 December or so", "5/6", "@everyone", "9" * 500],
)  # fmt: skip
def test_what_is_no_birthday(text):
    with pytest.raises((UserError, TimeError)):
        rules.read_birthday(text, TODAY)


@given(birthday=birthdays, now=moments, way=ways)
def test_the_next_one_follows_the_latest(birthday, now, way):
    following, year = rules.next_moment(birthday, now, way)
    latest, year_before = rules.latest_moment(birthday, now, way)
    assert latest <= now < following
    assert year == year_before + 1
    assert timedelta(days=363) < following - latest < timedelta(days=368)
    local = following.astimezone(way.zone)
    assert local.date() == birthday.in_year(year, in_march=way.in_march) or local.hour != way.hour
    assert rules.is_now(birthday, following, way, None) == year
    assert rules.is_now(birthday, following - timedelta(seconds=1), way, None) is None
    assert rules.is_now(birthday, following + timedelta(days=1), way, None) is None
    assert rules.is_now(birthday, following, way, following - timedelta(days=7)) is None
    days = rules.days_until(birthday, now.astimezone(way.zone).date(), in_march=way.in_march)
    assert 0 <= days <= 366


def test_the_29th_of_february():
    birthday = Birthday(2, 29, 1996)
    assert [birthday.in_year(year, in_march=False) for year in (2027, 2028)] == [date(2027, 2, 28), date(2028, 2, 29)]
    assert [birthday.in_year(year, in_march=True) for year in (2027, 2028)] == [date(2027, 3, 1), date(2028, 2, 29)]
    assert birthday.age_in(2027) == 31


# --- in a town


async def set_up(town: Town) -> None:
    town.channel("cake")
    town.role("Birthday")
    await town.says(town.admin, "!config set birthday-channel #cake")
    await town.says(town.admin, "!config set birthday-role Birthday")


def in_days(town: Town, days: int) -> datetime:
    return town.now + timedelta(days=days)


async def test_a_birthday(town: Town):
    assert "birthday-channel" in await town.says(town.ann, "!birthday set 24.12.")
    await set_up(town)
    cake = town.channel("cake")
    day = in_days(town, 3)
    answer = await town.says(town.ann, f"!birthday set {day.day}.{day.month}.1990")
    assert "Your birthday is" in answer
    assert "1990" in answer
    assert "timezone Berlin" in answer
    assert "birthday-channel" not in answer
    await town.says(town.bob, f"!birthday set {in_days(town, 20):%Y-%m-%d}".replace(str(town.now.year), "2001"))
    listed = await town.says(town.bob, "!birthday list")
    assert re.search(rf"{town.ann.mention} · in 3 days\n.+{town.bob.mention} · in 20 days", listed)
    assert not listed.pings - {town.bob.id}
    assert listed.split("\n")[1] in await town.says(town.bob, "!birthday next")
    assert "1990" in await town.says(town.bob, "!birthday show ann") == await town.says(town.bob, "!birthday ann")
    tomorrow = in_days(town, 1)
    for number in range(101):  # people who have left
        left = StoredBirthday(town.guild.id, number + 1, tomorrow.month, tomorrow.day, None, tomorrow, 10**9 + number)
        await town.as_bot(BirthdaysStore(town.db).set(left))
    assert town.ann.mention in await town.says(town.bob, "!birthday next")

    await town.restart(clean=False)
    (said,) = await town.wait(until=day.replace(hour=8, minute=0, second=1))
    assert said == f"🎂 {town.ann.mention} is {day.year - 1990} years old today. Happy birthday!"
    assert said.channel_id == cake.id
    assert not said.pings
    assert "Birthday" in town.ann.role_names
    # Set to another day, it isn't told again this year.
    await town.says(town.ann, "!birthday remove")
    await town.says(town.ann, f"!birthday set {in_days(town, 2):%d.%m.}")
    assert await town.wait(hours=24) == ()
    assert "Birthday" not in town.ann.role_names
    assert await town.wait(days=5) == ()

    assert await town.says(town.ann, "!birthday remove") == "I have forgotten your birthday."
    assert "I don't know your birthday here" in await town.says(town.ann, "!birthday remove")
    assert "birthday set 24 December" in await town.says(town.ann, "!birthday")
    assert "don't know the birthday of" in await town.says(town.ann, f"!birthday show {town.admin.mention}")
    await town.leave(town.bob)
    assert "I know nobody's birthday here" in await town.says(town.ann, "!birthday list")
    assert await town.wait(days=20) == ()


@pytest.mark.town(languages=("en",))  # a server's own words
async def test_the_day_begins_by_ones_own_clock_and_in_ones_own_words(town: Town):
    await set_up(town)
    await town.says(town.admin, "!config set birthday-ping on")
    await town.says(town.admin, "!config set timezone Azores")  # for who has none of their own, an hour after UTC
    await town.as_bot(
        town.bot.guild_settings.set(
            town.guild.id, BIRTHDAY_MESSAGE, "Hooray {member}, {age} in {server}!", changed_by=None
        )
    )
    await town.says(town.ann, "!timezone Tokyo")
    day = in_days(town, 5).replace(hour=8, minute=0, second=0, microsecond=0)
    await town.says(town.ann, f"!birthday set {day:%d.%m.}2000")
    await town.says(town.bob, f"!birthday set {day:%d.%m.}")
    await town.give_role(town.bob, "Birthday")  # by hand
    await town.take_permission(town.guild, "manage_roles")
    _to_owner, said = await town.wait(until=day - timedelta(hours=8, minutes=59))
    assert said == f"Hooray {town.ann.mention}, {day.year - 2000} in Town!"
    assert said.pings == {town.ann.id}
    assert "Birthday" not in town.ann.role_names
    await town.give_permission(town.guild, "manage_roles")
    assert "I can't give the role for birthdays" in town.last(town.owner)
    assert await town.wait(until=day + timedelta(minutes=59)) == ()
    (said,) = await town.wait(until=day + timedelta(minutes=61))
    assert said == f"🎂 It's {town.bob.mention}'s birthday today. Happy birthday!"  # no age, so no template
    await town.wait(days=2)
    assert "Birthday" in town.bob.role_names


async def test_moving_west_makes_the_day_begin_later(town: Town):
    await set_up(town)
    await town.says(town.admin, "!config set sticky-roles on")
    await town.says(town.ann, "!timezone Tokyo")
    day = in_days(town, 5).replace(hour=8, minute=0, second=0, microsecond=0)
    await town.says(town.ann, f"!birthday set {day:%d.%m.}")
    await town.says(town.ann, "!timezone UTC")
    assert await town.wait(until=day - timedelta(minutes=1)) == ()
    assert len(await town.wait(until=day + timedelta(minutes=1))) == 1
    # Who isn't there when the day ends doesn't come back with its role.
    await town.give_role(town.ann, town.role("Green").name)
    await town.says(town.ann, "thank you")
    await town.wait(seconds=30)
    await town.leave(town.ann)
    await town.wait(days=2)
    await town.join(town.ann)
    await town.wait(seconds=30)
    assert town.ann.role_names == {"Green"}
