"""The annotations and labels that Istio reads: on which kinds, since and until which release.

From `annotation/annotations.yaml` and `label/labels.yaml` of istio/api, releases 1.3 to 1.32. The
files begin with 1.3 (labels with 1.9), so these as a first release mean then or earlier.
"""

from collections.abc import Iterable
from functools import cache, lru_cache

import msgspec

from meshlint.suggest import nearest

PROXY_CONFIG = "proxy.istio.io/config"
"""By this annotation pods bring settings for their proxy, as text in YAML (`meshConfig.defaultConfig`)."""


class Known(msgspec.Struct, frozen=True):
    """An annotation or label of Istio."""

    name: str
    kinds: tuple[str, ...]
    """Where Istio reads it; `Any` for every kind. `Gateway` and `GatewayClass` are those of the Gateway API."""
    since: str
    until: str | None = None
    """The last release that knew it; None while it is known."""
    deprecated: str | None = None
    """The release that deprecated it; 1.9 may mean earlier."""
    instead: str | None = None
    internal: bool = False
    """Whether it is hidden from Istio's documentation: mostly Istio itself writes it."""


def _known(
    name: str,
    kinds: str,
    since: str,
    *,
    until: str | None = None,
    deprecated: str | None = None,
    instead: str | None = None,
    internal: bool = False,
) -> Known:
    return Known(name, tuple(kinds.split(", ")), since, until, deprecated, instead, internal)


def _by_name(rows: Iterable[Known]) -> dict[str, Known]:
    return {row.name: row for row in rows}


