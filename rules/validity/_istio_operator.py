"""What `istioctl` refuses in an IstioOperator, in the order of its `spec`.

`ParseAndValidateIstioOperator` in `operator/pkg/apis/validation` of istio/istio; names of images are
checked by `pkg/name` of google/go-containerregistry. What differs between releases is left out.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.model.mesh_config.istio_operator import IstioOperatorSpec
from meshlint.reading.data import dig
from meshlint.values.hosts import label
from meshlint.values.numbers import integer
from meshlint.values.pod_annotations import ranges_or_all

from ._frame import Faults, fault

_REPOSITORY = re.compile(r"[a-z0-9_\-./]{2,255}")
_REGISTRY = re.compile(r"\S+?(?::[0-9]*)?")
_TAG = re.compile(r"[A-Za-z0-9_.-]{0,128}")
_GATEWAY = re.compile(r"[a-z0-9.-]{0,254}")
_FIRST_FREE_PORT = 1024
_KINDS = (("ingressGateways", "istio-ingressgateway"), ("egressGateways", "istio-egressgateway"))
"""The lists of gateways among the components, and the values that go with each."""


def istio_operator(spec: IstioOperatorSpec) -> Faults:
    """Every check."""
    yield from op_hub(spec)
    yield from op_tag(spec)
    yield from op_revision(spec)
    yield from op_gateway_name(spec)
    yield from op_gateway_port(spec)
    yield from op_ingress_port(spec)
    yield from op_ranges(spec)
    yield from op_ports(spec)


def op_hub(spec: IstioOperatorSpec) -> Faults:
    """A registry, and a path in lower case."""
    hub = spec.hub
    if hub and not _is_repository(f"{hub}/pilot"):
        yield fault(
            spec,
            "hub",
            what=f"`hub: {hub}`",
            why="it is no name of a repository",
            help="write it as in `docker.io/istio`",
        )


def op_tag(spec: IstioOperatorSpec) -> Faults:
    """The tag of an image."""
    tag = spec.tag
    if isinstance(tag, str) and not _TAG.fullmatch(tag):
        yield fault(
            spec,
            "tag",
            what=f"`tag: {tag}`",
            why="the tag of an image has up to 128 letters, digits, `_`, `.` and `-`",
            help="write the tag alone, as in `1.31.0`",
        )


def op_revision(spec: IstioOperatorSpec) -> Faults:
    """One part of a DNS name."""
    revision = spec.revision
    reason = label(revision) if revision else None
    if reason:
        yield fault(
            spec, "revision", what=f"`revision: {revision}`", why=reason, help="write it with dashes, as in `1-31-0`"
        )


def op_gateway_name(spec: IstioOperatorSpec) -> Faults:
    """A name of Kubernetes."""
    for kind, _, index, gateway in gateways(spec):
        name = gateway.get("name")
        if isinstance(name, str) and not _GATEWAY.fullmatch(name):
            yield fault(
                spec,
                "components",
                kind,
                index,
                "name",
                what=f"the name `{name}` of a gateway",
                why="it has up to 254 lower-case letters, digits, `.` and `-`",
                help="write a name such as `istio-ingressgateway`",
            )


def op_gateway_port(spec: IstioOperatorSpec) -> Faults:
    """Only root listens on ports up to 1024: the target port has to be higher, unless `runAsRoot` is set."""
    for kind, values, index, gateway in gateways(spec):
        if dig(spec.values, "gateways", values, "runAsRoot") is True:
            continue
        for position, port in enumerate(_items(dig(gateway, "k8s", "service", "ports"))):
            yield from _root_port(spec, port, values, "components", kind, index, "k8s", "service", "ports", position)


def op_ingress_port(spec: IstioOperatorSpec) -> Faults:
    """The same of `values.gateways.istio-ingressgateway.ingressPorts`; `runAsRoot` does not help there."""
    values = "istio-ingressgateway"
    for position, port in enumerate(_items(dig(spec.values, "gateways", values, "ingressPorts"))):
        yield from _root_port(spec, port, values, "values", "gateways", values, "ingressPorts", position)


def op_ranges(spec: IstioOperatorSpec) -> Faults:
    """Address ranges with commas between them, or `*`."""
    for field in ("includeIPRanges", "excludeIPRanges"):
        text = dig(spec.values, "global", "proxy", field)
        reason = ranges_or_all(text) if isinstance(text, str) else None
        if reason:
            yield fault(
                spec,
                "values",
                "global",
                "proxy",
                field,
                what=f"`{field}: {text}`",
                why=reason,
                help="write ranges such as `10.0.0.0/8,192.168.0.0/16`, without blanks, or `*`",
            )


def op_ports(spec: IstioOperatorSpec) -> Faults:
    """Ports with commas between them, or `*`."""
    for field in ("includeInboundPorts", "excludeInboundPorts"):
        text = dig(spec.values, "global", "proxy", field)
        parts = text.split(",") if isinstance(text, str) else []
        bad = next((part for part in parts if part not in ("", "*") and not _is_port(part)), None)
        if bad is not None:
            yield fault(
                spec,
                "values",
                "global",
                "proxy",
                field,
                what=f"`{field}: {text}`",
                why=f"`{bad}` is no port from 0 to 65535",
                help="write ports such as `8080,9090`, without blanks, or `*`",
            )


def _root_port(spec: IstioOperatorSpec, port: Mapping[str, Any], values: str, *path: str | int) -> Faults:
    number, target = port.get("port"), port.get("targetPort", 0)
    if type(number) is not int or type(target) is not int or target >= _FIRST_FREE_PORT:
        return
    if target == 0 and number > _FIRST_FREE_PORT:
        return
    written = "targetPort" in port
    yield fault(
        spec,
        *path,
        *(("targetPort",) if written else ()),
        what=f"port {number} with target port {target}" if written else f"port {number} without `targetPort`",
        why=f"a gateway that does not run as root cannot listen on it, nor on any other below {_FIRST_FREE_PORT}",
        help="set `targetPort` to a port above 1024, such as 8080"
        + (f", or `values.gateways.{values}.runAsRoot: true`" if path[0] == "components" else ""),
    )


def _is_repository(name: str) -> bool:
    first, slash, rest = name.partition("/")
    if slash and ("." in first or ":" in first):
        return bool(_REGISTRY.fullmatch(first) and _REPOSITORY.fullmatch(rest))
    return bool(_REPOSITORY.fullmatch(name))


def _is_port(text: str) -> bool:
    number = integer(text)
    return number is not None and 0 <= number <= 65535


def gateways(spec: IstioOperatorSpec) -> Iterator[tuple[str, str, int, Mapping[str, Any]]]:
    """Each gateway among the components: its list, the name of its values, its index, and itself."""
    for kind, values in _KINDS:
        for index, gateway in enumerate(_items(dig(spec.components, kind))):
            yield kind, values, index, gateway


def _items(value: Any) -> list[Mapping[str, Any]]:
    """The mappings of a list; an entry that is none counts as empty."""
    return [item if isinstance(item, dict) else {} for item in value] if isinstance(value, list) else []
