"""What a message would bring, and why one brought nothing."""

import pytest

from database.standings import StandingsStore
from tests.support.town import Town


async def test_what_a_message_would_bring(town: Town):
    ann, general = town.ann, town.general
    said = await town.says(ann, "!xp why")
    assert f"A message of {ann.mention} in {general.mention} brings **15 to 25 XP**." in said
    assert "After it, none brings XP for 1 minute." in said
    for words in ("server 2x for 2d", f"{general.mention} 150%", "@Member 1.1"):
        await town.says(town.admin, f"!xp multiplier set {words}")
    await town.give_role(ann, "Member")
    said = await town.says(ann, "!xp why")
    assert "brings **50 to 83 XP**" in said
    assert "Without these multipliers it would be 15 to 25 XP:\n- **200%** for the whole server, until <t:" in said
    assert f"- **150%** for {general.mention}\n- **110%** for {town.role('Member').mention}" in said
    elsewhere = await town.says(ann, f"!xp why {town.bots_corner.mention}")
    assert f"in {town.bots_corner.mention} brings **33 to 55 XP**" in elsewhere
    assert "You need" in await town.says(ann, "!xp why @bob")
    assert f"of {town.bob.mention} in {general.mention} brings **45 to 75 XP**" in await town.says(
        town.admin, "!xp why bob"
    )
    assert f"of {ann.mention} in {town.bots_corner.mention}" in await town.says(
        town.admin, f"!xp why #bots-corner {ann.mention}"
    )
    assert "Bots have no XP." in await town.says(town.admin, f"!xp why {town.bot.user.mention}")
    for words in (town.private.mention, "#private @ann", "#nowhere"):  # nobody learns of it
        assert "can't find a fitting channel" in await town.says(ann, f"!xp why {words}")
    assert "can't find “carl”" in await town.says(ann, "!xp why carl")


async def test_why_it_would_bring_nothing(town: Town):
    async def why(person=town.ann, words: str = "") -> str:
        return await town.says(person, f"!xp why {words}")

    await town.says(town.admin, "!config set xp-cooldown 90s")
    await town.says(town.ann, "good morning everybody")
    over = int(town.now.timestamp()) + 90
    assert await why() == (
        f"A message of {town.ann.mention} brought XP less than 1 minute and 30 seconds ago;"
        f" the next that brings some is one after <t:{over}:T>, <t:{over}:R>."
    )
    await town.wait(minutes=2)
    await town.says(town.admin, f"!xp multiplier set {town.general.mention} 0")
    assert f"A multiplier leaves nothing of the XP: **0%** for {town.general.mention}." in await why()
    role = town.role("Muted")
    for setting, value, sentence in (
        ("xp-most", "0", None),
        ("xp-least", "0", "Messages bring no XP in this server: the setting `xp-most` is 0."),
        ("only-xp-roles", "Muted", f"Only members with {role.mention} get XP."),
        ("no-xp-roles", "Muted", None),
        ("only-xp-channels", "#bots-corner", f"Messages bring XP only in {town.bots_corner.mention}."),
        ("no-xp-channels", "#general", f"Messages in {town.general.mention} bring no XP."),
    ):
        await town.says(town.admin, f"!config set {setting} {value}")
        if sentence is not None:
            assert await why() == sentence
    await town.give_role(town.ann, "Muted")
    assert await why(words="#bots-corner") == f"Members with {role.mention} get no XP."


async def test_what_a_message_brought(town: Town):
    first = await _said(town, "the first message of mine")
    second = await _said(town, "and another soon after it")
    repeated = await _said(town, "and another soon after it")
    short = await _said(town, "hi")

    async def why(message, who=town.ann) -> str:
        return await town.says(who, "!xp why", reply_to=message)

    assert (await why(first)).startswith("This message brought ")
    assert "This message came less than 1 minute after one that brought XP" in await why(second)
    assert "nearly the same" in await why(repeated)
    assert "needs at least 3 characters" in await why(short)
    command = town.last_said
    assert await why(command) == "Commands bring no XP."
    bots = town.last()
    assert await why(bots) == "Only ordinary messages and replies of members bring XP."
    assert "You need" in await why(first, town.bob)
    assert (await why(first, town.admin)).startswith("This message brought ")
    await town.wait(minutes=11)
    await town.says(town.bob, "somebody writes so that the oldest are let go")
    await town.wait(seconds=6)
    assert "I can't see anything that speaks against this message." in await why(first)
    await town.leave(town.ann)
    assert "isn't in the server any more" in await why(first, town.admin)


async def _said(town: Town, text: str):
    await town.says(town.ann, text)
    return town.last_said


@pytest.mark.town(message_content=False)
async def test_messages_whose_text_is_hidden_from_the_bot(town: Town):
    for _number in range(2):
        await town.says(town.ann, "good morning")
        hidden = town.last_said
        await town.wait(minutes=2)
    assert 30 <= (await StandingsStore(town.db).get(town.guild.id, town.ann.id)).xp <= 50
    said = await town.says(town.ann, f"{town.bot.user.mention} xp why", reply_to=hidden)
    assert said.startswith("This message brought ")
