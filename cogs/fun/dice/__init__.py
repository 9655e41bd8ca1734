"""Dice of any kind, thrown and reckoned with."""
