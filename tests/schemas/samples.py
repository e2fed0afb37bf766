"""Documents made from the schemas: full valid examples, and all single mutations of them.

Where a constraint spans several fields the example has to choose; `variant` counts through the
choices, so that a few variants together hold every field of a kind.
"""

import zlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec

from meshlint.findings import Path
from meshlint.schemas import Catalog
from meshlint.schemas.catalog import Entry
from meshlint.schemas.constraints import by_name
from meshlint.schemas.gate import at_most_one
from meshlint.schemas.pool import Pool, Ref
from meshlint.schemas.versions import Target

PATTERNS = {
    "(^\\*$)": "https://example.com",
    "^([0-9]{1,5}(h|m|s|ms)){1,4}$": "10s",
    "(^$|^[a-f0-9]{64}$)": "0" * 64,
    "^(([^:/?#]+):)(//": "spiffe://cluster.local/ns/a/sa/b",
    "^Hostname|IPAddress": "Hostname",
    "^(System|": "System",
    ")*\\/[A-Za-z0-9\\/": "example.com/name",
}
RULES: dict[str, Any] = {
    "duration-1ms": "10s",
    "must-be-empty": "",
    "wasm-url": "oci://example.com/filter:1.0",
    "jwks-url": "https://example.com/jwks.json",
    "probe-scheme": "HTTP",
    "uds-absolute": "10.0.0.1",
    "not-star": "a.example.com",
    "port-range": 8080,
    "retry-budget-interval": "10s",
    "retry-rate-interval": "10s",
    "external-not-local": "example.com",
    "port-name-label": "http",
    "host-characters": ["a.example.com"],
}
KEYS = {"port-keys": "8080", "port-name-keys": "http", "label-key": "example.com/key"}

Values = dict[str, Any]


VARIANTS = 24


def _chosen(choices: Sequence[Any], variant: int, *salt: Any) -> Any:
    """One of several; choices at different places do not depend on each other."""
    return choices[zlib.crc32(f"{variant}{salt}{choices}".encode()) % len(choices)]


def _keep(names: tuple[str, ...]) -> Callable[[Values, int], None]:
    def choose(value: Values, variant: int) -> None:
        present = [name for name in names if name in value]
        chosen = _chosen(present, variant) if present else None
        for name in present:
            if name != chosen:
                del value[name]

    return choose


def _set(**values: Any) -> Callable[[Values, int], None]:
    return lambda value, _: value.update(values)


def _drop(*names: str) -> Callable[[Values, int], None]:
    def drop(value: Values, _: int) -> None:
        for name in names:
            value.pop(name, None)

    return drop


def _service_accounts(value: Values, variant: int) -> None:
    groups = (
        ("serviceAccounts", "notServiceAccounts"),
        ("principals", "notPrincipals", "namespaces", "notNamespaces"),
    )
    _drop(*_chosen(groups, variant))(value, variant)


def _waypoint(value: Values, _: int) -> None:
    value["context"] = "WAYPOINT" if "waypoint" in value else "GATEWAY"


def _filter(value: Values, variant: int) -> None:
    fields = {
        name: name[0].upper() + name[1:] for name in value if name != "type" and name not in {"cors", "urlRewrite"}
    } | {"cors": "CORS", "urlRewrite": "URLRewrite"}
    present = sorted(name for name in value if name != "type")
    chosen = _chosen(present, variant)
    _drop(*(name for name in present if name != chosen))(value, variant)
    value["type"] = fields[chosen]


def _path_modifier(value: Values, variant: int) -> None:
    _keep(("replaceFullPath", "replacePrefixMatch"))(value, variant)
    value["type"] = "ReplaceFullPath" if "replaceFullPath" in value else "ReplacePrefixMatch"


def _rule_of_route(value: Values, _: int) -> None:
    if any("requestRedirect" in item for item in value.get("filters", ())):
        value.pop("backendRefs", None)


def _either_auth(value: Values, variant: int) -> None:
    protocol = _chosen(("HTTP", "GRPC"), variant)
    value["protocol"] = protocol
    value.pop({"HTTP": "grpc", "GRPC": "http"}[protocol], None)


def _listeners(value: Any, _: int) -> None:
    for listener in value:
        listener["protocol"] = "HTTPS"
        listener["tls"]["mode"] = "Terminate"


