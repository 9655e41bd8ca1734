"""Trading: two members agree on what each gives, and it changes hands at once."""
