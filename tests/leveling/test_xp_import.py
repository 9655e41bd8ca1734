"""`xp import` and `xp export`: a file is shown before it is taken, is taken once, and can be taken back."""

import json

import pytest

from cogs.leveling.xp import changing
from database.errors import DatabaseUnavailable
from database.standing_values import Standing
from database.standings import StandingsStore
from tests.support.town import Town

english = pytest.mark.town(languages=("en",))


async def standing(town, user_id) -> Standing:
    return await StandingsStore(town.db).get(town.guild.id, user_id)


async def imports(town, words, content, name="levels.csv"):
    """An admin attaches a file; what is asked or said."""
    content = content if isinstance(content, bytes) else content.encode()
    return await town.says(town.admin, f"!xp import {words}", files=[(name, content)])


async def agrees(town, question):
    return (await town.press(town.admin, question, "Yes")).reply


async def test_mee6_is_imported_once_and_taken_back(town: Town, monkeypatch):
    monkeypatch.setattr(changing, "PIECE", 2)
    robot = town.outsider("robot", bot=True)
    town.guild.handle.add_member(robot.handle)
    await town.says(town.admin, "!xp set @bob 700")
    players = [
        {"id": str(one), "xp": xp, "detailed_xp": [0, 100, xp], "level": level, "message_count": messages}
        for one, xp, level, messages in (
            (town.ann.id, 520, 3, 31), (town.bob.id, 300, 2, 4), (80351110224678912, 155, 9, 1), (robot.id, 9, 0, 9),
        )
    ]  # fmt: skip
    content = json.dumps({"players": [*players, {"id": "nobody", "xp": 5}]})

    question = await imports(town, "replace", content, "mee6.json")
    for part in (
        "Import **`mee6.json`**?", "- 5 rows\n- 2 members have nothing here yet\n- 0 members stay the same",
        "- 1 isn't in this server", "- 3 members change\n- 2 members have more XP\n- 1 member has less XP",
        "- All XP together: +275", f"{town.bob.mention}: 700 here, 300 in the file",
        "<@80351110224678912>: 155 XP, level 9 in the file and 1 here", "2 rows are left out:",
        "- row 5: no id of a user\n- row 4: a bot",
    ):  # fmt: skip
        assert part in question, part
    assert "Imported: the XP of 3 members is changed." in await agrees(town, question)
    assert await standing(town, town.ann.id) == Standing(town.ann.id, 520, 31)
    assert await standing(town, town.bob.id) == Standing(town.bob.id, 300, 4)
    assert await standing(town, 80351110224678912) == Standing(80351110224678912, 155, 1, present=False)
    assert (await standing(town, robot.id)).xp == 0

    # Again it changes nothing, and it can't be added on top.
    for words in ("replace", "highest"):
        assert "The file changes nothing" in await imports(town, words, content)
    uploaded = town.last_said
    assert "The file changes nothing" in await town.says(town.admin, "!xp import", reply_to=uploaded)
    assert "This file was imported already, as **#1**" in await imports(town, "add", content)
    await agrees(town, await town.says(town.admin, "!xp restore 1"))
    assert [(await standing(town, one.id)).xp for one in (town.ann, town.bob)] == [0, 700]
    await agrees(town, await imports(town, "add", content))
    assert [(await standing(town, one.id)).xp for one in (town.ann, town.bob)] == [520, 1_000]


@english
async def test_what_is_exported_can_be_imported(town: Town):
    await town.says(town.admin, "!xp set @ann 1,520")
    await town.says(town.admin, "!xp set @bob level 4")
    csv_file = (await town.says(town.admin, "!xp export")).files[0]
    json_file = (await town.says(town.admin, "!xp export json")).files[0]
    assert (csv_file.filename, json_file.filename) == ("levels-1.csv", "levels-1.json")
    contents = [await town.as_bot(one.read()) for one in (csv_file, json_file)]
    for content in contents:
        for words in ("replace", "highest"):
            assert "The file changes nothing" in await imports(town, words, content)
    await agrees(town, await town.says(town.admin, "!xp reset everyone"))
    await agrees(town, await imports(town, "", contents[0]))
    assert [(await standing(town, one.id)).xp for one in (town.ann, town.bob)] == [1_520, 770]


@english
async def test_what_is_refused(town: Town):
    assert "Attach the file to your message" in await town.says(town.admin, "!xp import")
    assert "Write `highest`, `replace` or `add`." in await imports(town, "some", "id,xp\n")
    assert "Manage Server" in await town.says(town.ann, "!xp import", files=[("x.csv", b"id,xp\n1,1")])
    two = [("a.csv", b"id,xp"), ("b.csv", b"id,xp")]
    assert "one file at a time" in await town.says(town.admin, "!xp import", files=two)
    assert "which columns" in await imports(town, "", "hello")
    assert "nobody's XP.\n\n1 row is left out:\n- row 2: no id" in await imports(town, "", "id,xp\nann,5")
    assert "I export as `csv`" in await town.says(town.admin, "!xp export pdf")
    assert "Nobody has any XP here yet." in await town.says(town.admin, "!xp export")
    question = await imports(town, "", f"id,xp\n{town.ann.id},5")
    assert "Nothing was imported." in (await town.press(town.admin, question, "No")).reply


async def test_the_database_goes_away_half_way(town: Town, monkeypatch):
    """What was done is said, and can be taken back."""
    monkeypatch.setattr(changing, "PIECE", 2)
    people = [town.ann, town.bob, town.moderator]
    question = await imports(town, "", "id,xp\n" + "\n".join(f"{one.id},500" for one in people))
    executemany, pieces = town.db.executemany, []

    async def breaks(sql, rows):
        pieces.append(sql)
        if sum("standing_snapshot_rows" in one for one in pieces) == 2:
            raise DatabaseUnavailable("gone")
        await executemany(sql, rows)

    with monkeypatch.context() as patch:
        patch.setattr(town.db, "executemany", breaks)
        said = await agrees(town, question)
    assert "the XP of 2 members is changed, and that of the others isn't. `xp restore 1` takes it back." in said
    assert sorted([(await standing(town, one.id)).xp for one in people]) == [0, 500, 500]
    assert "cut short" in await town.says(town.admin, "!xp snapshots")
    await agrees(town, await town.says(town.admin, "!xp restore"))
    assert [(await standing(town, one.id)).xp for one in people] == [0, 0, 0]
