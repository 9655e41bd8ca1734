"""Knowing when somebody has really arrived."""
