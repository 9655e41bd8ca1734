"""Earning: coins for coming back, for work, and for what one shouldn't do."""
