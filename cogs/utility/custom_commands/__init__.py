"""Commands that a server makes itself."""
