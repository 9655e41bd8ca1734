"""Trivia: questions in rounds, from files that come with the bot and from servers' own."""
