"""What the program does besides running the bot: its sub-commands, without Discord."""
