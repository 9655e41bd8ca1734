"""Trades: reading offers, two confirmations, one swap, and everything that may come between."""

import asyncio
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.economy.trade import rules
from cogs.economy.trade.rules import Offer, UnknownPartError, offer_of, read_offer, sides
from cogs.economy.trade.swap import LacksItem, swap
from database.economy import BankRefusal, Cause, EconomyStore, NewOperation, NotEnough, Posting
from database.inventory import InventoryStore
from database.shop import ShopItem, ShopStore
from utils.amounts import Amount

NAMES = {1: "Sword", 2: "Golden fish", 3: "Salt and Pepper", 4: "Red, white", 5: "Gift for you", 7: "7up"}
ITEMS = [ShopItem(1, "collectable", name, 10, number) for number, name in NAMES.items()]


def read(text, cash=1000):
    """What is offered with this text, by who has three of everything."""
    held = dict.fromkeys(NAMES, 3)
    return offer_of(read_offer(text, ITEMS, ["taler"]), cash, held)


# --- the rules


@pytest.mark.parametrize(
    ("text", "coins", "things"),
    [
        ("", 0, {}),
        ("nothing", 0, {}),
        ("100", 100, {}),
        ("1k coins", 1000, {}),
        ("1,000 coins", 1000, {}),
        ("half", 500, {}),
        ("🪙 25%", 250, {}),
        ("50 Taler", 50, {}),
        ("sword", 0, {1: 1}),
        ("#2", 0, {2: 1}),
        ("2", 2, {}),
        ("2 golden fish", 0, {2: 2}),
        ("GOLDEN FISH x2", 0, {2: 2}),
        ("all golden fish", 0, {2: 3}),
        ("100 coins, 2 golden fish", 100, {2: 2}),
        ("100 coins and 2 golden fish and sword", 100, {1: 1, 2: 2}),
        ("100\n2 golden fish\nsword; 5 coins", 105, {1: 1, 2: 2}),
        ("sword + sword", 0, {1: 2}),
        ("salt and pepper, 5", 5, {3: 1}),
        ("red, white", 0, {4: 1}),
        ("2 red, white\n3 7up", 0, {4: 2, 7: 3}),
    ],
)
def test_what_people_write(text, coins, things):
    assert read(text) == Offer(coins, things)


@pytest.mark.parametrize(
    "text", ["shield", "sword, shield", "2 2 sword", "-5", "coins", "1.5", "100 sword coins", "🎁"]
)
def test_what_nobody_has(text):
    with pytest.raises(UnknownPartError):
        read(text)


@given(text=st.text(max_size=60))
def test_any_text_is_an_offer_or_refused_with_a_sentence(text):
    try:
        offer = read(text)
    except ValueError as error:
        refused = str(error)
        assert refused
    else:
        assert offer.coins >= 0
        assert all(quantity > 0 for quantity in offer.things.values())


def test_too_many_coins_are_named_as_such():
    with pytest.raises(ValueError, match="too much"):
        read("9999999999999999")


def test_both_sides_in_one_line():
    assert sides("100 for sword") == [("100", "sword")]
    assert sides("sword") == [("sword", None)]
    assert sides("gift for you for 2") == [("gift", "you for 2"), ("gift for you", "2")]
    assert rules.read_offer("all", []) == [Amount.parse("all")]


# --- the swap, on both engines

GUILD, ANN, BOB, EVE = 1, 11, 12, 13
NOW = datetime(2026, 1, 1, tzinfo=UTC)


class Market:
    """A bank and inventories, without a bot."""

    def __init__(self, db):
        self.bank, self.inventory = EconomyStore(db), InventoryStore(db)

    def operation(self, cause=None):
        return self.bank.operation(NewOperation(GUILD, "trade", Cause("test", cause), None, NOW))

    async def stock(self, user_id, coins, **things):
        async with self.operation() as operation:
            await operation.post(Posting(user_id, coins, kind="give"))
            for item, quantity in things.items():
                await self.inventory.add(operation, user_id, int(item[1:]), quantity)

    async def swap(self, people, offers, cause=None):
        try:
            async with self.operation(cause) as operation:
                await swap(operation, self.inventory, people, offers)
        except BankRefusal as refused:
            return refused
        return None

    async def of(self, user_id):
        account = await self.bank.account(GUILD, user_id)
        things = {one.item: one.quantity for one in await self.inventory.of(GUILD, user_id)}
        return (account.cash if account else 0), things


async def test_everything_changes_hands_or_nothing(db):
    market = Market(db)
    await market.stock(ANN, 100, i1=2, i2=1)
    await market.stock(BOB, 5, i1=1)
    assert await market.swap((ANN, BOB), (Offer(100, {1: 2}), Offer(5, {1: 1}))) is None
    assert await market.of(ANN) == (5, {1: 1, 2: 1})
    assert await market.of(BOB) == (100, {1: 2})
    refused = await market.swap((ANN, BOB), (Offer(5, {2: 1}), Offer(100, {1: 3})))
    assert (refused.user_id, refused.item, refused.has) == (BOB, 1, 2)
    # Nobody pays with what they only get by this.
    assert isinstance(await market.swap((ANN, BOB), (Offer(6), Offer(100))), NotEnough)
    assert isinstance(await market.swap((ANN, BOB), (Offer(0, {7: 1}), Offer(0, {7: 1}))), LacksItem)
    assert await market.of(ANN) == (5, {1: 1, 2: 1})
    assert await market.of(BOB) == (100, {1: 2})


