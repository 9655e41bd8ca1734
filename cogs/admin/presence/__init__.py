"""What stands below the bot's name."""
