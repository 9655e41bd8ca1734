"""Making one backup: dump, compress, prove, name, and let old ones go."""

import logging
from datetime import datetime
from pathlib import Path

from database.backup import Contents, DamagedError, Held, Keeper, in_thread
from utils.backups.files import REGULAR, Backup, BackupFolder
from utils.backups.packing import digest, pack, unpack

log = logging.getLogger("hearth.backups")


async def make_backup(
    keeper: Keeper,
    folder: BackupFolder,
    *,
    keep: int,
    now: datetime,
    reason: str = REGULAR,
    wait_seconds: float = 0.0,
) -> Backup:
    """Make a backup, prove that it can be restored, and delete those that are beyond `keep`.

    `now` is the real time; `wait_seconds` how long it waits for another that is being made in the same folder.
    Raises `DatabaseError`, of it `BackupError` with a sentence for the operator; then the folder is as it was.
    """
    async with folder.alone(wait_seconds):
        backup = await make_in(keeper, keeper, folder, now=now, reason=reason)
        for old in folder.rotate(keep):
            log.info("Deleted the old backup %s", old.path)
    return backup


async def make_in(
    keeper: Keeper, source: Keeper | Held, folder: BackupFolder, *, now: datetime, reason: str
) -> Backup:
    """Make a backup of what `source` dumps, in a folder that is ours alone. Raises as `make_backup`."""
    with folder.workplace() as place:
        dump, packed = place / "dump", place / "packed"
        contents = await source.dump(dump)
        if keeper.compresses:
            dump.replace(packed)
        else:
            await in_thread(lambda unwanted: pack(dump, packed, unwanted))
            dump.unlink()  # before the next copy: two of them may not fit
        restored = await _proven(keeper, packed, place / "scratch", contents)
        backup = Backup(
            file=(path := folder.free_name(now, reason, keeper.suffix)).name,
            database=folder.database,
            engine=keeper.dialect,
            reason=reason,
            made_at=now.replace(microsecond=0),
            schema=contents.schema,
            rows=contents.rows,
            bytes=packed.stat().st_size,
            sha256=await in_thread(lambda unwanted: digest(packed, unwanted)),
            restored=restored,
            folder=path.parent,
        )
        folder.publish(packed, backup)
    log.info(
        "Backed %s up to %s: %d rows, %d bytes, %s",
        keeper.where, backup.path, backup.row_count, backup.bytes,
        "restored into a scratch database and compared" if restored else "read to the end and compared",
    )  # fmt: skip
    return backup


async def _proven(keeper: Keeper, packed: Path, scratch: Path, contents: Contents) -> bool:
    """Restore what was written and compare it with what was read. Raises `DamagedError`."""
    await in_thread(lambda unwanted: unpack(packed, scratch, unwanted))
    found = await keeper.try_out(scratch)
    if difference := contents.difference(found):
        raise DamagedError(f"The backup isn't what was backed up: {difference}.")
    return found.restored
