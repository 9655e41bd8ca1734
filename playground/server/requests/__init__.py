"""What pages ask for, by topic. Importing this package makes every verb known."""

from playground.server.requests import looking, people, talking, time, tracing, trouble

__all__ = ["looking", "people", "talking", "time", "tracing", "trouble"]
