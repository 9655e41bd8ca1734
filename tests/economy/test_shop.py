"""The shop as members and staff use it; roles are in test_shop_roles.py."""

import asyncio
import random

import pytest

from cogs.economy.shop.till import Receipt, Till
from database.inventory import InventoryStore
from database.shop import ShopItem, ShopStore
from utils.errors import UserError
from utils.events import ItemBought


@pytest.fixture
async def fish(town):
    """A collectable in the shop."""
    return await town.says(town.admin, "!shop add collectable Golden fish 30 It *blinks*.")


async def test_a_collectable_from_the_shelf_to_another_member(town, purse, fish):
    assert fish == ("**Golden fish** is in the shop as number 1, for 🪙 30. Set everything else with `!shop edit 1`.")
    assert await town.says(town.ann, "!buy 2 golden  FISH") == (
        "You bought 2 × **Golden fish** for 🪙 60 and have 🪙 40 in hand."
    )
    assert await town.says(town.ann, "!inventory") == "ann\nInventory\n💎 `#1` 2 × **Golden fish**"
    assert "can't be used" in await town.says(town.ann, "!use 1")
    gift = await town.says(town.ann, f"!gift {town.bob.mention} golden fish")
    assert gift == f"You gave **Golden fish** to {town.bob.mention}."
    assert gift.pings == {town.ann.id}
    assert await town.says(town.bob, "!sell all golden fish") == (
        "You sold **Golden fish** for 🪙 15 and have 🪙 115 in hand."
    )
    assert "You don't have" in await town.says(town.bob, "!sell golden fish")
    assert "You have only 1 of" in await town.says(town.ann, "!sell 2 golden fish")
    assert "yours already" in await town.says(town.ann, f"!gift {town.ann.mention} golden fish")
    assert "Bots" in await town.says(town.ann, f"!gift {town.guild.live.me.mention} golden fish")
    assert await purse.entries(town.ann) == [("opening", 100), ("purchase", -60)]
    (bought,) = town.sent(ItemBought)
    assert (bought.user_id, bought.item, bought.quantity, bought.paid) == (town.ann.id, 1, 2, 60)


async def test_a_message_delivered_again_buys_once(town, purse, fish):
    await town.says(town.ann, "!buy golden fish")
    await town.restart(clean=False)
    assert await town.redeliver() is None
    assert await purse.of(town.ann) == (70, 0)
    await town.says(town.ann, f"!gift {town.bob.mention} 1")
    await town.restart(clean=False)
    assert await town.redeliver() is None or "don't have" in town.last()
    inventory = InventoryStore(town.db)
    assert await inventory.count(town.guild.id, town.bob.id, 1) == 1


async def test_what_the_reader_sees(town, fish):
    for offer in ("collectable Stone 1", "collectable Old boot 0 Smells", "collectable Crown 5k", "text Riddle 5"):
        await town.says(town.admin, f"!shop add {offer}")
    for change in (
        "stone stock 0", "crown needed-balance 1m", "crown limit 1", "crown stock 7", "old boot from in 2 days",
        "golden fish needed-role Moderator", "golden fish until in 1 day",
    ):  # fmt: skip
        assert "is changed." in await town.says(town.admin, f"!shop edit {change}")
    listed = await town.says(town.ann, "!shop")
    lines = dict(line.split(" ", 2)[1:] for line in listed.split("\n") if "`#" in line)
    assert lines["`#1`"].startswith("**Golden fish** · 🪙 30 · until <t:")
    assert "❌ <@&" in lines["`#1`"]
    assert lines["`#2`"] == "**Stone** · 🪙 1 · 🚫 sold out"
    assert lines["`#3`"].startswith("**Old boot** · free · ⏳ from <t:")
    assert lines["`#4`"] == "**Crown** · 🪙 5,000 · 7 left · ❌ own 🪙 1,000,000"
    assert lines["`#5`"] == "**Riddle** · 🪙 5 · ⚠️ broken"
    assert "✅ <@&" in await town.says(town.moderator, "!shop")
    details = await town.says(town.ann, "!shop crow")
    assert details.embed.title == "💎 Crown"
    assert details.fields["Left"] == "7"
    assert details.fields["For each member"] == "1 in all; you can buy 1 more"
    assert details.fields["Sells back for"] == "🪙 2,500"
    assert "It *blinks*." in await town.says(town.ann, "!shop #1")
    assert "sold out" in (await town.says(town.ann, "!shop stone")).fields["At the moment"]
    assert "Did you mean **Crown** (`#4`)?" in await town.says(town.ann, "!shop crwn")
    assert "Did you mean **Crown** (`#4`)?" in await town.says(town.ann, "!buy crow")
    assert "There is no item “xyz”. `!shop` shows what there is." in await town.says(town.ann, "!buy xyz")


