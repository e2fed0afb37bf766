"""What istiod refuses in a Sidecar as a whole: reference rows sc-*, in the order of the object (`ValidateSidecar`).

Listeners are in `_sidecar_ingress.py` and `_sidecar_egress.py`.
"""

from meshlint.api import Sidecar, Target
from meshlint.model.networking.sidecar import OutboundTrafficPolicy, SidecarSpec
from meshlint.values.hosts import fqdn
from meshlint.values.labels import bad_selector

from ._destination import destination
from ._frame import Faults, fault, selector, since
from ._sidecar_egress import egress
from ._sidecar_ingress import ingress
from ._traffic_policy import connection_pool


def sidecar(given: Sidecar, target: Target) -> Faults:
    """Every row; istiod stops at a bad selector, and at a Sidecar that says nothing."""
    spec = given.spec
    if spec is None or _is_empty(spec, target):
        yield from sc_empty()
        return
    if spec.workload_selector is not None and bad_selector(spec.workload_selector.labels or {}):
        yield from selector(spec.workload_selector, "labels", spec.workload_selector.labels)  # row sc-selector
        return
    yield from ingress(spec, target)
    if spec.inbound_connection_pool is not None and since(target, "1.21"):
        yield from connection_pool(spec.inbound_connection_pool)  # row sc-pool
    yield from egress(spec, target)
    if spec.outbound_traffic_policy is not None:
        yield from _outbound_traffic_policy(spec.outbound_traffic_policy)


def _is_empty(spec: SidecarSpec, target: Target) -> bool:
    pool = spec.inbound_connection_pool if since(target, "1.21") else None
    return not spec.egress and not spec.ingress and spec.outbound_traffic_policy is None and pool is None


def sc_empty() -> Faults:
    """It has to configure something; a connection pool counts since 1.21."""
    yield fault(
        None,
        "spec",
        what="a Sidecar that configures nothing",
        why="it has none of `ingress`, `egress`, `outboundTrafficPolicy` and `inboundConnectionPool`",
        help='write `egress: [{hosts: ["./*", "istio-system/*"]}]` with the services that the workloads call',
    )


def _outbound_traffic_policy(policy: OutboundTrafficPolicy) -> Faults:
    if policy.egress_proxy is None:
        return
    if policy.mode != "ALLOW_ANY":
        yield from sc_otp_proxy_mode(policy)
        return
    yield from sc_otp_proxy_host(policy)
    if policy.egress_proxy.port is None:
        yield from sc_otp_proxy_port(policy)
    elif not fqdn(policy.egress_proxy.host or ""):
        yield from destination(policy.egress_proxy)


def sc_otp_proxy_mode(policy: OutboundTrafficPolicy) -> Faults:
    """Only traffic that is allowed anyway can go through a proxy; an empty policy means REGISTRY_ONLY."""
    yield fault(
        policy,
        "egress_proxy",
        what="`egressProxy`",
        why=f"it goes with `mode: ALLOW_ANY`, and the mode is {policy.mode or 'REGISTRY_ONLY, the default'}",
        help="write `mode: ALLOW_ANY`, or remove `egressProxy`",
    )


def sc_otp_proxy_host(policy: OutboundTrafficPolicy) -> Faults:
    """A DNS name without wildcard."""
    host = (policy.egress_proxy and policy.egress_proxy.host) or ""
    reason = fqdn(host)
    if reason:
        yield fault(
            policy,
            "egress_proxy",
            "host",
            what=f"host `{host}` of `egressProxy`" if host else "`egressProxy` without `host`",
            why=reason,
            help="write the full name of the service, such as `egress.istio-egress.svc.cluster.local`",
        )


def sc_otp_proxy_port(policy: OutboundTrafficPolicy) -> Faults:
    """A port has to be there."""
    yield fault(
        policy,
        "egress_proxy",
        "port",
        what="`egressProxy` without `port`",
        why="it is not looked up",
        help="write `port: {number: ...}`",
    )