def _alternative_name(value: Values, variant: int) -> None:
    _keep(("hostname", "uri"))(value, variant)
    value["type"] = "Hostname" if "hostname" in value else "URI"


def _backend_type(value: Values, _: int) -> None:
    value["type"] = "ExternalHostname"


FIXES: dict[str, Callable[[Any, int], None]] = {
    "none-no-endpoints": _set(resolution="STATIC"),
    "dnsrr-endpoints": _set(resolution="STATIC"),
    "sa-alone": _service_accounts,
    "waypoint-context": _waypoint,
    "env-value-inline": _set(valueFrom="INLINE"),
    "remove-no-value": _set(operation="UPSERT"),
    "target-kind-2": _set(group="", kind="Service"),
    "target-kind-3": _set(group="", kind="Service"),
    "extensionRef-for-its-type": _filter,
    "replace-full-path-needed": _path_modifier,
    "redirect-without-backends": _rule_of_route,
    "external-auth-grpc-needed": _either_auth,
    "ca-certificates-not-both": _keep(("caCertificateRefs", "wellKnownCACertificates")),
    "ca-certs-not-both": _keep(("caCertRefs", "wellKnownCACerts")),
    "san-hostname-needed": _alternative_name,
    "listener-https-terminates": _listeners,
    "fraction-at-most-one": _set(numerator=1, denominator=100),
    "path-type": _set(type="PathPrefix", value="/a"),
    "address-host-name": lambda value, variant: value.update(
        (("type", "IPAddress"), ("value", "10.0.0.1"))
        if variant % 2
        else (("type", "Hostname"), ("value", "a.example.com"))
    ),
    "external-hostname": _backend_type,
    "client-certificate": _set(mode="ClientAndServer"),
    "grpc-method-name": _set(type="Exact", service="a.B", method="C"),
    "cookie-config-type": _set(type="Cookie"),
}


def kinds(target: Target) -> list[Entry]:
    """Every kind and served version of the target releases."""
    catalog = Catalog(target)
    found = []
    for project in ("istio", "gateway-api"):
        for name, kind in catalog.release(project).items():
            group, _, word = name.partition("/")
            found += [catalog.entry(f"{group}/{version}", word) for version in kind.versions]
    return [entry for entry in found if entry is not None]


def example(entry: Entry, variant: int = 0) -> dict[str, Any]:
    """A valid document with every field that can be set together."""
    document = _Maker(entry.pool, variant).value(entry.ref)
    document |= {"apiVersion": entry.api_version, "kind": entry.kind, "metadata": {"name": "a", "namespace": "b"}}
    document.pop("status", None)
    return document


class _Maker:
    def __init__(self, pool: Pool, variant: int) -> None:
        self.pool = pool
        self.variant = variant

    def value(self, ref: Ref) -> Any:
        node = self.pool.node(ref)
        rules = [rule["name"] for rule in node.get("x-kubernetes-validations", ())]
        for name in rules:
            if name in RULES:
                return RULES[name]
        value = self._plain(node)
        names = at_most_one(node)
        if names is not None:
            _keep(names)(value, self.variant)
        for part in node.get("allOf", ()):
            if (names := at_most_one(part)) is not None:
                _keep(names)(value, self.variant)
        for name in rules:
            if by_name()[name].names:
                _keep(by_name()[name].names)(value, self.variant)
            if name in FIXES:
                FIXES[name](value, self.variant)
        return value

    def _plain(self, node: dict[str, Any]) -> Any:
        kind = node.get("type")
        if kind == "object":
            return self._object(node)
        if kind == "array":
            item = self.value(node["items"])
            return [item] * max(1, node.get("minItems", 1))
        if kind == "string":
            return self._text(node)
        if kind == "integer" and "enum" in node:
            return _chosen(node["enum"], self.variant)
        if kind == "integer":
            return node.get("minimum", 0) + (1 if node.get("maximum", 9) > node.get("minimum", 0) else 0)
        if kind == "number":
            return node.get("minimum", 0) + 0.5
        return True if kind == "boolean" else "anything"

    def _object(self, node: dict[str, Any]) -> Any:
        value = {name: self.value(child) for name, child in sorted(node.get("properties", {}).items())}
        if "additionalProperties" in node:
            rules = [rule["name"] for rule in node.get("x-kubernetes-validations", ())]
            key = next((KEYS[name] for name in rules if name in KEYS), "key")
            value[key] = self.value(node["additionalProperties"])
        return value

    def _text(self, node: dict[str, Any]) -> str:
        if "enum" in node:
            return _chosen(node["enum"], self.variant)
        if node.get("format") == "byte":
            return "YWJj"
        pattern = node.get("pattern", "")
        found = next((text for part, text in PATTERNS.items() if part in pattern), "abc")
        return found.ljust(node.get("minLength", 0), "a")


