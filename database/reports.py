"""What members report to the staff, who did, and what became of it."""

from dataclasses import dataclass
from datetime import datetime

from database.blocks import Blocking
from database.ids import new_id
from database.manager import Row
from database.values import json_value, moment


@dataclass(frozen=True, slots=True)
class MessageCopy:
    """What is kept of a reported message, which may be deleted or changed."""

    channel_id: int
    message_id: int
    written_at: datetime
    text: str | None
    files: tuple[str, ...] = ()
    """Names of attachments."""


@dataclass(frozen=True, slots=True)
class NewReport:
    """A report about to be made: on a person, and on a message of theirs if one is meant."""

    guild_id: int
    target_id: int
    target_name: str
    opened_at: datetime
    message: MessageCopy | None = None


@dataclass(frozen=True, slots=True)
class Report(NewReport):
    """A report and what became of it; open until it is resolved."""

    id: int = 0
    claimed_by: int | None = None
    claimed_at: datetime | None = None
    resolved_by: int | None = None
    resolved_at: datetime | None = None
    outcome: str | None = None
    """acted or dismissed."""
    note: str | None = None
    staff_channel_id: int | None = None
    staff_message_id: int | None = None
    texts_removed: bool = False

    @property
    def message_id(self) -> int:
        """The message that is meant; 0 for none."""
        return self.message.message_id if self.message is not None else 0


@dataclass(frozen=True, slots=True)
class Voice:
    """One member's report: who says so, why, and by which message."""

    command_id: int
    reporter_id: int
    why: str | None
    said_at: datetime


