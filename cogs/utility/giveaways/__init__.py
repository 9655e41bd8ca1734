"""Giveaways: members enter by a button, and some of them win."""
