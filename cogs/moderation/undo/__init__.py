"""Undo: what was there before a case comes back."""
