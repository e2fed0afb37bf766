"""TrafficPolicy: how a client's proxy speaks to the endpoints of a host."""

import msgspec

from meshlint.model.base import Message
from meshlint.model.networking.common import PortSelector
from meshlint.model.selection import Duration


class TcpKeepalive(Message, frozen=True):
    """SO_KEEPALIVE of the sockets; absent fields leave it to the operating system."""

    probes: int | None = None
    time: Duration | None = None
    interval: Duration | None = None


class TCPSettings(Message, frozen=True):
    """Limits of connections, TCP and HTTP alike."""

    max_connections: int | None = None
    """To all endpoints of the host together, per client proxy; 2^32-1 if absent."""
    connect_timeout: Duration | None = None
    """10 s if absent."""
    tcp_keepalive: TcpKeepalive | None = None
    max_connection_duration: Duration | None = None
    idle_timeout: Duration | None = None
    """1 hour if absent; 0s means never."""


class KeepAlive(Message, frozen=True):
    """HTTP/2 pings on idle connections."""

    interval: Duration | None = None
    timeout: Duration | None = None


class HTTPSettings(Message, frozen=True):
    """Limits of HTTP connections and requests, per client proxy."""

    http1_max_pending_requests: int | None = None
    """Requests that wait for a connection; 2^32-1 if absent. Applies to HTTP/1.1 and HTTP/2."""
    http2_max_requests: int | None = None
    """Requests in flight; 2^32-1 if absent. Applies to HTTP/1.1 and HTTP/2."""
    max_requests_per_connection: int | None = None
    """0 means no limit, 1 switches keep-alive off."""
    max_retries: int | None = None
    """Retries in flight to all endpoints of the host; 2^32-1 if absent."""
    idle_timeout: Duration | None = None
    """1 hour if absent."""
    h2_upgrade_policy: str | None = None
    """`DEFAULT`, `DO_NOT_UPGRADE` or `UPGRADE`."""
    use_client_protocol: bool | None = None
    max_concurrent_streams: int | None = None
    http2_keep_alive: KeepAlive | None = None


class ConnectionPoolSettings(Message, frozen=True):
    """The circuit breaker by volume: what exceeds the limits gets 503 at once."""

    tcp: TCPSettings | None = None
    http: HTTPSettings | None = None


class HTTPCookieAttribute(Message, frozen=True):
    """An attribute of a generated cookie, such as `SameSite`."""

    name: str | None = None
    value: str | None = None


class HTTPCookie(Message, frozen=True):
    """The cookie that is hashed; the proxy makes it where it is missing and `ttl` is given."""

    name: str | None = None
    path: str | None = None
    ttl: Duration | None = None
    """0s makes a session cookie; absent: no cookie is generated."""
    attributes: tuple[HTTPCookieAttribute, ...] | None = None


class RingHash(Message, frozen=True):
    """Ketama hashing."""

    minimum_ring_size: int | None = None
    """1024 if absent."""


class MagLev(Message, frozen=True):
    """Maglev hashing."""

    table_size: int | None = None
    """65537 if absent; a prime."""


class ConsistentHashLB(Message, frozen=True):
    """Session affinity: equal keys reach equal endpoints. One key and at most one algorithm."""

    http_header_name: str | None = None
    http_cookie: HTTPCookie | None = None
    use_source_ip: bool | None = None
    http_query_parameter_name: str | None = None
    ring_hash: RingHash | None = None
    maglev: MagLev | None = None
    minimum_ring_size: int | None = None
    """Deprecated in favour of `ring_hash`."""


class WarmupConfiguration(Message, frozen=True):
    """New endpoints get their share of traffic slowly. Works with ROUND_ROBIN and LEAST_REQUEST."""

    duration: Duration | None = None
    minimum_percent: float | None = None
    """Where it starts; 10 if absent."""
    aggression: float | None = None
    """1.0 (linear) if absent."""


class LocalityDistribute(Message, frozen=True):
    """Shares of the traffic that starts in one locality."""

    from_: str | None = msgspec.field(name="from", default=None)
    """`region/zone/subzone`, each may end in `*`."""
    to: dict[str, int] | None = None
    """Percent by locality; they have to sum to 100."""


class LocalityFailover(Message, frozen=True):
    """The region that takes over when one fails."""

    from_: str | None = msgspec.field(name="from", default=None)
    to: str | None = None


class LocalityLoadBalancerSetting(Message, frozen=True):
    """Prefers endpoints that are near. Failover works only with an outlier detection on the same host."""

    distribute: tuple[LocalityDistribute, ...] | None = None
    failover: tuple[LocalityFailover, ...] | None = None
    failover_priority: tuple[str, ...] | None = None
    """Labels (`key` or `key=value`) in order: the more of them agree, the nearer."""
    enabled: bool | None = None


