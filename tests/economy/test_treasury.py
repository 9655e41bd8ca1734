"""Giving and taking by staff, to one and to hundreds."""

import pytest

from tests.support.ledger import prove
from tests.support.town import Town

english = pytest.mark.town(languages=("en",))


async def agrees(town, person, words, *, reply_to=None):
    """Somebody commands and says yes; what is said then."""
    question = await town.says(person, words, reply_to=reply_to)
    reaction = await town.press(person, question, "Yes")
    return reaction.reply


async def test_giving_and_taking_from_one(town: Town, purse):
    said = await town.says(town.admin, "!economy give @ann 1k for the picture")
    assert said == f"{town.ann.mention} got 🪙 1,000 and has 🪙 1,100 in hand. That's operation **#1**."
    await purse.give(town.ann, 400, pocket="bank")
    said = await town.says(town.admin, "!economy take @ann 1,200")
    assert said == f"Took 🪙 1,200 from {town.ann.mention}, who has 🪙 300 left. That's operation **#3**."
    assert await purse.of(town.ann) == (0, 300)
    assert "who had no more" in await town.says(town.admin, "!economy take @ann 5k")
    assert await town.says(town.admin, "!economy take @ann 1") == f"{town.ann.mention} has no coins to take."
    said = await town.says(town.admin, "!economy set @ann 50")
    assert said == f"{town.ann.mention} has 🪙 50 in hand now; it was 🪙 0. That's operation **#5**."
    assert "has 🪙 50 in hand already" in await town.says(town.admin, "!economy set @ann 50")
    assert await town.says(town.admin, "!economy set @ann 0") is not None
    assert await purse.of(town.ann) == (0, 0)
    assert await prove(town.db, town.guild.id) == 0