async def test_why_something_cant_be_bought(town, purse, fish):
    async def edit(change):
        assert "is changed." in await town.says(town.admin, f"!shop edit golden fish {change}")

    async def refusal(text="!buy golden fish"):
        answer = await town.says(town.ann, text)
        assert await purse.entries(town.ann) == []
        return answer

    assert "You have 🪙 100 in hand, and need 🪙 120." in await refusal("!buy 4 golden fish")
    await edit("stock 1")
    assert "Only 1 of **Golden fish** is left." in await refusal("!buy 2 golden fish")
    await edit("stock 0")
    assert await refusal() == "**Golden fish** is sold out."
    await edit("stock none")
    await edit("limit 2")
    assert "only 2 more times" in await refusal("!buy 3 golden fish")
    await edit("needed-role Moderator")
    assert "needs the role" in await refusal()
    await edit("needed-role none")
    await edit("needed-balance 101")
    assert "own 🪙 101, and you own 🪙 100" in await refusal()
    await edit("needed-balance none")
    await town.as_bot(town.bot.features.unload("leveling"))
    answer = await town.says(town.admin, "!shop edit golden fish level 5")
    assert "Nothing counts levels here" in answer
    assert "levels aren't counted here" in await refusal()

    async def level_of(guild_id, user_id):
        return 4 if user_id == town.ann.id else 5

    town.bot.levels.register(level_of)
    town.bot.levels.withdraw(len)  # another one's; this one stays
    assert "needs level 5, and you have level 4" in await refusal()
    assert "You bought" in await town.says(town.bob, "!buy golden fish")
    await edit("needed-level none")
    await edit("from in 2 days")
    assert "can be bought from <t:" in await refusal()
    await edit("from none")
    await edit("until in 5 minutes")
    await town.wait(minutes=5, seconds=1)
    assert "was sold until <t:" in await refusal()


async def test_what_changes_while_somebody_decides(town, purse, fish):
    await purse.give(town.ann, 5_000)
    await town.says(town.admin, "!config set shop-ask-from 20")
    question = await town.says(town.ann, "!buy golden fish")
    assert question == "Buy **Golden fish** for 🪙 30? You have 🪙 5,100 in hand."
    await town.says(town.admin, "!shop edit golden fish price 40")
    reaction = await town.press(town.ann, question, "Yes")
    assert "The price of **Golden fish** changed meanwhile: it is 🪙 40 now." in reaction.reply
    question = await town.says(town.ann, "!buy golden fish")
    await town.says(town.admin, "!shop edit golden fish name Silver fish")
    assert "was changed meanwhile" in (await town.press(town.ann, question, "Yes")).reply
    question = await town.says(town.ann, "!buy silver fish")
    assert "Nothing was bought." in (await town.press(town.ann, question, "No")).reply
    question = await town.says(town.ann, "!buy silver fish")
    removal = await town.says(town.admin, "!shop remove silver fish")
    assert "0 members have it" in removal
    await town.press(town.admin, removal, "Yes")
    assert "taken out of the shop meanwhile" in (await town.press(town.ann, question, "Yes")).reply
    assert await purse.entries(town.ann) == [("opening", 100), ("give", 5_000)]


async def test_a_removed_item_stays_in_inventories(town, fish):
    await town.says(town.ann, "!buy golden fish")
    await town.press(town.admin, await town.says(town.admin, "!shop remove 1"), "Yes")
    assert await town.says(town.ann, "!shop") == "The shop is empty."
    assert "**Golden fish** · not sold any more" in await town.says(town.ann, "!inventory")
    assert "isn't sold any more" in await town.says(town.ann, "!sell golden fish")
    assert "as number 2" in await town.says(town.admin, "!shop add collectable golden fish 5")
    assert "You gave" in await town.says(town.ann, f"!gift {town.bob.mention} golden fish")