_ANNOTATIONS = (
    _known("alpha.istio.io/canonical-serviceaccounts", "Service", "1.3", deprecated="1.9", internal=True),
    _known("alpha.istio.io/identity", "Pod", "1.3", until="1.23", deprecated="1.9", internal=True),
    _known("alpha.istio.io/kubernetes-serviceaccounts", "Service", "1.3", deprecated="1.9", internal=True),
    _known("ambient.istio.io/bypass-inbound-capture", "Pod", "1.24"),
    _known("ambient.istio.io/dns-capture", "Pod", "1.25", internal=True),
    _known("ambient.istio.io/redirection", "Pod", "1.24"),
    _known("ambient.istio.io/waypoint-inbound-binding", "GatewayClass, Gateway", "1.24", internal=True),
    _known("galley.istio.io/analyze-suppress", "Any", "1.5"),
    _known("gateway.istio.io/controller-version", "Any", "1.18", internal=True),
    _known("gateway.istio.io/name-override", "Gateway", "1.24", internal=True),
    _known("gateway.istio.io/service-account", "Gateway", "1.24", internal=True),
    _known("inject.istio.io/templates", "Pod", "1.11"),
    _known("install.operator.istio.io/chart-owner", "Any", "1.4", until="1.23"),
    _known("install.operator.istio.io/owner-generation", "Any", "1.4", until="1.23"),
    _known("install.operator.istio.io/version", "Any", "1.4", until="1.23"),
    _known("istio.io/autoRegistrationGroup", "WorkloadEntry", "1.13", internal=True),
    _known("istio.io/connectedAt", "WorkloadEntry", "1.13", internal=True),
    _known("istio.io/disconnectedAt", "WorkloadEntry", "1.13", internal=True),
    _known("istio.io/dry-run", "AuthorizationPolicy", "1.10"),
    _known("istio.io/reroute-virtual-interfaces", "Pod", "1.25"),
    _known("istio.io/rev", "Pod", "1.18"),
    _known("istio.io/use-waypoint-canary-weight", "Service, ServiceEntry, Namespace", "1.31"),
    _known("istio.io/workloadController", "WorkloadEntry", "1.13", internal=True),
    _known("kubernetes.io/ingress.class", "Ingress", "1.3"),
    _known("networking.alpha.istio.io/endpointsVersion", "ServiceEntry", "1.3", until="1.5", internal=True),
    _known("networking.alpha.istio.io/notReadyEndpoints", "ServiceEntry", "1.3", until="1.5", internal=True),
    _known("networking.alpha.istio.io/serviceVersion", "ServiceEntry", "1.3", until="1.5", internal=True),
    _known("networking.istio.io/exportTo", "Service", "1.3"),
    _known("networking.istio.io/gatewayPort", "Service", "1.13", until="1.13", instead="the label of the same name"),
    _known("networking.istio.io/service-type", "Gateway", "1.24", internal=True),
    _known("networking.istio.io/traffic-distribution", "Namespace, Service, ServiceEntry", "1.24"),
    _known("policy.istio.io/check", "Pod", "1.3", until="1.7"),
    _known("policy.istio.io/checkBaseRetryWaitTime", "Pod", "1.3", until="1.7"),
    _known("policy.istio.io/checkMaxRetryWaitTime", "Pod", "1.3", until="1.7"),
    _known("policy.istio.io/checkRetries", "Pod", "1.3", until="1.7"),
    _known("policy.istio.io/lang", "Pod", "1.3", until="1.7"),
    _known("prometheus.istio.io/merge-metrics", "Pod", "1.6"),
    _known(PROXY_CONFIG, "Pod", "1.6"),
    _known("proxy.istio.io/overrides", "Pod", "1.11", internal=True),
    _known("readiness.status.sidecar.istio.io/applicationPorts", "Pod", "1.3"),
    _known("readiness.status.sidecar.istio.io/failureThreshold", "Pod", "1.3"),
    _known("readiness.status.sidecar.istio.io/initialDelaySeconds", "Pod", "1.3"),
    _known("readiness.status.sidecar.istio.io/periodSeconds", "Pod", "1.3"),
    _known("security.istio.io/autoMTLS", "Pod", "1.4", until="1.5", internal=True),
    _known("security.istio.io/tlsMode", "Pod", "1.6", until="1.9", deprecated="1.9", internal=True),
    _known("sidecar.istio.io/agentLogLevel", "Pod", "1.10"),
    _known("sidecar.istio.io/bootstrapOverride", "Pod", "1.3"),
    _known("sidecar.istio.io/componentLogLevel", "Pod", "1.3"),
    _known("sidecar.istio.io/controlPlaneAuthPolicy", "Pod", "1.3", until="1.23", deprecated="1.9"),
    _known(
        "sidecar.istio.io/discoveryAddress",
        "Pod",
        "1.3",
        deprecated="1.9",
        instead="`discoveryAddress` in `proxy.istio.io/config`",
    ),
    _known("sidecar.istio.io/enableCoreDump", "Pod", "1.5", until="1.24"),
    _known("sidecar.istio.io/extraStatTags", "Pod", "1.12", deprecated="1.21"),
    _known("sidecar.istio.io/inject", "Pod", "1.3", deprecated="1.15", instead="the label of the same name"),
    _known("sidecar.istio.io/interceptionMode", "Pod", "1.3"),
    _known("sidecar.istio.io/logLevel", "Pod", "1.3"),
    _known("sidecar.istio.io/nativeSidecar", "Pod", "1.24"),
    _known("sidecar.istio.io/proxyCPU", "Pod", "1.3"),
    _known("sidecar.istio.io/proxyCPULimit", "Pod", "1.6"),
    _known("sidecar.istio.io/proxyImage", "Pod", "1.3"),
    _known("sidecar.istio.io/proxyImageType", "Pod", "1.13"),
    _known("sidecar.istio.io/proxyMemory", "Pod", "1.3"),
    _known("sidecar.istio.io/proxyMemoryLimit", "Pod", "1.6"),
    _known("sidecar.istio.io/rewriteAppHTTPProbers", "Pod", "1.3"),
    _known(
        "sidecar.istio.io/statsCompression",
        "Pod",
        "1.26",
        deprecated="1.29",
        instead="`statsCompression` of the mesh configuration",
    ),
    _known("sidecar.istio.io/statsEvictionInterval", "Pod", "1.28"),
    _known("sidecar.istio.io/statsFlushInterval", "Pod", "1.28"),
    _known("sidecar.istio.io/statsHistogramBins", "Pod", "1.28"),
    _known("sidecar.istio.io/statsHistogramBuckets", "Pod", "1.19"),
    _known(
        "sidecar.istio.io/statsInclusionPrefixes",
        "Pod",
        "1.3",
        deprecated="1.9",
        instead="`proxyStatsMatcher` in `proxy.istio.io/config`",
    ),
    _known(
        "sidecar.istio.io/statsInclusionRegexps",
        "Pod",
        "1.3",
        deprecated="1.9",
        instead="`proxyStatsMatcher` in `proxy.istio.io/config`",
    ),
    _known(
        "sidecar.istio.io/statsInclusionSuffixes",
        "Pod",
        "1.3",
        deprecated="1.9",
        instead="`proxyStatsMatcher` in `proxy.istio.io/config`",
    ),
    _known("sidecar.istio.io/status", "Pod", "1.3"),
    _known("sidecar.istio.io/userVolume", "Pod", "1.3"),
    _known("sidecar.istio.io/userVolumeMount", "Pod", "1.3"),
    _known("status.sidecar.istio.io/port", "Pod", "1.3"),
    _known("topology.istio.io/controlPlaneClusters", "Namespace", "1.15"),
    _known(
        "traffic.istio.io/excludeInboundPorts",
        "Pod",
        "1.22",
        until="1.22",
        instead="`traffic.sidecar.istio.io/excludeInboundPorts`",
    ),
    _known(
        "traffic.istio.io/excludeInterfaces",
        "Pod",
        "1.22",
        until="1.22",
        instead="`traffic.sidecar.istio.io/excludeInterfaces`",
    ),
    _known(
        "traffic.istio.io/excludeOutboundIPRanges",
        "Pod",
        "1.22",
        until="1.22",
        instead="`traffic.sidecar.istio.io/excludeOutboundIPRanges`",
    ),
    _known(
        "traffic.istio.io/excludeOutboundPorts",
        "Pod",
        "1.22",
        until="1.22",
        instead="`traffic.sidecar.istio.io/excludeOutboundPorts`",
    ),
    _known(
        "traffic.istio.io/includeInboundPorts",
        "Pod",
        "1.22",
        until="1.22",
        instead="`traffic.sidecar.istio.io/includeInboundPorts`",
    ),
    _known(
        "traffic.istio.io/includeOutboundIPRanges",
        "Pod",
        "1.22",
        until="1.22",
        instead="`traffic.sidecar.istio.io/includeOutboundIPRanges`",
    ),
    _known(
        "traffic.istio.io/includeOutboundPorts",
        "Pod",
        "1.22",
        until="1.22",
        instead="`traffic.sidecar.istio.io/includeOutboundPorts`",
    ),
    _known("traffic.istio.io/nodeSelector", "Service", "1.15"),
    _known("traffic.sidecar.istio.io/excludeInboundPorts", "Pod", "1.3"),
    _known("traffic.sidecar.istio.io/excludeInterfaces", "Pod", "1.15"),
    _known("traffic.sidecar.istio.io/excludeOutboundIPRanges", "Pod", "1.3"),
    _known("traffic.sidecar.istio.io/excludeOutboundPorts", "Pod", "1.3"),
    _known("traffic.sidecar.istio.io/includeInboundPorts", "Pod", "1.3"),
    _known("traffic.sidecar.istio.io/includeOutboundIPRanges", "Pod", "1.3"),
    _known("traffic.sidecar.istio.io/includeOutboundPorts", "Pod", "1.7"),
    _known(
        "traffic.sidecar.istio.io/kubevirtInterfaces",
        "Pod",
        "1.3",
        deprecated="1.25",
        instead="`istio.io/reroute-virtual-interfaces`",
    ),
)

