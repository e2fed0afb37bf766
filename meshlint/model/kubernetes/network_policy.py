"""NetworkPolicy: what the network lets through to and from pods, below the mesh."""

from typing import Any

import msgspec

from meshlint.model.base import Message, Resource
from meshlint.model.kubernetes.common import LabelSelector


class NetworkPolicyPort(Message, frozen=True):
    """Ports of pods."""

    protocol: str | None = None
    """`TCP` if absent."""
    port: int | str | None = None
    """A number, or the name of a container port. Absent: all."""
    end_port: int | None = None


class IPBlock(Message, frozen=True):
    """A range of addresses."""

    cidr: str | None = None
    except_: tuple[str, ...] | None = msgspec.field(name="except", default=None)


class NetworkPolicyPeer(Message, frozen=True):
    """Pods or addresses. Both selectors in one peer: pods of those namespaces."""

    pod_selector: LabelSelector | None = None
    namespace_selector: LabelSelector | None = None
    ip_block: IPBlock | None = None


class NetworkPolicyIngressRule(Message, frozen=True):
    """Who may come in, on which ports."""

    from_: tuple[NetworkPolicyPeer, ...] | None = msgspec.field(name="from", default=None)
    """Absent or empty: everybody."""
    ports: tuple[NetworkPolicyPort, ...] | None = None
    """Absent or empty: all ports."""


class NetworkPolicyEgressRule(Message, frozen=True):
    """Where pods may go, on which ports."""

    to: tuple[NetworkPolicyPeer, ...] | None = None
    """Absent or empty: everywhere."""
    ports: tuple[NetworkPolicyPort, ...] | None = None


class NetworkPolicySpec(Message, frozen=True):
    """What a NetworkPolicy says. Several policies of a pod add up."""

    pod_selector: LabelSelector | None = None
    """Empty: every pod of the namespace."""
    policy_types: tuple[str, ...] | None = None
    """`Ingress`, `Egress`. Absent: Ingress, and Egress where there is an egress rule."""
    ingress: tuple[NetworkPolicyIngressRule, ...] | None = None
    """Absent or empty: nobody comes in."""
    egress: tuple[NetworkPolicyEgressRule, ...] | None = None


class NetworkPolicy(Resource, frozen=True):
    """Lets traffic through; pods that no policy picks are open."""

    spec: NetworkPolicySpec | None = None
    status: Any = None
