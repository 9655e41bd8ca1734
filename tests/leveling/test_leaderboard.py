"""The leaderboard: its boards, places that equals share, and people who left and came back."""

import pytest

from database.standing_values import Gain, Standing
from tests.support.town import Town


def leveling(town: Town):
    return town.bot.get_cog("Leaderboard").leveling


async def put(town: Town, *standings: Standing) -> None:
    await town.as_bot(_put(town, standings))


async def _put(town: Town, standings) -> None:
    async with leveling(town).change(town.guild.id) as change:
        await change.put(standings)


async def earn(town: Town, person, gain: Gain) -> None:
    """Let somebody gain something now."""
    await town.as_bot(_earn(town, person, gain))


async def _earn(town: Town, person, gain: Gain) -> None:
    with town.clock():
        today = leveling(town).today(town.guild.id)
    async with leveling(town).store.change(town.guild.id) as change:
        await change.add({person.id: gain}, today=today)


def crowd(town: Town, count: int) -> list:
    people = [town.outsider(f"person{number}") for number in range(count)]
    for person in people:
        town.guild.handle.add_member(person.handle)
    return people


def listed(answer) -> tuple[list[str], str]:
    """Who is on the page with their place, and the foot."""
    *lines, foot = answer.embed.description.splitlines()
    return [line.split(" · ")[0] for line in lines if "#" in line], foot


async def test_equals_share_a_place_and_me_is_on_my_page(town: Town):
    people = crowd(town, 23)
    await town.settle()
    await put(
        town, *(Standing(one.id, 1000 if 3 <= n < 23 else 5000 - n, messages=n) for n, one in enumerate(people))
    )
    await put(town, Standing(town.ann.id, 1000))
    first = await town.says(town.ann, "!leaderboard")
    assert first.embed.title == "Most XP in Town"
    lines, foot = listed(first)
    equals = sorted([*(one.id for one in people[3:]), town.ann.id])
    assert lines[:3] == [f"**#{n + 1}** {people[n].mention}" for n in range(3)]
    assert [line.removeprefix("➤ ") for line in lines[3:]] == [f"**#4** <@{one}>" for one in equals[:7]]
    assert foot == "Your place: **#4** of 24, with 1,000 XP."
    assert f"{people[0].mention} · 5,000 XP · level 10" in first

    own = await town.says(people[22], "!lb me")
    assert listed(own)[0][-1] == f"➤ **#4** {people[22].mention}", "the youngest account of the equals"
    assert own.buttons["3/3"].disabled
    last = await town.says(town.ann, "!top 99")
    assert [line.removeprefix("➤ ") for line in listed(last)[0]] == [f"**#4** <@{one}>" for one in equals[17:]]
    assert listed((await town.press(town.ann, last, "⏮")).message)[0] == lines
    assert listed(await town.says(town.ann, "!lb -5"))[0] == lines

    messages = await town.says(people[22], "!lb messages 3")
    assert listed(messages) == (
        [f"**#{23 - n}** {people[n].mention}" for n in (2, 1)], "Your place: **#1** of 22, with 22 messages."
    )  # fmt: skip
    assert "Nobody has spent time" in await town.says(town.ann, "!lb voice")
    assert "Did you mean `week`?" in await town.says(town.ann, "!lb wek")
    assert "at most" in await town.says(town.ann, "!lb 2 me")


async def test_days_and_weeks_begin_at_midnight_in_the_server(town: Town):
    await town.says(town.admin, "!config set timezone Asia/Tokyo")
    assert await town.says(town.ann, "!lb today") is not None
    await earn(town, town.ann, Gain(10, 1))
    await earn(town, town.bob, Gain(30, 1, 125))
    today = await town.says(town.ann, "!lb day")
    assert today.embed.title == "Most XP today in Town"
    assert listed(today) == (
        [f"**#1** {town.bob.mention}", f"➤ **#2** {town.ann.mention}"],
        "Your place: **#2** of 2, with 10 XP.",
    )
    assert listed(await town.says(town.ann, "!lb me day")) == listed(today)
    assert "2 h 5 min" in await town.says(town.ann, "!lb voice this week")
    assert "You have no place on this board yet." in town.last()
    end = int(today.embed.description.split("<t:")[1].split(":")[0])
    assert f"This day ends <t:{end}:R> (<t:{end}:f>)." in today
    with town.clock():
        assert town.now.timestamp() < end <= town.now.timestamp() + 24 * 3600
    assert (end + 9 * 3600) % (24 * 3600) == 0, "midnight in Tokyo"
    await town.wait(seconds=end - town.now.timestamp())
    assert "Nobody has earned XP today yet." in await town.says(town.ann, "!lb day")
    assert listed(await town.says(town.ann, "!lb"))[0][0] == f"**#1** {town.bob.mention}"


async def test_who_left_is_hidden_and_kept(town: Town):
    people = crowd(town, 14)
    await town.settle()
    await put(town, *(Standing(one.id, 1000 - n) for n, one in enumerate(people)), Standing(10**17, 5000))
    await earn(town, people[0], Gain(5, 1))
    await town.leave(people[0])
    store = leveling(town).store
    assert await store.count(town.guild.id) == 14
    with town.not_listening():  # such as while the bot is stopped
        for person in people[1:11]:
            town.guild.handle.remove_member(person.handle)
    await town.settle()
    opened = await town.says(people[13], "!lb")
    assert listed(opened) == (
        [f"**#1** {people[11].mention}", f"**#2** {people[12].mention}", f"➤ **#3** {people[13].mention}"],
        "Your place: **#3** of 3, with 987 XP.",
    )  # and nobody with a deleted account
    assert "Nobody has earned XP today yet." in await town.says(people[13], "!lb today")
    await town.join(people[0], town.guild)
    assert listed(await town.says(people[13], "!lb"))[0][0] == f"**#1** {people[0].mention}"
    assert f"**#1** {people[0].mention} · 5 XP · level 4" in await town.says(people[13], "!lb today")


@pytest.mark.town(members=False)
async def test_who_comes_back_is_ranked_again_although_nobody_tells(town: Town):
    await put(town, Standing(town.ann.id, 5), Standing(town.bob.id, 50))
    await town.leave(town.bob)
    assert listed(await town.says(town.ann, "!lb"))[0] == [f"➤ **#1** {town.ann.mention}"]
    await town.join(town.bob)
    assert listed(await town.says(town.bob, "!lb me"))[1] == "Your place: **#1** of 2, with 50 XP."
    await town.take_permission(town.general, "embed_links")
    plain = await town.says(town.ann, "!lb")
    assert plain.content.splitlines()[-1] == "Your place: **#2** of 2, with 5 XP."
