"""The folder that each test works in."""

from pathlib import Path

import pytest
from adoption.running import Shop


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shop:
    """An empty folder, the root of a repository."""
    (tmp_path / ".git").mkdir()
    return Shop(tmp_path, monkeypatch, capsys)
