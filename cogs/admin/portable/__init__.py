"""`config export` and `config import`: a server's configuration as a file."""
