"""Who may use which commands where."""
