"""Other names for commands, with arguments."""