class ReportsStore(Blocking):
    """The tables `reports`, `report_voices`, `report_blocks` and `report_troubles`."""

    blocks = "report_blocks"

    # --- making one

    async def take(self, new: NewReport, voice: Voice) -> tuple[Report, bool]:
        """Keep a member's report, in the open one on the same message or person if there is one.

        Says whether it is a new one. Raises ConstraintViolated if that member reported that message before, or the
        command was taken before; then nothing is changed.
        """
        async with self.db.transaction():
            report, is_new = await self._open(new)
            await self.db.execute(
                "INSERT INTO report_voices (command_id, report_id, guild_id, reporter_id, message_id, why, said_at)"
                " VALUES ($1, $2, $3, $4, $5, $6, $7)",
                voice.command_id, report.id, report.guild_id, voice.reporter_id, report.message_id, voice.why,
                voice.said_at,
            )  # fmt: skip
        return report, is_new

    async def _open(self, new: NewReport) -> tuple[Report, bool]:
        meant = new.message
        while True:
            row = await self.db.fetchone(
                "INSERT INTO reports (id, guild_id, target_id, target_name, opened_at, message_id, channel_id,"
                " written_at, message_text, message_files) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
                " ON CONFLICT DO NOTHING RETURNING *",
                new_id(), new.guild_id, new.target_id, new.target_name, new.opened_at,
                meant.message_id if meant else 0, meant.channel_id if meant else None,
                meant.written_at if meant else None, meant.text if meant else None,
                list(meant.files) if meant else [],
            )  # fmt: skip
            if row is not None:
                return _report(row), True
            row = await self.db.fetchone(
                "SELECT * FROM reports WHERE guild_id = $1 AND target_id = $2 AND message_id = $3"
                " AND resolved_at IS NULL",
                new.guild_id, new.target_id, meant.message_id if meant else 0,
            )  # fmt: skip
            if row is not None:  # else somebody resolved it between the two
                return _report(row), False

    async def voice_on(self, guild_id: int, reporter_id: int, message_id: int) -> tuple[Voice, Report] | None:
        """A member's report on a message, and the whole of which it is a part."""
        row = await self.db.fetchone(
            "SELECT * FROM report_voices WHERE guild_id = $1 AND reporter_id = $2 AND message_id = $3",
            guild_id, reporter_id, message_id,
        )  # fmt: skip
        report = await self.get(row["report_id"]) if row is not None else None
        return (_voice(row), report) if row is not None and report is not None else None

    async def voices_since(self, guild_id: int, reporter_id: int, since: datetime) -> list[Voice]:
        """What a member reported lately, the oldest first."""
        rows = await self.db.fetchall(
            "SELECT * FROM report_voices WHERE guild_id = $1 AND reporter_id = $2 AND said_at >= $3"
            " ORDER BY said_at, command_id",
            guild_id, reporter_id, since,
        )  # fmt: skip
        return [_voice(row) for row in rows]

    # --- looking

    async def get(self, report_id: int) -> Report | None:
        """A report by its id."""
        return _maybe(await self.db.fetchone("SELECT * FROM reports WHERE id = $1", report_id))

    async def voices(self, report_id: int) -> list[Voice]:
        """Who made a report, the first one first."""
        rows = await self.db.fetchall(
            "SELECT * FROM report_voices WHERE report_id = $1 ORDER BY said_at, command_id", report_id
        )
        return [_voice(row) for row in rows]

    async def find(
        self, guild_id: int, *, target_id: int | None = None, open_only: bool = True, limit: int
    ) -> list[Report]:
        """The reports of a guild, on one person if given, the newest first."""
        rows = await self.db.fetchall(
            "SELECT * FROM reports WHERE guild_id = $1 AND (CAST($2 AS BIGINT) IS NULL OR target_id = $2)"
            " AND (NOT CAST($3 AS BOOLEAN) OR resolved_at IS NULL) ORDER BY id DESC LIMIT $4",
            guild_id, target_id, open_only, limit,
        )  # fmt: skip
        return [_report(row) for row in rows]

    async def count_before(self, report: Report) -> int:
        """How many older reports there are on the same person."""
        return int(
            await self.db.fetchval(
                "SELECT COUNT(*) FROM reports WHERE guild_id = $1 AND target_id = $2 AND id < $3",
                report.guild_id, report.target_id, report.id,
            )
        )  # fmt: skip

    async def open_places(self, guild_id: int | None = None) -> list[tuple[int, int, int | None]]:
        """Where the staff reads what is open: id, guild and channel of each report, the oldest first."""
        rows = await self.db.fetchall(
            "SELECT id, guild_id, staff_channel_id FROM reports WHERE resolved_at IS NULL"
            " AND (CAST($1 AS BIGINT) IS NULL OR guild_id = $1) ORDER BY id",
            guild_id,
        )
        return [(row["id"], row["guild_id"], row["staff_channel_id"]) for row in rows]

    # --- what the staff does

    async def claim(self, report_id: int, by: int, at: datetime) -> Report | None:
        """Let somebody take it in hand; None if somebody else has, or it isn't open."""
        return _maybe(
            await self.db.fetchone(
                "UPDATE reports SET claimed_by = $2, claimed_at = $3"
                " WHERE id = $1 AND resolved_at IS NULL AND claimed_by IS NULL RETURNING *",
                report_id, by, at,
            )
        )  # fmt: skip

    async def release(self, report_id: int, by: int) -> Report | None:
        """Let it go again; None if this person doesn't have it in hand, or it isn't open."""
        return _maybe(
            await self.db.fetchone(
                "UPDATE reports SET claimed_by = NULL, claimed_at = NULL"
                " WHERE id = $1 AND resolved_at IS NULL AND claimed_by = $2 RETURNING *",
                report_id, by,
            )
        )  # fmt: skip

    async def resolve(self, report_id: int, outcome: str, note: str | None, by: int, at: datetime) -> Report | None:
        """Close it; None if somebody did before."""
        return _maybe(
            await self.db.fetchone(
                "UPDATE reports SET outcome = $2, note = $3, resolved_by = $4, resolved_at = $5"
                " WHERE id = $1 AND resolved_at IS NULL RETURNING *",
                report_id, outcome, note, by, at,
            )
        )  # fmt: skip

    async def shown(self, report_id: int, channel_id: int, message_id: int) -> None:
        """Keep where the staff reads it."""
        await self.db.execute(
            "UPDATE reports SET staff_channel_id = $2, staff_message_id = $3 WHERE id = $1",
            report_id, channel_id, message_id,
        )  # fmt: skip

    async def remove_texts(self, resolved_before: datetime) -> int:
        """Forget what people wrote in reports that were resolved before a moment; how many there were.

        Who reported whom, when, and what came of it stays, so that earlier reports can be counted.
        """
        async with self.db.transaction():
            await self.db.execute(
                "UPDATE report_voices SET why = NULL WHERE report_id IN (SELECT id FROM reports"
                " WHERE resolved_at IS NOT NULL AND NOT texts_removed AND resolved_at < $1)",
                resolved_before,
            )
            return await self.db.execute(
                "UPDATE reports SET message_text = NULL, message_files = $2, note = NULL, texts_removed = TRUE"
                " WHERE resolved_at IS NOT NULL AND NOT texts_removed AND resolved_at < $1",
                resolved_before, [],
            )  # fmt: skip

    # --- when the staff can't be reached

    async def is_in_trouble(self, guild_id: int, channel_id: int) -> bool:
        """Write down that a guild's channel doesn't work; False if it was told about that channel before."""
        changed = await self.db.execute(
            "INSERT INTO report_troubles (guild_id, channel_id) VALUES ($1, $2) ON CONFLICT (guild_id) DO UPDATE"
            " SET channel_id = excluded.channel_id WHERE report_troubles.channel_id <> excluded.channel_id",
            guild_id, channel_id,
        )  # fmt: skip
        return changed == 1

    async def works(self, guild_id: int) -> None:
        """Forget about a trouble with a guild's channel: the next one is told again."""
        await self.db.execute("DELETE FROM report_troubles WHERE guild_id = $1", guild_id)


def _maybe(row: Row | None) -> Report | None:
    return None if row is None else _report(row)


def _report(row: Row) -> Report:
    opened_at, written_at = moment(row["opened_at"]), moment(row["written_at"])
    assert opened_at is not None
    message = None
    if row["message_id"]:
        assert written_at is not None
        message = MessageCopy(
            row["channel_id"], row["message_id"], written_at, row["message_text"],
            tuple(json_value(row["message_files"])),
        )  # fmt: skip
    return Report(
        row["guild_id"], row["target_id"], row["target_name"], opened_at, message,
        id=row["id"],
        claimed_by=row["claimed_by"],
        claimed_at=moment(row["claimed_at"]),
        resolved_by=row["resolved_by"],
        resolved_at=moment(row["resolved_at"]),
        outcome=row["outcome"],
        note=row["note"],
        staff_channel_id=row["staff_channel_id"],
        staff_message_id=row["staff_message_id"],
        texts_removed=row["texts_removed"],
    )  # fmt: skip


def _voice(row: Row) -> Voice:
    said_at = moment(row["said_at"])
    assert said_at is not None
    return Voice(row["command_id"], row["reporter_id"], row["why"], said_at)
