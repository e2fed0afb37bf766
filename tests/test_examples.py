"""examples/: the clean shop has no finding at any severity; the other shop has every defect its README names."""

import re
from pathlib import Path

import pytest
from layouts.trees import found
from support import ROOT

_ROW = re.compile(r"^\| `([^`]+):(\d+)` \| (ML\d{3}) \|", re.M)


def test_clean_shop(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert _found("clean", monkeypatch, tmp_path) == set()


def test_shop_with_defects(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The table of the README is exactly what is found."""
    readme = (ROOT / "examples" / "shop" / "README.md").read_text(encoding="utf-8")
    named = {(path, int(line), code) for path, line, code in _ROW.findall(readme)}
    assert named
    assert _found("shop", monkeypatch, tmp_path) == named


def _found(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> set[tuple[str, int, str]]:
    import shutil

    folder = tmp_path / name
    shutil.copytree(ROOT / "examples" / name, folder)
    return found(folder, monkeypatch)
