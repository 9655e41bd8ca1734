"""What staff and the bot's owner look up: the ledger, its file, how the economy is doing, and whether it adds up."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest

from cogs.economy.treasury import searching
from cogs.economy.treasury.health import Turnover, by_source, velocity
from cogs.economy.treasury.words import Asked, read_filters
from database.economy import Cause, NewOperation, Posting, transfer
from database.economy_reports import Flow, Holdings, LedgerFilter
from tests.economy.test_treasury import agrees
from tests.support.town import Town
from utils.errors import UserError
from utils.time import TimeError

NOW = datetime(2026, 1, 8, 12, tzinfo=UTC)
GAMES = ("bet", "winnings", "bet_refund", "lottery_ticket")


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ("", Asked()),
        ("@ann", Asked(member="@ann")),
        ('"Ann Other" by:"Mona Lisa"', Asked(member="Ann Other", by="Mona Lisa")),
        ("kind:pay,Work kind:pay", Asked(LedgerFilter(kinds=("pay", "work")))),
        ("type:games", Asked(LedgerFilter(kinds=GAMES))),
        ("kind:role-income", Asked(LedgerFilter(kinds=("role_income",)))),
        ("kind:level_up", Asked(LedgerFilter(kinds=("level_up",)))),
        ("since:7d", Asked(LedgerFilter(since=datetime(2026, 1, 1, 12, tzinfo=UTC)))),
        (
            "since:2026-01-01 until:2026-01-02 ann",
            Asked(
                LedgerFilter(since=datetime(2026, 1, 1, tzinfo=UTC), until=datetime(2026, 1, 3, tzinfo=UTC)),
                member="ann",
            ),
        ),
    ],
)
def test_filters(words: str, asked: Asked):
    assert read_filters(words, NOW, UTC) == asked


@pytest.mark.parametrize("words", ["kind:", "kind:pya", "since:7d until:2025-01-01"])
def test_filters_that_are_none(words: str):
    with pytest.raises(UserError):
        read_filters(words, NOW, UTC)


def test_a_time_that_is_none():
    with pytest.raises(TimeError):
        read_filters("since:soon", NOW, UTC)


def test_sources_and_velocity():
    flows = [
        Flow("bet", 0, 50, 0), Flow("winnings", 40, 0, 0), Flow("pay", 0, 0, 30), Flow("purchase", 0, 20, 0),
        Flow("daily", 0, 0, 0), Flow("unheard of", 7, 0, 0),
    ]  # fmt: skip
    sources = by_source(flows)
    assert sources == {"games": Turnover(40, 50), "shop": Turnover(0, 20), "staff": Turnover(7, 0)}
    held = Holdings(2, 150, 50, 100, 120, 200, 120, 0, 0)
    assert velocity(flows, held) == 0.5
    assert velocity(flows, Holdings(0, 0, 0, 0, 0, 0, 0, 0, 0)) == 0


async def test_the_history_of_all_and_of_one(town: Town, purse):
    await town.says(town.ann, "!pay @bob 60")
    await town.wait(hours=2)
    await town.says(town.admin, "!economy give @ann 5 well done")
    await town.says(town.bob, "!deposit 100")
    await agrees(town, town.admin, "!economy revert #2")
    every = await town.says(town.admin, "!economy history")
    assert "8 entries" in every
    assert "taken back by #4" in every
    assert "well done" in every
    only = await town.says(town.admin, "!economy history @bob since:1h")
    assert "2 entries" in only
    assert "**#3**" in only
    assert "**#1**" not in only
    assert "2 entries" in await town.says(town.admin, f"!economy history kind:staff by:{town.admin.id}")
    assert "2 entries" in await town.says(town.admin, '!economy history kind:pay until:"2026-01-01 01:00"')
    await agrees(town, town.admin, "!economy revert #1")
    of_bob = await town.says(town.admin, "!economy history @bob")
    assert of_bob.count("taken back by #5") == 1, "a start balance stays"
    await town.take_permission(town.general, "embed_links")
    plain = await town.says(town.admin, "!economy history")
    assert "1/2" in plain.buttons, "a text takes fewer lines than an embed"
    assert plain.content.count("**#") == 5
    await town.give_permission(town.general, "embed_links")
    await town.leave(town.bob)
    assert "5 entries" in await town.says(town.admin, f"!economy history {town.bob.id}")


async def test_the_ledger_as_a_file(town: Town, purse):
    await purse.give(town.ann, 50)
    await town.says(town.admin, "!economy take @ann 20 =HYPERLINK(1)")
    answer = await town.says(town.admin, "!economy export @ann")
    [file] = answer.files
    rows = list(csv.DictReader(io.StringIO((await file.read()).decode("utf-8-sig"), newline="")))
    assert [(row["kind"], row["amount"], row["balance"]) for row in rows] == [
        ("take", "-20", "130"), ("give", "50", "150"), ("opening", "100", "100"),
    ]  # fmt: skip
    assert rows[0]["reason"] == "'=HYPERLINK(1)"
    assert rows[0]["actor_id"] == str(town.admin.id)
    assert tuple(rows[0]) == searching.COLUMNS


async def test_how_the_economy_is_doing(town: Town, purse):
    async def earlier(days: int, kind: str, *postings: Posting) -> None:
        at = town.now - timedelta(days=days)
        new = NewOperation(town.guild.id, kind, Cause("test"), None, at, opening=100)
        async with purse.bank.store.operation(new) as operation:
            await operation.post(*postings)

    await earlier(40, "give", Posting(town.ann.id, 5))
    await earlier(20, "give", Posting(town.ann.id, 795), Posting(town.bob.id, 100, "bank"))
    await earlier(20, "take", Posting(town.moderator.id, -100))
    await earlier(2, "pay", *transfer(town.ann.id, town.bob.id, 300))
    await earlier(1, "deposit", Posting(town.bob.id, -20), Posting(town.bob.id, 20, "bank"))
    await purse.give(town.bob, 70)
    answer = await town.says(town.admin, "!economy health")
    assert answer.fields["Coins"] == "In hand: 🪙 1,050\nIn the bank: 🪙 120"
    assert answer.fields["Who has them"].split("\n") == [
        "3 accounts", "Half of them have more than 🪙 570.", "The richest has 51.3%.",
        "The richest ten have 100%.", "The richest tenth (1 account) has 51.3%.",
    ]  # fmt: skip
    week, month = (answer.fields[f"A day on average, of the last {days} days"] for days in (7, 30))
    assert week == "**Staff**: +10, −0\n**Together**: +10, −0"
    assert month == "**Start balances**: +7, −0\n**Staff**: +32, −3\n**Together**: +39, −3"
    assert "0.26 times in 30 days" in answer.fields["Velocity"]


@pytest.mark.broken_books
async def test_the_owners_proof(town: Town, purse):
    elsewhere = town.new_guild("Elsewhere", members=[town.ann])
    await town.says(town.ann, "!coinflip 10")
    await purse.give(town.bob, 5)
    assert await town.says(town.admin, "!economy audit") is None
    said = await town.says(town.developer, "!economy audit")
    assert said.startswith("The books of 1 server add up: 2 accounts, 2 operations, ")
    await town.db.execute("UPDATE accounts SET cash = cash + 7 WHERE user_id = $1", town.bob.id)
    for words in ("audit", f"audit {town.guild.id}", "audit all"):
        said = await town.says(town.developer, f"!economy {words}")
        assert f"{town.bob.mention}: the account says 112, and its entries make 105." in said
    assert "No server with that id" in await town.says(town.developer, f"!economy audit {elsewhere.id}")
    assert "No server with that id" in await town.says(town.developer, "!economy audit everything")
    await town.db.execute("UPDATE accounts SET cash = cash - 7 WHERE user_id = $1", town.bob.id)
