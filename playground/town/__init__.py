"""The town that is played in: read from a file, checked, and built in the simulated Discord."""
