"""News from whoever runs the bot to servers."""
