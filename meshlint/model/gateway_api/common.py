"""Messages that several kinds of the Gateway API use. Its defaults are not filled in: absent is None."""

from meshlint.model.base import Message


class ParentReference(Message, frozen=True):
    """What a route attaches to: a Gateway, a ListenerSet, or for the mesh (GAMMA) a Service."""

    group: str | None = None
    """`gateway.networking.k8s.io` if absent; `""` for a Service."""
    kind: str | None = None
    """`Gateway` if absent."""
    namespace: str | None = None
    """The route's own if absent."""
    name: str | None = None
    section_name: str | None = None
    """The name of one listener; absent: all that admit the route."""
    port: int | None = None


class LocalObjectReference(Message, frozen=True):
    """An object of the same namespace."""

    group: str | None = None
    kind: str | None = None
    name: str | None = None


class ObjectReference(Message, frozen=True):
    """An object, maybe of another namespace, which then has to grant it with a ReferenceGrant."""

    group: str | None = None
    kind: str | None = None
    name: str | None = None
    namespace: str | None = None


class SecretObjectReference(Message, frozen=True):
    """A Secret by default, maybe of another namespace, which then has to grant it with a ReferenceGrant."""

    group: str | None = None
    """`""` if absent."""
    kind: str | None = None
    """`Secret` if absent."""
    name: str | None = None
    namespace: str | None = None


class BackendObjectReference(Message, frozen=True):
    """A Service by default, maybe of another namespace, which then has to grant it with a ReferenceGrant."""

    group: str | None = None
    """`""` if absent; `networking.istio.io` for `kind: Hostname`, Istio's own."""
    kind: str | None = None
    """`Service` if absent."""
    name: str | None = None
    namespace: str | None = None
    port: int | None = None
    """The port of the Service; has to be there for a Service."""


class BackendRef(BackendObjectReference, frozen=True):
    """A backend with its share of the traffic."""

    weight: int | None = None
    """Relative to the sum of all weights; 1 if absent."""

    @property
    def parts(self) -> int:
        """The weight that counts."""
        return 1 if self.weight is None else self.weight


class HTTPHeader(Message, frozen=True):
    """A header and its value."""

    name: str | None = None
    value: str | None = None


class HTTPHeaderFilter(Message, frozen=True):
    """Changes headers: `set` overwrites, `add` appends."""

    set: tuple[HTTPHeader, ...] | None = None
    add: tuple[HTTPHeader, ...] | None = None
    remove: tuple[str, ...] | None = None


class Fraction(Message, frozen=True):
    """A share as a fraction."""

    numerator: int | None = None
    denominator: int | None = None
    """100 if absent."""


class HTTPRequestMirrorFilter(Message, frozen=True):
    """Sends a copy of requests to a backend and drops the answers."""

    backend_ref: BackendObjectReference | None = None
    percent: int | None = None
    """All requests if neither it nor `fraction` is there."""
    fraction: Fraction | None = None


class CookieConfig(Message, frozen=True):
    """The cookie of a session."""

    lifetime_type: str | None = None
    """`Session` (the default) or `Permanent`."""


class SessionPersistence(Message, frozen=True):
    """Keeps a client at one endpoint (experimental)."""

    session_name: str | None = None
    absolute_timeout: str | None = None
    idle_timeout: str | None = None
    type: str | None = None
    """`Cookie` (the default) or `Header`."""
    cookie_config: CookieConfig | None = None


class SimpleRouteRule(Message, frozen=True):
    """A rule of a TCP, TLS or UDP route: backends and nothing else."""

    name: str | None = None
    backend_refs: tuple[BackendRef, ...] | None = None
