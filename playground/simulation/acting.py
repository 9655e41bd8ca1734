"""What people do in the simulated Discord, as its client would let them."""

from playground.simulation.acting_components import Components, Press
from playground.simulation.acting_messages import File, Messages
from playground.simulation.acting_people import People

__all__ = ["Acting", "File", "Press"]


class Acting(Messages, Components, People):
    """Acts as one person, named by user id; all else is named by its id too.

    Each call waits until the bot has come to rest, and all raise Refused with the sentence for what Discord's client
    wouldn't let that person do.
    """
