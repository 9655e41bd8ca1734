"""XP for coins that are earned."""
