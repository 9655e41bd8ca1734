"""Messages about who joins, leaves and boosts."""
