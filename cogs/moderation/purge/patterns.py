"""Patterns that people write, tried in a process of their own: Python's can take for ever, and hold everything up."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Sequence
from typing import Final

from utils.errors import UserError
from utils.i18n import _

PATTERN_SECONDS: Final = 5.0  # real ones, for one portion of messages; milliseconds are usual

_WORKER: Final = """
import json, re, sys
ask = json.load(sys.stdin)
pattern = re.compile(ask["pattern"], re.IGNORECASE if ask["ignore_case"] else 0)
json.dump([bool(pattern.search(text)) for text in ask["texts"]], sys.stdout)
"""


async def matching(
    pattern: str, texts: Sequence[str], *, ignore_case: bool = False, seconds: float = PATTERN_SECONDS
) -> list[bool]:
    """Which of the texts the pattern is found in. Raises UserError if that takes longer than `seconds`."""
    ask = json.dumps({"pattern": pattern, "texts": list(texts), "ignore_case": ignore_case})
    return await asyncio.to_thread(_match, ask, seconds)


def _match(ask: str, seconds: float) -> list[bool]:
    try:
        # Isolated, and without what is installed: it needs nothing, and starts faster.
        done = subprocess.run(  # noqa: S603 - the program is ours, people's text is its input only
            [sys.executable, "-I", "-S", "-c", _WORKER],
            input=ask, capture_output=True, text=True, encoding="ascii", timeout=seconds, check=True,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise UserError(_("This pattern takes too long; make it simpler.")) from error
    except subprocess.CalledProcessError as error:
        raise UserError(_("This pattern can't be tried; make it simpler.")) from error
    found: list[bool] = json.loads(done.stdout)
    return found
