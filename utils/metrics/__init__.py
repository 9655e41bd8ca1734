"""Metrics for Prometheus, and health for whoever restarts the process. Off unless METRICS_PORT is set.

`catalogue.py` names every metric; `hearing.py` notes what happens, `readings.py` reads what holds, `server.py` tells.
"""

from utils.metrics.server import CannotServeError, Observer, observed

__all__ = ["CannotServeError", "Observer", "observed"]
