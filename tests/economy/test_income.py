"""Coins that come by themselves: for chatting, for roles, for levels."""

from datetime import UTC, datetime, timedelta

from cogs.economy.income.rules import claim_kind, due, next_at
from database.claims import Claim
from database.income import RoleIncome
from tests.moderation.deeds import database_fails
from tests.support.ledger import prove
from tests.support.town import Town
from utils import events
from utils.events import CoinsEarned, LevelUp
from utils.gathering import Batch

NOW = datetime(2026, 1, 1, tzinfo=UTC)

# --- chatting


async def chats(town: Town) -> None:
    """Messages bring three coins here, once in a minute."""
    for words in ("chat-income on", "chat-income-least 3", "chat-income-most 3"):
        assert await town.says(town.admin, f"!config set {words}") is not None


async def test_chatting_brings_coins(town: Town, purse):
    await town.says(town.ann, "nobody is paid yet")
    await chats(town)
    await town.wait(minutes=2)
    with town.sql_statements() as statements:
        await town.says(town.ann, "hello")
    assert statements == []  # nothing is read or written for a message
    await town.says(town.ann, "hello again")
    await town.says(town.bob, "hi ann")
    await town.says(town.bob, "!balance")
    assert await purse.entries(town.ann) == []
    await town.wait(seconds=6)
    assert await purse.entries(town.ann) == [("opening", 100), ("chat", 3)]
    assert await purse.entries(town.bob) == [("opening", 100), ("chat", 3)]
    assert await town.db.fetchval("SELECT COUNT(*) FROM operations") == 1
    assert [(event.user_id, event.amount, event.kind) for event in town.sent(CoinsEarned)] == [
        (town.ann.id, 3, "chat"), (town.bob.id, 3, "chat"),
    ]  # fmt: skip
    await town.wait(seconds=60)
    await town.says(town.ann, "once more")
    await town.restart()  # what was gathered is written
    assert await purse.of(town.ann) == (106, 0)
    await town.says(town.ann, "and again")
    await town.restart(clean=False)  # a kill loses the last few seconds, and nothing else
    assert await purse.of(town.ann) == (106, 0)
    await town.says(town.ann, "I was never paid for that")
    await town.wait(seconds=6)
    assert await purse.of(town.ann) == (109, 0)
    await prove(town.db, town.guild.id)


async def test_what_brings_no_coins(town: Town, purse):
    await chats(town)
    quiet = town.channel("quiet")
    await town.says(town.admin, f"!config set chat-income-not-in {quiet.mention}")
    await town.wait(minutes=2)
    await town.says(town.ann, "psst", channel=quiet)
    await town.says(town.ann, "!nonsense")
    await town.dm(town.ann, "hello you")
    await town.says(town.admin, "!feature disable economy")
    await town.says(town.ann, "is this thing on?")
    await town.wait(minutes=2)
    await town.says(town.admin, "!feature enable economy")
    assert await purse.entries(town.ann) == []


async def test_while_the_database_is_away(town: Town, purse):
    await chats(town)
    await town.wait(minutes=2)
    await town.says(town.ann, "hello")
    with database_fails(town, "INSERT INTO operation_numbers"):
        await town.wait(minutes=2)
        await town.says(town.ann, "still here?")
        await town.says(town.bob, "I am")
        await town.wait(seconds=6)
    await town.wait(seconds=12)
    assert await purse.entries(town.ann) == [("opening", 100), ("chat", 3), ("chat", 3)]
    assert await purse.of(town.bob) == (103, 0)


async def test_a_batch_is_paid_once(town: Town, purse):
    """Its commit may be done although the connection broke before anybody heard of it."""
    chat = town.bot.get_cog("Income").chat
    for _ in range(2):
        await town.as_bot(chat._pay(Batch(7, town.guild.id, {town.ann.id: 5, town.bob.id: 6})))
    assert (await purse.of(town.ann), await purse.of(town.bob)) == ((105, 0), (106, 0))
    await purse.give(town.ann, 10**15 - 107)
    await town.as_bot(chat._pay(Batch(8, town.guild.id, {town.ann.id: 5, town.bob.id: 6})))
    assert (await purse.of(town.ann), await purse.of(town.bob)) == ((10**15, 0), (112, 0))


# --- roles


