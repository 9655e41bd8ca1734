"""What members report to the staff."""
