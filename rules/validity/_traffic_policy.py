"""A traffic policy: reference rows tp-*, tunnel-*, od-*, cp-*, ctls-*."""

import msgspec

from meshlint.api import Target
from meshlint.model.networking.traffic_policy import (
    ConnectionPoolSettings,
    HTTPSettings,
    KeepAlive,
    OutlierDetection,
    PortTrafficPolicy,
    TCPSettings,
    TrafficPolicy,
    TunnelSettings,
)
from meshlint.values.durations import nanoseconds
from meshlint.values.hosts import name_or_ip
from meshlint.values.numbers import percent, port

from ._client_tls import client_tls
from ._frame import Faults, bad_duration, fault, since, yaml_name
from ._load_balancer import load_balancer

_MILLISECOND = 10**6


def traffic_policy(given: TrafficPolicy, namespace: str, target: Target) -> Faults:
    """All rows of the policy of a host or a subset. The first two stop istiod."""
    if _is_empty(given):
        yield from tp_empty(given)
        return
    if given.tunnel is not None and given.proxy_protocol is not None and since(target, "1.21"):
        yield from tp_tunnel_proxyprotocol(given)
        return
    yield from _shared(given, namespace, target)
    for setting in given.port_level_settings or ():
        yield from port_policy(setting, namespace, target)
    if given.tunnel is not None:
        yield from tunnel(given.tunnel)


_SHARED = ("outlier_detection", "connection_pool", "load_balancer", "tls")
_OF_POLICY = (*_SHARED, "tunnel", "proxy_protocol", "retry_budget")


def _shared(given: TrafficPolicy | PortTrafficPolicy, namespace: str, target: Target) -> Faults:
    if given.load_balancer is not None:
        yield from load_balancer(given.load_balancer, target)
    if given.connection_pool is not None:
        yield from connection_pool(given.connection_pool)
    if given.outlier_detection is not None:
        yield from outlier_detection(given.outlier_detection)
    if given.tls is not None:
        yield from client_tls(given.tls, namespace)


def _is_empty(given: TrafficPolicy) -> bool:
    for name in _OF_POLICY:
        if getattr(given, name) is not None:
            return False
    return not given.port_level_settings


def tp_empty(given: TrafficPolicy) -> Faults:
    """A policy that says nothing."""
    yield fault(
        given,
        what="an empty `trafficPolicy`",
        why="it has to say something",
        help="add `connectionPool`, `outlierDetection`, `loadBalancer` or `tls`, or remove it",
    )


def tp_tunnel_proxyprotocol(given: TrafficPolicy) -> Faults:
    """Two ways to wrap a connection; since 1.21."""
    yield fault(
        given,
        "proxy_protocol",
        what="`tunnel` and `proxyProtocol` together",
        why="a connection can be wrapped in one way only",
        help="keep one of them",
    )


def port_policy(given: PortTrafficPolicy, namespace: str, target: Target) -> Faults:
    """Rows tp-port-missing, tp-port-empty; the number of the port is not looked at."""
    if given.port is None:
        yield fault(
            given,
            "port",
            what="port settings without `port`",
            why="it has to say which port",
            help="add `port: {number: ...}`",
        )
    if all(getattr(given, name) is None for name in _SHARED):
        yield fault(
            given,
            what="port settings that say nothing",
            why="they need one of connectionPool, loadBalancer, outlierDetection, tls",
            help="add one of them, or remove the entry",
        )
    else:
        yield from _shared(given, namespace, target)


def tunnel(given: TunnelSettings) -> Faults:
    """Rows tunnel-protocol, tunnel-host, tunnel-port."""
    if given.protocol not in {None, "", "CONNECT", "POST"}:
        yield fault(
            given,
            "protocol",
            what=f"tunnel protocol `{given.protocol}`",
            why="it is neither `CONNECT` nor `POST`",
            help="write `CONNECT` or `POST`",
        )
    reason = name_or_ip(given.target_host or "")
    if reason:
        yield fault(
            given,
            "target_host",
            what=f"tunnel host `{given.target_host or ''}`",
            why=reason,
            help="write a host name or an address, without port",
        )
    number = given.target_port or 0
    if port(number):
        yield fault(
            given,
            "target_port",
            what=f"tunnel port {number}",
            why="a port is a number from 1 to 65535",
            help="write a port, such as 443",
        )


