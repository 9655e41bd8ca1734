"""Banning many people at once."""
