"""No rule that judges a resource alone fails on any value, and each of its findings has a place.

`MESHLINT_WILD=200000 pytest tests/validity/test_wild.py` tries more than every run does.
"""

import json
import os
from random import Random
from typing import Any

import pytest
from support import all_rules
from validity.wild import TEXTS, operator, resource, settings

from meshlint.local import judge
from meshlint.local_rules import LocalRules
from meshlint.model.annotations import ANNOTATIONS
from meshlint.model.base import Opaque
from meshlint.model.kinds import _KINDS, convert, kind_class
from meshlint.model.mesh_config.istio_operator import IstioOperator
from meshlint.model.mesh_config.mesh_config import MeshConfigSpec
from meshlint.model.mesh_config.mesh_networks import MeshNetworksSpec
from meshlint.model.mesh_config.proxy_config import MeshProxyConfig
from meshlint.model.paths import spelled
from meshlint.ruleset import RuleSet
from meshlint.schemas import Catalog
from meshlint.schemas.versions import Target
from meshlint.selection import select
from meshlint.sources import Source

COUNT = int(os.environ.get("MESHLINT_WILD", "600"))
ISTIO = sorted({(group, kind) for group, kind in _KINDS if group.endswith("istio.io")})


@pytest.mark.parametrize("release", ["1.20", "1.24", Target().istio])
def test_wild_values(release: str) -> None:
    rules = RuleSet(select(all_rules().values(), only=("all",)), {}, {Target: Target(istio=release)})
    random = Random(release)
    opaque = 0
    for number in range(COUNT // 3):
        group, kind = ISTIO[number % len(ISTIO)]
        version = f"{group}/v1"
        found = kind_class(version, kind)
        assert found is not None
        document = resource(found, version, random)
        typed = convert(document)
        opaque += isinstance(typed, Opaque)
        if isinstance(typed, Opaque):
            continue
        for bound in rules.local(type(typed)):
            try:
                for finding in bound.check(typed):
                    spelled(typed, finding.spot.object, finding.spot.path)
                    assert finding.message
            except Exception as error:
                raise AssertionError(f"{bound.meta.code} on {document}") from error
    assert opaque < COUNT / 30


def _config_map(random: Random) -> dict[str, Any]:
    texts = {"mesh": MeshConfigSpec, "meshNetworks": MeshNetworksSpec}
    data = {key: json.dumps(settings(message, random)) for key, message in texts.items()}
    if random.random() < 0.1:
        data["mesh"] = random.choice(TEXTS)
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "istio"}, "data": data}


def _pod(random: Random) -> dict[str, Any]:
    annotations = {key: random.choice(TEXTS) for key in random.sample(sorted(ANNOTATIONS), 8)}
    annotations["proxy.istio.io/config"] = json.dumps(settings(MeshProxyConfig, random))
    if random.random() < 0.1:
        annotations["proxy.istio.io/config"] = random.choice(TEXTS)
    metadata = {"name": "a", "annotations": annotations}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": {"containers": []}}


@pytest.mark.parametrize("release", ["1.20", "1.28", Target().istio])
def test_wild_settings(release: str) -> None:
    """Of mesh, proxies and installation: what the map step says of a document, and where."""
    target = Target(istio=release)
    rules = RuleSet(select(all_rules().values(), only=("all",)), {}, {Target: target})
    catalog, random = Catalog(target), Random(release)
    for number in range(COUNT // 6):
        document = (_config_map, _pod, lambda random: operator(IstioOperator, random))[number % 3](random)
        text = json.dumps(document)
        local = LocalRules(rules)
        mapped = judge(Source("a.yaml", text, named=True), 0, local, catalog)
        local.run()
        assert not [result.message for result in mapped.results if result.rule == "ML003"], text
        assert all(result.spot.source == 0 for result in mapped.results)
