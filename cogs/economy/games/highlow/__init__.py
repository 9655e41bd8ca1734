"""High-low: the rules and odds, how it looks, and the command."""
