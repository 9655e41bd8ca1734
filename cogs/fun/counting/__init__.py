"""Counting together in a channel."""
