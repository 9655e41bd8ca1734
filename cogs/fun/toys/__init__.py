"""Small things that are over at once."""
