"""XP out of files that other bots, scripts and `xp export` make."""
