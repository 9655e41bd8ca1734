"""What pages ask for, by topic. Importing this package makes every verb known."""

from playground.server.requests import composing, looking, people, talking, time, tracing, trouble

__all__ = ["composing", "looking", "people", "talking", "time", "tracing", "trouble"]
