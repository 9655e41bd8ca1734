"""Confessions without a name."""
