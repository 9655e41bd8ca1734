"""What is done in voice channels."""
