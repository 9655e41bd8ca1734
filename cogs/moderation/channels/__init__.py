"""Locking channels and slowing them down."""
