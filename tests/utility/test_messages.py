"""`quote`, `bookmark` and `firstmessage`: shown to nobody who couldn't read them before."""

from tests.support.town import Town


def link_to(town: Town, message) -> str:
    return f"https://discord.com/channels/{town.guild.id}/{message.channel.id}/{message.id}"


async def test_a_message_is_quoted_by_link_or_reply(town: Town):
    await town.says(town.bob, "wise **words** @everyone")
    said = town.last_said
    corner = town.channel("bots-corner")
    answer = await town.says(town.ann, f"!quote {link_to(town, said)}", channel=corner)
    assert "wise **words**" in answer.embed.description
    assert answer.embed.author.name == "bob"
    assert link_to(town, said) in answer
    assert not answer.pings_everyone
    assert "wise **words**" in (await town.says(town.ann, "!quote", reply_to=said)).embed.description


async def test_nothing_is_quoted_to_who_could_not_read_it(town: Town):
    await town.says(town.moderator, "our secret", channel=town.private)
    secret = town.last_said
    for person in (town.ann, town.moderator):
        answer = await town.says(person, f"!quote {link_to(town, secret)}")
        assert "secret" not in answer
    assert "can't find" in await town.says(town.ann, f"!bookmark {link_to(town, secret)}")
    assert "can't find" in await town.dm(town.ann, f"!bookmark {link_to(town, secret)}")
    assert "can't find" in await town.dm(town.outsider("eve"), f"!bookmark {link_to(town, secret)}")
    assert (
        "secret"
        in (
            await town.says(town.moderator, f"!quote {link_to(town, secret)}", channel=town.private)
        ).embed.description
    )
    assert "secret" not in await town.says(town.moderator, f"!firstmessage <#{town.private.id}>")
    await town.says(town.bob, "gossip")
    gossip = town.last_said
    await town.wait(seconds=30)
    await town.take_permission(town.general, "view_channel", of=town.ann)
    corner = town.channel("bots-corner")
    assert "gossip" not in await town.says(town.bob, f"!quote {link_to(town, gossip)}", channel=corner)
    adults = town.channel("adults")
    await town.restrict_by_age(adults)
    await town.says(town.bob, "not for all", channel=adults)
    assert "not for all" not in await town.says(town.bob, f"!quote {link_to(town, town.last_said)}", channel=corner)
    assert "not for all" not in await town.says(town.bob, f"!firstmessage <#{adults.id}>", channel=corner)


async def test_nothing_is_quoted_from_another_server(town: Town):
    other = town.new_guild("Elsewhere", members=[town.bob]).channel("general")
    await town.settle()
    await town.says(town.bob, "their business", channel=other)
    link = f"https://discord.com/channels/{other.guild.id}/{other.id}/{town.last_said.id}"
    assert "can't find" in await town.says(town.bob, f"!quote {link}")
    assert "can't find" in await town.says(
        town.bob, f"!quote {link.replace(str(other.guild.id), str(town.guild.id))}"
    )
    assert "can't find" in await town.dm(town.ann, f"!bookmark {link}")
    await town.dm(town.bob, f"!bookmark {link}")
    assert "their business" in town.last(town.bob)


async def test_what_is_said_in_a_voice_channel_is_for_who_may_come_in(town: Town):
    voice = town.guild.channel("voice")
    await town.take_permission(voice, "connect", of=town.guild.role("@everyone"))
    await town.give_permission(voice, "connect", of=town.guild.role("Moderator"))
    await town.says(town.moderator, "between us", channel=voice)
    said = town.last_said
    for person in (town.ann, town.moderator):
        assert "between us" not in await town.says(person, f"!quote {link_to(town, said)}")
    assert "between us" in await town.says(town.moderator, "!quote", channel=voice, reply_to=said)


async def test_a_quote_has_what_belongs_to_the_message(town: Town):
    await town.says(town.bob, f"it was ||the butler {'x' * 300}||")
    await town.says(
        town.ann,
        "",
        reply_to=town.last_said,
        files=[("SPOILER_end.png", b"1"), ("cat.png", b"2"), ("notes.txt", b"3")],
    )
    answer = await town.says(town.bob, f"!quote {link_to(town, town.last_said)}")
    [replied, files, _link] = answer.embed.fields
    assert "||the butler" in replied.value
    assert replied.value.count("||") == 2
    assert "||[SPOILER" in files.value
    assert "notes.txt" in files.value
    assert answer.embed.image.url.endswith("cat.png")
    assert answer.embed.description is None


async def test_a_bookmark_is_kept_until_its_button_is_pressed(town: Town):
    await town.says(town.bob, "the recipe")
    said = town.last_said
    answer = await town.says(town.ann, f"!bookmark {link_to(town, said)} for Sunday @everyone")
    assert "by direct message" in answer
    kept = town.last(town.ann)
    assert "for Sunday" in kept.content
    assert "the recipe" in kept.embed.description
    await town.restart()
    await town.press(town.ann, kept, "Delete")
    assert town.now_of(kept) is None
    town.close_dms(town.ann)
    assert "direct messages" in await town.says(town.ann, "!bookmark", reply_to=said)


async def test_the_first_message_of_a_channel(town: Town):
    corner = town.channel("bots-corner")
    await town.says(town.bob, "I was here first", channel=corner)
    await town.says(town.ann, "and I second", channel=corner)
    assert "I was here first" in (await town.says(town.ann, "!firstmessage", channel=corner)).embed.description
    assert "I was here first" in (await town.says(town.ann, f"!firstmessage <#{corner.id}>")).embed.description
    for wrong in ("", "https://discord.com/channels/1/2/3", "x" * 1900, link_to(town, town.last_said)[:-3] + "000"):
        answer = await town.says(town.bob, f"!quote {wrong}", channel=corner)
        assert answer.embed.author.name is None
        await town.wait(seconds=20)
