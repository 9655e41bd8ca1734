"""Accounts: one's own pockets, payments, the ledger as its owner reads it, and who has most."""

import discord
import pytest

from cogs.economy.accounts.cog import LONGEST_NOTE
from database.economy import MOST_COINS, Cause, Posting


async def test_into_the_bank_and_out_again(town, purse):
    await purse.give(town.ann, 900)
    said = await town.says(town.ann, "!deposit 25%")
    assert said == "You put 🪙 250 into the bank: 🪙 750 in hand, 🪙 250 in the bank."
    assert await town.redeliver() is None
    await town.says(town.ann, "!dep half")
    assert await purse.of(town.ann) == (375, 625)
    said = await town.says(town.ann, "!withdraw 0.6k")
    assert said == "You took 🪙 600 out of the bank: 🪙 975 in hand, 🪙 25 in the bank."
    assert await town.says(town.ann, "!withdraw 26") == "You have 🪙 25 in the bank, and need 🪙 26."
    await town.says(town.ann, "!withdraw all")
    assert "less than one coin" in await town.says(town.ann, "!withdraw all")
    assert await town.says(town.ann, "!deposit 1,001") == "You have 🪙 1,000 in hand, and need 🪙 1,001."
    for nonsense in ("0", "-5", "🪙", "nan", "9" * 40, "101%", "x" * 1900):
        assert await town.says(town.ann, f"!deposit {nonsense}") is not None
    assert await purse.of(town.ann) == (1000, 0)
    assert [kind for kind, _amount in await purse.entries(town.ann)] == [
        "opening", "give", "deposit", "deposit", "deposit", "deposit", "withdraw", "withdraw", "withdraw", "withdraw"
    ]  # fmt: skip


async def test_the_first_deposit_is_of_the_start_balance(town, purse):
    await town.says(town.ann, "!deposit all")
    assert await purse.of(town.ann) == (0, 100)
    balance = await town.says(town.ann, "!balance")
    assert balance.fields == {"In hand": "🪙 0", "In the bank": "🪙 100", "Together": "🪙 100", "Place": "#1"}
    assert "Place" not in (await town.says(town.ann, "!balance @bob".replace("@bob", town.bob.mention))).fields


async def test_a_payment_names_both_sides(town, purse):
    said = await town.says(town.ann, f"!pay {town.bob.mention} 30 for the *cake* @everyone")
    assert said == (
        f"{town.ann.mention} paid {town.bob.mention} 🪙 30 (for the \\*cake\\* @\u200beveryone)"
        " and has 🪙 70 left in hand."
    )
    assert not said.pings - {town.ann.id}
    assert not said.pings_everyone
    assert await purse.of(town.bob) == (130, 0)
    assert await town.redeliver() is None
    for words, answer in {
        f"{town.ann.mention} 5": "You can't pay yourself.",
        f"{town.bot.user.mention} 5": "Bots have no coins.",
        f"{town.bob.mention} 71": "You have 🪙 70 in hand, and need 🪙 71.",
        f"{town.bob.mention} 1000001": "You have 🪙 70 in hand, and need 🪙 1,000,001.",
        f"{town.bob.mention} 0": "An amount is at least 1.",
    }.items():
        assert answer in await town.says(town.ann, f"!give {words}")
    assert "too long" in await town.says(town.ann, f"!pay {town.bob.mention} 1 {'n' * (LONGEST_NOTE + 1)}")
    assert "isn't in this server" in await town.says(town.ann, f"!pay {town.outsider('zoe').mention} 5")
    assert await purse.of(town.ann) == (70, 0)


async def test_a_large_payment_is_asked_about(town, purse):
    await purse.give(town.ann, 2_000_000)
    assert await town.says(town.ann, f"!pay {town.bob.mention} all") == "You can pay 🪙 1,000,000 at most at once."
    question = await town.says(town.ann, f"!pay {town.bob.mention} 1m")
    assert question == f"Pay {town.bob.mention} 🪙 1,000,000?"
    assert (await town.press(town.ann, question, "No")).reply == "Nothing was paid."
    question = await town.says(town.ann, f"!pay {town.bob.mention} 1m")
    await town.says(town.admin, "!config set largest-payment 999999")
    assert "at most at once" in (await town.press(town.ann, question, "Yes")).reply
    question = await town.says(town.ann, f"!pay {town.bob.mention} 900k")
    assert "paid" in (await town.press(town.ann, question, "Yes")).reply
    await town.says(town.admin, "!config set confirm-payments-above 5")
    question = await town.says(town.ann, f"!pay {town.bob.mention} 6")
    await town.leave(town.bob)
    assert "any more" in (await town.press(town.ann, question, "Yes")).reply
    assert await purse.of(town.bob) == (900_100, 0)


