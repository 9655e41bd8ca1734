"""Bets on games of other features, which ask for them by events."""