async def test_an_item_is_traded_once_however_many_want_it(db):
    """Thirty trades at once over the same sword and the same coins: one goes through, and nothing is lost."""
    market = Market(db)
    await market.stock(ANN, 0, i1=1)
    for person in (BOB, EVE):
        await market.stock(person, 10)
    offers = (Offer(0, {1: 1}), Offer(10))
    ends = await asyncio.gather(
        *(market.swap((ANN, (BOB, EVE)[number % 2]), offers, cause=number) for number in range(30))
    )
    assert ends.count(None) == 1
    held = [await market.of(person) for person in (ANN, BOB, EVE)]
    assert sorted(coins for coins, _things in held) == [0, 10, 10]
    assert [things for _coins, things in held if things] == [{1: 1}]
    assert held[0] == (10, {})


async def test_trades_in_both_directions_at_once_keep_the_sum(db):
    market = Market(db)
    for person in (ANN, BOB, EVE):
        await market.stock(person, 20, i1=3)
    pairs = [(ANN, BOB), (BOB, ANN), (BOB, EVE), (EVE, ANN)] * 10
    await asyncio.gather(*(market.swap(pair, (Offer(3), Offer(0, {1: 1}))) for pair in pairs))
    held = [await market.of(person) for person in (ANN, BOB, EVE)]
    assert sum(coins for coins, _things in held) == 60
    assert sum(things.get(1, 0) for _coins, things in held) == 9


# --- in a town


class Goods:
    """Things for the people of a town."""

    def __init__(self, town, purse):
        self.town, self.purse = town, purse
        self.shop, self.inventory = ShopStore(town.bot.db), InventoryStore(town.bot.db)

    async def give(self, person, name, quantity=1):
        await self.town.as_bot(self._give(person, name, quantity))

    async def _give(self, person, name, quantity):
        guild_id = self.town.guild.id
        item = await self.shop.named(guild_id, name)
        item = item or await self.shop.add(ShopItem(guild_id, "collectable", name, 10))
        async with self.purse.bank.operation(guild_id, "give", Cause("test")) as operation:
            if quantity > 0:
                await self.inventory.add(operation, person.id, item.number, quantity)
            else:
                await self.inventory.take(operation, person.id, item.number, -quantity)

    async def of(self, person):
        held = {one.item: one.quantity for one in await self.inventory.of(self.town.guild.id, person.id)}
        items = await self.shop.items(self.town.guild.id, held)
        return {items[number].name: quantity for number, quantity in held.items()}


@pytest.fixture
def goods(town, purse) -> Goods:
    return Goods(town, purse)


async def offer(town, who, panel, text):
    """Somebody fills in what they give, and gets what happened."""
    form = (await town.press(who, panel, "Change my offer")).modal
    return await town.fill(who, form, {"What you give": text})


async def test_two_agree(town, purse, goods):
    await goods.give(town.bob, "Golden fish", 3)
    panel = await town.says(town.ann, "!trade @bob")
    assert panel.fields == {
        "ann gives": "nothing\n⏳ not confirmed", "bob gives": "nothing\n⏳ not confirmed"
    }  # fmt: skip
    assert not panel.pings - {town.ann.id}
    assert "Nobody offers anything yet." in (await town.press(town.ann, panel, "Confirm")).reply
    assert "not yours" in (await town.press(town.admin, panel, "Cancel")).reply
    await offer(town, town.ann, panel, "60 coins")
    changed = (await offer(town, town.bob, panel, "2 golden fish")).message
    assert changed.fields["ann gives"] == "- 🪙 60\n⏳ not confirmed"
    assert changed.fields["bob gives"] == "- 2 × **Golden fish**\n⏳ not confirmed"
    assert "changed a moment ago" in (await town.press(town.ann, panel, "Confirm")).reply
    await town.wait(seconds=3)
    assert "✅ confirmed" in (await town.press(town.ann, panel, "Confirm")).message.fields["ann gives"]
    # A change takes both confirmations back.
    form = (await town.press(town.bob, panel, "Change my offer")).modal
    assert form.values == {"What you give": "2 Golden fish"}
    changed = (await town.fill(town.bob, form, {"What you give": "golden fish"})).message
    assert "✅" not in changed
    await town.wait(seconds=3)
    await town.press(town.bob, panel, "Confirm")
    done = (await town.press(town.ann, panel, "Confirm")).message
    assert "have traded" in done
    assert not done.buttons
    assert (await purse.of(town.ann), await purse.of(town.bob)) == ((40, 0), (160, 0))
    assert (await goods.of(town.ann), await goods.of(town.bob)) == ({"Golden fish": 1}, {"Golden fish": 2})
    assert await purse.entries(town.ann) == [("opening", 100), ("trade", -60)]


