"""Coins that come by themselves: for chatting, for roles, for levels."""
