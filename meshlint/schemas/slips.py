"""API groups that are a slip: the kind is Istio's or the Gateway API's, but its apiVersion nobody's.

Whoever applies such a resource gets `no matches for kind`, and every check passes it by. Other
products have kinds of the same names in groups of their own (a VirtualService of Gloo or App Mesh,
an AuthorizationPolicy of Linkerd), so only groups count that cannot be theirs: a misspelt group of
ours, one of istio.io, and those of Kubernetes itself, which no CRD may take (they have no dot, or
end in `k8s.io`; the API server protects the latter).
"""

from meshlint.schemas.catalog import PROJECTS
from meshlint.suggest import edits, nearest

ISTIO = frozenset(
    {
        "AuthorizationPolicy",
        "DestinationRule",
        "EnvoyFilter",
        "PeerAuthentication",
        "RequestAuthentication",
        "ServiceEntry",
        "Telemetry",
        "TrafficExtension",
        "VirtualService",
        "WasmPlugin",
        "WorkloadEntry",
        "WorkloadGroup",
    }
)
"""The kinds that Istio shares with nobody in groups of istio.io or Kubernetes."""
GATEWAY_API = frozenset(
    {
        "BackendTLSPolicy",
        "GRPCRoute",
        "GatewayClass",
        "HTTPRoute",
        "ListenerSet",
        "TCPRoute",
        "TLSRoute",
        "UDPRoute",
    }
)
"""The same for the Gateway API; a ReferenceGrant is planned for Kubernetes itself."""
_AMBIGUOUS = frozenset({"Gateway", "IstioOperator", "ProxyConfig", "ReferenceGrant", "Sidecar"})
_OPERATOR = "install.istio.io"
_GROUPS = (*PROJECTS, _OPERATOR)
_MOST_EDITS = 2


def is_slip(api_version: str, kind: str) -> bool:
    """Whether a kind that no schema knows by this apiVersion is one of ours, with a slip in the group."""
    if meant_group(api_version) is not None:
        known = ISTIO | GATEWAY_API | _AMBIGUOUS
        return kind in known or nearest(kind, known) is not None
    group, slash, _ = api_version.partition("/")
    if group in _GROUPS and slash:
        return False
    if group == "istio.io" or group.endswith(".istio.io"):
        return kind in ISTIO
    if slash and ("." not in group or group.endswith(".k8s.io")):
        return kind in ISTIO or kind in GATEWAY_API
    # Files of other programs may say `apiVersion: v1` too, and Telemetry is a plain word.
    return not slash and kind != "Telemetry" and (kind in ISTIO or kind in GATEWAY_API)


def meant_group(api_version: str) -> str | None:
    """The group that a misspelt one, or one without a version, was meant to be."""
    group, slash, _ = api_version.partition("/")
    if group in _GROUPS:
        return None if slash else group
    best, limit = None, _MOST_EDITS
    for known in _GROUPS:
        if abs(len(known) - len(group)) <= limit:
            distance = edits(group, known, limit)
            if distance <= limit:
                best, limit = known, distance - 1
    return best


def operator(api_version: str, kind: str) -> str | None:
    """What to write for an IstioOperator, of which the schemas know nothing."""
    meant = meant_group(api_version) == _OPERATOR and (kind == "IstioOperator" or nearest(kind, ("IstioOperator",)))
    return f"{_OPERATOR}/v1alpha1 IstioOperator" if meant else None
