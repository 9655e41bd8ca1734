"""Cases: looked up, shown, changed."""