class Mutation(msgspec.Struct, frozen=True):
    """A document with one thing wrong: what was done, where a problem is expected, and the document."""

    what: str
    path: Path
    document: dict[str, Any]


Seen = set[tuple[Any, ...]]


def mutations(entry: Entry, document: dict[str, Any], seen: Seen) -> Iterator[Mutation]:
    """Every single mutation of a document's spec that is not in `seen` yet.

    `seen` counts fields by the node of the pool that holds them: what several places, versions or
    releases share is mutated once.
    """
    yield from _below(entry.pool, entry.ref, document, (), document, seen)


def _below(pool: Pool, ref: Ref, value: Any, path: Path, document: dict[str, Any], seen: Seen) -> Iterator[Mutation]:
    node = pool.node(ref)
    if type(value) is dict:
        if "properties" in node:
            yield from _object(pool, ref, value, path, document, seen)
        for name, item in value.items():
            child = node.get("properties", {}).get(name, node.get("additionalProperties"))
            if child is not None and (path or name == "spec"):
                yield from _field(pool, (ref, name), child, item, (*path, name), document, seen)
    elif type(value) is list and "items" in node:
        yield from _field(pool, (ref, 0), node["items"], value[0], (*path, 0), document, seen)


def _object(pool: Pool, ref: Ref, value: Any, path: Path, document: dict[str, Any], seen: Seen) -> Iterator[Mutation]:
    node = pool.node(ref)
    for name in node.get("required", ()):
        has_default = "default" in pool.node(node["properties"][name])
        if name in value and not has_default and (ref, name, "drop") not in seen:
            seen.add((ref, name, "drop"))
            rest = {key: item for key, item in value.items() if key != name}
            yield Mutation(f"drop {name}", path, replaced(document, path, rest))
    if (ref, "extra") not in seen:
        seen.add((ref, "extra"))
        yield Mutation("extra field", (*path, "zzzyx"), replaced(document, path, value | {"zzzyx": 1}))


def _field(
    pool: Pool, key: tuple[Any, ...], ref: Ref, value: Any, path: Path, document: dict[str, Any], seen: Seen
) -> Iterator[Mutation]:
    node = pool.node(ref)
    wrong = _wrong(node)
    if wrong is not None and key not in seen:
        yield Mutation("wrong type", path, replaced(document, path, wrong))
    if key not in seen and type(value) is str and "enum" in node:
        yield Mutation("enum", path, replaced(document, path, value + "Q"))
    seen.add(key)
    yield from _below(pool, ref, value, path, document, seen)


def unseen(entry: Entry, seen: Seen) -> set[str]:
    """The fields of a kind's spec that no mutation has touched: the examples never hold them."""
    found: set[str] = set()
    waiting: list[tuple[Ref, str]] = [(entry.pool.node(entry.ref)["properties"]["spec"], "spec")]
    while waiting:
        ref, path = waiting.pop()
        node = entry.pool.node(ref)
        for name, child in node.get("properties", {}).items():
            if (ref, name) not in seen:
                found.add(f"{path}.{name}")
            waiting.append((child, f"{path}.{name}"))
        for key in ("items", "additionalProperties"):
            if key in node:
                waiting.append((node[key], f"{path}[]"))
    return found


def _wrong(node: dict[str, Any]) -> Any:
    kind = node.get("type")
    return {
        "object": "text",
        "array": "text",
        "string": 17,
        "integer": "text",
        "number": "text",
        "boolean": "text",
    }.get(str(kind))


def replaced(document: Any, path: Path, new: Any) -> Any:
    """A copy of a document with another value at a path; all else is shared."""
    if not path:
        return new
    copy = document.copy()
    copy[path[0]] = replaced(document[path[0]], path[1:], new)
    return copy
