"""The shop's tables, on both engines: numbers, races for the last piece, inventories that are never overdrawn."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from database.deliveries import DeliveriesStore, ShopRole, ShopRolesStore
from database.economy import Cause, EconomyStore, NewOperation
from database.errors import ConstraintViolated
from database.inventory import Holding, InventoryStore
from database.shop import ShopItem, ShopStore
from database.shop_codes import ShopCodesStore
from database.timers import TimersStore
from database.xp_boosts import XpBoost, XpBoostsStore

NOW = datetime(2026, 1, 1, 12, 0, 0, 123_000, tzinfo=UTC)
TOWN, ANN, BOB = 1, 11, 22
FISH = ShopItem(TOWN, "collectable", "Golden  Fish", 30)
FULL = ShopItem(
    TOWN, "role", "VIP", 5, description="d", stock=3, per_person=2, role_id=7, accepted_permissions=8, kept=True,
    lasts=timedelta(days=30), percent=4, content="c", needed_role_id=9, needed_level=1, needed_balance=10**15,
    sold_from=NOW, sold_until=NOW + timedelta(days=1),
)  # fmt: skip


class Bank:
    """Operations without more ado."""

    def __init__(self, db):
        self.store = EconomyStore(db)

    def begin(self, kind="purchase", actor=ANN):
        return self.store.operation(NewOperation(TOWN, kind, Cause("test"), actor, NOW))


async def test_items_keep_their_numbers_and_names(db):
    shop = ShopStore(db)
    full = await shop.add(FULL)
    assert (full.number, full.lasts, full.kept, full.sold_until) == (1, FULL.lasts, True, FULL.sold_until)
    added = await asyncio.gather(*(shop.add(ShopItem(TOWN, "text", f"Text {place}", place)) for place in range(4)))
    assert sorted(item.number for item in added) == [2, 3, 4, 5]
    again = await asyncio.gather(shop.add(FISH), shop.add(FISH))
    assert sorted(item is None for item in again) == [False, True]
    assert await shop.named(TOWN, "golden FISH") in again
    assert (await shop.add(ShopItem(2, "text", "Golden fish", 5))).number == 1
    with pytest.raises(ConstraintViolated):
        await shop.change(TOWN, 1, {"name": "golden fish"})
    renamed = await shop.change(TOWN, 1, {"name": "Very important", "lasts": timedelta(hours=1), "stock": None})
    assert (renamed.name, renamed.lasts, renamed.stock) == ("Very important", timedelta(hours=1), None)
    assert await shop.remove(TOWN, 1, NOW)
    assert not await shop.remove(TOWN, 1, NOW)
    assert await shop.change(TOWN, 1, {"price": 1}) is None
    assert (await shop.get(TOWN, 1)).removed_at == NOW
    assert [item.number for item in await shop.on_sale(TOWN)] == [2, 3, 4, 5, 6]
    assert (await shop.add(FULL)).number == 7
    assert sorted(await shop.items(TOWN, [1, 7, 99])) == [1, 7]


async def test_the_last_pieces_go_to_as_many_as_there_are(db):
    shop, inventory, bank = ShopStore(db), InventoryStore(db), Bank(db)
    number = (await shop.add(ShopItem(TOWN, "collectable", "Crown", 5, stock=5))).number

    async def buy(user_id):
        async with bank.begin(actor=user_id) as operation:
            item = await shop.held(operation, number)
            assert item.price == 5
            if not await shop.take_stock(operation, number, 1):
                return False
            await shop.count_purchase(operation, user_id, number, 1)
            await inventory.add(operation, user_id, number, 1)
            return True

    async def edit(name):
        await shop.change(TOWN, number, {"description": name})

    outcomes = await asyncio.gather(*(buy(user_id) for user_id in range(12)), *(edit(str(n)) for n in range(4)))
    assert outcomes.count(True) == 5
    assert (await shop.get(TOWN, number)).stock == 0
    assert await inventory.owners(TOWN, number) == 5
    assert sum([(await shop.bought(TOWN, user_id)).get(number, 0) for user_id in range(12)]) == 5
    async with bank.begin() as operation:
        await shop.give_stock(operation, number, 2)
        await shop.uncount_purchase(operation, next(u for u, got in enumerate(outcomes) if got), number, 1)
        assert (await shop.held(operation, number)).stock == 2
        assert await shop.held(operation, 99) is None


async def test_nobody_gives_away_more_than_they_have(db):
    inventory, bank = InventoryStore(db), Bank(db)
    async with bank.begin() as operation:
        assert await inventory.add(operation, ANN, 1, 5) == 5
        assert await inventory.add(operation, ANN, 1, 2) == 7
        await inventory.add(operation, ANN, 2, 1)

    async def give(quantity):
        async with bank.begin("gift") as operation:
            if taken := await inventory.take(operation, ANN, 1, quantity):
                await inventory.add(operation, BOB, 1, quantity)
            return taken

    outcomes = await asyncio.gather(*(give(3) for _attempt in range(5)))
    assert outcomes.count(True) == 2
    assert await inventory.of(TOWN, ANN) == [Holding(1, 1), Holding(2, 1)]
    assert await give(1)
    assert not await give(1)
    assert await inventory.of(TOWN, ANN) == [Holding(2, 1)]
    assert await inventory.count(TOWN, BOB, 1) == 7


async def test_deliveries_end_once(db):
    deliveries, bank = DeliveriesStore(db), Bank(db)
    async with bank.begin() as operation:
        begun = await deliveries.begin(operation, ANN, 1, 2, paid=10, role_id=7, lasts=timedelta(hours=1))
    assert await deliveries.left_open([TOWN, 2], NOW) == []
    assert await deliveries.left_open([TOWN, 2], NOW + timedelta(seconds=1)) == [begun]
    assert await deliveries.is_open(begun)
    assert sorted(await asyncio.gather(*(deliveries.end(begun) for _attempt in range(4)))) == [False] * 3 + [True]
    assert not await deliveries.is_open(begun)


async def test_roles_that_end_and_boosts(db):
    roles, boosts, bank = ShopRolesStore(db), XpBoostsStore(db), Bank(db)
    role = ShopRole(TOWN, ANN, 7, NOW, 5, NOW)
    later = ShopRole(TOWN, ANN, 7, NOW + timedelta(1), 5, NOW, owed=True, tries=2)
    await roles.put(role)
    await roles.put(later)
    assert await roles.get(TOWN, ANN, 7) == later == await roles.of_timer(5)
    assert await roles.of(TOWN, ANN) == [later] == await roles.in_guilds([2, TOWN])
    assert await roles.asleep([2, TOWN]) == [later]
    timer = await TimersStore(db).add("shop_role_timer", NOW, guild_id=TOWN, user_id=ANN, payload={})
    await roles.put(replace(later, timer_id=timer))
    assert await roles.asleep([TOWN]) == [] == await roles.in_guilds([])
    assert await roles.remove(role)
    assert not await roles.remove(role)
    async with bank.begin("use") as operation:
        await boosts.put(operation, ANN, 50, NOW + timedelta(hours=1))
        boost = await boosts.put(operation, ANN, 100, NOW + timedelta(hours=2))
    assert boost == XpBoost(TOWN, ANN, 100, NOW + timedelta(hours=2))
    assert await boosts.running(TOWN, ANN, NOW) == boost
    assert await boosts.all_running(NOW) == [boost]
    assert await boosts.running(TOWN, ANN, boost.ends_at) is None
    assert await boosts.all_running(boost.ends_at) == []


async def test_each_code_is_used_up_once(db):
    shop, codes, deliveries, bank = ShopStore(db), ShopCodesStore(db), DeliveriesStore(db), Bank(db)
    number = (await shop.add(ShopItem(TOWN, "code", "Key", 5, stock=0))).number
    assert await codes.add(TOWN, number, ["a", "b", "a"], NOW) == 2
    assert sum(await asyncio.gather(*(codes.add(TOWN, number, ["b", "c"], NOW) for _attempt in range(3)))) == 1
    assert (await shop.get(TOWN, number)).stock == 3

    async def use(user_id):
        async with bank.begin("use", user_id) as operation:
            code = await codes.take(operation, user_id, number)
            return code, await deliveries.begin(operation, user_id, number, 1)

    used = await asyncio.gather(*(use(user_id) for user_id in range(4)))
    assert sorted(str(code) for code, _delivery in used) == ["None", "a", "b", "c"]
    delivery = next(delivery for code, delivery in used if code == "b")
    assert await codes.of(delivery) == "b"
    await codes.put_back(delivery)
    assert await codes.of(delivery) is None
    assert (await use(BOB))[0] == "b"
    await shop.remove(TOWN, number, NOW)
    assert await codes.add(TOWN, number, ["d"], NOW) == 0
    assert await codes.add(TOWN, (await shop.add(FISH)).number, ["d"], NOW) == 0
