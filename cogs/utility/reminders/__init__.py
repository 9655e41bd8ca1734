"""Reminders: once or again and again."""
