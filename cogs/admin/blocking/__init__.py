"""Whom the bot doesn't listen to."""
