"""All that a rule may import. Names resolve on first use, so that a rule costs only what it needs.

Istio and Kubernetes kinds are here by name (`VirtualService`, `Service`, `Workload`), the Gateway
API as `gateway_api` (`gateway_api.HTTPRoute`), since it has a `Gateway` of its own. Nested messages
are reached through their kind's module.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from meshlint.findings import Edit, Findings, Fix, Part, Place, Severity, Spot, at, finding
    from meshlint.mesh.mesh import Mesh
    from meshlint.registry import Options, rule
    from meshlint.schemas.versions import Target

_HOMES = {
    "meshlint.findings": ("Edit", "Findings", "Fix", "Part", "Place", "Severity", "Spot", "at", "finding"),
    "meshlint.registry": ("Options", "rule"),
    "meshlint.mesh.mesh": ("Mesh",),
    "meshlint.schemas.versions": ("Target",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(f"meshlint.api has no {name!r}")
    value = getattr(importlib.import_module(home), name)
    globals()[name] = value
    return value
