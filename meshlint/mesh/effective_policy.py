"""The traffic policy in force for a port and a subset: what replaces what, and what is inherited."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from meshlint.model.networking.traffic_policy import TrafficPolicy


def effective_policy(top: TrafficPolicy | None, subset: TrafficPolicy | None, port: int | None) -> TrafficPolicy | None:
    """Merge the policies of host and subset for a port (`MergeSubsetTrafficPolicy` in `pilot/pkg/networking/util/util.go`).

    An entry for the port replaces its policy as a whole: nothing is inherited from beside it. The
    subset's fields replace the host's one by one; but where the subset has an entry for the port,
    load balancer, pool, outlier detection and tls are the entry's, absent ones too.
    """
    host_policy, _ = _for_port(top, port)
    if subset is None:
        return host_policy
    own, replaces = _for_port(subset, port)
    if host_policy is None or own is None:
        return own
    return type(own)(
        load_balancer=own.load_balancer if replaces else own.load_balancer or host_policy.load_balancer,
        connection_pool=own.connection_pool if replaces else own.connection_pool or host_policy.connection_pool,
        outlier_detection=own.outlier_detection if replaces else own.outlier_detection or host_policy.outlier_detection,
        tls=own.tls if replaces else own.tls or host_policy.tls,
        tunnel=own.tunnel or host_policy.tunnel,
        proxy_protocol=own.proxy_protocol or host_policy.proxy_protocol,
        retry_budget=own.retry_budget or host_policy.retry_budget,
        port_level_settings=None if port is not None else own.port_level_settings or host_policy.port_level_settings,
    )


def _for_port(policy: TrafficPolicy | None, port: int | None) -> tuple[TrafficPolicy | None, bool]:
    """The policy for a port, and whether it is an entry for that port (`GetPortLevelTrafficPolicy`)."""
    if policy is None or port is None:
        return policy, False
    for entry in policy.port_level_settings or ():
        if entry.port is not None and entry.port.number == port:
            return type(policy)(
                load_balancer=entry.load_balancer,
                connection_pool=entry.connection_pool,
                outlier_detection=entry.outlier_detection,
                tls=entry.tls,
            ), True
    return policy, False
