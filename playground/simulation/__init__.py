"""Everything that knows simcord's inside: the simulated Discord that the playground shows.

What stands outside this package asks it, and would stay as it is if another simulation took its place.
"""
