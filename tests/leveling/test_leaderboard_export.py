"""The leaderboard as files."""

import csv
import io
import json

from database.standing_values import Standing
from tests.leveling.test_leaderboard import put
from tests.support.town import Town


async def test_everybody_is_in_the_files(town: Town):
    await put(
        town,
        Standing(town.ann.id, 475, 20, 7),
        Standing(town.bob.id, 10),
        Standing(10**17, 5000, present=False),
    )
    await town.rename(town.ann, "=1+1")
    await town.says(town.bob, "this counts as well")
    assert "Manage Server" in await town.says(town.bob, "!leaderboard export")
    table, objects = (await town.says(town.admin, "!lb export")).replies
    assert [one.files[0].filename for one in (table, objects)] == ["levels-1.csv", "levels-1.json"]
    head, *rows = csv.reader(io.StringIO((await table.files[0].read()).decode("utf-8-sig")))
    assert head == ["user_id", "name", "level", "xp", "messages", "voice_minutes", "present"]
    assert rows[1] == [f"'{town.ann.id}", "ann", "3", "475", "20", "7", "yes"]
    assert rows[0] == ["'100000000000000000", "", "10", "5000", "0", "0", "no"]
    assert rows[2][0:2] == [f"'{town.bob.id}", "bob"]
    assert 25 <= int(rows[2][3]) <= 35, "what was gained this moment is in it"
    found = json.loads(await objects.files[0].read())["members"]
    assert found[1] == {
        "user_id": str(town.ann.id), "name": "ann", "level": 3, "xp": 475, "messages": 20, "voice_minutes": 7,
        "present": True,
    }  # fmt: skip
    assert [one["xp"] for one in found] == [int(row[3]) for row in rows]
    assert len((await town.says(town.admin, "!lb export JSON")).replies) == 1
    assert "as `csv` or as `json`" in await town.says(town.admin, "!lb export xlsx")
