"""Messages between processes, over real servers."""