async def test_terms_in_one_line_need_only_the_other(town, purse, goods):
    await goods.give(town.bob, "Golden fish", 3)
    panel = await town.says(town.ann, "!trade @bob 50 coins for 2 golden fish")
    assert panel.fields["ann gives"] == "- 🪙 50\n✅ confirmed"
    done = (await town.press(town.bob, panel, "Confirm")).message
    assert "have traded" in done
    assert (await purse.of(town.bob), await goods.of(town.ann)) == ((150, 0), {"Golden fish": 2})


async def test_what_cant_be_offered(town, purse, goods):
    await goods.give(town.ann, "Sword")
    assert "can't trade with yourself" in await town.says(town.ann, "!trade ann")
    assert "Bots have nothing to trade" in await town.says(town.ann, f"!trade <@{town.guild.me.id}>")
    assert "has only 🪙 100" in await town.says(town.ann, "!trade bob 101 coins")
    assert f"{town.ann.mention} has only 1 of **Sword**." in await town.says(town.ann, "!trade bob 2 sword")
    assert "Did you mean **Sword**" in await town.says(town.ann, "!trade bob swort")
    refused = await town.says(town.ann, "!trade bob 50 for sword")
    assert f"{town.bob.mention} has nothing like that." in refused
    await town.says(town.admin, "!config set largest-payment 99")
    assert "The most that can be traded at once is 🪙 99." in await town.says(town.ann, "!trade bob all coins")
    panel = await town.says(town.ann, "!trade bob sword")
    refused = (await offer(town, town.bob, panel, "@everyone **" + "x" * 900)).reply
    assert refused.ephemeral
    assert not refused.pings_everyone
    assert "**Sword**" in town.now_of(panel).fields["ann gives"]


async def test_somebody_lacks_what_they_offered(town, purse, goods):
    """Two trades over the same sword: the second doesn't go through, and both have to look again."""
    await goods.give(town.ann, "Sword")
    first = await town.says(town.ann, "!trade bob sword")
    second = await town.says(town.admin, "!trade ann 30 for sword")
    await town.press(town.ann, second, "Confirm")
    await town.press(town.ann, first, "Confirm")
    failed = (await town.press(town.bob, first, "Confirm")).message
    assert failed.fields["Not traded"] == f"{town.ann.mention} doesn't have **Sword**."
    assert "✅" not in failed.fields["ann gives"] + failed.fields["bob gives"]
    assert (await goods.of(town.admin), await goods.of(town.bob)) == ({"Sword": 1}, {})
    await offer(town, town.ann, first, "all")
    await town.says(town.ann, "!coinflip 1")
    await purse.give(town.ann, -50)
    await town.wait(seconds=3)
    await town.press(town.ann, first, "Confirm")
    failed = (await town.press(town.bob, first, "Confirm")).message
    assert f"{town.ann.mention} has only" in failed.fields["Not traded"]
    assert await purse.of(town.bob) == (100, 0)


async def test_a_trade_ends_without_one(town, purse, goods):
    panel = await town.says(town.ann, "!trade bob 50")
    ended = (await town.press(town.bob, panel, "Cancel")).message
    assert f"{town.bob.mention} cancels the trade" in ended
    assert not ended.buttons

    earlier = await town.says(town.ann, "!trade bob 50")
    panel = await town.says(town.ann, "!trade bob 60")
    assert f"{town.ann.mention} began another trade" in town.now_of(earlier)
    assert not town.now_of(earlier).buttons
    await town.wait(minutes=10, seconds=1)
    assert "Nobody went on with this trade" in town.now_of(panel)

    panel = await town.says(town.ann, "!trade bob 50 for nothing")
    await town.leave(town.ann)
    assert "isn't in this server any more" in (await town.press(town.bob, panel, "Confirm")).message
    await town.join(town.ann)

    panel = await town.says(town.ann, "!trade bob 50 for nothing")
    await town.says(town.admin, "!feature disable economy")
    assert "Coins are switched off" in (await town.press(town.bob, panel, "Confirm")).reply
    await town.restart()
    assert "This trade is over." in (await town.press(town.bob, panel, "Confirm")).reply
    assert await purse.of(town.ann) == await purse.of(town.bob) == (100, 0)


async def test_both_press_at_once_and_the_message_is_gone(town, purse, goods):
    panel = await town.says(town.ann, "!trade bob 50 for nothing")
    trades = town.bot.get_cog("Trades")
    (trade,) = trades.open.values()
    ends = await town.as_bot(_all_of(trades._swap(trade), trades._swap(trade)))
    assert ends == [None, None]
    assert await purse.of(town.bob) == (150, 0)
    await town.delete_message(panel)
    await town.wait(minutes=11)
    assert "Nobody went on" in town.last()


async def _all_of(*works):
    return await asyncio.gather(*works)
