"""Jail: all roles taken, and given back."""
