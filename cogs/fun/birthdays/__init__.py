"""Birthdays of members."""
