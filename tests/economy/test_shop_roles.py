"""Roles that are sold: given at once, kept, for a time, refused by Discord, deleted."""

import asyncio

import pytest

from cogs.economy.shop.till import Receipt, Till
from database.deliveries import DeliveriesStore
from database.shop import ShopStore
from utils.errors import UserError
from utils.events import CoinsSpent, ItemBought, ShopRoleTimer

GIVE = ("PUT", "/guilds/*/members/*/roles/*")
TAKE = ("DELETE", "/guilds/*/members/*/roles/*")


@pytest.fixture
def vip(town):
    """A role that staff and the bot may give."""
    return town.role("VIP")


async def stock(town, number=1):
    item = await ShopStore(town.db).get(town.guild.id, number)
    return item.stock


async def test_a_role_for_good(town, purse, vip):
    assert "as number 1" in await town.says(town.admin, "!shop add role Very important 30 VIP")
    assert await town.says(town.ann, "!buy very important") == (
        f"You bought **Very important** for 🪙 30 and have 🪙 70 in hand. You have {vip.mention} now."
    )
    assert town.ann.role_names == {"VIP"}
    assert "Bought in the shop: Very important" in town.guild.audit_log[-1].reason
    assert "You have <@&" in await town.says(town.ann, "!buy 1")
    assert "is a role that is given when it is bought" in await town.says(town.ann, "!sell very important")
    assert "only once" in await town.says(town.bob, "!buy 2 very important")
    assert [bought.kind for bought in town.sent(ItemBought)] == ["role"]
    assert await purse.entries(town.bob) == []


async def test_a_role_for_good_is_paid_for_once(town, purse, vip):
    """Two messages at once, the second before the role is given."""
    await town.says(town.admin, "!shop add role VIP 30 VIP")
    contexts = []
    for _message in range(2):
        await town.says(town.ann, "I want it!")
        ctx = await town.bot.get_context(town.last_said)
        ctx.message.author = town.ann.live
        contexts.append(ctx)
    till = Till(purse.bank)
    (item,) = await till.shop.on_sale(town.guild.id)

    async def both_at_once():
        return await asyncio.gather(*(till.buy(ctx, item, 1) for ctx in contexts), return_exceptions=True)

    outcomes = await town.as_bot(both_at_once())
    assert {type(outcome) for outcome in outcomes} == {Receipt, UserError}
    assert await purse.of(town.ann) == (70, 0)


async def test_roles_that_may_not_be_sold(town, vip):
    sell = "!shop add role Thing 5"
    assert "Discord or an app manages it" in await town.says(town.admin, f"{sell} {town.guild.everyone.id}")
    managed = town.guild.live.me.top_role.id
    assert "Discord or an app manages it" in await town.says(town.owner, f"{sell} {managed}")
    assert "You can't give or take" in await town.says(town.admin, f"{sell} Admin")
    assert "no role “nobody”" in await town.says(town.admin, f"{sell} nobody")
    assert "Name the role" in await town.says(town.admin, sell)
    assert "too long" in await town.says(town.admin, f"{sell} VIP 100y")
    question = await town.says(town.owner, f"{sell} Moderator")
    assert "gets these permissions: **Kick Members**" in question
    assert "isn't sold" in (await town.press(town.owner, question, "No")).reply
    question = await town.says(town.owner, f"{sell} Moderator")
    assert "as number 1" in (await town.press(town.owner, question, "Yes")).reply
    assert "You bought" in await town.says(town.ann, "!buy thing")
    await town.put_bot_below("VIP")
    assert "I can't give or take" in await town.says(town.admin, "!shop add role Other 5 VIP")
    await town.take_permission(town.guild, "manage_roles", of=town.guild.role("Admin"))
    assert "Manage Roles" in await town.says(town.admin, "!shop add role Other 5 VIP")


