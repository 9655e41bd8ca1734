"""The town's time."""

from playground.server.tab import Tab
from playground.server.verbs import verb
from playground.shapes import Clock

# Neither waits for its turn: time passes in slices, and each of them takes one.


@verb()
async def skip(tab: Tab, *, seconds: float) -> Clock:
    """Let so many seconds pass."""
    return await tab.playground.clock.skip(seconds)


@verb()
async def skip_until(tab: Tab, *, text: str) -> Clock:
    """Let time pass until a moment in words, or until the bot's next timer: 'next'."""
    return await tab.playground.clock.skip_until(text)
