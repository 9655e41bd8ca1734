"""Roles for reaching a level."""
