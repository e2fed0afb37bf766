"""Annotations of pods that the sidecar injector refuses: reference rows an-*."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from meshlint.api import Findings, Place, Resource, SyntaxProblem, Target, at, finding, shown
from meshlint.findings import Finding
from meshlint.mesh.placeholders import is_placeholder
from meshlint.model.annotations import PROXY_CONFIG
from meshlint.schemas.versions import Release
from meshlint.values import Reason, pod_annotations
from meshlint.values.quantities import quantity

from ._frame import certain, since


class Form(msgspec.Struct, frozen=True, eq=False):
    """What a value has to be: the check, what to write, the release that has the check, and what there was before."""

    check: Callable[[str], Reason]
    help: str
    release: Release = "1.20"
    before: Callable[[str], Reason] | None = None


_RANGES = "write ranges such as `10.0.0.0/8,192.168.0.0/16`, without blanks"
_PORTS = "write ports such as `8080,9090`"
_SECONDS = Form(pod_annotations.seconds_or_tries, 'write a whole number, such as `"5"`')
_INTERFACES = Form(pod_annotations.interfaces, "write names such as `eth0,net1`", "1.30")
_QUANTITY = Form(
    quantity, "write a quantity such as `100m` for CPU or `128Mi` for memory", "1.29", pod_annotations.rendered_quantity
)

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
"""Releases are those of Istio's change notes: quantities 1.29.0 (and 1.28.4), interfaces 1.30.0."""

_OF_INJECTOR = frozenset({*FORMS, PROXY_CONFIG})


def are_of_injector(given: Mapping[str, str]) -> bool:
    """Whether one of the annotations is for the injector."""
    return not _OF_INJECTOR.isdisjoint(given)


def annotations(resource: Resource, holder: object, given: Mapping[str, str], target: Target) -> Findings:
    """Every row. `holder` has the metadata: a template of pods, or None for the resource itself."""
    for key, value in given.items():
        form = FORMS.get(key)
        if form is None and key != PROXY_CONFIG:
            continue
        place = at(resource, holder, "metadata", "annotations", key)
        if form is None:
            yield from an_proxy_config(place, value, target)
        elif not is_placeholder(value):
            check = form.check if since(target, form.release) else form.before
            reason = check and check(value)
            if reason:
                yield _refused(place, f"annotation `{key}: {value}`", reason, form.help)


def an_proxy_config(place: Place, text: str, target: Target) -> Findings:
    """YAML of a ProxyConfig, as in `defaultConfig` of mesh config."""
    from meshlint.model.mesh_config.mesh_config import API_VERSION
    from meshlint.model.mesh_config.proxy_config import MeshProxyConfig
    from meshlint.model.refusal import undecodable_values
    from meshlint.reading import content
    from meshlint.reading.refusal import looks_like_template

    held = content(text)
    if held is None or (isinstance(held, SyntaxProblem) and looks_like_template(text)):
        return
    if not isinstance(held, dict):
        reason = f"it is no YAML: {held.message}" if isinstance(held, SyntaxProblem) else "it is no mapping in YAML"
        advice = "write fields of ProxyConfig, such as `holdApplicationUntilProxyStarts: true`"
        if not (isinstance(held, str) and is_placeholder(held)):
            yield _refused(place, f"annotation `{PROXY_CONFIG}`", reason, advice)
        return
    wrong = list(undecodable_values(held, MeshProxyConfig, API_VERSION, "ProxyConfig"))
    for problem in wrong:
        if not (isinstance(problem.value, str) and is_placeholder(problem.value)):
            what = f"`{problem.field}: {shown(problem.value)}` in annotation `{PROXY_CONFIG}`"
            advice = problem.help or f"write {problem.expected}"
            yield _refused(place.within(*problem.spot.path), what, f"it must be {problem.expected}", advice)
    if not wrong:
        yield from _proxy_config(place, held, target)


def _proxy_config(place: Place, held: dict[str, Any], target: Target) -> Findings:
    from meshlint.model.base import UNCONVERTIBLE
    from meshlint.model.mesh_config.proxy_config import MeshProxyConfig
    from meshlint.model.paths import spelled

    from ._mesh_decoding import undecodable
    from ._mesh_proxy_config import mesh_proxy_config

    try:
        config = msgspec.convert(held, MeshProxyConfig, strict=False)
    except UNCONVERTIBLE:
        return
    for found in certain((*undecodable(config), *mesh_proxy_config(config, target))):
        said = found.message.replace("istiod refuses", f"in annotation `{PROXY_CONFIG}`, the injector refuses", 1)
        where = place.within(*spelled(config, found.holder, found.path))
        yield finding(where, f"{said}: no pod is created", help=found.help)


def _refused(place: Place, what: str, why: str, advice: str) -> Finding:
    return finding(place, f"the injector refuses {what}: {why}: no pod is created".replace("``", '`""`'), help=advice)
