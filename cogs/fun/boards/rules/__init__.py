"""The rules of each game, without Discord and the database."""
