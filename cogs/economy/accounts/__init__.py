"""Accounts: what members have, where it came from, and who has most."""
