"""Nicknames and roles."""
