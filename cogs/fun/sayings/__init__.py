"""Facts, jokes and sayings that come with the bot."""
