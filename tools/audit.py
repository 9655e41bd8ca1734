"""Ask whether a locked library has a known vulnerability: `python -m tools.audit`.

Ends with 1 if one has, or if advisories came for some libraries and not for others. Where none can be had, because
this machine doesn't reach them, it says so and ends with 0: what is installed is then still what the hashes say.
"""

import json
import subprocess
import sys
from typing import Any

LOCK = "requirements.lock"
TIMEOUT_SECONDS = 300


def main() -> int:
    """Run pip-audit over the lock and judge what it found. Returns the exit status."""
    ran = subprocess.run(
        [
            *(sys.executable, "-m", "pip_audit", "--disable-pip", "--require-hashes", "--requirement", LOCK),
            *("--format", "json", "--progress-spinner", "off"),
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=TIMEOUT_SECONDS,
    )
    if not ran.stdout.strip():
        print(f"The advisories can't be had here: {(ran.stderr.strip().splitlines() or ['no reason given'])[-1]}")
        return 0
    status, told = verdict(json.loads(ran.stdout)["dependencies"])
    print(told)
    return status


def verdict(dependencies: list[dict[str, Any]]) -> tuple[int, str]:
    """The exit status, and what to print, for what pip-audit found of each library."""
    vulnerable = [
        f"{found['name']} {found['version']}: {flaw['id']}, mended in {', '.join(flaw['fix_versions']) or 'none'}"
        for found in dependencies
        for flaw in found.get("vulns", ())
    ]
    if vulnerable:
        return 1, "\n".join(vulnerable)
    skipped = [found["name"] for found in dependencies if "skip_reason" in found]
    if len(skipped) == len(dependencies):
        return 0, "The advisories can't be had here. The lock's hashes are all that was checked."
    if skipped:
        return 1, f"Not audited: {', '.join(skipped)}"
    return 0, f"None of the {len(dependencies)} libraries has a known vulnerability."


if __name__ == "__main__":
    sys.exit(main())
