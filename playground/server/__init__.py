"""The page's server: on loopback, behind a secret, with one WebSocket for each open tab."""
