"""What follows on warnings."""