async def test_a_role_that_became_powerful_or_is_gone(town, purse, vip):
    await town.says(town.admin, "!shop add role VIP 30 VIP")
    await town.give_permission(town.guild, "ban_members", of=vip)
    assert "staff hasn't agreed to sell" in await town.says(town.ann, "!buy VIP")
    question = await town.says(town.owner, "!shop edit VIP role VIP")
    assert "**Ban Members**" in question
    assert "is changed." in (await town.press(town.owner, question, "Yes")).reply
    await town.put_bot_below("VIP")
    assert "not below my role" in await town.says(town.ann, "!buy VIP")
    await town.delete_role(vip)
    assert "its role was deleted." in (await town.says(town.ann, "!shop V")).fields["At the moment"]
    assert "its role was deleted." in await town.says(town.ann, "!buy VIP")
    assert await purse.entries(town.ann) == []


@pytest.mark.parametrize(("status", "code"), [(403, 50013), (404, 10011), (500, 0)])
async def test_coins_come_back_if_discord_refuses(town, purse, vip, status, code):
    await town.says(town.admin, "!shop add role VIP 30 VIP")
    await town.says(town.admin, "!shop edit VIP stock 1")
    await town.says(town.admin, "!shop edit VIP limit 1")
    town.refuse(*GIVE, status=status, code=code, times=None)
    await town.says(town.ann, "!buy VIP")
    await town.wait(minutes=1)
    assert "**VIP** wasn't bought; you have 🪙 30 back." in town.last()
    assert await purse.entries(town.ann) == [("opening", 100), ("purchase", -30), ("purchase_refund", 30)]
    assert await stock(town) == 1
    assert town.sent(ItemBought) == []
    assert "taken back already" in await town.says(town.admin, "!economy revert 1")
    town.refuse_no_more()
    assert "You bought" in await town.says(town.ann, "!buy VIP")
    assert await stock(town) == 0
    assert len(town.sent(CoinsSpent)) == 2


@pytest.mark.parametrize("then", ["given", "has it", "refused", "left"])
async def test_what_a_crash_left_undone(town, purse, vip, then):
    """Discord gives no answer, neither to the gift nor to the question what became of it; then the bot dies."""
    await town.says(town.admin, "!shop add role VIP 30 VIP 5m")
    town.refuse(*GIVE, status=503, times=None)
    town.refuse("GET", "/guilds/*/members/*", status=503, times=None)
    await town.says(town.ann, "!buy VIP")
    await town.wait(minutes=1)
    assert "Discord gives no answer" in town.last()
    assert await purse.of(town.ann) == (70, 0)
    town.refuse_no_more()
    assert "still being handed over" in await town.says(town.admin, "!economy revert 1")
    with town.not_listening():
        if then == "refused":
            town.refuse(*GIVE, status=403, code=50013, times=None)
        elif then == "has it":
            await town.give_role(town.ann, vip)
        elif then == "left":
            await town.leave(town.ann)
    await town.restart(clean=False)
    await town.wait(seconds=1)
    kept = then in {"given", "has it"}
    told = "you have got **VIP** now" if kept else "**VIP** wasn't bought; you have your coins back."
    assert told in town.last(town.ann)
    assert await purse.of(town.ann) == ((70, 0) if kept else (100, 0))
    assert len(town.sent(ItemBought)) == kept
    assert await DeliveriesStore(town.db).left_open([town.guild.id], town.now) == []
    if kept:
        assert town.ann.role_names == {"VIP"}
        await town.wait(minutes=5)
        assert town.ann.role_names == set()


async def test_a_role_for_a_time(town, purse, vip):
    await purse.give(town.ann, 500)
    assert "as number 1" in await town.says(town.admin, '!shop add role "VIP for a while" 30 VIP 10 minutes')
    ends = int(town.now.timestamp()) + 600
    answer = await town.says(town.ann, "!buy vip for a while")
    assert answer.endswith(f"You have {vip.mention} until <t:{ends}:f>.")
    answer = await town.says(town.ann, "!buy 2 vip for a while")
    assert answer.endswith(f"You have {vip.mention} until <t:{ends + 1200}:f>.")
    assert f"🎭 {vip.mention} until <t:{ends + 1200}:f>" in await town.says(town.ann, "!inventory")
    await town.wait(minutes=10, seconds=5)
    assert town.ann.role_names == {"VIP"}
    await town.leave(town.ann)
    await town.join(town.ann)
    await town.wait(seconds=1)
    assert town.ann.role_names == {"VIP"}
    with town.not_listening():
        await town.leave(town.ann)
        await town.wait(seconds=5)
        await town.join(town.ann)
    await town.restart(clean=False)
    await town.wait(seconds=1)
    assert town.ann.role_names == {"VIP"}
    await town.wait(minutes=20)
    assert town.ann.role_names == set()
    await town.give_role(town.bob, vip)
    assert "You have <@&" in await town.says(town.bob, "!buy vip for a while")
    await purse.give(town.ann, 10**9)
    await town.says(town.admin, "!config set shop-ask-from 1t")
    assert "ten years" in await town.says(town.ann, "!buy 999999 vip for a while")
    await town.says(town.ann, "!buy vip for a while")
    await town.says(town.admin, "!shop add role VIP for good 1 VIP")
    assert f"You have {vip.mention} now." in await town.says(town.ann, "!buy vip for good")
    await town.wait(minutes=11)
    assert town.ann.role_names == {"VIP"}


