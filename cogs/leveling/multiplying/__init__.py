"""Multipliers of XP: what staff sets, and what holds."""
