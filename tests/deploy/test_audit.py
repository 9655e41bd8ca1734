"""The audit of libraries tells a vulnerable one from one that nobody could ask about."""

import pytest

from tools.audit import verdict

SOUND = {"name": "aiohttp", "version": "3.14.5", "vulns": []}
SKIPPED = {"name": "discord-py", "skip_reason": "not found"}
FLAWED = {"name": "pillow", "version": "9.0.0", "vulns": [{"id": "CVE-2022-22817", "fix_versions": ["9.0.1"]}]}


@pytest.mark.parametrize(
    ("found", "status", "words"),
    [
        ([SOUND, FLAWED, SKIPPED], 1, "pillow 9.0.0: CVE-2022-22817, mended in 9.0.1"),
        ([SOUND, SKIPPED], 1, "Not audited: discord-py"),
        ([SOUND, SOUND], 0, "None of the 2 libraries"),
        ([SKIPPED], 0, "can't be had here"),
    ],
)
def test_only_a_full_and_clean_answer_or_none_at_all_passes(found: list[dict[str, object]], status: int, words: str):
    assert verdict(found)[0] == status
    assert words in verdict(found)[1]
