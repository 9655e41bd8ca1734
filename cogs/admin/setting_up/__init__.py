"""The wizard that sets a server up. Not called `setup`, which is what loads the feature."""
