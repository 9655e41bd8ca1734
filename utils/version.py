"""The version of the program; a release changes it here and in pyproject.toml."""

VERSION = "0.1.0"
