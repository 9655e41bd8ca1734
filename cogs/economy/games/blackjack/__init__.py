"""Blackjack: the rules, how it is best played and what that brings back, how it looks, and the command."""
