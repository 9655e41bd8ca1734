"""How long tests wait for something: long enough for a machine that others use too.

These limits end a test that hangs, and measure nothing: a passing test never waits for them. What has to be quick is
measured by the time of its own thread, or has a benchmark.
"""

from typing import Final

PATIENCE: Final = 8
"""How many times slower than a machine that is busy with nothing else a test may be."""
