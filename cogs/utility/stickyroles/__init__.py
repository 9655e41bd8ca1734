"""Roles that stay with who leaves and comes back."""
