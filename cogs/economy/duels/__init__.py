"""Duels: two members bet the same, and one gets both bets."""
