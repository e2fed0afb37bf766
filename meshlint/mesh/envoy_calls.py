"""Which services do the patches of an EnvoyFilter call, as far as their text tells?

A patch names the cluster of a service (`outbound|9000||authz.shop.svc.cluster.local`), makes a cluster of
its own, or has gRPC's own client call an address (`google_grpc`). What code does (Wasm; Lua that puts
the name of a cluster together) is not to be seen.

Names of fields are Envoy's in either spelling of protobuf's JSON: `load_assignment`, `loadAssignment`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import msgspec

from meshlint.mesh.client_mtls import Wire

if TYPE_CHECKING:
    from meshlint.model.networking.envoy_filter import EnvoyConfigObjectPatch, EnvoyFilter

Step = str | int

_OUTBOUND = re.compile(r"outbound\|(\d{1,5})\|([^|\s\"']*)\|([A-Za-z0-9.*-]+)")
_QUOTED = re.compile(r"[\"']([^\"'\n]{1,200})[\"']")
_CALL = re.compile(r"httpCall\s*\(\s*")
_OWN_CERTIFICATE = "default"
"""The name under which a proxy of Istio has its own certificate."""
_RESOLVED = frozenset({"STATIC", "STRICT_DNS", "LOGICAL_DNS"})


class Named(msgspec.Struct, frozen=True, eq=False):
    """The cluster of a service, named in a text."""

    port: int
    subset: str | None
    host: str
    path: tuple[Step, ...]
    """Where the text is, from the value that was searched."""
    text: str


class Address(msgspec.Struct, frozen=True, eq=False):
    """An address that is called past the clusters of services."""

    host: str
    port: int
    wire: Wire | None
    """None: the text does not tell."""
    path: tuple[Step, ...]
    cluster: str | None = None
    """The cluster that was made for it."""


def patches(envoy_filter: EnvoyFilter) -> tuple[EnvoyConfigObjectPatch, ...]:
    """The patches of an EnvoyFilter."""
    return (envoy_filter.spec.config_patches if envoy_filter.spec else None) or ()


def named_clusters(value: Any) -> Iterator[Named]:
    """The clusters of services that a value names anywhere, each text once for each cluster."""
    for path, text in texts(value):
        for port, subset, host in dict.fromkeys(_OUTBOUND.findall(text)):
            yield Named(int(port), subset or None, host, path, f"outbound|{port}|{subset}|{host}")


def made_hosts(envoy_filter: EnvoyFilter) -> Iterator[str]:
    """The hosts of the clusters that a filter adds under the name which istiod gives the cluster of a service.

    A route to such a host finds the cluster, though no service has it: istiod writes the name from the
    destination alone (`outbound|80||forwarder.local`).
    """
    for patch in patches(envoy_filter):
        value = patch.patch.value if patch.patch and patch.patch.operation == "ADD" else None
        if patch.apply_to == "CLUSTER" and isinstance(value, dict):
            yield from (named.host for named in named_clusters(value.get("name")))


def addresses(patch: EnvoyConfigObjectPatch) -> Iterator[Address]:
    """The addresses that a patch has proxies call."""
    value = patch.patch.value if patch.patch else None
    if patch.apply_to == "CLUSTER" and patch.patch and patch.patch.operation == "ADD" and isinstance(value, dict):
        yield from _of_cluster(value)
    else:
        yield from _of_grpc(value, ())


def mentioned(value: Any) -> Iterator[str]:
    """Every text of a value, and what stands in quotes inside of it (in Lua)."""
    for _, text in texts(value):
        yield text
        if "(" in text:
            yield from _QUOTED.findall(text)


def is_opaque(patch: EnvoyConfigObjectPatch) -> bool:
    """Whether proxies may call something for a patch that its text does not show."""
    value = patch.patch.value if patch.patch else None
    if patch.apply_to == "CLUSTER" and patch.patch and patch.patch.operation == "MERGE":
        return _has(value, "transport_socket", "transport_socket_matches", "load_assignment")
    if patch.apply_to == "CLUSTER" and isinstance(value, dict) and not _is_readable(value):
        return True
    if any(address.wire is None for address in addresses(patch)):
        return True
    for path, text in texts(value):
        if _hides_calls(text) or any(isinstance(step, str) and step.lower() == "vm_config" for step in path):
            return True
    return False


def texts(value: Any, path: tuple[Step, ...] = ()) -> Iterator[tuple[tuple[Step, ...], str]]:
    """Every text inside of a value, with the way to it."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from texts(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from texts(item, (*path, index))


