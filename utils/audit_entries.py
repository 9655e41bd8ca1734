"""Reading entries of the audit log."""

from typing import Any

import discord


def target_of(entry: discord.AuditLogEntry) -> Any:
    """What or whom it was done to; None for what discord.py can't read.

    It makes an invite out of what an entry says, and fails where that isn't all of it.
    """
    try:
        return entry.target
    except (AttributeError, TypeError):
        return None
