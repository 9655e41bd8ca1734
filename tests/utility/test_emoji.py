"""`emoji`: looking, adding, and counting what is used without I/O on the path of a message."""

import io
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from cogs.utility.emoji.rules import MOST_OF_A_MESSAGE, NAME, fitting_name, ranked, sources_in, used_in
from database.server_counts import ServerCountsStore
from tests.support.town import Town


def picture() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (32, 32), (200, 40, 40)).save(file, "PNG")
    return file.getvalue()


async def allow(town: Town) -> None:
    """Admins may add emoji."""
    await town.give_permission(town.guild, "create_expressions", of=town.guild.role("Admin"))


def test_links_to_the_pictures_of_emoji_are_read_as_emoji():
    text = (
        "ab https://cdn.discordapp.com/emojis/123456789012345678.webp?size=96&name=p%20q&animated=true "
        "<https://media.discordapp.net/emojis/123456789012345678.gif> https://evil.org/emojis/123456789012345678.png "
        "https://cdn.discordapp.com/attachments/123456789012345678.png <a:xy:123456789012345679>"
    )
    sources, words = sources_in(text)
    assert list(map(str, sources)) == [
        "<a:xy:123456789012345679>", "<a:p_q:123456789012345678>", "<a:_:123456789012345678>",
    ]  # fmt: skip
    assert [len(words), words[0]] == [3, "ab"]


def test_the_emoji_of_a_message_count_once_each():
    text = "<:a:123456789012345678> <a:b:123456789012345679><:a:123456789012345678> <:x:12> 👍 <@123456789012345678>"
    assert used_in(text) == [123456789012345678, 123456789012345679]
    assert len(used_in(" ".join(f"<:x:{10**17 + n}>" for n in range(99)))) == MOST_OF_A_MESSAGE


@given(st.text(max_size=60))
def test_whatever_a_file_is_called_the_name_fits(name: str):
    made = fitting_name(name)
    assert made is None or NAME.fullmatch(made)


@given(st.dictionaries(st.integers(1, 50), st.integers(0, 9)))
def test_each_emoji_has_its_place(uses: dict[int, int]):
    order = ranked(range(1, 51), uses)
    assert sorted(one.emoji_id for one in order) == list(range(1, 51))
    assert all(first.uses >= second.uses for first, second in pairwise(order))


async def test_emoji_are_added_shown_and_counted(town: Town):
    assert "no emoji" in await town.says(town.ann, "!emoji stats")
    await allow(town)
    assert "Create Expressions" in await town.says(town.ann, "!emoji add party", files=[("x.png", picture())])
    answer = await town.says(town.admin, "!emoji add party", files=[("x.png", picture())])
    assert ":party:" in answer
    [emoji] = await town.as_bot(town.guild.live.fetch_emojis())
    for _turn in range(3):
        await town.says(town.ann, f"hello {emoji} {emoji} <:foreign:999999999999999999>")
    answer = await town.says(town.bob, "!emoji stats")
    assert f"{emoji} `:party:` 3" in answer
    assert await ServerCountsStore(town.db).emoji(town.guild.id, town.now.date()) == {emoji.id: 3}
    assert str(emoji.id) in await town.says(town.bob, f"!emoji {emoji}")
    assert "another server" in await town.says(town.bob, "!emoji info <:foreign:999999999999999999>")
    assert "THUMBS UP SIGN" in await town.says(town.bob, "!emoji 👍")
    await town.says(town.bob, "look", files=[("cat face.png", picture())])
    assert ":cat_face:" in await town.says(town.admin, "!emoji add", reply_to=town.last_said)
    [second] = [one for one in await town.as_bot(town.guild.live.fetch_emojis()) if one.name == "cat_face"]
    await town.says(town.ann, f"and {second}")
    assert f"{second} `:cat_face:` 1" in await town.says(town.bob, "!emoji stats")


async def test_an_emoji_of_another_server_is_taken_over(town: Town):
    await allow(town)
    town.has_file("https://cdn.discordapp.com/emojis/123456789012345678.png", picture())
    link = "https://cdn.discordapp.com/emojis/123456789012345678.webp?size=96&name=blob&quality=lossless"
    for said, name in (
        ("<:party:123456789012345678>", "party"), ("cake <:party:123456789012345678>", "cake"), (link, "blob"),
        (f"{link} fish", "fish"),
    ):  # fmt: skip
        assert f"`:{name}:`" in await town.says(town.admin, f"!emoji add {said}")
        await town.wait(seconds=20)
    for wrong, sentence in (
        ("<:a:123456789012345678>", "to be called"), ("<:gone:123456789012345679>", "can't get that picture"),
        ("<:one:123456789012345678> <:two:123456789012345678>", "one emoji"),
        ("cat https://example.org/emojis/123456789012345678.png", "one name"),
    ):  # fmt: skip
        assert sentence in await town.says(town.admin, f"!emoji add {wrong}")
        await town.wait(seconds=20)
    for code in (30008, 30018):
        town.refuse("POST", "/guilds/*/emojis", status=400, code=code)
        assert "Delete one first" in await town.says(town.admin, "!emoji add x1 <:party:123456789012345678>")
        await town.wait(seconds=20)


async def test_what_is_no_emoji_is_refused(town: Town):
    await allow(town)
    for wrong in ("x", "@everyone", "x" * 1900, ":party:"):
        assert "isn't an emoji" in await town.says(town.ann, f"!emoji {wrong}")
    for wrong, files in (
        ("", []), ("party", []), ("a b", [("x.png", picture())]), ("ü", [("x.png", picture())]),
        ("party", [("x.txt", b"no picture")]), ("party", [("x.png", b"x" * 300_000)]), ("", [("😀.png", picture())]),
    ):  # fmt: skip
        answer = await town.says(town.admin, f"!emoji add {wrong}", files=files)
        assert "is here now" not in answer
        assert "Something went wrong" not in answer
        await town.wait(seconds=20)
