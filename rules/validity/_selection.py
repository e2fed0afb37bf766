"""What policies are about, by selector or by reference: reference rows target-*, selector-*."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshlint.model.selection import targets_of
from meshlint.values.labels import bad_selector

from ._frame import Fault, Faults, fault, selector, since

if TYPE_CHECKING:
    from collections.abc import Iterable

    from meshlint.api import Target
    from meshlint.model.extensions.traffic_extension import TrafficExtensionSpec
    from meshlint.model.extensions.wasm_plugin import WasmPluginSpec
    from meshlint.model.security.authorization_policy import AuthorizationPolicySpec
    from meshlint.model.security.request_authentication import RequestAuthenticationSpec
    from meshlint.model.selection import PolicyTargetReference, WorkloadSelector
    from meshlint.model.telemetry.telemetry import TelemetrySpec
    from meshlint.schemas.versions import Release

    Spec = AuthorizationPolicySpec | RequestAuthenticationSpec | TelemetrySpec | WasmPluginSpec | TrafficExtensionSpec

_KINDS: dict[tuple[str, str], Release] = {
    ("gateway.networking.k8s.io", "Gateway"): "1.20",
    ("core", "Service"): "1.22",
    ("networking.istio.io", "ServiceEntry"): "1.24",
    ("gateway.networking.k8s.io", "GatewayClass"): "1.25",
}
"""What policies may refer to, by group and kind, and since which release."""


def selection(spec: Spec, target: Target) -> Iterable[Fault]:
    """Selector and references of a policy, in the order of istiod."""
    references = targets_of(_single(spec), spec.target_refs)
    return _with_references(spec, references, target) if references else workload_selector(spec.selector)


def _with_references(spec: Spec, references: Iterable[PolicyTargetReference], target: Target) -> Faults:
    yield from target_vs_selector(spec)
    yield from workload_selector(spec.selector)
    for reference in references:
        yield from target_name(reference)
        yield from target_namespace(reference)
        yield from target_kind(reference, target)


def workload_selector(given: WorkloadSelector | None) -> Iterable[Fault]:
    """Rows selector-empty-key, selector-wildcard."""
    if given is None or not given.match_labels or not bad_selector(given.match_labels):
        return ()
    return selector(given, "match_labels", given.match_labels)


def target_vs_selector(spec: Spec) -> Faults:
    """At most one way to say what is meant: an empty selector counts, an empty list does not."""
    ways = {"selector": spec.selector, "targetRef": _single(spec), "targetRefs": spec.target_refs or None}
    given = [name for name, value in ways.items() if value is not None]
    if len(given) > 1:
        yield fault(
            spec,
            "target_refs" if spec.target_refs else "target_ref",
            what=" beside ".join(f"`{name}`" for name in given),
            why="a policy says in one way what it is about",
            help="keep `targetRefs` for a gateway or waypoint, or `selector` for workloads with sidecars",
        )


def _single(spec: Spec) -> PolicyTargetReference | None:
    """The one reference of `targetRef`, which a TrafficExtension has not."""
    return getattr(spec, "target_ref", None)


def target_name(reference: PolicyTargetReference) -> Faults:
    """A name has to be there."""
    if not reference.name:
        yield fault(
            reference,
            "name",
            what="a target without `name`",
            why="it does not say which object is meant",
            help="write the name of the Gateway, Service or ServiceEntry",
        )


def target_namespace(reference: PolicyTargetReference) -> Faults:
    """No other namespace, not even the own one by name."""
    if reference.namespace:
        yield fault(
            reference,
            "namespace",
            what=f"target namespace `{reference.namespace}`",
            why="a policy can only be about objects of its own namespace",
            help="remove `namespace`, and put the policy into the namespace of its target",
        )


def target_kind(reference: PolicyTargetReference, target: Target) -> Faults:
    """Rows target-kind: Gateway, Service (1.22), ServiceEntry (1.24) and GatewayClass (1.25), in their groups."""
    group, kind = reference.group or "core", reference.kind or ""
    release = _KINDS.get((group, kind))
    if release is None:
        yield _unknown_kind(reference, group, kind)
    elif not since(target, release):
        yield fault(
            reference,
            "kind",
            what=f"a target of kind {kind}",
            why=f"it is one since Istio {release}",
            help=f"use Istio {release}, or another kind",
        )


def _unknown_kind(reference: PolicyTargetReference, group: str, kind: str) -> Fault:
    right = next((known for known, name in _KINDS if name == kind), None)
    if right is not None:
        return fault(
            reference,
            "group",
            what=f"a target {kind} of group `{reference.group or ''}`",
            why=f"its group is `{'' if right == 'core' else right}`",
            help=f"write `group: {right if right != 'core' else chr(34) * 2}`",
        )
    return fault(
        reference,
        "kind",
        what=f"a target of kind `{kind}`" + (f" of group `{group}`" if reference.group else ""),
        why="the kinds are Gateway, GatewayClass, Service and ServiceEntry",
        help="refer to a Gateway of `gateway.networking.k8s.io` or to a Service, or use `selector` for workloads",
    )
