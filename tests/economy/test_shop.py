"""The shop as members and staff use it."""

import pytest

from utils.events import ItemBought


@pytest.fixture
async def fish(town):
    """A collectable in the shop."""
    await town.says(town.admin, "!shop add collectable Golden fish 30 It blinks.")


async def test_a_collectable_from_the_shelf_to_another_member(town, purse, fish):
    listed = await town.says(town.ann, "!shop")
    assert "💎 `#1` **Golden fish** · 🪙 30" in listed
    assert await town.says(town.ann, "!buy 2 golden  FISH") == (
        "You bought 2 × **Golden fish** for 🪙 60 and have 🪙 40 in hand."
    )
    assert await town.says(town.ann, "!inventory") == "ann\n💎 `#1` 2 × **Golden fish**"
    assert "can't be used" in await town.says(town.ann, "!use 1")
    assert await town.says(town.ann, f"!gift {town.bob.mention} golden fish") == (
        f"You gave **Golden fish** to {town.bob.mention}."
    )
    assert await town.says(town.bob, "!sell all golden fish") == (
        "You sold **Golden fish** for 🪙 15 and have 🪙 115 in hand."
    )
    assert "You don't have" in await town.says(town.bob, "!sell golden fish")
    assert await purse.entries(town.ann) == [("opening", 100), ("purchase", -60)]
    (bought,) = town.sent(ItemBought)
    assert (bought.user_id, bought.item, bought.quantity, bought.paid) == (town.ann.id, 1, 2, 60)
