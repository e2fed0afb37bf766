"""A DestinationRule turns mesh mTLS off for a server that takes nothing else.

With `tls.mode: DISABLE`, or `tls` without a mode, the client's proxy sends plain text, with `SIMPLE` TLS
without the mesh's identity. A server under STRICT closes both: callers get 503 (`UF` or `UC`) at once
(https://istio.io/latest/docs/ops/common-problems/network-issues/#503-errors-after-setting-destination-rule).

Judged as istiod looks rules up: the DestinationRule that is in force for clients of its own
namespace, the PeerAuthentication in force for the workload's port. Unlike Kiali, meshlint does not ask
for a DestinationRule that switches mTLS on: auto mTLS does so by itself.

### Bad

```yaml
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata:
  name: default
  namespace: shop
spec:
  mtls:
    mode: STRICT
---
apiVersion: v1
kind: Service
metadata:
  name: reviews
  namespace: shop
spec:
  selector:
    app: reviews
  ports:
  - name: http
    port: 9080
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: reviews
  namespace: shop
spec:
  host: reviews
  trafficPolicy:
    tls:
      mode: DISABLE  # ML402
```

### Good

```yaml
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata:
  name: default
  namespace: shop
spec:
  mtls:
    mode: STRICT
---
apiVersion: v1
kind: Service
metadata:
  name: reviews
  namespace: shop
spec:
  selector:
    app: reviews
  ports:
  - name: http
    port: 9080
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: reviews
  namespace: shop
spec:
  host: reviews
  trafficPolicy:
    tls:
      mode: ISTIO_MUTUAL
```
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from meshlint.api import Answer, DestinationRule, Findings, Mesh, Service, Severity, at, finding, rule
from meshlint.mesh.host_names import covers, is_wildcard, service_of

from ._strict import strict_end

if TYPE_CHECKING:
    from meshlint.api import PeerAuthentication
    from meshlint.mesh.mtls import Connection

_SENDS = {
    None: "plain text (`tls` without a mode is DISABLE)",
    "DISABLE": "plain text",
    "SIMPLE": "TLS without an identity of the mesh",
}

_PLAIN = frozenset(mode or "DISABLE" for mode in _SENDS)


@rule(
    "ML402",
    "plain-client-of-strict-server",
    severity=Severity.ERROR,
    since="0.1.0",
    equivalents=("KIA0207", "KIA0208"),
)
def check(destination_rule: DestinationRule, mesh: Mesh) -> Findings:
    if mesh.destination_rules.tls_modes.isdisjoint(_PLAIN):
        return
    said: set[Any] = set()
    for tls, policies, who in _refused(destination_rule, mesh):
        if tls in said or not policies:
            continue
        said.add(tls)
        yield finding(
            at(destination_rule, tls, "mode"),
            f"clients send {_SENDS[tls.mode]} to {who}, which is STRICT and closes the connection: they get 503",
            help="remove `tls` (auto mTLS chooses by itself) or write `mode: ISTIO_MUTUAL`",
            related=[strict_end(policy) for policy in policies[:2]],
            equivalents=_equivalents(destination_rule, policies, mesh),
        )


def _equivalents(
    destination_rule: DestinationRule, policies: "Sequence[PeerAuthentication]", mesh: Mesh
) -> tuple[str, ...]:
    """Kiali knows rules for a whole namespace or mesh only, and has a code for the policies of each."""
    host = (destination_rule.spec.host if destination_rule.spec else None) or ""
    if not is_wildcard(host):
        return ()
    root = mesh.settings.root_namespace
    return ("KIA0208",) if any(mesh.namespace(policy) == root for policy in policies) else ("KIA0207",)


def _refused(
    destination_rule: DestinationRule, mesh: Mesh
) -> "Iterator[tuple[Any, tuple[PeerAuthentication, ...], str]]":
    """The `tls` settings of the rule that a STRICT server refuses, the policies that say STRICT, and who that is."""
    host = destination_rule.spec.host if destination_rule.spec else None
    if not host or not any(map(_is_plain, destination_rule.tls_settings())):
        return
    from meshlint.mesh.named_services import services_named

    namespace = mesh.namespace(destination_rule)
    services = [item for item in services_named(host, namespace, mesh) if isinstance(item, Service)]
    for service in services:
        for connection in _connections(destination_rule, service, namespace, mesh):
            policies = _strict_policies(connection, mesh) or _strict_home(connection, mesh.namespace(service), mesh)
            if policies:
                yield connection.tls, policies, f"`{service.name}`"
    if not services and is_wildcard(host):
        for tls in destination_rule.tls_settings():
            if _is_plain(tls):
                yield tls, _strict_unseen(mesh.hosts.fqdn(host, namespace), mesh), f"`{host}`"


def _is_plain(tls: Any) -> bool:
    return tls is not None and tls.mode in _SENDS


def _connections(
    destination_rule: DestinationRule, service: Service, namespace: str, mesh: Mesh
) -> "Iterator[Connection]":
    """How clients of the rule's namespace speak to each port, and through each subset, where this rule decides it."""
    from meshlint.mesh.mtls import Wire

    subsets = [None, *(subset.name for subset in destination_rule.subsets if subset.traffic_policy)]
    for port in service.ports:
        for subset in subsets:
            for connection in mesh.mtls.connections(namespace, service, port.port or 0, subset):
                plain = connection.wire in {Wire.PLAIN, Wire.OWN_TLS} and _is_plain(connection.tls)
                if plain and connection.rule is destination_rule:
                    yield connection


