"""What staff has the bot say: `say` and `embed`."""
