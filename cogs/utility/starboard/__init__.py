"""A board for messages that members starred."""
