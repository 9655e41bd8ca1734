"""Polls: questions that members answer by buttons."""
