"""The database: is it reached, whole, of the right version, and not about to be full."""

import asyncio
from typing import Final

from database.backup import BackupError
from database.checkup import Checkup, checkup
from database.copying import CannotCopy
from database.errors import DatabaseError, DatabaseUnavailable, MigrationError
from database.manager import DatabaseManager
from database.postgres_programs import find_programs
from operations.backup import in_bytes
from operations.checks.findings import Finding, reporter
from utils.config import Config

LOOK_SECONDS: Final = 120.0
LARGE_LOG_BYTES: Final = 256_000_000
"""SQLite writes its log back at 4 MB, unless somebody reads for very long."""
POOL: Final = 20
"""Connections that a process takes at most."""
RESTORE: Final = "Stop the bot, keep a copy of the file, and restore a backup (python main.py restore)."

ok, warning, wrong = reporter("database")


async def check_database(config: Config) -> tuple[list[Finding], Checkup | None]:
    """Look at the database."""
    try:
        async with asyncio.timeout(LOOK_SECONDS):
            found = await checkup(config.database_url)
    except CannotCopy:
        return [ok("There is no database yet: the bot makes it at its first start.")], None
    except TimeoutError:
        return [
            warning(f"It took longer than {LOOK_SECONDS:.0f} s to look at.", "Try again while it is quiet.")
        ], None
    except DatabaseUnavailable as error:
        return [wrong(str(error), "Is it running, and is DATABASE_URL right?")], None
    except DatabaseError as error:
        if "malformed" in str(error):
            return [wrong(f"The file is damaged: {error}", RESTORE)], None
        return [wrong(str(error), "Look at DATABASE_URL, and at the rights of the file or the user.")], None
    kind = _sqlite(found) if found.path is not None else [*_postgresql(found), *await _programs(found)]
    return [ok(f"{found.engine}, {in_bytes(found.bytes)}."), _schema(config, found), *kind], found


def _schema(config: Config, found: Checkup) -> Finding:
    if found.history is None:
        return ok("It is empty: the bot makes its tables at its first start.")
    newest = max((row["name"] for row in found.history), default="none")
    try:
        missing = DatabaseManager(config.database_url).check_history(found.history)
    except MigrationError as error:
        return wrong(str(error), "Go on with the program that this database belongs to.")
    if missing:
        return warning(
            f"Its schema is {newest}; {', '.join(missing)} will be applied at the next start.", "Make a backup first."
        )
    return ok(f"Its schema is that of this program, {newest}.")


def _sqlite(found: Checkup) -> list[Finding]:
    findings = []
    if found.damage:
        findings.append(wrong(f"The file is damaged: {'; '.join(found.damage)}.", RESTORE))
    else:
        findings.append(ok("The file is whole (quick_check)."))
    if found.journal != "wal":
        findings.append(
            warning(
                f"It has no write-ahead log (journal mode {found.journal}): readers wait for writers.",
                "Put the file on a local disk; network drives can't do it.",
            )
        )
    if found.log_bytes > LARGE_LOG_BYTES:
        findings.append(
            warning(
                f"Its write-ahead log has grown to {in_bytes(found.log_bytes)}.",
                "Somebody has been reading for long, or the bot was killed: stop what else has the file open.",
            )
        )
    return findings


def _postgresql(found: Checkup) -> list[Finding]:
    findings = []
    if found.encoding != "UTF8":
        findings.append(
            wrong(
                f"Its encoding is {found.encoding}.", "Make one with ENCODING 'UTF8' and copy to it (main.py copy)."
            )
        )
    if not found.may_create:
        findings.append(wrong("Its user may not make tables.", "GRANT CREATE ON SCHEMA public TO the user."))
    free = found.most_connections - found.connections
    used = f"{found.connections} of {found.most_connections} connections are in use"
    if free < POOL:
        findings.append(
            warning(f"{used}; a process of the bot takes up to {POOL}.", "Raise max_connections on the server.")
        )
    else:
        findings.append(ok(f"{used}."))
    return findings


async def _programs(found: Checkup) -> list[Finding]:
    try:
        await find_programs(found.major)
    except BackupError as error:
        return [warning(str(error), "Backups need it, and so does restoring one.")]
    return [ok("pg_dump fits the server.")]
