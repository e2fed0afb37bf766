"""Fields and values that are legal but should no longer be used, as data.

Sources: the `deprecated` options and the comments of istio/api's .proto files, 1.0 to 1.31; what
istiod does with them is in pkg/config/validation/validation.go (`consecutiveErrors`: `applyOutlierDetection`
in pilot/pkg/networking/core/cluster_traffic_policy.go does not read it). What is read of mesh config was
looked up in the source of 1.31 (pilot/, pkg/bootstrap, tools/packaging/common/envoy_bootstrap.json) and in
the change notes of 1.23, 1.25 and 1.27. Kinds are Istio's; `MeshConfig`
stands for mesh config wherever it lies, its `defaultConfig` (a proxy's config) included.
"""

from functools import cache
from typing import Any, Literal

import msgspec

from meshlint.findings import Path
from meshlint.schemas.versions import Release, number

Status = Literal["deprecated", "unimplemented", "superseded"]


class Deprecation(msgspec.Struct, frozen=True):
    """One field; see `problems.DeprecatedField` for what the fields mean.

    `paths` start below `spec` (of MeshConfig: at its root), with `[]` for a list and `{}` for a map.
    """

    kind: str
    paths: tuple[str, ...]
    replacement: str | None = None
    since: Release | None = None
    read: bool | None = True
    gone: Release | None = None
    """The release from which on istiod and the proxies do not read it any more."""
    note: str = ""
    status: Status = "deprecated"
    value: str | None = None


_POLICIES = (
    "trafficPolicy",
    "trafficPolicy.portLevelSettings[]",
    "subsets[].trafficPolicy",
    "subsets[].trafficPolicy.portLevelSettings[]",
)


def _policy(path: str) -> tuple[str, ...]:
    return tuple(f"{policy}.{path}" for policy in _POLICIES)


def _unread(kind: str, *paths: str, note: str = "it is documented as not implemented") -> Deprecation:
    return Deprecation(kind, paths, read=False, note=note, status="unimplemented")


def _mesh(
    path: str,
    replacement: str | None,
    since: Release | None,
    *,
    read: bool | None = None,
    gone: Release | None = None,
    note: str = "",
) -> Deprecation:
    return Deprecation("MeshConfig", (path,), replacement, since, read, gone, note)


_SINGULAR_TARGET = "`targetRefs`, a list, exists since 1.22"
_NEVER_IMPLEMENTED = "istiod refuses it as not supported"
_BY_TELEMETRY = "an extension provider and a Telemetry"
_SEEN: Release = "1.31"
"""For what the source of 1.31 does not read any more; it may be so for longer."""

