"""A server that switches utility off: what its commands left behind rests, and goes on when it is switched on."""

import pytest

from tests.support.town import Town


@pytest.mark.town(languages=("en",))  # what buttons say is a server's own
async def test_what_was_left_behind_rests(town: Town):
    for name in ("Red", "Later"):
        town.role(name)
    await town.says(town.admin, "!config set sticky-roles on")
    await town.says(town.admin, "!config set suggestion-channel #bots-corner")
    await town.says(town.admin, "!config set ticket-close-after 40m")
    await town.says(town.admin, "!autorole add Later 1h")
    await town.says(town.admin, '!ticket panel create Help "42"')
    await town.says(town.admin, "!ticket panel post Help")
    panel = town.last()
    await town.press(town.bob, panel, "42")
    ticket = town.guild.channel("ticket-0001")
    poll = await town.says(town.ann, "!poll Tea? | Green | Black")
    gift = await town.says(town.admin, "!giveaway start 2d Cake")
    await town.says(town.ann, "!suggest Tea")
    hand = await town.says(town.bob, "!rps")
    await town.give_role(town.ann, "Red")
    await town.says(town.ann, "hello")
    await town.wait(minutes=1)
    await town.leave(town.ann)
    cleo = town.outsider("cleo")
    await town.join(cleo)
    await town.says(town.owner, "!feature disable utility")
    await town.says(town.owner, "!feature disable fun")

    pressed = [
        (poll, "1. Green"), (gift, "Enter"), (town.last(town.bots_corner), "For it"), (panel, "42"),
        (town.messages(ticket)[0], "Close"), (hand, "Rock"),
    ]  # fmt: skip
    for message, button in pressed:
        assert (await town.press(town.bob, message, button)).reply == "This is switched off in this server.", button
    await town.wait(minutes=1)
    await town.join(town.ann)
    before = len(town.messages(ticket))
    await town.wait(hours=8)
    assert not cleo.role_names | town.ann.role_names
    assert len(town.messages(ticket)) == before

    await town.says(town.owner, "!feature enable utility")
    assert "Your vote" in (await town.press(town.bob, poll, "1. Green")).reply
    await town.wait(hours=25)
    assert town.ann.role_names == {"Red"}
    assert "Nobody wrote any more" in town.last(ticket)
