"""What single steps cost for each document of a corpus: `python benchmarks/costs.py FOLDER`.

Prints microseconds: the gate over all valid documents and over Istio's alone, the first VirtualService, the validity
rules (ML110 to ML129) together. Minima of several rounds; a busy machine shows more.
"""

import sys
import time
from collections.abc import Callable
from typing import Any

from meshlint.cli.explain import known_rules
from meshlint.model.base import Opaque
from meshlint.model.kinds import convert
from meshlint.reading import read
from meshlint.ruleset import RuleSet
from meshlint.schemas import Catalog
from meshlint.schemas.versions import Target
from meshlint.selection import select
from meshlint.sources import discover, load

_ROUNDS = 7
_VALIDITY = tuple(f"ML{number}" for number in range(110, 130))


def documents(folder: str) -> list[dict[str, Any]]:
    """Every document of a folder that has a kind."""
    found = []
    for file in discover([folder]).files:
        loaded = load(file)
        for source in loaded if isinstance(loaded, list) else ():
            found += [item.data for item in read(source.text).documents if isinstance(item.data, dict)]
    return [data for data in found if "kind" in data]


def cost(work: Callable[[], object], count: int) -> float:
    """Microseconds for each of `count` things, the best round."""
    best = float("inf")
    for _ in range(_ROUNDS):
        started = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - started)
    return best / count * 1e6


def main() -> None:
    """Measure and print."""
    data = documents(sys.argv[1])
    istio = [item for item in data if "istio.io" in item["apiVersion"]]
    routes = next(item for item in istio if item["kind"] == "VirtualService")
    catalog = Catalog(Target())
    resources = [item for item in map(convert, istio) if not isinstance(item, Opaque)]
    metas = [meta for meta in known_rules() if meta.code in _VALIDITY]
    rules = RuleSet(select(metas), {}, {Target: Target()})
    bound = [(rules.local(type(item)), item) for item in resources]
    rows = {
        "gate, all documents": cost(lambda: [catalog.valid(item) for item in data], len(data)),
        "gate, Istio's documents": cost(lambda: [catalog.valid(item) for item in istio], len(istio)),
        "gate, first VirtualService": cost(lambda: Catalog(Target()).valid(routes), 1),
        "validity rules, Istio's resources": cost(
            lambda: [list(one.check(item)) for checks, item in bound for one in checks], len(resources)
        ),
    }
    for name, micro in rows.items():
        print(f"{name:<36}{micro:>10.1f} µs")


if __name__ == "__main__":
    main()