DEPRECATIONS: tuple[Deprecation, ...] = (
    Deprecation(
        "VirtualService",
        ("http[].mirrorPercent", "http[].mirror_percent"),
        "mirrorPercentage.value",
        "1.5",
        note="istiod warns, and refuses more than 100",
    ),
    Deprecation(
        "VirtualService", ("http[].corsPolicy.allowOrigin",), "allowOrigins", "1.5", note="items become `exact: ...`"
    ),
    Deprecation("VirtualService", ("http[].fault.delay.percent",), "percentage.value", "1.1"),
    _unread("VirtualService", "http[].fault.abort.http2Error", note=_NEVER_IMPLEMENTED),
    _unread("VirtualService", "http[].fault.delay.exponentialDelay", note=_NEVER_IMPLEMENTED),
    _unread("VirtualService", "tcp[].match[].sourceSubnet"),
    Deprecation("VirtualService", ("http[].mirror",), "mirrors", "1.19", status="superseded"),
    Deprecation(
        "DestinationRule",
        _policy("outlierDetection.consecutiveErrors"),
        "consecutiveGatewayErrors or consecutive5xxErrors",
        "1.5",
        read=False,
        note="Envoy's default of 5 errors in a row applies",
    ),
    Deprecation("DestinationRule", _policy("loadBalancer.simple"), "LEAST_REQUEST", "1.14", value="LEAST_CONN"),
    Deprecation(
        "DestinationRule",
        _policy("loadBalancer.consistentHash.minimumRingSize"),
        "ringHash.minimumRingSize",
        "1.16",
        note="istiod warns, and refuses it beside `ringHash` or `maglev`",
    ),
    Deprecation("DestinationRule", _policy("loadBalancer.warmupDurationSecs"), "warmup.duration", "1.24"),
    Deprecation(
        "Gateway", ("servers[].port.targetPort",), None, "1.17", read=False, note="istiod refuses it since 1.20"
    ),
    _unread("Gateway", "servers[].defaultEndpoint"),
    _unread("Gateway", "servers[].tls.tlsCertificates[].caCertificates"),
    Deprecation(
        "Sidecar",
        ("ingress[].port.targetPort", "egress[].port.targetPort"),
        None,
        "1.20",
        read=False,
        note="istiod refuses it since 1.20",
    ),
    Deprecation(
        "Sidecar",
        ("outboundTrafficPolicy.egressProxy",),
        None,
        read=True,
        note="Istio's pages leave it out, and `istioctl analyze` calls it deprecated",
    ),
    _unread("Sidecar", "ingress[].tls.tlsCertificates[].caCertificates"),
    Deprecation("EnvoyFilter", ("configPatches[].applyTo",), None, "1.21", value="BOOTSTRAP"),
    _unread("EnvoyFilter", "configPatches[].match.listener.portName"),
    _unread("WasmPlugin", "verificationKey"),
    _unread("TrafficExtension", "wasm.verificationKey"),
    Deprecation(
        "Telemetry", ("tracing[].useRequestIdForTraceSampling",), status="superseded", note="Istio's pages leave it out"
    ),
    *(
        Deprecation(kind, ("targetRef",), "targetRefs", "1.22", status="superseded", note=_SINGULAR_TARGET)
        for kind in ("AuthorizationPolicy", "RequestAuthentication", "Telemetry", "WasmPlugin")
    ),
    _mesh("certificates", "cert-manager, or another source of DNS certificates", "1.15", gone=_SEEN),
    _mesh("verifyCertificateAtClient", None, "1.12", gone=_SEEN),
    _mesh("extensionProviders[].lightstep", "opentelemetry", "1.17", read=True, gone="1.27"),
    _mesh("extensionProviders[].opencensus", "opentelemetry", "1.19", read=True, gone="1.23"),
    _mesh(
        "extensionProviders[].envoyExtAuthzHttp.includeHeadersInCheck",
        "includeRequestHeadersInCheck",
        "1.10",
        read=True,
        note="as long as the other is empty",
    ),
    *(
        _mesh(f"extensionProviders[].stackdriver.{field}", None, "1.16", gone=_SEEN)
        for field in ("debug", "maxNumberOfAttributes", "maxNumberOfAnnotations", "maxNumberOfMessageEvents")
    ),
    _mesh("defaultConfig.discoveryRefreshDelay", None, "1.1", gone=_SEEN),
    _mesh("defaultConfig.zipkinAddress", "tracing.zipkin.address", "1.1", gone=_SEEN),
    _mesh(
        "defaultConfig.envoyMetricsServiceAddress",
        "envoyMetricsService.address",
        "1.3",
        gone=_SEEN,
        note="the proxy takes the address of `envoyMetricsService` in its place",
    ),
    _mesh("defaultConfig.availabilityZone", None, "1.1", gone=_SEEN),
    _mesh("defaultConfig.sds", None, "1.14", gone=_SEEN),
    _mesh("defaultConfig.extraStatTags", None, "1.21", read=True, note="but it is not needed any more"),
    _mesh(
        "defaultConfig.proxyMetadata.ISTIO_META_DNS_AUTO_ALLOCATE",
        "the second version of DNS auto allocation, which needs no setting",
        "1.25",
        read=True,
        note="istiod warns",
    ),
    _mesh("defaultConfig.tracing.openCensusAgent", _BY_TELEMETRY, "1.25", gone="1.25"),
    *(
        _mesh(f"defaultConfig.tracing.{field}", _BY_TELEMETRY, "1.25", gone=_SEEN, note="and nothing is traced")
        for field in ("stackdriver", "lightstep")
    ),
    _mesh("thriftConfig", None, "1.17", read=False, note="it was removed from Istio's API"),
    _mesh("defaultConfig.parentShutdownDuration", None, "1.17", read=False, note="it was removed from Istio's API"),
)


class Step(msgspec.Struct, eq=False):
    """A node of the tree of paths: what is deprecated here, and what below."""

    here: list[Deprecation]
    below: "dict[str, Step]"


@cache
def tree(kind: str) -> Step | None:
    """The paths of a kind that hold something deprecated; None where none does."""
    root = Step([], {})
    for deprecation in DEPRECATIONS:
        if deprecation.kind == kind:
            for path in deprecation.paths:
                node = root
                for step in path.replace("[]", ".[]").replace("{}", ".{}").split("."):
                    node = node.below.setdefault(step, Step([], {}))
                node.here.append(deprecation)
    return root if root.below else None


def find(kind: str, spec: Any, release: Release) -> list[tuple[Path, Deprecation]]:
    """The deprecated fields that a spec uses, with their paths below it, as of an Istio release."""
    root = tree(kind)
    found: list[tuple[Path, Deprecation]] = []
    if root is not None:
        _walk(root, spec, (), found)
    if not found:
        return []
    target = number(release)
    return [(path, _as_of(target, d)) for path, d in found if d.since is None or number(d.since) <= target]


def _as_of(target: tuple[int, ...], found: Deprecation) -> Deprecation:
    """What holds for a release: read or not, and a note on what became of it only from then on."""
    if found.gone is None:
        return found
    gone = number(found.gone) <= target
    return msgspec.structs.replace(found, read=False if gone else found.read, note=found.note if gone else "")


def _walk(step: Step, value: Any, path: Path, found: list[tuple[Path, Deprecation]]) -> None:
    if type(value) is dict:
        if not value.keys().isdisjoint(step.below):  # most objects hold nothing of what may lead there
            for name, below in step.below.items():
                if name in value:
                    _walk(below, value[name], (*path, name), found)
        if "{}" in step.below:
            for key, item in value.items():
                _walk(step.below["{}"], item, (*path, key), found)
    elif type(value) is list and "[]" in step.below:
        below = step.below["[]"]
        for index, item in enumerate(value):
            _walk(below, item, (*path, index), found)
    for deprecation in step.here:
        if value is not None and (deprecation.value is None or deprecation.value == value):
            found.append((path, deprecation))
