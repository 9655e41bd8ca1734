"""What the bot did, as a page asks for it."""

from playground.server.tab import Tab
from playground.server.verbs import verb
from playground.shapes import Trace

LATEST = 50


@verb()
async def trace(tab: Tab, *, message: int) -> list[Trace]:
    """What the bot did for a message, the oldest first."""
    return tab.playground.tracer.of_message(message)


@verb()
async def latest_traces(tab: Tab) -> list[Trace]:
    """What the bot did lately, the newest first."""
    return tab.playground.tracer.latest(LATEST)
