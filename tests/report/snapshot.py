"""Whole outputs kept as files: `SNAPSHOT_UPDATE=1 pytest tests/report` writes them, a reader reviews the diff."""

import os
from pathlib import Path

FOLDER = Path(__file__).parent / "snapshots"


def assert_snapshot(name: str, text: str) -> None:
    """Compare the text with the snapshot of that name, byte by byte."""
    file = FOLDER / name
    if os.environ.get("SNAPSHOT_UPDATE"):
        FOLDER.mkdir(exist_ok=True)
        file.write_bytes(text.encode())
    assert file.exists(), f"no snapshot {name}: run with SNAPSHOT_UPDATE=1 and review it"
    assert text == file.read_bytes().decode(), f"{name} changed: if it should, run with SNAPSHOT_UPDATE=1"
