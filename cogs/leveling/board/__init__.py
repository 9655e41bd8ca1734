"""The leaderboard: who has gathered most, of all time, this week or today."""
