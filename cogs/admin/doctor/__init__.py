"""What is wrong in a server, and repairing it."""