async def test_texts_and_boosts(town, purse):
    await purse.give(town.ann, 5_000)
    asks = (await town.says(town.admin, "!shop add text Riddle 5")).replies[1]
    assert asks == "What does **Riddle** say?"
    assert "has yet to be written" in await town.says(town.ann, "!buy riddle")
    form = (await town.press(town.admin, asks, "Write the text")).modal
    written = await town.fill(town.admin, form, {"What its buyer reads": "The answer is **42**."})
    assert written.reply == "The text is written."
    assert "Read it with `!use 1`." in await town.says(town.ann, "!buy 2 riddle")
    assert await town.says(town.ann, "!use riddle") == "I sent you **Riddle** by direct message."
    assert "The answer is **42**." in town.last(town.ann)
    town.close_dms(town.ann)
    closed = await town.says(town.ann, "!use riddle")
    assert "42" not in closed
    assert "not yours" in (await town.press(town.bob, closed, "Read")).reply
    shown = (await town.press(town.ann, closed, "Read")).reply
    assert "The answer is **42**." in shown
    assert shown.ephemeral
    assert "You have nothing" in await town.says(town.ann, "!inventory")

    await town.says(town.admin, "!shop add boost Half more 10 50% 10m")
    await town.says(town.admin, "!shop add boost Double 10 100% 1h")
    await town.says(town.ann, "!buy 2 half more")
    await town.says(town.ann, "!buy double")
    await town.as_bot(town.bot.features.unload("leveling"))
    assert "this boost would be wasted" in await town.says(town.ann, "!use double")

    async def level_of(_guild_id, _user_id):
        return 1

    town.bot.levels.register(level_of)
    ends = int(town.now.timestamp()) + 600
    assert await town.says(town.ann, "!use half more") == f"You get 50% more XP until <t:{ends}:f>."
    assert "use this one after that" in await town.says(town.ann, "!use double")
    assert await town.says(town.ann, "!use half more") == f"You get 50% more XP until <t:{ends + 600}:f>."
    assert f"50% more XP until <t:{ends + 600}:f>" in await town.says(town.bob, f"!inventory {town.ann.mention}")
    await town.wait(minutes=20, seconds=1)
    assert "You get 100% more XP" in await town.says(town.ann, "!use double")


async def test_each_buyer_reads_a_code_of_their_own(town, purse):
    asks = (await town.says(town.admin, "!shop add code Game key 5")).replies[1]
    assert asks == "Which codes does **Game key** sell?"
    assert "sold out" in await town.says(town.ann, "!buy game key")
    form = (await town.press(town.admin, asks, "Add codes")).modal
    written = await town.fill(town.admin, form, {"Codes, one on each line": "AAA\n\n `B B` \nAAA\nCCC"})
    assert written.reply == "3 codes are added."
    form = (await town.press(town.admin, await town.says(town.admin, "!shop codes 1"), "Add codes")).modal
    assert "No code is new" in (await town.fill(town.admin, form, {"Codes, one on each line": "CCC"})).reply
    assert "form that follows" in await town.says(town.admin, "!shop add code Other 5 SECRET")
    assert "have no `stock`" in await town.says(town.admin, "!shop edit game key stock 5")
    assert "3 left" in await town.says(town.ann, "!shop")
    assert "Read it with `!use 1`." in await town.says(town.ann, "!buy 2 game key")
    await town.says(town.bob, "!buy game key")
    await town.says(town.ann, f"!gift {town.bob.mention} game key")
    town.close_dms(town.ann)
    closed = await town.says(town.ann, "!use game key")
    shown = [(await town.press(town.ann, closed, "Read")).reply]
    await town.says(town.bob, "!use game key")
    await town.says(town.bob, "!use game key")
    shown += town.messages(town.bob)
    assert sorted(text for one in shown for text in ("AAA", "B B", "CCC") if text in one) == ["AAA", "B B", "CCC"]
    assert "You don't have" in await town.says(town.bob, "!use game key")
    assert "sold out" in await town.says(town.bob, "!buy game key")


