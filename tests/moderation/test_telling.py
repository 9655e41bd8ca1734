"""What people read whom something is done to."""

import pytest

from tests.support.town import Town


async def test_a_server_writes_its_own_words(town: Town):
    words = "You are out of {server} until {until}: {reason} ({case}, by {moderator})"
    assert "dm-text-ban" in await town.says(town.admin, f"!config set dm-text-ban {words}")
    await town.says(town.admin, "!config set dm-note Appeal by mail.")
    await town.says(town.moderator, "!ban @ann 7d spam")
    told = town.last(town.ann)
    assert told.startswith("You are out of Town until <t:")
    assert "spam (1, by mona)" in told
    assert told.endswith("Appeal by mail.\nCase 1")
    assert "Reason:" not in told


async def test_the_words_are_of_one_kind_alone(town: Town):
    await town.says(town.admin, "!config set dm-text-ban Out: {reason}")
    await town.says(town.moderator, "!warn @ann")
    assert "You were warned in **Town**." in town.last(town.ann)
    await town.says(town.moderator, f"!ban {town.ann.id}")
    assert town.last(town.ann) == "Out: none given\nCase 2"


async def test_a_place_that_there_isnt(town: Town):
    answer = await town.says(town.admin, "!config set dm-text-warn Dear {name}")
    assert "There is nothing to put in place of `{name}`." in answer
    assert "`{server}`" in answer


@pytest.mark.parametrize("kind", ["warn", "kick"])
async def test_a_text_that_grows_beyond_discords_limit(town: Town, kind: str):
    await town.says(town.admin, f"!config set dm-text-{kind} " + "{reason}" * 100)
    await town.says(town.admin, "!config set dm-note " + "n" * 500)
    assert "couldn't be told" not in await town.says(town.moderator, f"!{kind} @ann " + "r" * 900)
    assert town.last(town.ann).endswith("n" * 500 + "\nCase 1")
