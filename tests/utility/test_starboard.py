"""The starboard: what comes to it, what becomes of it there, and who got stars."""

import discord
import pytest

from cogs.utility.starboard.rules import shown
from database.starboard import StarboardStore, Starred, StarStats
from tests.support.town import Town
from utils.emoji import same_emoji

STAR = "⭐"

# What is shown is what people wrote, which nobody translates.
pytestmark = pytest.mark.town(languages=("en",))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("⭐", "⭐", True),
        ("⭐", "🌟", False),
        ("❤️", "❤", True),
        ("<:star:123456789012345678>", "<a:gold:123456789012345678>", True),
        ("<:star:123456789012345678>", "<:star:123456789012345679>", False),
    ],
)
def test_the_same_emoji(one, other, expected):
    assert same_emoji(one, other) == expected


async def test_stars_are_stored(db):
    store, message, other = StarboardStore(db), Starred(10, 1, 2, 7), Starred(11, 1, 2, 8)
    assert await store.star(message, 8)
    assert not await store.star(message, 8)
    assert await store.star(message, 9)
    assert await store.star(other, 9)
    assert await store.count(10) == 2
    assert await store.stats(1, 7) == StarStats(0, 2, 1)
    assert await store.stats(1, 9) == StarStats(2, 0, 0)
    assert await store.stats(2, 9) == StarStats(0, 0, 0)
    assert await store.top_authors(1, 5) == [(7, 2), (8, 1)]
    assert await store.top_messages(1, 5) == []
    await store.show(10, 5, 100)
    shown = Starred(10, 1, 2, 7, 5, 100)
    assert await store.on_boards(5) == [shown]
    assert await store.which_on_boards([10, 11, 12]) == {10}
    assert await store.which_on_boards([]) == set()
    assert await store.top_messages(1, 5) == [(shown, 2)]
    await store.are(10, [3, 4, 5])
    assert await store.count(10) == 3
    assert await store.unstar(10, 3)
    assert not await store.unstar(10, 3)
    assert await store.hide(100)
    assert await store.get(10) == Starred(10, 1, 2, 7, hidden=True)
    assert await store.count(11) == 1
    await store.forget(10, 11, 12)
    assert await store.count(10) == await store.count(11) == 0
    await store.forget()


@pytest.fixture
async def starry(town: Town):
    """Two stars bring a message to #bots-corner."""
    await town.says(town.admin, "!config set starboard-channel #bots-corner")
    await town.says(town.admin, "!config set starboard-threshold 2")


async def star(town: Town, message, *people) -> None:
    for who in people:
        await town.reacts(who, message, STAR)
    await town.wait(seconds=5)


async def test_messages_come_and_go(town: Town, starry):
    await town.says(town.ann, "so *funny* @everyone")
    message = town.last_said
    dora = town.outsider("dora")
    await town.join(dora)
    await town.says(town.admin, f"!blocklist add {dora.mention}")
    await star(town, message, town.ann, town.bob, dora)  # neither one's own star nor of who is blocked
    assert town.messages(town.bots_corner) == []
    await star(town, message, town.admin)
    shown = town.last(town.bots_corner)
    assert shown is not None
    assert shown.content == f"⭐ **2** · {town.general.mention}"
    assert "so *funny*" in shown
    assert message.jump_url in shown
    assert not shown.pings_everyone
    await town.unreacts(dora, message, STAR)
    await star(town, message, town.moderator)
    await town.edits(town.ann, "even funnier", message=message)
    await town.wait(seconds=5)
    now = town.now_of(shown)
    assert now is not None
    assert now.content.startswith("⭐ **3**")
    assert "even funnier" in now
    await town.restart(clean=False)
    await town.unreacts(town.admin, message, STAR)
    await town.unreacts(town.moderator, message, STAR)
    await town.wait(seconds=5)
    assert town.now_of(shown) is None
    with town.not_listening():
        await town.reacts(town.admin, message, STAR)
    await star(town, message, town.moderator)
    shown = town.last(town.bots_corner)
    assert shown is not None
    assert shown.content.startswith("⭐ **3**")  # the one that was given meanwhile, too
    assert "got 3 stars" in await town.says(town.bob, "!starboard stats @ann")
    assert "gave 1 star" in await town.says(town.bob, "!starboard stats")
    assert town.ann.mention in await town.says(town.bob, "!starboard")
    assert str(shown.id) in await town.says(town.bob, "!starboard top")
    await town.deletes(town.admin, shown)
    await star(town, message, town.developer)
    assert town.messages(town.bots_corner) == []
    await town.says(town.bob, "another")
    other = town.last_said
    await star(town, other, town.ann, town.admin)
    assert len(town.messages(town.bots_corner)) == 1
    await town.delete_message(other)
    assert town.messages(town.bots_corner) == []


def message_of(town: Town, **data: object) -> discord.Message:
    """A message as Discord sends it."""
    author = {"id": str(town.ann.id), "username": "ann", "discriminator": "0", "avatar": None}
    whole = {
        "id": "5", "channel_id": str(town.general.id), "type": 0, "content": "", "author": author, "attachments": [],
        "embeds": [], "mentions": [], "mention_roles": [], "mention_everyone": False, "pinned": False, "tts": False,
        "timestamp": "2026-01-01T00:00:00+00:00", "edited_timestamp": None,
    }  # fmt: skip
    return discord.Message(state=town.bot._connection, channel=town.general.live, data={**whole, **data})


def file_of(name: str, kind: str = "image/png") -> dict[str, object]:
    return {"id": "6", "filename": name, "size": 1, "url": f"https://x/{name}", "proxy_url": "", "content_type": kind}


