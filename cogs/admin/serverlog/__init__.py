"""The server log: what happens in a server, told in its channels."""
