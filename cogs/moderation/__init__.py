"""Moderation: act on people, keep the record, take it back."""
