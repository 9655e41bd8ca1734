"""Trouble for the bot."""

from playground.server.tab import Tab, Visitor
from playground.server.verbs import verb
from playground.shapes import Fault


@verb()
async def fail(tab: Tab, *, method: str, path: str, status: int, times: int | None = 1) -> Fault:
    """Let REST calls fail, so many times; null is always."""
    return tab.playground.trouble.fail(method, path, status, times)


@verb()
async def unfail(tab: Tab, *, fault: int) -> None:
    """Let REST calls work again."""
    tab.playground.trouble.unfail(fault)


@verb(acts=True)
async def bot_permission(visitor: Visitor, *, guild: int, permission: str, on: bool) -> None:
    """Give the bot a permission, or take it."""
    await visitor.playground.trouble.bot_permission(guild, permission, on)


@verb(acts=True)
async def bot_position(visitor: Visitor, *, guild: int, position: int) -> None:
    """Move the bot's role among the others, 0 for the top."""
    await visitor.playground.trouble.bot_position(guild, position)


@verb(acts=True)
async def gateway(visitor: Visitor, *, up: bool) -> None:
    """Drop the bot's gateway, or let it come back."""
    await visitor.playground.trouble.gateway(up)


# The bot's life takes its turns by itself: it opens a database first, which the town needn't wait for.


@verb()
async def kill(tab: Tab) -> None:
    """End the bot without a warning."""
    await tab.playground.life.kill()


@verb()
async def start(tab: Tab) -> None:
    """Start the bot again."""
    await tab.playground.life.start()
