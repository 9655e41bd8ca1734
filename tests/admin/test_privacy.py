"""What is stored about somebody: shown, handed out, deleted."""

import io
import json
import zipfile
from datetime import UTC, datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from cogs.admin.privacy import rules
from database.schema import shapes
from tests.support.ledger import prove
from tests.support.remembered import places_in_memory
from tests.support.standings import prove_standings
from tests.support.town import Town

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
SHORT_LIVED = {
    "Chat.writer.waits._until", "QuickGames.casino._pace._played", "ServerLog.desk.cases.target_id",
}  # fmt: skip
"""What ends within minutes: who waits for the next XP, how fast somebody plays, whose doing the next news may be."""


async def places_of(town: Town, user_id: int) -> set[str]:
    """Every table that has an id anywhere, in a column or within a text."""
    looks = [
        f"SELECT '{name}' AS name WHERE EXISTS (SELECT 1 FROM {name} WHERE "
        + " OR ".join(f"CAST({column} AS TEXT) LIKE $1" for column in shape.columns)
        + ")"
        for name, shape in (await shapes(town.db)).items()
    ]
    return {row["name"] for row in await town.db.fetchall(" UNION ALL ".join(looks), f"%{user_id}%")}


async def live(town: Town) -> None:
    """Ann does a bit of everything."""
    for text in (
        "hello everybody, how are you today?", "!remind 2h tea", "!todo add milk", "!timezone Berlin", "!daily",
        "!work", f"!pay {town.bob.mention} 5", "!tag create rules Be kind.", "!birthday set 24 December", "!slots 1",
        "!suggest more cake", "!levelups off", "!deposit 10", "!afk lunch", f"!connect4 {town.bob.mention}",
    ):  # fmt: skip
        await town.says(town.ann, text)
        await town.wait(seconds=5)  # who sends many commands at once isn't heard for a while
    await town.says(town.bob, f"!report {town.ann.mention} is rude")
    await town.wait(seconds=30)


async def test_what_is_stored_is_shown_and_handed_out(town: Town):
    page = await town.says(town.ann, "!privacy")
    assert "mydata delete" in page
    assert "30 days" in page
    for _ in range(2):
        await town.press(town.ann, page, "▶")
    shown = town.last()
    assert shown.embed.title == "Economy"
    assert any("Your coins in each server" in name for name in shown.fields)
    assert all("How long" in value for value in shown.fields.values())
    assert await town.says(town.ann, "!mydata") == "Your data\nI store nothing about you."
    assert await town.says(town.ann, "!mydata export") == "I store nothing about you."
    # Nobody is told what only others' rows say of them, but it goes, and isn't taken for a deletion.
    await town.db.execute(
        "INSERT INTO away_mentions (guild_id, user_id, message_id, channel_id, author_id, mentioned_at)"
        " VALUES (1, 2, 3, 4, $1, 6)", town.ann.id,
    )  # fmt: skip
    assert await town.says(town.ann, "!mydata delete") == "I store nothing about you."
    assert await places_of(town, town.ann.id) == set()
    await live(town)
    assert any("Your reminders" in one for one in (await town.says(town.ann, "!mydata")).fields.values())
    assert await town.says(town.ann, "!mydata export here") == "I've sent it to you."
    (file,) = town.last(town.ann).files
    assert file.filename == "my-data-2026-01-01.json"
    found: dict[str, Any] = json.loads(await file.read())
    assert found["user_id"] == str(town.ann.id)
    assert found["data"]["reminders"][0]["text"] == "tea"
    assert found["data"]["ledger"][0]["written_at"].startswith("2026-01-01T")
    assert "todos" not in found["data"], "which are about no server"
    assert str(town.bob.id) not in json.dumps(found), "of others nothing"
    assert "reports" not in found["data"], "nor who reported"
    assert await town.says(town.ann, "!mydata export nowhere") is not None
    await town.says(town.ann, "!mydata export")
    assert "milk" in str(await town.last(town.ann).files[0].read())
    await town.says(town.ann, "!mydata export")
    files = len(town.messages(town.ann))
    assert await town.says(town.ann, "!mydata export") is not None, "not so often"
    assert len(town.messages(town.ann)) == files


