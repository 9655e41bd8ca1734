"""The leaderboard as a picture, and without one."""

import io

from PIL import Image

from cogs.leveling.board.picture import ACCENT, BAR, EDGE, LEFT, RIGHT, ROW, WIDTH, BoardFacts, RowFacts, draw_board
from database.standing_values import Standing
from tests.leveling.test_leaderboard import crowd, listed, put
from tests.support.town import Town
from utils.drawing.fonts import Fonts


def near(one, other) -> bool:
    return all(abs(a - b) < 40 for a, b in zip(one, other, strict=True))


def test_bars_are_as_long_as_what_people_have():
    names = ["ann", "محمد علي", "山田太郎", "🔥" * 32, "\u200b", "W" * 32]
    rows = [
        RowFacts(number + 4, f"#{number + 4}", name, "", "1,234,567 messages", "level 1,000", share, number == 2)
        for number, (name, share) in enumerate(zip(names, (1.0, 0.5, 0.0, 0.25, 7.0, -1.0), strict=True))
    ]
    drawn = draw_board(BoardFacts(tuple(rows)), [None, b"broken", b"", None, None, None], Fonts())
    picture = Image.open(io.BytesIO(drawn)).convert("RGB")
    assert picture.size == (WIDTH, 2 * EDGE + 6 * ROW)
    end = RIGHT - 176
    for number, share in enumerate((1.0, 0.5, 0.0, 0.25, 1.0, 0.0)):
        y = EDGE + ROW * number + 54 + BAR // 2
        for x in range(LEFT + 30, end - 20, 20):
            filled = near(picture.getpixel((x, y)), ACCENT)
            if abs((x - LEFT) / (end - LEFT) - share) > 0.03:
                assert filled == ((x - LEFT) / (end - LEFT) < share)


async def test_each_page_has_its_picture_where_there_can_be_one(town: Town):
    people = crowd(town, 12)
    await town.settle()
    await put(town, *(Standing(one.id, 500 - n) for n, one in enumerate(people)))
    first = await town.says(town.ann, "!lb")
    assert [one.filename for one in first.files] == ["leaderboard.jpg"]
    assert first.embed.image.url.endswith("leaderboard.jpg")
    assert Image.open(io.BytesIO(await first.files[0].read())).height == 2 * EDGE + 10 * ROW
    second = (await town.press(town.ann, first, "▶")).message
    assert Image.open(io.BytesIO(await second.files[0].read())).height == 2 * EDGE + 2 * ROW
    assert len(second.files) == 1, "in place of the first"
    assert len(listed(second)[0]) == 2, "and the list for who can't see it"
    await town.says(town.admin, "!config set leaderboard-pictures off")
    back = (await town.press(town.ann, first, "◀")).message
    assert not back.files
    assert back.embed.image.url is None
    await town.says(town.admin, "!config reset leaderboard-pictures")
    town.bot.drawing.close()  # now everything that draws fails
    failed = await town.says(people[0], "!lb")
    assert not failed.files
    assert len(listed(failed)[0]) == 10
    await town.take_permission(town.general, "attach_files")
    assert not (await town.says(town.ann, "!lb")).files
    assert "Attach Files" in await town.says(town.admin, "!lb export")