async def test_a_full_account_takes_no_more(town, purse):
    await purse.give(town.bob, MOST_COINS - 100)
    assert "more than" in await town.says(town.ann, f"!pay {town.bob.mention} 1")
    assert await purse.of(town.ann) == (100, 0)
    await town.says(town.bob, "!deposit all")
    assert await purse.of(town.bob) == (0, MOST_COINS)


# --- transactions ------------------------------------------------------------------------------------------


async def test_transactions_say_what_for_who_and_when(town, purse):
    assert "No coins have moved" in await town.says(town.ann, "!transactions")
    await town.says(town.ann, "!coinflip 100")
    await purse.give(town.ann, 100)
    await town.says(town.ann, f"!pay {town.bob.mention} 30 cake")
    await town.says(town.ann, "!deposit 10")
    now = f"<t:{int(town.now.timestamp())}:R>"
    said = (await town.says(town.ann, "!transactions")).embed.description.splitlines()
    assert said[:4] == [
        f"**#4** 🪙 +10 · Put into the bank · in the bank · {now}",
        f"**#4** 🪙 -10 · Put into the bank · {now}",
        f"**#3** 🪙 -30 · Payment · to {town.bob.mention} · “cake” · {now}",
        f"**#2** 🪙 +100 · Given by staff · {now}",
    ]
    assert said[-2:] == [f"**#1** 🪙 -100 · Bet: Coinflip · {now}", f"**#1** 🪙 +100 · Start balance · {now}"]
    bobs = (await town.says(town.bob, "!ledger")).embed.description.splitlines()
    assert bobs == [
        f"**#3** 🪙 +30 · Payment · from {town.ann.mention} · “cake” · {now}",
        f"**#3** 🪙 +100 · Start balance · {now}",
    ]
    assert "Manage Server" in await town.says(town.bob, f"!transactions {town.ann.mention}")
    await town.leave(town.ann)
    assert "cake" in await town.says(town.admin, f"!transactions {town.ann.id}")


async def test_transactions_are_read_page_by_page(town, purse):
    for amount in range(1, 24):
        await purse.give(town.ann, amount)
    book = await town.says(town.ann, "!transactions")
    assert book.buttons["1/3"].disabled
    assert "**#23** 🪙 +23 ·" in book
    await purse.give(town.ann, 500)
    last = (await town.press(town.ann, book, "⏭")).message
    assert last.embed.description.splitlines()[-1].startswith("**#1** 🪙 +100 · Start balance")
    assert len(last.embed.description.splitlines()) == 5
    assert "**#24** 🪙 +500 ·" in (await town.press(town.ann, book, "⏮")).message
    await town.take_permission(town.general, "embed_links")
    for number in range(5):
        await town.says(town.ann, f"!pay {town.bob.mention} {number + 1} {'*' * LONGEST_NOTE}")
    plain = await town.says(town.ann, "!transactions")
    assert plain.buttons["1/6"].disabled
    assert len([line for line in plain.content.splitlines() if line.startswith("**#")]) == 5


# --- rich --------------------------------------------------------------------------------------------------


async def crowd(town, purse, count):
    """So many members and how much each has: 1000, 1001, …"""
    people = [town.outsider(f"person{number}") for number in range(count)]
    for person in people:
        town.guild.handle.add_member(person.handle)
    await town.settle()
    await town.as_bot(_post(town, purse, [Posting(one.id, 900 + number) for number, one in enumerate(people)]))
    return people


async def _post(town, purse, postings):
    async with purse.bank.operation(town.guild.id, "give", Cause("test")) as operation:
        await operation.post(*postings)


def ranked(answer):
    """Who is on the page, in order, and the foot."""
    *lines, _empty, foot = answer.embed.description.splitlines()
    return [line.split(" · ")[0] for line in lines], foot


