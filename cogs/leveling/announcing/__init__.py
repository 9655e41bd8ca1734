"""Telling of new levels."""
