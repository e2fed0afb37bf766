"""`--context`: what is read beside the paths, and never reported on."""

import json
from pathlib import Path

import pytest
from support import ROOT

from meshlint.cli.main import run


def found(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[set[str], int]:
    """`path:line CODE` of each finding, and how many resources were read."""
    run(["-f", "json", "--fail-on", "never", *arguments])
    report = json.loads(capsys.readouterr().out)
    places = {f"{item['path']}:{item['line']} {item['rule']}" for item in report["findings"]}
    return places, report["summary"]["resources"]


@pytest.fixture(autouse=True)
def _shop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT / "examples" / "shop")


def test_a_folder_in_the_context_of_the_whole(capsys: pytest.CaptureFixture[str]) -> None:
    """The files of the folder lie in the context too: they are judged once, as in a run over everything."""
    whole, resources = found(capsys, ".")
    part = found(capsys, "orders", "--context", ".")
    assert part == ({place for place in whole if place.startswith("orders/")}, resources)
    assert len(part[0]) > 5


def test_nothing_is_reported_in_the_context(capsys: pytest.CaptureFixture[str]) -> None:
    places, _ = found(capsys, "namespaces.yaml", "--context", "orders", "--context", "storefront")
    assert {place.partition(":")[0] for place in places} == {"namespaces.yaml"}


def test_the_context_completes_what_is_known(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Alone, the routes of the edge refer to what the folder does not hold."""
    alone, _ = found(capsys, "edge", "--select", "ML206", "--scope", "complete")
    beside, _ = found(capsys, "edge", "--select", "ML206", "--scope", "complete", "--context", ".")
    assert beside < alone
