"""2,000 damaged manifests with a fixed seed, and every text that once failed.

More of them: `make fuzz N=200000`; `python tools/fuzz.py --keep` adds what fails to failures/.
"""

from pathlib import Path
from random import Random

import pytest
from reading import oracles, shapes

FAILURES = sorted((Path(__file__).parent / "failures").glob("*.yaml"))


@pytest.mark.parametrize("part", range(20))
def test_damaged_manifests(part):
    for number in range(part * 100, part * 100 + 100):
        oracles.check(shapes.text(Random(f"1/{number}")))


@pytest.mark.parametrize("path", FAILURES, ids=lambda path: path.stem)
def test_what_once_failed(path):
    oracles.check(path.read_bytes().decode("utf-8", "surrogatepass"))
