"""Ingress, which Istio serves where its class is Istio's."""

from typing import Any

from meshlint.model.base import Message, Resource


class ServiceBackendPort(Message, frozen=True):
    """A port of the Service, by name or number."""

    name: str | None = None
    number: int | None = None


class IngressServiceBackend(Message, frozen=True):
    """A Service of the same namespace."""

    name: str | None = None
    port: ServiceBackendPort | None = None


class IngressBackend(Message, frozen=True):
    """Where requests go."""

    service: IngressServiceBackend | None = None
    resource: Any = None


class HTTPIngressPath(Message, frozen=True):
    """A path and where its requests go."""

    path: str | None = None
    path_type: str | None = None
    """`Exact`, `Prefix` or `ImplementationSpecific`."""
    backend: IngressBackend | None = None


class HTTPIngressRuleValue(Message, frozen=True):
    """The paths of a rule."""

    paths: tuple[HTTPIngressPath, ...] | None = None


class IngressRule(Message, frozen=True):
    """A host and its paths."""

    host: str | None = None
    """Absent: every host."""
    http: HTTPIngressRuleValue | None = None


class IngressTLS(Message, frozen=True):
    """Hosts that share a certificate."""

    hosts: tuple[str, ...] | None = None
    secret_name: str | None = None
    """Istio looks for it in the namespace of the ingress gateway."""


class IngressSpec(Message, frozen=True):
    """What an Ingress says."""

    ingress_class_name: str | None = None
    """The annotation `kubernetes.io/ingress.class` is the old form."""
    default_backend: IngressBackend | None = None
    rules: tuple[IngressRule, ...] | None = None
    tls: tuple[IngressTLS, ...] | None = None


class Ingress(Resource, frozen=True):
    """Routes from outside to Services."""

    spec: IngressSpec | None = None
    status: Any = None


class IngressClassSpec(Message, frozen=True):
    """What an IngressClass says."""

    controller: str | None = None
    """`istio.io/ingress-controller` is Istio's."""
    parameters: Any = None


class IngressClass(Resource, frozen=True):
    """Which controller an Ingress belongs to."""

    spec: IngressClassSpec | None = None
