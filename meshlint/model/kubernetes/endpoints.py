"""Endpoints and EndpointSlice: addresses that somebody wrote by hand."""

from meshlint.model.base import Message, Resource


class EndpointAddress(Message, frozen=True):
    """An address."""

    ip: str | None = None
    hostname: str | None = None
    node_name: str | None = None


class EndpointPort(Message, frozen=True):
    """A port; its name is that of the Service's port."""

    name: str | None = None
    port: int | None = None
    protocol: str | None = None
    app_protocol: str | None = None


class EndpointSubset(Message, frozen=True):
    """Every address with every port."""

    addresses: tuple[EndpointAddress, ...] | None = None
    not_ready_addresses: tuple[EndpointAddress, ...] | None = None
    ports: tuple[EndpointPort, ...] | None = None


class Endpoints(Resource, frozen=True):
    """The addresses of the Service of the same name."""

    subsets: tuple[EndpointSubset, ...] | None = None


class SliceEndpoint(Message, frozen=True):
    """An endpoint of a slice."""

    addresses: tuple[str, ...] | None = None
    hostname: str | None = None
    node_name: str | None = None
    zone: str | None = None


class EndpointSlice(Resource, frozen=True):
    """Addresses of the Service that the label `kubernetes.io/service-name` names."""

    address_type: str | None = None
    """`IPv4`, `IPv6` or `FQDN`, which Istio ignores."""
    endpoints: tuple[SliceEndpoint, ...] | None = None
    ports: tuple[EndpointPort, ...] | None = None
