"""MeshNetworks: the networks of a mesh, and the gateways between them."""

from typing import Any, ClassVar

import msgspec

from meshlint.model.base import UNCONVERTIBLE, Message, Opaque, Resource
from meshlint.model.mesh_config.mesh_config import API_VERSION


class NetworkEndpoints(Message, frozen=True):
    """Endpoints of a network: by address range, or by the cluster they are registered in."""

    from_cidr: str | None = None
    from_registry: str | None = None


class IstioNetworkGateway(Message, frozen=True):
    """A gateway into a network: a service of it, or an address."""

    registry_service_name: str | None = None
    address: str | None = None
    port: int | None = None
    locality: str | None = None


class Network(Message, frozen=True):
    """One network."""

    endpoints: tuple[NetworkEndpoints, ...] | None = None
    gateways: tuple[IstioNetworkGateway, ...] | None = None


class MeshNetworksSpec(Message, frozen=True):
    """The message MeshNetworks."""

    networks: dict[str, Network] | None = None


class MeshNetworks(Resource, frozen=True):
    """Mesh networks in the form of a resource. Its document is the message itself."""

    document_path: ClassVar[tuple[str, ...]] = ("spec",)

    spec: MeshNetworksSpec | None = None


class ValuesNetworks(MeshNetworks, frozen=True):
    """Mesh networks as Helm values hold them: the charts write `networks:`, and the values what is below."""

    document_path: ClassVar[tuple[str, ...]] = ("spec", "networks")


def mesh_networks(data: Any) -> MeshNetworks | Opaque:
    """Make a MeshNetworks of the message as plain data; `Opaque` where it does not convert. Never raises."""
    try:
        return MeshNetworks(API_VERSION, "MeshNetworks", spec=msgspec.convert(data, MeshNetworksSpec | None))
    except UNCONVERTIBLE:
        return Opaque(API_VERSION, "MeshNetworks")


def values_networks(data: Any) -> MeshNetworks | Opaque:
    """Make a MeshNetworks of the networks by name; `Opaque` where they do not convert. Never raises."""
    found = mesh_networks({"networks": data})
    return ValuesNetworks(API_VERSION, "MeshNetworks", spec=found.spec) if isinstance(found, MeshNetworks) else found