async def test_nothing_is_left_after_deleting(town: Town):
    await live(town)
    await town.says(town.moderator, f"!warn {town.ann.mention} spam")
    await town.says(town.moderator, f"!timeout {town.ann.mention} 40d spam")
    before = await places_of(town, town.ann.id)
    assert {"reminders", "todos", "timers", "ledger", "standings", "birthdays", "board_games", "cases"} <= before
    question = await town.dm(town.ann, "!mydata delete")  # who is timed out can't write anywhere else
    assert "in all servers" in question
    assert {"Goes", "Goes in part", "Stays without you in it", "Stays until it ends"} == set(question.fields)
    assert "Your reminders" in question
    await town.press(town.ann, question, "No")
    assert town.last(town.ann) == "Nothing was deleted."
    assert await places_of(town, town.ann.id) == before
    await town.press(town.ann, await town.dm(town.ann, "!mydata delete"), "Yes")
    assert town.last(town.ann).startswith("Your data is deleted.")
    await town.wait(minutes=1)
    # What is in force: the timeout with its timer, the warning that counts, the report that is open.
    left = await places_of(town, town.ann.id)
    assert left <= {"cases", "sanctions", "timers", "reports", "pending_erasures", "recent_erasures"}, left - before
    assert await town.db.fetchval("SELECT COUNT(*) FROM timers WHERE user_id = $1", town.ann.id) == 1
    assert places_in_memory(town.bot, town.ann.id) <= SHORT_LIVED
    await prove(town.db, town.guild.id)
    await prove_standings(town.db, town.guild.id)
    assert "again" in await town.dm(town.ann, "!mydata delete"), "or there were start balances without end"
    assert await town.db.fetchval("SELECT COUNT(*) FROM user_settings") == 0


async def test_one_server_alone(town: Town):
    village = town.new_guild("Village", members=[town.ann])
    await town.settle()
    await town.says(town.ann, "!daily")
    await town.says(town.ann, "!daily", channel=village.general)
    question = await town.says(town.ann, "!mydata delete here")
    assert "in Town?" in question
    await town.says(town.ann, "I chat a little, and nothing of it is written yet")
    await town.press(town.ann, question, "Yes")
    await town.wait(seconds=30)
    assert await town.db.fetchval("SELECT COUNT(*) FROM standings") == 0, "nothing comes back"
    for guild_id, accounts in ((town.guild.id, 0), (village.id, 1)):
        found = await town.db.fetchval(
            "SELECT COUNT(*) FROM accounts WHERE guild_id = $1 AND user_id = $2", guild_id, town.ann.id
        )
        assert found == accounts
        await prove(town.db, guild_id)
    assert "server" in await town.dm(town.ann, "!mydata delete here")


# --- Pure ---------------------------------------------------------------------------------------------------

values = st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text(max_size=40) | st.just('{"a": 1}')


@settings(max_examples=40)
@given(
    st.dictionaries(
        st.text(max_size=5), st.lists(st.dictionaries(st.text(max_size=9), values, max_size=5)), max_size=3
    )
)
def test_an_export_can_be_read_without_loss(tables: dict[str, list[dict[str, Any]]]):
    found = json.loads(rules.as_json(5, NOW, [("w", "y", "k")], tables))
    assert set(found["data"]) == set(tables)
    for name, rows in tables.items():
        for row, read in zip(rows, found["data"][name], strict=True):
            assert set(row) == set(read)
            for column, value in row.items():
                if isinstance(value, int) and not isinstance(value, bool) and not column.endswith("_at"):
                    assert read[column] == value or read[column] == str(value) or column in rules.ALSO_MOMENTS


def test_moments_and_ids_are_readable():
    assert rules.readable("set_at", 1_767_268_800_000) == "2026-01-01T12:00:00+00:00"
    assert rules.readable("set_at", None) is None
    assert rules.readable("user_id", 2**60) == str(2**60)
    assert rules.readable("answers", '[["a", "b"]]') == [["a", "b"]]
    assert rules.readable("text", "[not json") == "[not json"
    assert rules.readable("hidden", False) is False


def test_large_exports_are_compressed():
    name, content = rules.as_file(b"x" * (rules.LARGEST_FILE_BYTES + 1), NOW)
    assert name == "my-data-2026-01-01.json.zip"
    assert len(content) < 100_000
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.namelist() == ["my-data-2026-01-01.json"]
