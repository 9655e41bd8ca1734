"""Confessions: nobody sees who it was but moderators, and everybody knows that."""

from datetime import UTC, datetime, timedelta

from database.confessions import ConfessionsStore
from tests.support.town import Town

NOW = datetime(2026, 5, 1, tzinfo=UTC)


async def set_up(town: Town) -> None:
    town.channel("secrets")
    for words in ("confession-channel #secrets", "confession-log #private", "confession-wait 10s"):
        await town.says(town.admin, f"!config set {words}")


async def confess(town: Town, text: str = "I ate the *last* cookie, @everyone") -> None:
    """Ann's first one, by direct message."""
    asked = await town.dm(town.ann, f"!confess {text}")
    assert "its moderators can look it up for 90 days" in asked
    await town.press(town.ann, asked, "Yes")


async def test_numbers_and_forgetting(db):
    store = ConfessionsStore(db)
    first = await store.begin(11, 1, 7, 100, NOW)
    second = await store.begin(12, 1, 8, 100, NOW + timedelta(days=1))
    other = await store.begin(13, 2, 7, 200, NOW)
    assert [one.number for one in (first, second, other)] == [1, 2, 1]
    assert await store.begin(11, 1, 7, 100, NOW) is None
    assert await store.forget_who(NOW + timedelta(hours=1)) == 2
    assert (await store.numbered(1, 1)).user_id is None
    assert (await store.numbered(1, 2)).user_id == 8
    assert await store.latest_at(1, 7) is None
    assert [await store.report(11, user_id) for user_id in (5, 5, 6)] == [1, None, 2]
    assert [await store.block(1, 8, 3, NOW) for _again in range(2)] == [True, False]
    assert await store.is_blocked(1, 8)
    assert not await store.is_blocked(2, 8)


async def test_confessing_by_direct_message(town: Town):
    assert "in no server with me" in await town.dm(town.ann, "!confess hm")
    await set_up(town)
    asked = await town.dm(town.ann, "!confess I'd rather not")
    await town.press(town.ann, asked, "No")
    assert town.last(town.ann) == "Nothing is posted."
    await confess(town)
    posted = town.last(town.channel("secrets"))
    assert posted == "Confession #1\nI ate the \\*last\\* cookie, @\u200beveryone"
    assert not posted.pings
    assert not posted.pings_everyone
    assert "is [posted](" in town.last(town.ann)
    assert "You can confess again" in await town.dm(town.ann, "!confess more")
    await town.wait(seconds=11)
    assert "is [posted](" in await town.dm(town.ann, "!confess ||more||")  # asked once
    assert town.last(town.channel("secrets")).embed.description == "||more||"
    for words in ("command disable confess", "feature disable fun"):
        await town.says(town.admin, f"!{words}")
        assert "in no server with me" in await town.dm(town.ann, "!confess once more")
        await town.says(town.admin, f"!{words.replace('disable', 'enable')}")
    stranger = town.outsider("zoe")
    assert "in no server with me" in await town.dm(stranger, "!confess me too")


async def test_who_confessed_is_kept_if_it_may_have_been_posted(town: Town):
    await set_up(town)
    await confess(town)
    posting = f"/channels/{town.channel('secrets').id}/messages"
    town.refuse("POST", posting, status=503)
    await town.wait(seconds=11)
    town.expect_errors()  # of the kinds of errors, the simulated Discord doesn't know this one
    await town.dm(town.ann, "!confess to be or not to be")
    assert await town.says(town.moderator, "!confession who 2") == "I have written to you."
    town.refuse("POST", posting, status=403, code=50013)
    await town.wait(seconds=11)
    assert "Discord doesn't let me" in await town.dm(town.ann, "!confess again")
    assert "There is no confession" in await town.says(town.moderator, "!confession who 3")


async def test_confessing_in_a_server(town: Town):
    assert "no channel for confessions" in await confessed_in_public(town, "hm")
    await set_up(town)
    assert "look it up" in await confessed_in_public(town, "I'm early")
    await town.press(town.ann, town.last(town.ann), "Yes")
    assert town.last(town.channel("secrets")) == "Confession #1\nI'm early"
    assert town.last(town.general) is None or town.ann.mention not in town.last(town.general)
    await town.take_permission(town.general, "manage_messages")
    assert "I can't delete your message here" in await town.says(town.ann, "!confess I'm late")
    assert len(town.messages(town.channel("secrets"))) == 1


async def confessed_in_public(town: Town, text: str) -> str:
    """What Ann is told directly; her message is gone."""
    before = len(town.calls("DELETE", "/channels/*/messages/*"))
    assert await town.says(town.ann, f"!confess {text}") is None
    assert len(town.calls("DELETE", "/channels/*/messages/*")) == before + 1
    answer = town.last(town.ann)
    assert answer is not None
    return answer


async def test_what_moderators_can_do(town: Town):
    await set_up(town)
    await confess(town)
    posted = town.last(town.channel("secrets"))
    await town.restart()
    await town.take_permission(town.private, "send_messages")
    assert "Discord doesn't let me" in (await town.press(town.bob, posted, "Report this")).reply
    await town.give_permission(town.private, "send_messages")
    await town.db.execute("UPDATE confessions SET message_id = NULL")  # a crash came in between
    assert "Thank you" in (await town.press(town.bob, posted, "Report this")).reply
    assert "already" in (await town.press(town.bob, posted, "Report this")).reply
    reported = town.last(town.private)
    assert f"1 member reported [confession #1]({posted.message.jump_url})" in reported
    assert "Thank you" in (await town.press(town.admin, posted, "Report this")).reply
    assert town.last(town.private).id == reported.id  # told again at three
    await town.give_permission(town.private, "view_channel", of=town.bob)
    assert "Only moderators" in (await town.press(town.bob, reported, "Show who wrote it")).reply
    assert town.bob.mention not in reported
    shown = (await town.press(town.moderator, reported, "Show who wrote it")).reply
    assert shown == f"Confession #1 is by {town.ann.mention}."
    assert shown.ephemeral
    assert "no more confessions" in (await town.press(town.moderator, reported, "Block who wrote it")).reply
    assert "blocked already" in await town.says(town.moderator, "!confession block 1")
    await town.wait(seconds=11)
    assert "take no confessions from you" in await town.dm(town.ann, "!confess again")
    assert "again" in await town.says(town.moderator, "!confession unblock 1")
    await town.take_permission(town.channel("secrets"), "view_channel", of=town.ann)
    assert "can't confess" in await town.dm(town.ann, "!confess again")
    await town.give_permission(town.channel("secrets"), "view_channel", of=town.ann)
    await town.says(town.moderator, "!timeout @ann 1h")
    assert "can't confess" in await town.dm(town.ann, "!confess again")
    assert "aren't blocked" in await town.says(town.moderator, f"!confession unblock {town.ann.mention}")

    assert "permission" in await town.says(town.bob, "!confession who 1")
    assert "There is no confession" in await town.says(town.moderator, f"!confession who {'9' * 40}")
    assert await town.says(town.moderator, "!confession who 1") == "I have written to you."
    assert town.last(town.moderator) == f"Confession #1 is by {town.ann.mention}."
    assert "confession who`" in await town.says(town.moderator, "!confession")
    assert "is removed" in (await town.press(town.moderator, reported, "Remove it")).reply
    assert town.now_of(posted) is None
    await town.wait(days=91)
    assert "forget it after 90 days" in await town.says(town.moderator, "!confession block 1")
