"""What istiod refuses in mesh config: reference rows mc-*, in the order of `ValidateMeshConfig`.

istiod merges what is written over its defaults first, so only what is written can be wrong
(`pkg/config/mesh`, `pkg/config/validation/agent`). Its ProxyConfig is in `_mesh_proxy_config.py`.
"""

from collections.abc import Sequence

from meshlint.api import Target
from meshlint.model.mesh_config.mesh_config import DefaultTrafficPolicy, MeshConfigSpec, ServiceSettings, TLSConfig
from meshlint.values.durations import nanoseconds
from meshlint.values.hosts import trust_domain, wild_domain
from meshlint.values.numbers import port as port_number

from ._frame import Faults, bad_duration, fault, since
from ._localities import locality_setting, zone_setting
from ._mesh_decoding import undecodable
from ._mesh_proxy_config import mesh_proxy_config
from ._traffic_policy import connection_pool, outlier_detection

_HOUR = 3600 * 10**9
_MILLISECOND = 10**6


def mesh_config(spec: MeshConfigSpec, target: Target) -> Faults:
    """Every row, and what does not even decode."""
    yield from undecodable(spec)
    yield from mc_listen_port(spec)
    yield from bad_duration(spec, "connect_timeout")
    yield from mc_connect_timeout(spec)
    yield from mc_detect_timeout(spec)
    if spec.default_config is not None:
        yield from mesh_proxy_config(spec.default_config, target)
    if spec.locality_lb_setting is not None:
        yield from locality_setting(spec.locality_lb_setting)  # row mc-locality
    if spec.zone_aware_lb_setting is not None and since(target, "1.31"):
        yield from zone_setting(spec.zone_aware_lb_setting)  # row mc-zone
    for settings in spec.service_settings or ():
        yield from mc_service_settings(settings)
    yield from mc_trust_domain(spec)
    if spec.mesh_mtls is not None:
        yield from mc_mtls_curves(spec.mesh_mtls)
    if spec.default_traffic_policy is not None and since(target, "1.31"):
        yield from default_traffic_policy(spec.default_traffic_policy)


def mc_listen_port(spec: MeshConfigSpec) -> Faults:
    """1 to 65535."""
    reason = spec.proxy_listen_port is not None and port_number(spec.proxy_listen_port)
    if reason:
        yield fault(
            spec,
            "proxy_listen_port",
            what=f"`proxyListenPort: {spec.proxy_listen_port}`",
            why=reason,
            help="leave it out for 15001",
        )


def mc_connect_timeout(spec: MeshConfigSpec) -> Faults:
    """At most an hour; that it is a duration of 1 ms or more is checked before."""
    length = nanoseconds(spec.connect_timeout) if spec.connect_timeout is not None else None
    if length is not None and length > _HOUR:
        yield fault(
            spec,
            "connect_timeout",
            what=f"`connectTimeout: {spec.connect_timeout}`",
            why="the longest is an hour",
            help="write a duration such as `10s`",
        )


def mc_detect_timeout(spec: MeshConfigSpec) -> Faults:
    """Whole milliseconds, or 0 for no limit."""
    length = nanoseconds(spec.protocol_detection_timeout) if spec.protocol_detection_timeout is not None else None
    if length is not None and length % _MILLISECOND:
        yield fault(
            spec,
            "protocol_detection_timeout",
            what=f"`protocolDetectionTimeout: {spec.protocol_detection_timeout}`",
            why="a fraction of a millisecond is not supported",
            help="write whole milliseconds, or `0s` for no limit",
        )


def mc_service_settings(settings: ServiceSettings) -> Faults:
    """Hosts, maybe with a wildcard."""
    for index, host in enumerate(settings.hosts or ()):
        reason = wild_domain(host)
        if reason:
            yield fault(
                settings,
                "hosts",
                index,
                what=f"host `{host}` of `serviceSettings`",
                why=reason,
                help="write a DNS name such as `reviews.shop.svc.cluster.local` or `*.shop.svc.cluster.local`",
            )


def mc_trust_domain(spec: MeshConfigSpec) -> Faults:
    """The trust domain and its aliases."""
    advice = "write a DNS name, such as `cluster.local`"
    reason = spec.trust_domain is not None and trust_domain(spec.trust_domain)
    if reason:
        yield fault(spec, "trust_domain", what=f"`trustDomain: {spec.trust_domain}`", why=reason, help=advice)
    for index, alias in enumerate(spec.trust_domain_aliases or ()):
        reason = trust_domain(alias)
        if reason:
            yield fault(
                spec, "trust_domain_aliases", index, what=f"trust domain alias `{alias}`", why=reason, help=advice
            )


def mc_mtls_curves(given: TLSConfig) -> Faults:
    """Curves go into `tlsDefaults`."""
    if given.ecdh_curves:
        yield fault(
            given,
            "ecdh_curves",
            what="`ecdhCurves` in `meshMTLS`",
            why="mTLS inside of the mesh does not support it",
            help="remove it; `tlsDefaults.ecdhCurves` is for all other TLS",
        )


def default_traffic_policy(policy: DefaultTrafficPolicy) -> Faults:
    """Rows mc-dtp-pool, mc-dtp-outlier; since 1.31. Of a pool, `http2KeepAlive` is not looked at."""
    pool = policy.connection_pool
    if pool is not None:
        unchecked: Sequence[object] = (pool.http.http2_keep_alive,) if pool.http and pool.http.http2_keep_alive else ()
        yield from (found for found in connection_pool(pool) if not any(found.holder is one for one in unchecked))
    if policy.outlier_detection is not None:
        yield from outlier_detection(policy.outlier_detection)
