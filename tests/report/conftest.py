"""Reports name files relative to a repository; these tests stand in an empty folder that is in none."""

import pytest


@pytest.fixture(autouse=True)
def _empty_folder(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