async def test_names_and_prices_that_people_type(town):
    async def add(text):
        return await town.says(town.admin, f"!shop add collectable {text}")

    assert await add("**@everyone** 🐟_x_ 5") == (
        "**\\*\\*@\u200beveryone\\*\\* 🐟\\_x\\_** is in the shop as number 1, for 🪙 5. "
        "Set everything else with `!shop edit 1`."
    )
    assert "in the shop already" in await add("**@EVERYONE** 🐟_X_ 5")
    assert "too long" in await add(f"{'x' * 200} 5")
    assert "needs more than a number" in await add('"17" 5')
    assert "Write a name" in await add('"" 5')
    assert "as number 2" in await add('"7 days 100" 5')
    assert "for 🪙 0." in await add("Air 0")
    assert "You bought 3 × **Air** for 🪙 0" in await town.says(town.ann, "!buy air x3")
    assert "pays nothing" in await town.says(town.ann, "!sell air")
    assert "a price, like `!shop add collectable Golden fish 100`" in await add("fish")
    assert "missing: `name`.\nUsage: `!shop add collectable <name> <price> [description]`" in await add("")
    assert "Write a name and then a price" in await add("fish -5")
    assert "too long" in await add(f"Fish 5 {'🐟' * 1_001}")
    assert "Say how many" in await town.says(town.ann, "!buy all air")
    assert "“colour” can't be set. There are `name`, `price`" in await town.says(
        town.admin, "!shop edit air colour red"
    )
    assert "have no `percent`" in await town.says(town.admin, "!shop edit air percent 5")
    assert "`!inventory` shows what there is." in await town.says(town.ann, "!use xyz")
    assert "There is no item “watr price 5”." in await town.says(town.admin, "!shop edit watr price 5")
    assert "whole number" in await town.says(town.admin, "!shop edit air stock -1")
    await town.says(town.admin, "!shop edit 3 from in 2 days")
    assert "end before it begins" in await town.says(town.admin, "!shop edit 3 until in 1 day")
    shown = await town.says(town.admin, "!shop edit air")
    assert "`price`: 🪙 0 · how many coins it costs" in shown
    assert "Manage Server" in await town.says(town.ann, "!shop edit air price 5")
    assert "Manage Server" in await town.says(town.ann, "!shop remove air")
    assert "Manage Server" in await town.says(town.ann, "!shop add collectable Fish 5")


async def test_five_hundred_items(town):
    store = ShopStore(town.db)
    async with town.db.transaction():
        for number in range(1, 501):
            await store.add(ShopItem(town.guild.id, "collectable", f"Thing {number} {'🐟' * 60}", number))
    pages = await town.says(town.ann, "!shop")
    assert pages.buttons["1/50"].disabled
    assert "`#500`" in (await town.press(town.ann, pages, "⏭")).message
    assert "The shop is full: it has 500 items." in await town.says(town.admin, "!shop add collectable One 5")


async def test_two_buyers_of_the_last_one(town, purse, fish):
    await town.says(town.admin, "!shop edit golden fish stock 1")
    people = [town.ann, town.bob, town.developer, town.moderator]
    contexts = []
    for person in people:
        await town.says(person, "I want it!")
        ctx = await town.bot.get_context(town.last_said)
        ctx.message.author = person.live
        contexts.append(ctx)
    till = Till(purse.bank)
    (item,) = await till.shop.on_sale(town.guild.id)

    async def all_at_once():
        return await asyncio.gather(*(till.buy(ctx, item, 1) for ctx in contexts), return_exceptions=True)

    outcomes = await town.as_bot(all_at_once())
    assert sum(isinstance(outcome, Receipt) for outcome in outcomes) == 1
    assert [str(one) for one in outcomes if isinstance(one, UserError)] == ["**Golden fish** is sold out."] * 3
    assert sorted([await purse.of(person) for person in people]) == [(70, 0), (100, 0), (100, 0), (100, 0)]


async def test_nothing_is_made_or_lost_whatever_people_do(town, purse, fish):
    """Many commands at random: pieces and coins add up after each, and nobody has less than nothing."""
    await town.says(town.admin, "!shop add collectable Crown 9")
    for change in ("golden fish stock 10", "crown stock 6", "crown limit 4"):
        await town.says(town.admin, f"!shop edit {change}")
    people, chance = [town.ann, town.bob], random.Random(5)
    inventory, shop = InventoryStore(town.db), ShopStore(town.db)
    for _turn in range(40):
        person, other = chance.sample(people, 2)
        item, quantity = chance.choice(["golden fish", "crown", "crwn"]), chance.randint(1, 4)
        call = chance.choice(["buy", "buy", "sell", f"gift {other.mention}", "use"])
        await town.says(person, f"!{call} {quantity} {item}")
        for number, pieces in ((1, 10), (2, 6)):
            held = [await inventory.count(town.guild.id, one.id, number) for one in people]
            assert sum(held) + (await shop.get(town.guild.id, number)).stock == pieces
    for person in people:
        entries = await purse.entries(person)
        assert sum(amount for _kind, amount in entries) == (await purse.of(person))[0] >= 0
        assert (await shop.bought(town.guild.id, person.id)).get(2, 0) <= 4
        assert "purchase" in {kind for kind, _amount in entries} <= {"opening", "purchase", "sale"}
