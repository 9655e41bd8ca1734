"""Roles that everybody gets who joins."""
