"""What pages ask for, by topic. Importing this package makes every verb known."""

from playground.server.requests import looking

__all__ = ["looking"]