_LABELS = (
    _known("gateway.istio.io/managed", "ServiceAccount, Deployment, Service", "1.24"),
    _known(
        "gateway.networking.k8s.io/gateway-class-name",
        "ServiceAccount, Deployment, Service, PodDisruptionBudget, HorizontalPodAutoscaler",
        "1.28",
    ),
    _known(
        "gateway.networking.k8s.io/gateway-name",
        "ServiceAccount, Deployment, Service, PodDisruptionBudget, HorizontalPodAutoscaler",
        "1.24",
    ),
    _known("istio.io/dataplane-mode", "Pod, Namespace", "1.24"),
    _known("istio.io/ingress-use-waypoint", "Service, ServiceEntry, Namespace", "1.30"),
    _known("istio.io/rev", "Namespace, Gateway, Pod", "1.9"),
    _known("istio.io/tag", "MutatingWebhookConfiguration", "1.24"),
    _known("istio.io/use-waypoint", "Pod, WorkloadEntry, Service, ServiceEntry, Namespace", "1.24"),
    _known("istio.io/use-waypoint-canary", "Service, ServiceEntry, Namespace", "1.31"),
    _known("istio.io/use-waypoint-canary-namespace", "Service, ServiceEntry, Namespace", "1.31"),
    _known("istio.io/use-waypoint-namespace", "Pod, WorkloadEntry, Service, ServiceEntry, Namespace", "1.24"),
    _known("istio.io/waypoint-for", "GatewayClass, Gateway", "1.24"),
    _known("networking.istio.io/enable-autoallocate-ip", "ServiceEntry", "1.24"),
    _known("networking.istio.io/gatewayPort", "Service", "1.14"),
    _known("operator.istio.io/component", "Any", "1.9", internal=True),
    _known("operator.istio.io/managed", "Any", "1.9", internal=True),
    _known("operator.istio.io/version", "Any", "1.9", internal=True),
    _known("security.istio.io/tlsMode", "Pod", "1.9", deprecated="1.9", internal=True),
    _known("service.istio.io/canonical-name", "Pod", "1.9"),
    _known("service.istio.io/canonical-revision", "Pod", "1.9"),
    _known("service.istio.io/workload-name", "Pod, WorkloadEntry", "1.25"),
    _known("sidecar.istio.io/inject", "Pod", "1.16"),
    _known("topology.istio.io/cluster", "Pod", "1.9"),
    _known("topology.istio.io/locality", "Pod", "1.29"),
    _known("topology.istio.io/network", "Namespace, Pod, Service", "1.9"),
    _known("topology.istio.io/subzone", "Node", "1.9"),
    # Not in the file, but what most namespaces are injected by.
    _known("istio-injection", "Namespace", "1.3"),
)

