"""What visitors do at the playground's page: used by the tests in a browser and by the pictures in the documents."""

from tools.flows.visitor import PHONE, Screen, Visitor
from tools.flows.visits import NOON, Visits

__all__ = ["NOON", "PHONE", "Screen", "Visitor", "Visits"]
