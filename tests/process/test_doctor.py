"""The doctor on the command line, run as a program against a Discord on loopback."""

import asyncio
import json
import socket
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from database.manager import DatabaseManager
from tests.process.conftest import Start
from tests.support.discord_server import DiscordServer
from tests.support.process import UNSET, within

pytestmark = pytest.mark.slow

MEMBERS_ON, CONTENT_ON = 1 << 15, 1 << 19  # as of a bot in few servers
BOTH_ON = MEMBERS_ON | CONTENT_ON
Report = dict[str, list[dict[str, str]]]


async def examined(
    launch: Start, discord: DiscordServer | None, *options: str, **settings: str
) -> tuple[int, Report]:
    """Run it; the exit status, and its findings by their part."""
    program = await launch("doctor", "--json", *options, discord=discord, **settings)
    status = await program.exit_status(60)
    assert program.output == []
    answer: dict[str, Any] = json.loads("\n".join(program.printed))
    assert answer["ok"] == (status == 0)
    report: Report = {}
    for finding in answer["findings"]:
        assert (finding["state"] == "ok") == (finding["advice"] == ""), finding
        report.setdefault(finding["part"], []).append(finding)
    return status, report


def troubles(report: Report) -> dict[str, str]:
    """What isn't fine, by the part."""
    return {
        part: " ".join(finding["text"] for finding in findings if finding["state"] != "ok")
        for part, findings in report.items()
        if any(finding["state"] != "ok" for finding in findings)
    }


@within(60)
async def test_all_is_well(launch: Start, discord: DiscordServer, migrated_url: str, tmp_path: Path) -> None:
    discord.world.application_flags = BOTH_ON
    status, report = await examined(launch, discord, DATABASE_URL=migrated_url, BACKUP_FOLDER=str(tmp_path / "b"))
    assert status == 0
    left = troubles(report)
    assert set(left) <= {"backups", "database"}
    assert "no backup" in left["backups"]
    assert "database" not in left or "pg_dump" in left["database"]
    said = json.dumps(report)
    assert discord.world.bot["username"] in said
    assert "999 of 1000 session starts" in said
    assert discord.token not in said


@within(60)
async def test_what_discord_minds(launch: Start, discord: DiscordServer, sqlite_url: str) -> None:
    discord.world.application_flags = MEMBERS_ON
    discord.rest.ahead_seconds = 90
    discord.rest.starts_left = 3
    status, report = await examined(launch, discord, DATABASE_URL=sqlite_url)
    assert status == 1
    left = troubles(report)
    assert "'Message Content Intent' is switched off" in left["discord"]
    assert "Server Members" not in left["discord"]
    assert "3 of 1000 session starts" in left["discord"]
    assert "clock is 90 s behind" in left["clock"] or "clock is 89 s behind" in left["clock"]
    discord.rest.starts_left = 0
    status, report = await examined(launch, discord, DATABASE_URL=sqlite_url, MESSAGE_CONTENT="off")
    assert status == 1
    assert "0 of 1000" in troubles(report)["discord"]
    assert "Message Content" not in troubles(report)["discord"]


@within(60)
async def test_a_token_that_is_refused_or_missing(launch: Start, discord: DiscordServer, sqlite_url: str) -> None:
    token = f"{discord.token[:-6]}AAAAAA"
    status, report = await examined(launch, discord, DATABASE_URL=sqlite_url, DISCORD_TOKEN=token)
    assert status == 1
    assert "refuses DISCORD_TOKEN" in troubles(report)["discord"]
    assert token not in json.dumps(report)
    status, report = await examined(launch, discord, DATABASE_URL=sqlite_url, DISCORD_TOKEN=UNSET)
    assert status == 1
    assert "DISCORD_TOKEN is missing" in troubles(report)["settings"]
    assert "there is no token" in troubles(report)["discord"]
    assert "clock" not in troubles(report)


@within(60)
async def test_without_network(launch: Start, discord: DiscordServer, sqlite_url: str) -> None:
    status, report = await examined(launch, None, DATABASE_URL=sqlite_url, DISCORD_TOKEN=discord.token)
    assert status == 1
    assert set(troubles(report)) == {"discord"}
    assert "can't be reached" in troubles(report)["discord"]
    status, report = await examined(launch, None, "--offline", DATABASE_URL=sqlite_url, DISCORD_TOKEN=discord.token)
    assert status == 0
    assert troubles(report) == {}


@within(60)
async def test_each_wrong_setting_and_the_rest_all_the_same(
    launch: Start, discord: DiscordServer, migrated_url: str
) -> None:
    discord.world.application_flags = BOTH_ON
    wrong = {"LOG_LEVEL": "LOUD", "BACKUPS_KEPT": "none", "METRICS_PORT": "99999"}
    status, report = await examined(launch, discord, DATABASE_URL=migrated_url, **wrong)
    assert status == 1
    assert all(key in troubles(report)["settings"] for key in wrong)
    assert [finding["state"] for finding in report["settings"]] == ["wrong"] * 3
    assert "clock" in report
    assert any("schema is that of this program" in finding["text"] for finding in report["database"])


