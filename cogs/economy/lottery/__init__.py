"""The lottery: tickets fill a pot, and one of them wins it."""
