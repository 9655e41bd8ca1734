"""The wizard that sets a server up."""
