"""The group `levels`: how levels work in a server, and what staff does about it."""
