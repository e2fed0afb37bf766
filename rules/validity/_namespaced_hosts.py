"""Hosts of the form `namespace/name`, which a Gateway may and a Sidecar has to write.

`ValidateNamespaceSlashWildcardHostname` of `pkg/config/validation/agent`. A host is told of once:
for the first row that it breaks.
"""

from functools import lru_cache

from meshlint.values import Reason
from meshlint.values.addresses import ip
from meshlint.values.hosts import label, wild_domain


@lru_cache(maxsize=4096)
def gateway_host(host: str, signs: frozenset[str]) -> Reason:
    """gw-host-*: `name` or `namespace/name`; the name may be an IP address. `signs` may stand for a namespace."""
    namespace, slash, name = host.partition("/")
    if not slash:
        return _short(host) or partial_wildcard(host) or _name_or_address(host)
    return (
        _side_empty(namespace, name)
        or (None if namespace in signs else _namespace(namespace))
        or _short(name)
        or partial_wildcard(name)
        or _name_or_address(name)
    )


@lru_cache(maxsize=4096)
def sidecar_host(host: str, excludes: bool) -> Reason:
    """sc-eg-host-*: `namespace/name`. `excludes` allows `~` before a namespace; `~` alone is always fine."""
    namespace, slash, name = host.partition("/")
    if not slash:
        return "it has to be written `namespace/name`"
    bare = namespace.removeprefix("~") if excludes else namespace
    return (
        _side_empty(namespace, name)
        or (None if namespace == "~" else _namespace(bare))
        or _short(name)
        or partial_wildcard(name)
        or wild_domain(name)
    )


def _side_empty(namespace: str, name: str) -> Reason:
    if namespace and name:
        return None
    return f"the {'name after' if namespace else 'namespace before'} `/` is empty"


def _namespace(text: str) -> Reason:
    if text in {"*", "."}:
        return None
    return f"before `/` belongs a namespace, `.` for the own or `*` for all, not `{text}`" if label(text) else None


def _short(name: str) -> Reason:
    return None if name == "*" or "." in name else f"the name `{name}` has no dot, and short names are not allowed"


def partial_wildcard(name: str) -> Reason:
    """A `*` that is not the whole first label (`ValidatePartialWildCard`)."""
    if "*" not in name or len(name) == 1 or name.startswith("*."):
        return None
    return "a wildcard stands for whole labels: `*.` at the start, or `*` alone"


def _name_or_address(name: str) -> Reason:
    reason = wild_domain(name)
    return reason if reason and ip(name) else None
