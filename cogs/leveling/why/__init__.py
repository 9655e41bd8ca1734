"""What a message brings, and why it brings nothing."""
