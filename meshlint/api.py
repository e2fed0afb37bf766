"""All that a rule may import. Names resolve on first use, so that a rule costs only what it needs.

Istio and Kubernetes kinds are here by name (`VirtualService`, `Service`, `Workload`), the Gateway
API as `gateway_api` (`gateway_api.HTTPRoute`), since it has a `Gateway` of its own. Nested messages
are reached through their kind's module.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from meshlint.findings import Edit, Findings, Fix, Part, Place, Severity, Spot, at, finding
    from meshlint.mesh.answers import Answer
    from meshlint.mesh.mesh import Mesh
    from meshlint.model.durations import duration_text, seconds
    from meshlint.model.networking.destination_rule import DestinationRule
    from meshlint.model.networking.virtual_service import VirtualService
    from meshlint.model.security.peer_authentication import PeerAuthentication
    from meshlint.problems import DuplicateKey, DuplicateResource, SyntaxProblem
    from meshlint.registry import Options, rule
    from meshlint.schemas.versions import Target

_HOMES = {
    "meshlint.findings": ("Edit", "Findings", "Fix", "Part", "Place", "Severity", "Spot", "at", "finding"),
    "meshlint.registry": ("Options", "rule"),
    "meshlint.mesh.answers": ("Answer",),
    "meshlint.mesh.mesh": ("Mesh",),
    "meshlint.model.durations": ("duration_text", "seconds"),
    "meshlint.model.base": ("Generic", "ObjectMeta", "Opaque", "Resource"),
    "meshlint.problems": (
        "BrokenConstraint",
        "DuplicateKey",
        "DuplicateResource",
        "MissingField",
        "NewerField",
        "SchemaProblem",
        "SyntaxProblem",
        "UnknownField",
        "UnservedVersion",
        "WrongValue",
    ),
    "meshlint.schemas.versions": ("Target",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    value: Any
    if name == "gateway_api":
        value = importlib.import_module("meshlint.model.gateway_api")
    elif name in _HOME_OF:
        value = getattr(importlib.import_module(_HOME_OF[name]), name)
    else:
        from meshlint.model.kinds import kind_named

        value = kind_named(name)
    if value is None:
        raise AttributeError(f"meshlint.api has no {name!r}")
    globals()[name] = value
    return value