async def test_jail_is_stronger_than_what_was_bought(town, purse, vip):
    jailed = town.role("Jailed")
    await town.says(town.owner, f"!config set jail-role {jailed.mention}")
    await town.says(town.admin, "!shop add role VIP 30 VIP 2h")
    await town.says(town.admin, "!shop add role Guest 30 Member")
    await town.says(town.ann, "!buy VIP")
    await town.says(town.moderator, f"!jail {town.ann.mention} 1h")
    assert town.ann.role_names == {"Jailed"}
    for buying in ("!buy VIP", "!buy Guest"):
        assert "no roles while you are in jail" in await town.says(town.ann, buying)
    assert await purse.entries(town.ann) == [("opening", 100), ("purchase", -30)]
    await town.leave(town.ann)
    await town.join(town.ann)
    await town.wait(minutes=30)
    assert town.ann.role_names == {"Jailed"}
    await town.wait(minutes=31)
    assert town.ann.role_names == {"VIP"}
    await town.says(town.moderator, f"!jail {town.ann.mention} 2h")
    await town.wait(hours=2, minutes=1)
    assert town.ann.role_names == set(), "its time was over meanwhile"


async def test_taking_a_role_is_tried_again_and_told_once(town, vip):
    await town.says(town.admin, "!shop add role VIP 30 VIP 5m")
    await town.says(town.ann, "!buy VIP")
    town.refuse(*TAKE, status=403, code=50013, times=None)
    await town.wait(hours=1, minutes=17)
    told = town.messages(town.owner)
    assert len(told) == 1
    assert f"I couldn't take the role **VIP** from {town.ann.mention}" in told[0]
    await town.wait(hours=6)
    assert len(town.messages(town.owner)) == 1
    town.refuse_no_more()
    await town.wait(hours=6)
    assert town.ann.role_names == set()
    assert len(town.sent(ShopRoleTimer)) == 6


async def test_a_kept_role_is_given_away_and_used(town, purse, vip):
    await town.says(town.admin, "!shop add role VIP 30 VIP 5m")
    await town.says(town.admin, "!shop edit VIP keep on")
    assert "Get the role with `!use 1`." in await town.says(town.ann, "!buy 3 VIP")
    assert town.ann.role_names == set()
    await town.says(town.ann, f"!gift {town.bob.mention} 2 VIP")
    assert "sold **VIP** for 🪙 15" in await town.says(town.ann, "!sell VIP")
    town.refuse(*GIVE, status=403, code=50013)
    assert "You still have **VIP**." in await town.says(town.bob, "!use VIP")
    assert "2 × **VIP**" in await town.says(town.bob, "!inventory")
    assert f"You have {vip.mention} until" in await town.says(town.bob, "!use VIP")
    assert town.bob.role_names == {"VIP"}
    await town.wait(minutes=5)
    await town.give_permission(town.guild, "administrator", of=vip)
    assert "staff hasn't agreed to sell" in await town.says(town.bob, "!use VIP")
    await town.delete_role(vip)
    assert "its role was deleted." in await town.says(town.bob, "!use VIP")
    assert "`#1` **VIP**" in await town.says(town.bob, "!inventory")
    assert [bought.quantity for bought in town.sent(ItemBought)] == [3]