def _hides_calls(text: str) -> bool:
    """Whether a text is code that calls what it does not name: Lua with a cluster in a variable, a Wasm filter."""
    if text.endswith(".Wasm"):
        return True
    return any(text[call.end() : call.end() + 1] not in {'"', "'"} for call in _CALL.finditer(text))


def _of_cluster(cluster: dict[str, Any]) -> Iterator[Address]:
    wire = _wire(cluster)
    name = cluster.get("name")
    if not _is_readable(cluster):
        return
    steps, assignment = _field(cluster, "load_assignment")
    for where, socket in _sockets(assignment, (steps,)):
        host, port = socket.get("address"), _field(socket, "port_value")[1]
        if isinstance(host, str) and isinstance(port, int):
            yield Address(host, port, wire, (*where, "address"), name if isinstance(name, str) else None)


def _is_readable(cluster: dict[str, Any]) -> bool:
    """Whether the endpoints of a cluster are written in it."""
    kind = cluster.get("type", "STATIC")
    return kind in _RESOLVED and isinstance(_field(cluster, "load_assignment")[1], dict)


def _sockets(value: Any, path: tuple[Step, ...]) -> Iterator[tuple[tuple[Step, ...], dict[str, Any]]]:
    """Every socket address inside of a value."""
    if isinstance(value, dict):
        for key, item in value.items():
            if key in {"socket_address", "socketAddress"} and isinstance(item, dict):
                yield (*path, key), item
            else:
                yield from _sockets(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _sockets(item, (*path, index))


def _wire(cluster: dict[str, Any]) -> Wire | None:
    """What a cluster sends: TLS without a certificate of the client is none that STRICT takes."""
    if _has(cluster, "transport_socket_matches"):
        return None
    _, socket = _field(cluster, "transport_socket")
    if socket is None:
        return Wire.PLAIN
    context = _field(socket, "typed_config")[1] if isinstance(socket, dict) else None
    kind = context.get("@type") if isinstance(context, dict) else None
    if not isinstance(context, dict) or not isinstance(kind, str):
        return None
    if kind.endswith(".RawBuffer"):
        return Wire.PLAIN
    if not kind.endswith(".UpstreamTlsContext"):
        return None
    _, common = _field(context, "common_tls_context")
    if not isinstance(common, dict):
        return Wire.OWN_TLS
    _, secrets = _field(common, "tls_certificate_sds_secret_configs")
    if isinstance(secrets, list) and any(
        isinstance(item, dict) and item.get("name") == _OWN_CERTIFICATE for item in secrets
    ):
        return Wire.MESH
    return None if _has(common, "tls_certificates", "tls_certificate_sds_secret_configs") else Wire.OWN_TLS


def _of_grpc(value: Any, path: tuple[Step, ...]) -> Iterator[Address]:
    """The addresses that gRPC's own client calls; without credentials in plain text."""
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _of_grpc(item, (*path, index))
    if not isinstance(value, dict):
        return
    for key, item in value.items():
        if key in {"google_grpc", "googleGrpc"} and isinstance(item, dict):
            name, target = _field(item, "target_uri")
            host, _, port = target.rpartition(":") if isinstance(target, str) else ("", "", "")
            if host and port.isdecimal() and len(port) < 6:
                _, credentials = _field(item, "channel_credentials")
                yield Address(
                    host.removeprefix("dns:").lstrip("/"),
                    int(port),
                    Wire.PLAIN if credentials is None else None,
                    (*path, key, name),
                )
        else:
            yield from _of_grpc(item, (*path, key))


def _field(value: dict[str, Any], name: str) -> tuple[str, Any]:
    """A field under either of its names: the name it has, and what it holds."""
    first, *rest = name.split("_")
    camel = first + "".join(word.capitalize() for word in rest)
    key = camel if name not in value and camel in value else name
    return key, value.get(key)


def _has(value: Any, *names: str) -> bool:
    return isinstance(value, dict) and any(_field(value, name)[1] is not None for name in names)
