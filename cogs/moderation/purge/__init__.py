"""Deleting many messages at once."""
