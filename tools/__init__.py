"""Commands for who develops Hearth; the bot needs none of them."""
