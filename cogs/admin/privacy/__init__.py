"""What is stored about people and servers: shown, handed out, deleted."""