class ZoneAwareLoadBalancerSetting(Message, frozen=True):
    """Prefers endpoints of the own zone as long as they can carry the load. Since Istio 1.31."""

    enabled: bool | None = None
    min_cluster_size: int | None = None
    failover: tuple[LocalityFailover, ...] | None = None
    failover_priority: tuple[str, ...] | None = None


class LoadBalancerSettings(Message, frozen=True):
    """How endpoints are picked: `simple` or `consistent_hash`."""

    simple: str | None = None
    """`LEAST_REQUEST` (the default), `ROUND_ROBIN`, `RANDOM`, `PASSTHROUGH`; `LEAST_CONN` is deprecated."""
    consistent_hash: ConsistentHashLB | None = None
    locality_lb_setting: LocalityLoadBalancerSetting | None = None
    """Replaces the mesh's setting as a whole."""
    zone_aware_lb_setting: ZoneAwareLoadBalancerSetting | None = None
    warmup_duration_secs: Duration | None = None
    """Deprecated in favour of `warmup`."""
    warmup: WarmupConfiguration | None = None


class OutlierDetection(Message, frozen=True):
    """The circuit breaker by failure: endpoints that fail in a row are left out for a while.

    An empty message switches it on with all defaults. An error threshold of 0 switches that kind of error off.
    """

    consecutive_errors: int | None = None
    """Deprecated, and istiod does not read it; see `consecutive_5xx_errors`."""
    split_external_local_origin_errors: bool | None = None
    consecutive_local_origin_failures: int | None = None
    """Takes effect only with `split_external_local_origin_errors`."""
    consecutive_gateway_errors: int | None = None
    """502, 503, 504 in a row; off if absent."""
    consecutive_5xx_errors: int | None = msgspec.field(name="consecutive5xxErrors", default=None)
    """Any 5xx in a row; 5 if absent."""
    interval: Duration | None = None
    """Between two sweeps; 10 s if absent."""
    base_ejection_time: Duration | None = None
    """Multiplied by the number of ejections so far; 30 s if absent."""
    max_ejection_percent: int | None = None
    """10 if absent."""
    min_health_percent: int | None = None
    """Below it the load is spread over all endpoints again; 0 (off) if absent."""
    outlier_detection_http_error_codes: tuple[int, ...] | None = None
    """The statuses that count as errors, in place of the 5xx."""


class ClientTLSSettings(Message, frozen=True):
    """TLS towards the endpoints. Absent: auto mTLS, that is Istio's mTLS where the endpoint can."""

    mode: str | None = None
    """`DISABLE` (the default of an empty message), `SIMPLE`, `MUTUAL`, `ISTIO_MUTUAL`."""
    client_certificate: str | None = None
    """A path in the proxy's container."""
    private_key: str | None = None
    ca_certificates: str | None = None
    """Absent with SIMPLE or MUTUAL: the proxy verifies with the roots of its system."""
    credential_name: str | None = None
    """A Secret of the proxy's namespace. Gateways read it; sidecars only with a `workload_selector`."""
    subject_alt_names: tuple[str, ...] | None = None
    sni: str | None = None
    insecure_skip_verify: bool | None = None
    ca_crl: str | None = None


class PortTrafficPolicy(Message, frozen=True):
    """A policy for one port. It replaces the host's as a whole; nothing is inherited field by field."""

    port: PortSelector | None = None
    load_balancer: LoadBalancerSettings | None = None
    connection_pool: ConnectionPoolSettings | None = None
    outlier_detection: OutlierDetection | None = None
    tls: ClientTLSSettings | None = None


class TunnelSettings(Message, frozen=True):
    """Tunnels TCP through a forward proxy with CONNECT or POST."""

    protocol: str | None = None
    """`CONNECT` (the default) or `POST`."""
    target_host: str | None = None
    target_port: int | None = None


class ProxyProtocol(Message, frozen=True):
    """Sends a PROXY protocol header to the endpoint."""

    version: str | None = None
    """`V1` (the default) or `V2`."""


class RetryBudget(Message, frozen=True):
    """Bounds the retries in flight by a share of the requests in flight; since Istio 1.27."""

    percent: float | None = None
    """20 if absent."""
    min_retry_concurrency: int | None = None
    """3 if absent."""
    budget_interval: Duration | None = None


class TrafficPolicy(Message, frozen=True):
    """How a client's proxy speaks to a host. A subset's policy overrides the host's, per field of this message."""

    load_balancer: LoadBalancerSettings | None = None
    connection_pool: ConnectionPoolSettings | None = None
    outlier_detection: OutlierDetection | None = None
    tls: ClientTLSSettings | None = None
    port_level_settings: tuple[PortTrafficPolicy, ...] | None = None
    tunnel: TunnelSettings | None = None
    proxy_protocol: ProxyProtocol | None = None
    retry_budget: RetryBudget | None = None

    def parts(self) -> "tuple[TrafficPolicy | PortTrafficPolicy, ...]":
        """The policy itself, then its entries for ports: each is in force as a policy of its own."""
        return (self, *(self.port_level_settings or ()))
