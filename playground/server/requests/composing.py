"""What the composer offers while one types."""

from playground.completion import complete as completions
from playground.server.tab import Tab
from playground.server.verbs import verb
from playground.shapes import Completions


@verb()
async def complete(tab: Tab, *, channel: int, text: str, cursor: int) -> Completions:
    """What could stand at the cursor (an index in JavaScript). Nothing happens in town, which may be busy."""
    return await completions(tab.playground, tab.person_id, channel, text, cursor)
