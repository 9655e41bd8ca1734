"""Games for coins. The tables that a game plays by are those its odds are computed from."""
