"""`rank` and `rankcard` in the town: the picture, what stands in for it, and what people choose."""

import io

import discord
from PIL import Image

from cogs.leveling.cards.draw import AVATAR, AVATAR_LEFT, AVATAR_TOP
from database.rank_cards import CardChoice, RankCardsStore
from database.standing_values import Gain
from database.standings import StandingsStore
from tests.support.answers import Answer
from tests.support.places import Person
from tests.support.town import Town
from utils.drawing.drawing import MOST_AVATAR_BYTES


async def give(town: Town, **xp: int) -> None:
    """Let people of the town have so much XP."""
    people = {getattr(town, name).id: Gain(xp=amount, messages=amount // 20) for name, amount in xp.items()}
    async with StandingsStore(town.db).change(town.guild.id) as change:
        await change.add(people)


def picture(answer: Answer | None) -> discord.Attachment:
    assert answer is not None
    assert not answer.embeds
    (file,) = answer.files
    assert file.filename == "rank.png"
    return file


async def pixels(town: Town, answer: Answer | None) -> Image.Image:
    return Image.open(io.BytesIO(await town.as_bot(picture(answer).read())))


async def says(town: Town, who: Person, text: str) -> Answer:
    answer = await town.says(who, text)
    assert answer is not None
    await town.wait(seconds=20)  # until nobody has to wait for another picture
    return answer


async def test_rank_is_a_picture_with_words_for_who_cannot_see_it(town: Town):
    await give(town, ann=1_234, bob=5_000)
    answer = await says(town, town.ann, "!rank")
    words = picture(answer).description or ""
    assert answer.content == ""
    for part in ("ann", "#2/2", "1,234", "61"):
        assert part in words
    image = await pixels(town, answer)
    assert image.size == (900, 250)
    other = await says(town, town.ann, "!level @bob")
    assert "#1/2" in (picture(other).description or "")

    await town.leave(town.bob)
    gone = await says(town, town.ann, f"!rank {town.bob.id}")
    assert "5,000" in (picture(gone).description or "")
    assert "#" not in (picture(gone).description or "")
    assert "#1/1" in (picture(await says(town, town.ann, "!rank")).description or "")


async def test_who_has_no_xp_and_bots_get_a_sentence(town: Town):
    assert "no XP yet" in await says(town, town.developer, "!rank")
    assert "no XP yet" in await says(town, town.developer, "!rank @bob")
    assert "0 / 100 XP" in (picture(await says(town, town.developer, "!rankcard")).description or "")
    assert "Bots" in await says(town, town.developer, f"!rank {town.bot.user.id}")


async def test_a_card_comes_as_embed_where_pictures_cannot_be(town: Town):
    await give(town, ann=1_234)

    async def embed() -> Answer:
        answer = await says(town, town.ann, "!rank")
        assert answer.embeds
        assert not answer.files
        assert "1,234" in answer
        assert "#1/1" in answer
        return answer

    await town.take_permission(town.general, "attach_files")
    await embed()
    assert "ocean" in await says(town, town.ann, "!rankcard background")
    await town.give_permission(town.general, "attach_files")
    picture(await says(town, town.ann, "!rank"))

    await says(town, town.admin, "!config set rank-cards off")
    await embed()
    assert not (await says(town, town.ann, "!rankcard colour red")).files
    await says(town, town.ann, "!rankcard reset")
    await says(town, town.admin, "!config set rank-cards on")

    town.bot.drawing.close()
    picture(await says(town, town.ann, "!rank"))  # kept from before
    await give(town, ann=1)
    assert "1,235" in await says(town, town.ann, "!rank")


async def test_people_choose_how_their_card_looks_everywhere(town: Town):
    await give(town, ann=1_234)
    before = await pixels(town, await says(town, town.ann, "!rankcard"))
    assert "ocean" in await says(town, town.ann, "!rankcard")
    for wrong in (
        "background nosuch",
        "background oceam",
        "colour nosuch",
        "background " + "x" * 1_900,
        "reset",
        "no",
    ):
        assert not (await says(town, town.ann, f"!rankcard {wrong}")).files
    assert "`ocean`" in await says(town, town.ann, "!rankcard background oceam")
    gallery = await says(town, town.ann, "!rankcard background")
    assert "honeycomb" in (gallery.files[0].description or "")

    coloured = await says(town, town.ann, "!rankcard color #3498DB")
    assert "#3498db" in coloured
    assert (await pixels(town, coloured)).tobytes() != before.tobytes()
    behind = await says(town, town.ann, "!rankcard bg OCEAN")
    await town.restart()
    assert (await RankCardsStore(town.db).of_user(town.ann.id)) == CardChoice(0x3498DB, "ocean")
    after = await pixels(town, await says(town, town.ann, "!rank"))
    assert after.tobytes() == (await pixels(town, behind)).tobytes()

    assert "at first" in await says(town, town.ann, "!rankcard reset")
    assert (await pixels(town, await says(town, town.ann, "!rank"))).tobytes() == before.tobytes()


async def test_the_avatar_is_in_the_circle_and_one_that_cannot_be_had_leaves_letters(town: Town):
    await give(town, ann=1_234, bob=1_234)

    async def middle() -> object:
        image = (await pixels(town, await says(town, town.ann, "!rank"))).convert("RGB")
        return image.getpixel((AVATAR_LEFT + 20, AVATAR_TOP + AVATAR // 2))

    letters = await middle()
    file = io.BytesIO()
    Image.new("RGB", (256, 256), (0, 200, 0)).save(file, "PNG")
    town.chooses_avatar(town.ann, file.getvalue())
    assert await middle() == (0, 200, 0)
    for wrong in (b"no picture", b"x" * (MOST_AVATAR_BYTES + 1)):
        town.chooses_avatar(town.ann, wrong)
        assert await middle() == letters
    zoe = town.outsider("zoe", avatar="0123456789abcdef0123456789abcdef")  # Discord has no such file
    await town.join(zoe, town.guild)
    async with StandingsStore(town.db).change(town.guild.id) as change:
        await change.add({zoe.id: Gain(xp=10)})
    picture(await says(town, zoe, "!rank"))


async def test_who_asks_again_and_again_waits(town: Town):
    await give(town, ann=1_234)
    for _again in range(3):
        picture(await town.says(town.ann, "!rank"))
    answer = await town.says(town.ann, "!rank")
    assert answer is not None
    assert not answer.files