def picture_at(url: str) -> dict[str, object]:
    return {"type": "image", "url": url, "thumbnail": {"url": url}}


async def test_what_came_to_the_board_long_ago_goes_with_its_message(town: Town, starry, monkeypatch):
    monkeypatch.setattr("cogs.utility.starboard.board.REMEMBERED", 1)
    messages, shown = [], []
    for text in ("first", "second"):
        await town.says(town.ann, text)
        messages.append(town.last_said)
        await star(town, town.last_said, town.bob, town.admin)
        shown.append(town.last(town.bots_corner))
    await town.deletes(town.ann, messages[0])
    assert town.now_of(shown[0]) is None
    assert town.now_of(shown[1]) is not None
    await town.restart()
    await town.deletes(town.ann, messages[1])
    assert town.now_of(shown[1]) is None


async def test_what_is_seen_of_a_message(town: Town):
    hidden, seen = "https://x/hidden.png", "https://x/seen.png"
    for content, embeds, expected in (
        (f"||look {hidden} there||", [picture_at(hidden)], None),
        (f"||{hidden}|| {seen}", [picture_at(hidden), picture_at(seen)], seen),
    ):
        assert shown(message_of(town, content=content, embeds=embeds)).image.url == expected
    files = shown(
        message_of(town, attachments=[file_of("SPOILER_a.png"), file_of("b.png"), file_of("c.txt", "text")])
    )
    assert files.image.url == "https://x/b.png"
    assert "||[SPOILER" in str(files.fields[0].value)
    replied_to = message_of(town, content="||who did it||")
    reply = message_of(
        town, content="x" * 4_000, type=19, message_reference={"message_id": "5", "channel_id": str(town.general.id)},
        attachments=[file_of("_" * 99, "text") for _number in range(10)],
    )  # fmt: skip
    assert reply.reference is not None
    reply.reference.resolved = replied_to
    assert "||who did it||" in str(shown(reply).fields[0].value)
    assert len(shown(reply)) <= 6_000
    forwarded = {"type": 0, "content": "from afar", "embeds": [], "attachments": [file_of("d.png")], "flags": 0}
    forward = shown(message_of(town, message_snapshots=[{"message": {
        **forwarded, "timestamp": "2026-01-01T00:00:00+00:00", "edited_timestamp": None,
    }}]))  # fmt: skip
    assert forward.description == "from afar"
    assert forward.image.url == "https://x/d.png"


async def test_what_fails_and_what_was_missed_is_made_up_for(town: Town, starry):
    await town.says(town.ann, "seldom seen")
    message = town.last_said
    await town.wait(seconds=5)
    await town.restart()
    with town.not_listening():
        await town.reacts(town.bob, message, STAR)
    await star(town, message, town.admin)
    shown = town.last(town.bots_corner)
    assert shown is not None
    assert shown.content.startswith("⭐ **2**")
    town.refuse("GET", "/channels/*/messages/*", status=502)
    await star(town, message, town.moderator)
    assert town.now_of(shown).content.startswith("⭐ **2**")
    await town.wait(minutes=2)
    assert town.now_of(shown).content.startswith("⭐ **3**")
    town.refuse("DELETE", "/channels/*/messages/*", status=502)
    await town.delete_message(message)
    await town.wait(seconds=5)
    await town.says(town.bob, "soon deleted")
    other = town.last_said
    await star(town, other, town.ann)
    await town.delete_message(other)
    await town.wait(minutes=2)
    assert town.messages(town.bots_corner) == []
    assert await town.db.fetchval("SELECT COUNT(*) FROM starred_messages") == 0


async def test_what_stays_away(town: Town, starry):
    secret = town.private
    await town.says(town.moderator, "secret", channel=secret)
    await star(town, town.last_said, town.admin, town.owner)
    await town.take_permission(town.bots_corner, "embed_links")
    assert "⚠️ I need **Embed Links**" in await town.says(town.admin, "!starboard")
    await town.give_permission(town.bots_corner, "embed_links")
    await town.says(town.admin, "!config set starboard-ignored #general")
    await town.says(town.ann, "ignored")
    await star(town, town.last_said, town.admin, town.bob)
    await town.says(town.admin, "!config set starboard-days 2")
    spicy, hot_board = town.channel("spicy"), town.channel("spicy-stars")
    await town.restrict_by_age(spicy)
    await town.says(town.ann, "spicy", channel=spicy)
    hot = town.last_said
    await star(town, hot, town.admin, town.bob)
    old = town.channel("old")
    await town.says(town.ann, "old", channel=old)
    late = town.last_said
    await town.wait(days=3)
    await star(town, late, town.admin, town.bob)
    assert town.messages(town.bots_corner) == []
    await town.says(town.admin, "!config set starboard-nsfw-channel #spicy-stars")
    await town.says(town.admin, "!config set starboard-days 0")
    await star(town, hot, town.moderator)
    assert town.messages(hot_board) == []  # it isn't one for adults itself
    assert "has to be age-restricted" in await town.says(town.admin, "!starboard")
    await town.restrict_by_age(hot_board)
    await star(town, hot, town.developer)
    assert "spicy" in town.last(hot_board)
    await town.says(town.admin, "!config set starboard-emoji 🌟")
    assert "one emoji" in await town.says(town.admin, "!config set starboard-emoji star")
    await star(town, late, town.moderator)
    assert town.messages(town.bots_corner) == []
    await town.reacts(town.bob, late, "🌟")
    await town.reacts(town.admin, late, "🌟")
    await town.wait(seconds=5)
    assert len(town.messages(town.bots_corner)) == 1
    await town.restrict_by_age(old)
    await town.reacts(town.moderator, late, "🌟")
    await town.wait(seconds=5)
    assert town.messages(town.bots_corner) == []
