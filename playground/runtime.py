"""The open town: its parts by name, so that each can find the others."""

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from utils.config import Config

if TYPE_CHECKING:
    from playground.clock import TownClock
    from playground.life import Life
    from playground.server.live import Live
    from playground.simulation.acting import Acting
    from playground.simulation.sight import Sight
    from playground.town.world import World
    from playground.tracer import Tracer
    from playground.trouble import Trouble


@dataclass(eq=False)
class Playground:
    """The open town. `turn` is held by whatever happens in it: one thing at a time."""

    config: Config
    dev: bool
    world: "World"
    life: "Life"
    """The bot's: started, killed, started again."""
    clock: "TownClock"
    sight: "Sight"
    """What people see."""
    acting: "Acting"
    """What people do."""
    tracer: "Tracer"
    """What the bot did for it."""
    trouble: "Trouble"
    live: "Live"
    """The open pages."""
    url: str = ""
    """The page's address. It carries a secret: whoever has it can be anybody in town."""
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
