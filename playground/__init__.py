"""A simulated Discord in the browser, to try the whole bot in without an account.

The bot imports nothing of this: only `python main.py --playground` and the tests do.
"""

import logging

# simcord makes a client without intents while it is imported, to see whether it knows this discord.py; discord.py
# then warns of missing intents, which would be the first line that a newcomer reads.
_log = logging.getLogger("discord.state")
_level = _log.level
_log.setLevel(logging.ERROR)
try:
    from playground.errors import PlaygroundError
    from playground.run import opened, run
    from playground.runtime import Playground
finally:
    _log.setLevel(_level)

__all__ = ["Playground", "PlaygroundError", "opened", "run"]
