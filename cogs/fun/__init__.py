"""Fun: games and pastimes."""

from utils.bot import Hearth


async def setup(bot: Hearth) -> None:
    """Add the cogs of this feature."""
