"""Games that listen to what is said in a channel, one game a channel."""
