"""What is done in Discord's own client."""
