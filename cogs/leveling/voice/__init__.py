"""XP for talking in voice channels."""