def _strict_policies(connection: "Connection", mesh: Mesh) -> "tuple[PeerAuthentication, ...]":
    """The policies that make the other end STRICT; none where it is not, or surely has no proxy to refuse anything."""
    endpoint = connection.endpoint
    if endpoint is None or endpoint.workload is None or endpoint.port is None:
        return ()
    mode = mesh.mtls.server.of_workload(endpoint.workload, endpoint.port)
    refuses = mesh.mtls.server.is_strict(mode) is Answer.YES
    return mode.policies if refuses and mesh.mtls.guards(endpoint.workload, endpoint.port) is not Answer.NO else ()


def _strict_home(connection: "Connection", namespace: str, mesh: Mesh) -> "tuple[PeerAuthentication, ...]":
    """The policies that make a service STRICT of which no file shows the pods."""
    return _strict_throughout(namespace, mesh) if connection.endpoint is None else ()


def _strict_throughout(namespace: str, mesh: Mesh) -> "tuple[PeerAuthentication, ...]":
    """The policies that make a whole namespace STRICT; none where some workload may be an exception.

    Pods of an operator are in no file, and often have no proxy that could refuse anything.
    """
    if mesh.mtls.is_strict_throughout(namespace) is not Answer.YES or not mesh.workloads.readable(namespace):
        return ()
    return mesh.mtls.server.of_namespace(namespace).policies


def _strict_unseen(host: str, mesh: Mesh) -> "tuple[PeerAuthentication, ...]":
    """The policies that make all that a wildcard names STRICT, where no file shows it.

    A single service of which nothing is known is no evidence: that its pods have no proxy may be
    the reason for the rule.
    """
    from meshlint.mesh.named_services import namespace_of

    named = service_of(host)
    home = named.namespace if named else namespace_of(host)
    if home is not None:
        return _strict_throughout(home, mesh)
    every: Sequence[PeerAuthentication] = mesh.of_class("PeerAuthentication")
    if not is_wildcard(host) or not covers(host, f"x.y.svc.{mesh.settings.cluster_domain}") or not every:
        return ()
    whole = mesh.mtls.server.of_mesh
    is_strict = mesh.mtls.server.is_strict(whole) is Answer.YES
    return whole.policies if is_strict and all(_is_strict(policy) for policy in every) else ()


def _is_strict(policy: "PeerAuthentication") -> bool:
    """Whether a policy asks for STRICT of everything that it is about."""
    spec = policy.spec
    return bool(spec and spec.mtls and spec.mtls.mode == "STRICT" and not spec.port_level_mtls)
