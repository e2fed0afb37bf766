"""Admission webhooks: Istio's injector and validator among them."""

from meshlint.model.base import Message, Resource
from meshlint.model.kubernetes.common import LabelSelector


class ServiceReference(Message, frozen=True):
    """The Service the API server calls."""

    namespace: str | None = None
    name: str | None = None
    path: str | None = None
    port: int | None = None
    """443 if absent."""


class WebhookClientConfig(Message, frozen=True):
    """Where the API server calls, and whom it trusts."""

    url: str | None = None
    service: ServiceReference | None = None
    ca_bundle: str | None = None
    """Base64 PEM; istiod fills in its own."""


class RuleWithOperations(Message, frozen=True):
    """Requests the webhook is called for."""

    operations: tuple[str, ...] | None = None
    api_groups: tuple[str, ...] | None = None
    api_versions: tuple[str, ...] | None = None
    resources: tuple[str, ...] | None = None
    scope: str | None = None


class Webhook(Message, frozen=True):
    """One webhook; both kinds of configuration have it."""

    name: str | None = None
    client_config: WebhookClientConfig | None = None
    rules: tuple[RuleWithOperations, ...] | None = None
    failure_policy: str | None = None
    """`Fail` (the default) or `Ignore`."""
    namespace_selector: LabelSelector | None = None
    """Of the namespace of the object; absent: every namespace."""
    object_selector: LabelSelector | None = None
    reinvocation_policy: str | None = None
    """Of mutating ones only: `Never` (the default) or `IfNeeded`."""
    timeout_seconds: int | None = None


class MutatingWebhookConfiguration(Resource, frozen=True):
    """Webhooks that change objects, such as sidecar injectors."""

    webhooks: tuple[Webhook, ...] | None = None


class ValidatingWebhookConfiguration(Resource, frozen=True):
    """Webhooks that refuse objects, such as istiod's validation."""

    webhooks: tuple[Webhook, ...] | None = None
