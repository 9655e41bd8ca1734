"""Raids: many who join at once and mean no good."""
