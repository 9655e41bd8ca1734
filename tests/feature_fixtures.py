"""The `feature_folder` fixture: features that a test writes to disk; see `tests/support/feature_folder.py`."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.feature_folder import FeatureFolder


@pytest.fixture
def feature_folder(tmp_path: Path) -> Iterator[FeatureFolder]:
    """An empty package for features, with the bot's own `admin` in it."""
    folder = FeatureFolder(tmp_path)
    yield folder
    folder.remove()
