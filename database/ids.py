"""Ids made by the application, for rows whose id must be known before they are written."""

from __future__ import annotations

import secrets
import threading
import time

EPOCH_MILLISECONDS = 1_704_067_200_000  # 2024-01-01 UTC; 41 bits of milliseconds last until 2093
RANDOM_BITS = 22

_lock = threading.Lock()
_last = 0


def new_id() -> int:
    """Return a positive 63-bit id, larger than every id this process made before.

    The upper 41 bits are the real time in milliseconds, the rest is random, so two processes that make an id in
    the same millisecond collide with a chance of one in four million. Within one process ids never repeat.
    """
    global _last  # noqa: PLW0603 - one sequence a process
    # The real clock on purpose: ids must not go back when a simulation winds its clock.
    milliseconds = time.time_ns() // 1_000_000 - EPOCH_MILLISECONDS
    candidate = (milliseconds << RANDOM_BITS) | secrets.randbits(RANDOM_BITS)
    with _lock:
        _last = max(candidate, _last + 1)
        return _last
