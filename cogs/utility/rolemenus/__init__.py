"""Menus by which members give themselves roles."""
