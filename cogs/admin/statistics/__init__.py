"""Figures of what the bot does in a server, and of the bot itself."""
