"""What the bot says where it is new."""

from tests.support.town import Town


async def test_a_new_server_is_greeted_once(town: Town):
    village = town.new_guild("Village")
    await town.settle()
    await town.is_invited_to(village)
    [hello] = town.messages(village.general)
    assert "`!setup`" in hello
    assert "`!help`" in hello
    await town.is_invited_to(village)
    assert len(town.messages(village.general)) == 1
    await town.wait(hours=1)
    await town.goes_away(village)
    await town.is_there_again(village)
    assert len(town.messages(village.general)) == 1
    hamlet = town.new_guild("Hamlet")
    await town.settle()
    await town.take_permission(hamlet.general, "send_messages", of=hamlet.everyone)
    await town.is_invited_to(hamlet)  # there is no place to say it
    assert town.messages(hamlet.general) == []
