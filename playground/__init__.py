"""A simulated Discord in the browser, to try the whole bot in without an account.

The bot imports nothing of this: only `python main.py --playground` and the tests do.
"""

from playground.run import PlaygroundError, run

__all__ = ["PlaygroundError", "run"]
