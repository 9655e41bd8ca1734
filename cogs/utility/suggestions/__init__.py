"""Suggestions: what members want, voted on by members and decided by staff."""
