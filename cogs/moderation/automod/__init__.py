"""Rules that look at each message: what they look for, when they count, and what they do."""
