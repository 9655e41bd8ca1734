"""Backups as files in a folder: made, proven, listed, rotated; and made by the bot itself as often as a setting says.

What of it is the database's is in `database.backup`; restoring is in `operations.restore`.
"""

from utils.backups.files import BEFORE_MIGRATION, BEFORE_RESTORE, REGULAR, Backup, BackupFolder
from utils.backups.making import make_backup
from utils.backups.service import Backups

__all__ = ["BEFORE_MIGRATION", "BEFORE_RESTORE", "REGULAR", "Backup", "BackupFolder", "Backups", "make_backup"]
