"""Resources of any kind with wild values: right in their types, as the schema would have them, odd in all else."""

import types
import typing
from random import Random
from typing import Any

import msgspec

TEXTS = (
    *(
        "",
        "a",
        "*",
        "*.a",
        "a.b",
        "a/b",
        "/",
        "//",
        "mesh",
        ".",
        "~",
        "a b",
        "é",
        "\x00",
        "\n",
        "%",
        "%A(",
        "(",
        "[",
        "a{1001}",
    ),
    *("0s", "1ms", "-1s", "1h", "x", "1.5.5.5", "10.0.0.1", "10.0.0.0/8", "::1", "fe80::1%a", "unix:///a", "unix://@"),
    *(
        "STRICT",
        "MUTUAL",
        "SIMPLE",
        "ISTIO_MUTUAL",
        "PASSTHROUGH",
        "UPGRADE",
        "DENY",
        "CUSTOM",
        "STATIC",
        "DNS",
        "NONE",
    ),
    *(
        "HTTP",
        "tcp",
        "TLS",
        "udp",
        "80",
        "-1",
        "99999999999999999999",
        "true",
        "Gateway",
        "Service",
        "configmap://",
        "5xx,",
    ),
    *("@request.auth.claims.a", ":authority", "host", "request.headers[x]", "{**}/a", "a" * 64, "b" * 300, "c" * 2000),
    *("istio.io/dry-run", "outbound_.80_._.a", "us/*", "a//b", '{"keys": [}', "http://[", "\ud7ff", "0777", "1e9"),
)
NUMBERS = (0, 1, -1, 2, 80, 100, 101, 200, 600, 65535, 65536, 5000011, 2**31 - 1, -(2**31), 2**63 - 1)
FRACTIONS = (0.0, 0.00001, 0.5, 99.9, 100.0, 100.1, -1.0, 1e308)


def resource(kind: type[msgspec.Struct], api_version: str, random: Random) -> dict[str, Any]:
    """A document of the kind."""
    name = kind.__name__
    return {**_message(kind, random, 0), "apiVersion": api_version, "kind": name}


def _message(message: type[msgspec.Struct], random: Random, depth: int) -> dict[str, Any]:
    written = {}
    for field in msgspec.structs.fields(message):
        if random.random() < (0.55 if depth < 3 else 0.35):
            written[field.encode_name] = _value(field.type, random, depth + 1)
    return written


def _value(given: Any, random: Random, depth: int) -> Any:
    origin = typing.get_origin(given)
    if origin in {types.UnionType, typing.Union}:
        return _value(random.choice([one for one in typing.get_args(given) if one is not type(None)]), random, depth)
    if isinstance(given, type) and issubclass(given, msgspec.Struct):
        return _message(given, random, depth) if depth < 12 else {}
    if origin is tuple:
        return [_value(typing.get_args(given)[0], random, depth) for _ in range(random.choice((0, 1, 1, 2, 3)))]
    if origin is dict:
        key, value = typing.get_args(given)
        return {_value(key, random, depth): _value(value, random, depth) for _ in range(random.choice((0, 1, 2)))}
    if given is bool:
        return random.random() < 0.5
    if given is int:
        return random.choice(NUMBERS)
    if given is float:
        return random.choice(FRACTIONS)
    if given is str:
        return random.choice(TEXTS)
    return random.choice((*TEXTS, *NUMBERS, {}, [], {"a": "b"}, ["a"], None))


_OPERATOR: dict[str, Any] = {
    "components": {
        "pilot": {"k8s": {"replicaCount": int}},
        **{
            name: [
                {"name": str, "k8s": {"replicaCount": int, "service": {"ports": [{"port": int, "targetPort": int}]}}}
            ]
            for name in ("ingressGateways", "egressGateways")
        },
    },
    "values": {
        "pilot": {"autoscaleEnabled": bool},
        "gateways": {
            name: {"runAsRoot": bool, "autoscaleEnabled": bool, "ingressPorts": [{"port": int, "targetPort": Any}]}
            for name in ("istio-ingressgateway", "istio-egressgateway")
        },
        "global": {
            "proxy": dict.fromkeys(("includeIPRanges", "excludeIPRanges", "includeInboundPorts"), str),
            "meshNetworks": Any,
        },
    },
}
"""What an IstioOperator holds that its model leaves untyped."""


def operator(kind: type[msgspec.Struct], random: Random) -> dict[str, Any]:
    """An IstioOperator; some of its objects are something else, or have keys that are none."""
    document = resource(kind, "install.istio.io/v1alpha1", random)
    return {
        **document,
        "spec": {**(document.get("spec") or {}), **{name: _shaped(shape, random) for name, shape in _OPERATOR.items()}},
    }


def settings(message: type[msgspec.Struct], random: Random) -> dict[str, Any]:
    """A message of mesh config."""
    return _message(message, random, 0)


def _shaped(shape: Any, random: Random) -> Any:
    if random.random() < 0.05:
        return _value(Any, random, 0)
    if isinstance(shape, dict):
        written = {key: _shaped(value, random) for key, value in shape.items() if random.random() < 0.8}
        return written | ({random.choice(TEXTS): 1} if random.random() < 0.1 else {})
    if isinstance(shape, list):
        return [_shaped(shape[0], random) for _ in range(random.choice((0, 1, 2)))]
    return _value(shape, random, 0)