async def test_rich_opens_at_the_page_with_me(town, purse):
    people = await crowd(town, purse, 25)
    assert ranked(await town.says(town.ann, "!rich"))[1].startswith("You have no place yet")
    await purse.give(town.ann, 900)  # as much as person0, whose id is smaller or larger
    opened = await town.says(town.ann, "!rich")
    lines, foot = ranked(opened)
    last_two = sorted([people[0].id, town.ann.id])
    assert [line.split("<@")[1] for line in lines[-2:]] == [f"{one}>" for one in last_two]
    place = 25 + last_two.index(town.ann.id)
    assert f"➤ **#{place}** {town.ann.mention}" in lines
    assert foot == f"Your place: **#{place}** of 26, with 🪙 1,000."
    first = (await town.press(town.ann, opened, "⏮")).message
    assert ranked(first)[0] == [f"**#{n}** {people[25 - n].mention}" for n in range(1, 11)]
    assert ranked(await town.says(town.ann, "!rich 99"))[0] == lines
    assert ranked(await town.says(town.ann, "!baltop -7"))[0] == ranked(first)[0]
    assert "I don't understand `abc`" in await town.says(town.ann, "!rich abc")
    await purse.give(town.ann, 9000)
    second = (await town.press(town.ann, opened, "▶")).message
    assert ranked(second)[1] == "Your place: **#1** of 26, with 🪙 10,000."
    assert ranked((await town.press(town.ann, opened, "◀")).message)[0][0] == f"➤ **#1** {town.ann.mention}"


async def test_pages_full_of_people_who_left(town, purse, monkeypatch):
    def strangers(first, count):
        return [Posting(10**17 + first + number, 900_000 - number) for number in range(count)]

    await town.as_bot(_post(town, purse, [Posting(town.ann.id, 5), Posting(town.bob.id, 6), *strangers(0, 250)]))
    lines, foot = ranked(await town.says(town.admin, "!rich"))
    assert lines == [f"**#1** {town.bob.mention}", f"**#2** {town.ann.mention}"]
    assert foot.startswith("You have no place yet")
    await town.as_bot(_post(town, purse, strangers(1000, 250)))
    assert ranked(await town.says(town.ann, "!rich"))[1] == "Your place: **#2** of 2, with 🪙 105."

    async def silent(*_args, **_named):
        raise TimeoutError

    monkeypatch.setattr(discord.Guild, "query_members", silent)
    await town.as_bot(_post(town, purse, strangers(2000, 1)))
    lines, foot = ranked(await town.says(town.ann, "!rich"))
    assert len(lines) == 3, "nobody is left out for Discord's silence"
    assert foot == "Your place: **#3** of 3, with 🪙 105."


@pytest.mark.town(members=False)
async def test_who_comes_back_is_ranked_again_although_nobody_tells(town, purse):
    await purse.give(town.ann, 5)
    await purse.give(town.bob, 50)
    await town.leave(town.bob)
    assert ranked(await town.says(town.ann, "!rich"))[0] == [f"➤ **#1** {town.ann.mention}"]
    await town.join(town.bob)
    assert (await town.says(town.ann, f"!balance {town.bob.mention}")).fields["Place"] == "#1"
    assert ranked(await town.says(town.ann, "!rich"))[1] == "Your place: **#2** of 2, with 🪙 105."
    await town.take_permission(town.general, "embed_links")
    plain = await town.says(town.ann, "!rich")
    assert plain.content.splitlines()[-1] == "Your place: **#2** of 2, with 🪙 105."


async def test_who_left_is_not_ranked(town, purse):
    people = await crowd(town, purse, 14)
    await town.leave(people[13])
    assert await purse.bank.store.count(town.guild.id) == 13
    with town.not_listening():  # such as while the bot is stopped
        for person in people[3:13]:
            town.guild.handle.remove_member(person.handle)
    await town.settle()
    opened = await town.says(people[2], "!rich")
    assert ranked(opened) == (
        [
            f"➤ **#1** {people[2].mention}",
            f"**#2** {people[1].mention}",
            f"**#3** {people[0].mention}",
        ],
        "Your place: **#1** of 3, with 🪙 1,002.",
    )
    await town.join(people[13], town.guild)
    assert ranked(await town.says(people[2], "!rich"))[0][0] == f"**#1** {people[13].mention}"