def test_which_roles_pay():
    helper, booster = RoleIncome(1, 50, timedelta(hours=4)), RoleIncome(2, 70, timedelta(hours=6))
    claims = {claim_kind(1): Claim("role:1", NOW - timedelta(hours=4)), claim_kind(2): Claim("role:2", NOW)}
    assert due([helper, booster], {}, NOW) == [helper, booster]
    assert next_at([helper, booster], {}) is None
    assert due([helper, booster], claims, NOW) == [helper]
    assert due([helper, booster], claims, NOW - timedelta(seconds=1)) == []
    assert next_at([booster], claims) == NOW + timedelta(hours=6)


async def test_roles_pay(town: Town, purse):
    helpers, boosters = town.role("Helpers"), town.role("Server Booster")
    assert "None of your roles pays anything. `!roleincome` shows" in await town.says(town.ann, "!collect")
    said = await town.says(town.admin, "!roleincome add Helpers 50 4h")
    assert said == f"From now on, `!collect` pays {helpers.mention}: 🪙 50 every 4 hours."
    await town.says(town.admin, '!roleincome add "Server Booster" 70 6h')
    await town.says(town.admin, "!roleincome add everyone 1 1d")
    for role in ("Helpers", "Server Booster"):
        await town.give_role(town.ann, role)
    assert "You collect 🪙 121 and have 🪙 221 in hand." in await town.says(town.ann, "!collect")
    assert "You have collected already; come again" in await town.says(town.ann, "!collect")
    await town.take_role(town.ann, "Helpers")
    await town.give_role(town.ann, "Helpers")  # that pays no earlier
    await town.wait(hours=5)
    await town.restart()
    assert "You collect 🪙 50 and have 🪙 271 in hand." in await town.says(town.ann, "!collect")
    await town.delete_role(boosters)
    await town.wait(hours=2)
    assert "come again" in await town.says(town.ann, "!collect")
    assert "You collect 🪙 1 " in await town.says(town.bob, "!collect")
    listed = await town.says(town.bob, "!roleincome")
    assert f"{helpers.mention}: 🪙 50 every 4 hours\n- everyone: 🪙 1 every 1 day" in listed
    assert "Booster" not in listed
    assert await town.says(town.bob, "!roleincome list") == listed
    assert await prove(town.db, town.guild.id) == 271 + 101


async def test_roles_that_pay_are_staffs_matter(town: Town):
    gone = town.role("Gone")
    await town.says(town.admin, "!roleincome add Gone 50 4h")
    with town.not_listening():
        await town.delete_role(gone)
    await town.restart()
    assert "a deleted role" in await town.says(town.ann, "!roleincome")
    assert "None of your roles" in await town.says(town.ann, "!collect")
    await town.says(town.ann, f"!roleincome remove {gone.id}")
    assert "a deleted role" in await town.says(town.ann, "!roleincome")
    assert "pays nothing any more" in await town.says(town.admin, f"!roleincome remove {gone.id}")
    assert "pays nothing. `!roleincome` shows" in await town.says(town.admin, "!roleincome remove Member")
    assert "has no role" in await town.says(town.admin, f"!roleincome remove {'9' * 20}")
    assert await town.says(town.admin, "!roleincome") == "No role pays coins here."
    for words in ("Member 0 1d", "Member half 1d", "Member 5 1m", "Member 5 5000d", "Nobody 5 1d", "Member 10b 1d"):
        await town.says(town.admin, f"!roleincome add {words}")
    assert await town.says(town.admin, "!roleincome") == "No role pays coins here."


# --- levels


async def test_each_level_pays_once(town: Town, purse):
    await town.says(town.admin, "!config set level-up-reward 20")

    async def news(old: int, new: int) -> None:
        events.publish(town.bot, LevelUp(town.guild.id, town.ann.id, old, new))

    async def reach(old: int, new: int) -> None:
        await town.as_bot(news(old, new))

    await reach(0, 3)
    await reach(1, 4)  # staff took a level back
    assert await purse.entries(town.ann) == [("opening", 100), *[("level_up", 20)] * 4]
    with database_fails(town, "INSERT INTO operation_numbers"):
        await reach(4, 5)
    await town.wait(seconds=11)
    assert await purse.of(town.ann) == (200, 0)
    assert {event.kind for event in town.sent(CoinsEarned)} == {"level_up"}
    await town.says(town.admin, "!config set level-up-reward 0")
    await reach(5, 6)
    assert await purse.of(town.ann) == (200, 0)
