"""Annotations of pods that the sidecar injector refuses: reference rows an-*."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import msgspec

from meshlint.api import SyntaxProblem, Target, shown
from meshlint.mesh.placeholders import is_placeholder
from meshlint.values import Reason, pod_annotations
from meshlint.values.quantities import quantity

from ._frame import Fault, Faults, fault
from ._mesh_decoding import undecodable
from ._mesh_proxy_config import mesh_proxy_config

PROXY_CONFIG = "proxy.istio.io/config"


class Form(NamedTuple):
    """What a value has to be: the check, and what to write."""

    check: Callable[[str], Reason]
    help: str


_RANGES = "write ranges such as `10.0.0.0/8,192.168.0.0/16`, without blanks"
_PORTS = "write ports such as `8080,9090`"
_SECONDS = Form(pod_annotations.seconds_or_tries, 'write a whole number, such as `"5"`')
_INTERFACES = Form(pod_annotations.interfaces, "write names such as `eth0,net1`")
_QUANTITY = Form(quantity, "write a quantity such as `100m` for CPU or `128Mi` for memory")

FORMS: Mapping[str, Form] = {
    "sidecar.istio.io/interceptionMode": Form(
        pod_annotations.interception_mode, "write `REDIRECT`, the default, or `TPROXY`, which keeps source addresses"
    ),
    "status.sidecar.istio.io/port": Form(pod_annotations.status_port, 'write a port such as `"15020"`'),
    "readiness.status.sidecar.istio.io/initialDelaySeconds": _SECONDS,
    "readiness.status.sidecar.istio.io/periodSeconds": _SECONDS,
    "readiness.status.sidecar.istio.io/failureThreshold": _SECONDS,
    "traffic.sidecar.istio.io/includeOutboundIPRanges": Form(pod_annotations.ranges_or_all, _RANGES + ", or `*`"),
    "traffic.sidecar.istio.io/excludeOutboundIPRanges": Form(pod_annotations.ranges, _RANGES),
    "traffic.sidecar.istio.io/includeInboundPorts": Form(pod_annotations.ports_or_all, _PORTS + ", or `*`"),
    "traffic.sidecar.istio.io/excludeInboundPorts": Form(pod_annotations.ports, _PORTS),
    "traffic.sidecar.istio.io/excludeOutboundPorts": Form(pod_annotations.ports, _PORTS),
    "traffic.sidecar.istio.io/excludeInterfaces": _INTERFACES,
    "traffic.sidecar.istio.io/kubevirtInterfaces": _INTERFACES,
    "istio.io/reroute-virtual-interfaces": _INTERFACES,
    "prometheus.istio.io/merge-metrics": Form(pod_annotations.boolean, 'write `"true"` or `"false"`'),
    "sidecar.istio.io/proxyCPU": _QUANTITY,
    "sidecar.istio.io/proxyMemory": _QUANTITY,
    "sidecar.istio.io/proxyCPULimit": _QUANTITY,
    "sidecar.istio.io/proxyMemoryLimit": _QUANTITY,
}


def annotations(holder: object, given: Mapping[str, str], target: Target) -> Faults:
    """Every row. `holder` has the metadata: a pod or a template of pods."""
    for key, value in given.items():
        form = FORMS.get(key)
        reason = form and form.check(value)
        if form and reason:
            yield fault(
                holder,
                "metadata",
                "annotations",
                key,
                what=f"annotation `{key}: {value}`",
                why=reason,
                help=form.help,
            )
        elif key == PROXY_CONFIG:
            yield from an_proxy_config(holder, value, target)


def an_proxy_config(holder: object, text: str, target: Target) -> Faults:
    """YAML of a ProxyConfig, as in `defaultConfig` of mesh config."""
    from meshlint.model.base import UNCONVERTIBLE
    from meshlint.model.mesh_config.mesh_config import API_VERSION
    from meshlint.model.mesh_config.proxy_config import MeshProxyConfig
    from meshlint.model.refusal import undecodable_values
    from meshlint.reading import content, looks_like_template

    held = content(text)
    if held is None or (isinstance(held, SyntaxProblem) and looks_like_template(text)):
        return
    if not isinstance(held, dict):
        reason = f"it is no YAML: {held.message}" if isinstance(held, SyntaxProblem) else "it is no mapping in YAML"
        yield fault(
            holder,
            "metadata",
            "annotations",
            PROXY_CONFIG,
            what=f"annotation `{PROXY_CONFIG}`",
            why=reason,
            help="write fields of ProxyConfig, such as `holdApplicationUntilProxyStarts: true`",
        )
        return
    wrong = list(undecodable_values(held, MeshProxyConfig, API_VERSION, "ProxyConfig"))
    for problem in wrong:
        if isinstance(problem.value, str) and is_placeholder(problem.value):
            continue
        yield fault(
            holder,
            "metadata",
            "annotations",
            PROXY_CONFIG,
            what=f"`{problem.field}: {shown(problem.value)}` in annotation `{PROXY_CONFIG}`",
            why=f"it must be {problem.expected}",
            help=problem.help or f"write {problem.expected}",
        )
    if wrong:
        return
    try:
        config = msgspec.convert(held, MeshProxyConfig, strict=False)
    except UNCONVERTIBLE:
        return
    for found in (*undecodable(config), *mesh_proxy_config(config, target)):
        yield Fault(
            holder,
            ("metadata", "annotations", PROXY_CONFIG),
            f"in annotation `{PROXY_CONFIG}`, {found.message}",
            found.help,
        )