ANNOTATIONS = _by_name(_ANNOTATIONS)
"""Every annotation that some release knows, by name."""

LABELS = _by_name(_LABELS)
"""Every label that some release knows, by name."""

# What istiod, the agents, the installers and the charts write or read without listing it in the files above.
_UNLISTED = frozenset(
    {
        "ambient.istio.io/xfcc-include-client-identity",
        "envoyfilter.istio.io/referenced-services",
        "experimental.istio.io/disable-gateway-port-translation",
        "gateway.istio.io/agentgatewayImage",
        "gateway.istio.io/defaults-for-class",
        "gateway.istio.io/listener-protocol",
        "gateway.istio.io/tls-cipher-suites",
        "gateway.istio.io/tls-terminate-mode",
        "install.operator.istio.io/owning-resource",
        "install.operator.istio.io/owning-resource-namespace",
        "install.operator.istio.io/owning-resource-not-pruned",
        "istio.io/config",
        "istio.io/connect-strategy",
        "istio.io/deactivated",
        "istio.io/draining",
        "istio.io/gateway-name",
        "istio.io/ignore-policy-attachment",
        "istio.io/persistent-session",
        "istio.io/persistent-session-header",
        "istio.io/unmanaged-gateway",
        "networking.istio.io/address-type",
        "networking.istio.io/cluster",
        "networking.istio.io/tunnel",
        "prometheus.istio.io/scrape-targets",
        "prometheus.istio.io/secure-port",
        "proxy.istio.io/health-checks-enabled",
    }
)
_FOREIGN = frozenset({"kubernetes.io", "gateway.networking.k8s.io"})
"""Prefixes in the files that are not Istio's: other keys of theirs are none of its business."""

_OWN_PREFIXES = ("internal.istio.io/", "leader.istio.io/", "cni.istio.io/")


def is_known(key: str) -> bool:
    """Whether Istio, in some release, gives a key of this name a meaning, as annotation or as label."""
    return key in ANNOTATIONS or key in LABELS or key in _UNLISTED or key.startswith(_OWN_PREFIXES)


@lru_cache(maxsize=4096)
def concerns_istio(key: str) -> bool:
    """Whether a key is one of Istio's, or a slip of one. Few keys are: ask this before anything else about a key."""
    return is_known(key) or nearest_key(key) is not None


@lru_cache(maxsize=1024)
def nearest_key(key: str) -> str | None:
    """The known key that an unknown one is a slip of: in its name, in its prefix, or under another prefix of Istio.

    None for a known key, for one that is not Istio's, and where the key is near to none or to more
    than one. Keys that only past releases knew are not suggested.
    """
    prefix, slash, name = key.rpartition("/")
    if is_known(key) or prefix in _FOREIGN:
        return None
    if not slash:
        return nearest(key, _names()[""])
    if prefix in _names():
        meant = nearest(name, _names()[prefix])
        if meant:
            return f"{prefix}/{meant}"
    else:
        near = _nearest_prefix(prefix)
        if near and name in _names()[near]:
            return f"{near}/{name}"
    return _elsewhere(name) if f".{prefix}".endswith(".istio.io") else None


@lru_cache(maxsize=1024)
def _nearest_prefix(prefix: str) -> str | None:
    return nearest(prefix, (known for known in _names() if known and known not in _FOREIGN))


def _elsewhere(name: str) -> str | None:
    """The only key of this very name under any prefix; a name of one plain word may be anybody's."""
    found = [prefix for prefix, names in _names().items() if name in names]
    is_plain = name.islower() and "-" not in name and "." not in name and name != "inject"
    return f"{found[0]}/{name}" if len(found) == 1 and found[0] and not is_plain else None


@cache
def _names() -> dict[str, tuple[str, ...]]:
    """The names of today's keys by prefix; `""` for the one without."""
    names: dict[str, list[str]] = {}
    for known in dict.fromkeys((*ANNOTATIONS.values(), *LABELS.values())):
        prefix, _, name = known.name.rpartition("/")
        if known.until is None and name not in names.setdefault(prefix, []):
            names[prefix].append(name)
    return {prefix: tuple(found) for prefix, found in names.items() if found}
