"""Language and time zone of a person."""

import pytest

from tests.support.town import Town

english = pytest.mark.town(languages=("en",))
sqlite = pytest.mark.engines("sqlite")


async def test_a_time_zone(town: Town):
    shown = await town.says(town.ann, "!timezone")
    assert "You have set no time zone" in shown
    assert "`!timezone Berlin`" in shown
    answer = await town.says(town.ann, "!timezone Berlin")
    assert answer.startswith("Your time zone is `Europe/Berlin` now; it is 1:00")
    await town.restart()
    assert await town.says(town.ann, "!timezone show") == await town.says(town.ann, "!tz")
    assert "`Europe/Berlin`" in await town.says(town.ann, "!tz")
    assert "no time zone" in await town.says(town.bob, "!timezone")
    # Who has none is read by the clock of the server.
    await town.says(town.admin, "!config set timezone Tokyo")
    assert "`Asia/Tokyo`; it is 9:0" in await town.says(town.bob, "!timezone")
    assert "`UTC`" in await town.dm(town.bob, "!timezone")
    assert "forgotten; I read times here as `Asia/Tokyo`" in await town.says(town.ann, "!timezone clear")
    assert "no time zone" in await town.says(town.ann, "!timezone")


@sqlite
async def test_ways_to_name_a_zone(town: Town):
    named = {
        "new york": "America/New_York", "set Tokyo": "Asia/Tokyo", "UTC+2": "Etc/GMT-2", "austria": "Europe/Vienna",
    }  # fmt: skip
    for words, zone in named.items():
        assert f"`{zone}`" in await town.says(town.ann, f"!timezone {words}")


@sqlite
async def test_zones_there_are_not(town: Town):
    for words in ("atlantis", "set atlantis", "x" * 1900, "😀", "UTC+99", "../../etc/passwd", "@everyone"):
        answer = await town.says(town.ann, f"!timezone {words}")
        assert "I know no time zone" in answer
        assert not answer.pings_everyone
    assert "several time zones" in await town.says(town.ann, "!timezone australia")
    assert "no time zone" in await town.says(town.ann, "!timezone")


@english
async def test_a_language(town: Town):
    assert "in the language of each server; here it is `en` (English)" in await town.says(town.ann, "!language")
    await town.says(town.ann, "!language german")
    await town.restart()
    assert "Deutsch" in await town.says(town.ann, "!language")
    assert "`de` (Deutsch)" not in (await town.says(town.bob, "!language")).splitlines()[0]
    await town.says(town.ann, "!language en")
    assert (await town.says(town.ann, "!language")).startswith("I answer you in `en` (English).")
    assert await town.says(town.ann, "!language clear") == "I answer you in the language of each server again."


@english
@sqlite
async def test_it_holds_in_direct_messages_and_elsewhere(town: Town):
    village = town.new_guild("Village", members=[town.ann])
    await town.settle()
    await town.dm(town.ann, "!language de")
    await town.says(town.ann, "!timezone Berlin", channel=village.general)
    elsewhere = await town.says(town.ann, "!language")
    assert "`de` (Deutsch)" in elsewhere.splitlines()[0]
    assert "Europe/Berlin" in await town.dm(town.ann, "!timezone")


@sqlite
async def test_languages_it_does_not_speak(town: Town):
    for words in ("klingon", "x" * 1900, "😀", "0"):
        answer = await town.says(town.ann, f"!language {words}")
        assert "I don't speak" in answer
        assert "`de` (Deutsch)" in answer


@english
@sqlite
async def test_the_clock_is_shown_as_the_language_has_it(town: Town):
    await town.says(town.ann, "!timezone Berlin")
    await town.says(town.ann, "!language de")
    assert "01:00" in await town.says(town.ann, "!timezone")


# --- the time of others -----------------------------------------------------------------------------------


async def test_the_time_of_others_is_told_if_they_have_set_a_zone(town: Town):
    assert "has set no time zone" in await town.says(town.ann, "!time @bob")
    await town.says(town.bob, "!timezone Tokyo")
    answer = await town.says(town.ann, "!time @bob")
    assert "**9:00" in answer
    assert "Thursday" in answer
    assert "Tokyo" not in answer, "where they are isn't told"
    assert town.bob.id not in answer.pings
    assert "`America/New_York`" in await town.says(town.ann, "!time new york")
    assert "Wednesday" in await town.says(town.ann, "!time new york")
    assert await town.says(town.bob, "!time @bob") == await town.says(town.bob, "!time")
    assert "neither a member" in await town.says(town.ann, "!time " + "@everyone " * 100)
    assert "UTC" in await town.dm(town.ann, "!time utc")
    assert await town.dm(town.ann, f"!time <@{town.bob.id}>")
