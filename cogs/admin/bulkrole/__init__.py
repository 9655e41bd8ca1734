"""Roles given to, or taken from, many members at once."""
