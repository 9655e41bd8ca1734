"""Why the bot did what it did, in words that people ask it in."""