@within(60)
async def test_servers_that_are_away_and_ports_that_are_taken(launch: Start, discord: DiscordServer) -> None:
    address = "postgresql://hearth:sesame@127.0.0.1:9/hearth"
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        status, report = await examined(
            launch, discord, "--offline", DATABASE_URL=address, EVENT_BUS="redis",
            REDIS_URL="redis://:sesame@127.0.0.1:9/0", METRICS_PORT=str(taken.getsockname()[1]),
        )  # fmt: skip
    assert status == 1
    assert "can't be reached" in troubles(report)["database"]
    assert "Redis" in troubles(report)["events"]
    assert "in use" in troubles(report)["metrics"]
    status, report = await examined(
        launch, discord, "--offline", EVENT_BUS="rabbitmq", RABBITMQ_URL="amqp://u:sesame@127.0.0.1:9/"
    )
    assert status == 1
    assert "RabbitMQ" in troubles(report)["events"]
    assert "sesame" not in json.dumps(report)


@within(60)
async def test_a_damaged_file_a_newer_one_and_none(
    launch: Start, discord: DiscordServer, sqlite_template: Path, tmp_path: Path
) -> None:
    file = tmp_path / "damaged.db"
    data = bytearray(sqlite_template.read_bytes())
    with closing(sqlite3.connect(sqlite_template)) as raw:
        page = raw.execute("SELECT rootpage FROM sqlite_master WHERE name = 'reminders'").fetchone()[0]
    data[(page - 1) * 4096 : page * 4096] = b"\xff" * 4096
    file.write_bytes(data)
    status, report = await examined(launch, discord, "--offline", DATABASE_URL=f"sqlite:///{file}")
    assert status == 1
    assert "damaged" in troubles(report)["database"]
    newer = tmp_path / "newer.db"
    newer.write_bytes(sqlite_template.read_bytes())
    with closing(sqlite3.connect(newer)) as raw:
        raw.execute("INSERT INTO schema_migrations VALUES (999, '0999_later', 'x', 1)")
        raw.commit()
    status, report = await examined(launch, discord, "--offline", DATABASE_URL=f"sqlite:///{newer}")
    assert status == 1
    assert "newer than this program" in troubles(report)["database"]
    (tmp_path / "text.db").write_text("no database " * 500)
    status, report = await examined(launch, discord, "--offline", DATABASE_URL=f"sqlite:///{tmp_path / 'text.db'}")
    assert "isn't an SQLite database" in troubles(report)["database"]
    status, report = await examined(launch, discord, "--offline", DATABASE_URL=f"sqlite:///{tmp_path / 'no.db'}")
    assert status == 0
    assert not (tmp_path / "no.db").exists(), "nothing is changed"


@within(60)
async def test_a_running_bot_and_its_backup(launch: Start, discord: DiscordServer, tmp_path: Path) -> None:
    url, folder = f"sqlite:///{tmp_path / 'hearth.db'}", tmp_path / "backups"
    settings = {"DATABASE_URL": url, "BACKUP_FOLDER": str(folder), "BACKUP_EVERY": "1h"}
    async with DatabaseManager(url) as db:
        await db.migrate()
        program = await launch("backup", DATABASE_URL=url, BACKUP_FOLDER=str(folder))
        assert await program.exit_status(60) == 0, program.text
        status, report = await examined(launch, discord, "--offline", **settings)
        assert (status, troubles(report)) == (0, {})
        (manifest,) = folder.glob("*.json")
        said = json.loads(manifest.read_text())
        manifest.write_text(json.dumps({**said, "made_at": "2026-01-01T00:00:00+00:00"}))
        status, report = await examined(launch, discord, "--offline", **settings)
        assert status == 0
        assert "newest backup" in troubles(report)["backups"]


@within(60)
async def test_for_people(launch: Start, discord: DiscordServer, sqlite_url: str) -> None:
    program = await launch("doctor", discord=discord, DATABASE_URL=sqlite_url)
    assert await program.exit_status(60) == 1
    lines = program.printed
    assert any(line.startswith("WRONG") and "discord" in line and "Intent" in line for line in lines)
    assert any(line.strip().startswith("→ Open https://discord.com/developers") for line in lines)
    assert lines[-1].endswith("2 wrong.")


def test_nothing_waits_for_ever() -> None:
    """A server that takes connections and says nothing is given up."""
    from operations.checks.bus_side import ANSWER_SECONDS, check_bus
    from utils.config import Config

    async def ask(url: str) -> str:
        async with asyncio.timeout(ANSWER_SECONDS * 8):
            (finding,) = await check_bus(Config(event_bus="redis", redis_url=url))
        return finding.state

    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        assert asyncio.run(ask(f"redis://127.0.0.1:{silent.getsockname()[1]}/0")) == "wrong"
