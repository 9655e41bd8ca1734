"""What a person in the simulated Discord sees, exactly as Discord's client would show it to them."""

from playground.simulation.sight.sight import Sight

__all__ = ["Sight"]
