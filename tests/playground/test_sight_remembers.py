"""What was put together once is shown again as long as it would come out the same."""

from tests.playground.sight_town import sight_town


async def test_what_is_remembered_follows_the_names():
    async with sight_town() as town:
        await town.ann.send(town.general, f"<@{town.bob.id}> <@&{town.plain.id}> {town.offtopic.mention}")
        before = town.last(town.mo)["html"]
        await town.cached.get_member(town.bob.id).edit(nick="Bobby")
        await town.cached.get_role(town.plain.id).edit(name="Simple")
        await town.place(town.offtopic).edit(name="on-topic")
        await town.env.settle()
        after = town.last(town.mo)["html"]
        for old, new in (("@Bob<", "@Bobby<"), ("@Plain<", "@Simple<"), ("off-topic", "on-topic")):
            assert old in before
            assert old not in after
            assert new in after
        assert town.seen(town.bob)[0]["html"] != after, "Bob's own name stands out for him"
