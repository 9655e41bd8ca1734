"""What pages ask for, by topic. Importing this package makes every verb known."""
