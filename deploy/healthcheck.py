"""Whether the bot in this container lives: asks /healthz on METRICS_PORT, and ends with 0 if it says so, else with 1.

Standard library alone, so that it starts quickly. With METRICS_PORT empty there is nobody to ask, and it ends with 0.
"""

import http.client
import os
import sys

TIMEOUT_SECONDS = 4.0


def main() -> int:
    """Ask once. Returns the exit status."""
    port = os.environ.get("METRICS_PORT", "").strip()
    if not port:
        return 0
    connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=TIMEOUT_SECONDS)
    try:
        connection.request("GET", "/healthz")
        answer = connection.getresponse()
        sys.stdout.write(answer.read(2_000).decode(errors="replace") + "\n")
    except (OSError, http.client.HTTPException) as error:
        sys.stdout.write(f"/healthz can't be reached: {error}\n")
        return 1
    finally:
        connection.close()
    return 0 if answer.status == http.client.OK else 1


if __name__ == "__main__":
    sys.exit(main())
