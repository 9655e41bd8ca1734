"""What the process takes of its machine."""

import os
import sys
from pathlib import Path
from typing import Final

if sys.platform != "win32":
    import resource

_STATM: Final = Path("/proc/self/statm")


def memory_bytes() -> int | None:
    """The memory that the process holds now, or where that isn't told, the most it ever held; None if neither is."""
    try:
        return int(_STATM.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        pass
    if sys.platform == "win32":
        return None
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return held if sys.platform == "darwin" else held * 1024
