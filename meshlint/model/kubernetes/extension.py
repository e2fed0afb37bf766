"""What extends the API: APIService and CustomResourceDefinition."""

from typing import Any

import msgspec

from meshlint.model.base import Message, Resource
from meshlint.model.kubernetes.admission import ServiceReference


class APIServiceSpec(Message, frozen=True):
    """What an APIService says. The API server calls it from outside the mesh, with TLS of its own."""

    service: ServiceReference | None = None
    group: str | None = None
    version: str | None = None
    insecure_skip_tls_verify: bool | None = msgspec.field(name="insecureSkipTLSVerify", default=None)


class APIService(Resource, frozen=True):
    """A part of the Kubernetes API that a Service of the cluster answers."""

    spec: APIServiceSpec | None = None
    status: Any = None


class CustomResourceDefinitionNames(Message, frozen=True):
    """How the kind is called."""

    kind: str | None = None
    plural: str | None = None
    singular: str | None = None


class CustomResourceDefinitionVersion(Message, frozen=True):
    """A version; its schema is not kept."""

    name: str | None = None
    served: bool | None = None
    storage: bool | None = None
    deprecated: bool | None = None


class CustomResourceDefinitionSpec(Message, frozen=True):
    """What a CustomResourceDefinition says, without the schemas."""

    group: str | None = None
    names: CustomResourceDefinitionNames | None = None
    scope: str | None = None
    """`Namespaced` or `Cluster`."""
    versions: tuple[CustomResourceDefinitionVersion, ...] | None = None
    conversion: Any = None
    """How versions become each other; the API server may call a webhook for it."""


class CustomResourceDefinition(Resource, frozen=True):
    """A kind of its own. Those of the Gateway API carry their release as an annotation."""

    spec: CustomResourceDefinitionSpec | None = None
    status: Any = None