def outlier_detection(given: OutlierDetection) -> Faults:
    """Rows od-base-ejection, od-interval, od-local-origin, od-max-ejection, od-min-health."""
    yield from bad_duration(given, "base_ejection_time", "interval")
    if (given.consecutive_local_origin_failures or 0) > 0 and not given.split_external_local_origin_errors:
        yield from od_local_origin(given)
    for attribute in ("max_ejection_percent", "min_health_percent"):
        value = getattr(given, attribute)
        reason = value is not None and percent(value)
        if reason:
            yield fault(
                given, attribute, what=f"`{yaml_name(given, attribute)}: {value}`", why=reason, help="write 0 to 100"
            )


def od_local_origin(given: OutlierDetection) -> Faults:
    """A limit for errors that are not told apart."""
    yield fault(
        given,
        "consecutive_local_origin_failures",
        what="`consecutiveLocalOriginFailures`",
        why="errors of connections are not counted apart",
        help="add `splitExternalLocalOriginErrors: true`, or remove it",
    )


def connection_pool(given: ConnectionPoolSettings) -> Faults:
    """All rows of a connection pool, here and in a Sidecar."""
    if given.tcp is None and given.http is None:
        yield fault(
            given,
            what="an empty `connectionPool`",
            why="it has neither `tcp` nor `http`",
            help="add one of them, or remove it",
        )
    if given.http is not None:
        yield from http_pool(given.http)
    if given.tcp is not None:
        yield from tcp_pool(given.tcp)


_HTTP_LIMITS = (
    "http1_max_pending_requests",
    "http2_max_requests",
    "max_requests_per_connection",
    "max_retries",
    "max_concurrent_streams",
)


def http_pool(given: HTTPSettings) -> Faults:
    """Rows cp-http-negative, cp-http-idle, cp-h2upgrade-client, cp-h2keepalive-*."""
    yield from negative(given, *_HTTP_LIMITS)
    if given.idle_timeout is not None:
        yield from bad_duration(given, "idle_timeout")
    if given.h2_upgrade_policy == "UPGRADE" and given.use_client_protocol:
        yield from cp_h2upgrade_client(given)
    if given.http2_keep_alive is not None:
        yield from cp_h2keepalive(given.http2_keep_alive)


def cp_h2upgrade_client(given: HTTPSettings) -> Faults:
    """HTTP/2 always, and as the client speaks."""
    yield fault(
        given,
        "use_client_protocol",
        what="`useClientProtocol` beside `h2UpgradePolicy: UPGRADE`",
        why="one keeps the protocol of the client, the other changes it",
        help="keep one of them",
    )


def cp_h2keepalive(given: KeepAlive) -> Faults:
    """Rows cp-h2keepalive-interval, cp-h2keepalive-timeout: both are required; since 1.31."""
    for attribute in ("interval", "timeout"):
        if getattr(given, attribute) is None:
            yield fault(
                given,
                attribute,
                what=f"`http2KeepAlive` without `{attribute}`",
                why="it needs both `interval` and `timeout`",
                help=f"add `{attribute}`, such as `10s`",
            )
        yield from bad_duration(given, attribute)


def tcp_pool(given: TCPSettings) -> Faults:
    """Rows cp-tcp-max, cp-tcp-connect, cp-tcp-max-duration, cp-tcp-idle, cp-keepalive."""
    if given.max_connections is not None:
        yield from negative(given, "max_connections")
    if given.connect_timeout is not None or given.max_connection_duration is not None:
        yield from bad_duration(given, "connect_timeout", "max_connection_duration")
    if given.idle_timeout is not None:
        yield from cp_tcp_idle(given, given.idle_timeout)
    if given.tcp_keepalive is not None:
        yield from bad_duration(given.tcp_keepalive, "time", "interval")


def cp_tcp_idle(given: TCPSettings, timeout: str) -> Faults:
    """What truncates to 0 ms switches the timeout off and is fine."""
    length = nanoseconds(timeout)
    if length is not None and abs(length) >= _MILLISECOND:
        yield from bad_duration(given, "idle_timeout")


def negative(given: msgspec.Struct, *attributes: str) -> Faults:
    """Limits below 0."""
    for attribute in attributes:
        value = getattr(given, attribute)
        if value is not None and value < 0:
            yield fault(
                given,
                attribute,
                what=f"`{yaml_name(given, attribute)}: {value}`",
                why="it is negative",
                help="write 0 or more, or leave it out for no limit",
            )
