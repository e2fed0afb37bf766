"""Host names: what a short one stands for, which one covers another, and an index by host.

Nothing here knows a mesh. A wildcard is a host that starts with `*`; it stands for every host that
ends with the rest (`pkg/config/host/name.go`): `*.foo.com` covers `a.foo.com` and `a.b.foo.com`,
but not `foo.com`.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Generic, TypeVar

import msgspec

T = TypeVar("T")


class ServiceName(msgspec.Struct, frozen=True):
    """A service of Kubernetes."""

    name: str
    namespace: str

    def fqdn(self, domain: str) -> str:
        """Give its host in a cluster of this domain."""
        return f"{self.name}.{self.namespace}.svc.{domain}"


def is_wildcard(host: str) -> bool:
    """Whether a host stands for many."""
    return host.startswith("*")


def is_address(host: str) -> bool:
    """Whether a host is an IP address rather than a name."""
    return ":" in host or (host.count(".") == 3 and host.replace(".", "").isdecimal())


def expand(host: str, namespace: str, domain: str) -> str:
    """Give the host that istiod looks up: only a name without any dot gets namespace and domain.

    `reviews.shop` and `reviews.shop.svc` stay as they are, and so name no service
    (`ResolveShortnameToFQDN` in `pilot/pkg/model/config.go`).
    """
    if not host or "." in host or host == "*" or is_address(host):
        return host
    return f"{host}.{namespace}.svc.{domain}"


@lru_cache(maxsize=4096)
def service_of(host: str) -> ServiceName | None:
    """Give the service that `name.namespace.svc.<any domain>` names; None for any other form."""
    parts = host.split(".", 3)
    if len(parts) < 4 or parts[2] != "svc" or not all(parts) or is_wildcard(host):
        return None
    return ServiceName(parts[0], parts[1])


def abbreviated_service_of(host: str) -> ServiceName | None:
    """Give the service that `name.namespace` or `name.namespace.svc` was meant for.

    DNS and Kiali know these forms, istiod does not.
    """
    parts = host.removesuffix(".svc").split(".")
    if len(parts) != 2 or not all(parts) or is_wildcard(host):
        return None
    return ServiceName(parts[0], parts[1])


def canonical(host: str, domain: str) -> str:
    """Give `x.namespace.svc.<any domain>` the cluster's own domain, wildcards (`*`, `*.svc.…`) too.

    Which domain a cluster has is rarely written where its routes are, so that one in a host is
    taken for the cluster's.
    """
    before, dot_svc_dot, after = host.partition(".svc.")
    if not dot_svc_dot or not after or before.count(".") > 1 or not (before == "*" or "." in before):
        return host
    return f"{before}.svc.{domain}"


def overlap(one: str, other: str) -> bool:
    """Whether some host is meant by both (`host.Name.Matches`)."""
    return covers(one, other) or covers(other, one)


def covers(wide: str, narrow: str) -> bool:
    """Whether every host that `narrow` means is also meant by `wide` (`host.Name.SubsetOf`)."""
    if not is_wildcard(wide):
        return wide == narrow
    if is_wildcard(narrow):
        return narrow[1:].endswith(wide[1:])
    return narrow.endswith(wide[1:])


class HostIndex(Generic[T]):
    """Values by host. A look-up costs one step per length of wildcard that occurs, however many hosts there are."""

    def __init__(self) -> None:
        self._exact: dict[str, list[T]] = {}
        self._wild: dict[str, list[T]] = {}
        self._lengths: list[int] = []

    def add(self, host: str, value: T) -> None:
        """File a value under a host. Case does not count in DNS."""
        host = host.lower()
        if not host.startswith("*"):
            if host in self._exact:
                self._exact[host].append(value)
            else:
                self._exact[host] = [value]
            return
        suffix = host[1:]
        if suffix not in self._wild and len(suffix) not in self._lengths:
            self._lengths.append(len(suffix))
            self._lengths.sort(reverse=True)
        self._wild.setdefault(suffix, []).append(value)

    def most_specific(self, host: str) -> tuple[str, Sequence[T]] | None:
        """Give the values of the most specific filed host that covers `host`, and that host.

        Exact before wildcard, then the longest (`MostSpecificHostMatch` in `pilot/pkg/model/config.go`).
        """
        host = host.lower()
        exact = self._exact.get(host)
        return (host, exact) if exact is not None else next(self._covering(host), None)

    def covering(self, host: str) -> list[T]:
        """Give all values whose host covers `host`, the most specific first."""
        if not self._wild:
            return [*self._exact.get(host.lower(), ())]
        return [value for _, values in self._covering(host.lower()) for value in values]

    def exact(self, host: str) -> Sequence[T]:
        """Give the values filed under exactly this host, a wildcard taken literally."""
        host = host.lower()
        return self._wild.get(host[1:], ()) if is_wildcard(host) else self._exact.get(host, ())

    def __bool__(self) -> bool:
        return bool(self._exact or self._wild)

    def hosts(self) -> Iterator[str]:
        """Every filed host once, in no useful order."""
        yield from self._exact
        yield from ("*" + suffix for suffix in self._wild)

    def _covering(self, host: str) -> Iterator[tuple[str, Sequence[T]]]:
        text = host[1:] if is_wildcard(host) else host
        if text is host and host in self._exact:
            yield host, self._exact[host]
        for length in self._lengths:
            suffix = text[len(text) - length :] if length <= len(text) else None
            if suffix is not None and suffix in self._wild:
                yield "*" + suffix, self._wild[suffix]
