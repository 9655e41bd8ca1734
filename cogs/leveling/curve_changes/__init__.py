"""Another curve: who moves, and telling those who keep something about levels."""
