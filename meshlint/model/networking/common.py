"""Messages that several kinds of `networking.istio.io` use."""

from meshlint.model.base import Message


class StringMatch(Message, frozen=True):
    """Matches a text in exactly one of three ways. A header match may be empty: *is present*."""

    exact: str | None = None
    prefix: str | None = None
    regex: str | None = None
    """RE2, and it has to match the whole text."""


class PortSelector(Message, frozen=True):
    """A port of a service (the Service's `port`, not the `targetPort`)."""

    number: int | None = None


class Percent(Message, frozen=True):
    """A share of the requests: 0.0 to 100.0."""

    value: float | None = None


class Destination(Message, frozen=True):
    """Where traffic is sent: a service of the registry, maybe one subset and one port of it."""

    host: str | None = None
    """A name without dots gets the namespace of the *VirtualService* (`reviews.<namespace>.svc.<domain>`)."""
    subset: str | None = None
    """A subset that the DestinationRule of the host defines; without such a definition Envoy answers 503."""
    port: PortSelector | None = None
    """May be left out where the service has one port only."""


class HeaderOperations(Message, frozen=True):
    """Changes of headers; `set` overwrites, `add` appends."""

    set: dict[str, str] | None = None
    add: dict[str, str] | None = None
    remove: tuple[str, ...] | None = None


class Headers(Message, frozen=True):
    """Changes of the headers of requests to, and of responses from, a destination."""

    request: HeaderOperations | None = None
    response: HeaderOperations | None = None
