"""Tickets: members talk to staff in private, and staff keeps what was said."""
