"""Tags: texts that members keep under a name, and call again."""
