"""Being away from the keyboard, and who asks for one meanwhile."""
