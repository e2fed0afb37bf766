"""IstioOperator: the input of `istioctl install`, as far as it says how the mesh behaves."""

from typing import Any

from meshlint.model.base import Message, Resource
from meshlint.model.mesh_config.mesh_config import MeshConfigSpec


class IstioOperatorSpec(Message, frozen=True):
    """What an IstioOperator says."""

    profile: str | None = None
    """`default`, `demo`, `minimal`, `ambient` ...; profiles bring mesh config of their own."""
    revision: str | None = None
    namespace: str | None = None
    hub: str | None = None
    tag: int | float | str | None = None
    mesh_config: MeshConfigSpec | None = None
    components: Any = None
    values: Any = None
    """Helm values; `values.global` holds the trust domain, mesh id and cluster name among others."""
    unvalidated_values: Any = None


class IstioOperator(Resource, frozen=True):
    """An installation of Istio."""

    spec: IstioOperatorSpec | None = None
    status: Any = None
