"""Ids made by the application, for rows whose id must be known before they are written."""

from __future__ import annotations

import secrets
import threading
import time

EPOCH_MILLISECONDS = 1_704_067_200_000  # 2024-01-01 UTC; 41 bits of milliseconds last until 2093
PROCESS_BITS = 16
SEQUENCE_BITS = 6

_lock = threading.Lock()
_process = secrets.randbits(PROCESS_BITS)
_last = 0
"""Millisecond and number within it of the newest id, as one number."""


def new_id() -> int:
    """Return a positive 63-bit id, larger than every id this process made before.

    The upper 41 bits are the real time in milliseconds, the next 16 a number drawn at the start of the process, the
    last 6 count within the millisecond; who makes more than 64 in one borrows from the next. Within one process ids
    never repeat, and those of two processes are different unless both drew the same number (one in 65,536).
    """
    global _last  # noqa: PLW0603 - one sequence a process
    # The real clock on purpose: ids must not go back when a simulation winds its clock.
    milliseconds = time.time_ns() // 1_000_000 - EPOCH_MILLISECONDS
    with _lock:
        _last = max(milliseconds << SEQUENCE_BITS, _last + 1)
        moment, number = divmod(_last, 1 << SEQUENCE_BITS)
    return (((moment << PROCESS_BITS) | _process) << SEQUENCE_BITS) | number
