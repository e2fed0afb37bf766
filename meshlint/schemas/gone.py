"""Kinds that are Istio's or the Gateway API's, but of no supported release: when they went, and to what.

Sources: the upgrade notes of Istio 1.0, 1.6 (alpha authentication and RBAC removed) and 1.8 (Mixer
removed) on istio.io/news; the release notes of Gateway API v0.6.0 and the types' own comments.
"""

import msgspec

from meshlint.schemas.catalog import PROJECTS


class Gone(msgspec.Struct, frozen=True):
    """`release` is the first one without the kind."""

    release: str
    replacement: str | None


_ROLES = Gone("Istio 1.6", "AuthorizationPolicy")
_AUTHENTICATION = Gone("Istio 1.6", "PeerAuthentication (mutual TLS) and RequestAuthentication (tokens)")
_MIXER = Gone("Istio 1.8", "Telemetry, AuthorizationPolicy (external authorizers) or WasmPlugin")
_RATE_LIMIT = Gone("Istio 1.8", "Envoy's rate limit filter, configured by an EnvoyFilter")
_EARLY_GATEWAY_API = Gone("Gateway API 0.5", "the kinds of gateway.networking.k8s.io/v1")

_KINDS = {
    ("config.istio.io", "RouteRule"): Gone("Istio 1.0", "VirtualService"),
    ("config.istio.io", "DestinationPolicy"): Gone("Istio 1.0", "DestinationRule"),
    ("config.istio.io", "EgressRule"): Gone("Istio 1.0", "ServiceEntry"),
    ("config.istio.io", "QuotaSpec"): _RATE_LIMIT,
    ("config.istio.io", "QuotaSpecBinding"): _RATE_LIMIT,
    ("config.istio.io", "HTTPAPISpec"): Gone("Istio 1.8", None),
    ("config.istio.io", "HTTPAPISpecBinding"): Gone("Istio 1.8", None),
    ("config.istio.io", "attributemanifest"): Gone("Istio 1.8", None),
    ("gateway.networking.k8s.io", "ReferencePolicy"): Gone("Gateway API 0.6", "ReferenceGrant"),
}

_GROUPS = {
    "config.istio.io": _MIXER,
    "rbac.istio.io": _ROLES,
    "authentication.istio.io": _AUTHENTICATION,
    "networking.x-k8s.io": _EARLY_GATEWAY_API,
}
"""Groups that are gone as a whole; Mixer's had a kind for every adapter and template."""

SUCCESSORS = {
    "gateway.networking.k8s.io/BackendLBPolicy": "gateway.networking.x-k8s.io/v1alpha1 XBackendTrafficPolicy",
    "gateway.networking.x-k8s.io/XListenerSet": "gateway.networking.k8s.io/v1 ListenerSet",
}
"""Kinds of some supported releases to the kind of later ones that took their place."""


def gone(api_version: str, kind: str) -> Gone | None:
    """What became of a kind that no supported release knows; None if it never was, or still is."""
    group = api_version.partition("/")[0]
    return _KINDS.get((group, kind)) or _GROUPS.get(group)


def is_ours(api_version: str, kind: str) -> bool:
    """Whether the schemas may say that such a kind does not exist."""
    return "/" in api_version and (api_version.partition("/")[0] in PROJECTS or gone(api_version, kind) is not None)
