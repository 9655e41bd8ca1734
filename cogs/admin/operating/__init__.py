"""Tools for whoever runs the bot: its servers, its database, and code."""
