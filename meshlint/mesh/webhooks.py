"""Which webhooks inject sidecars, and which of them are called for the same pod?

The API server calls every webhook whose selectors match. Two injectors that are called for one pod
both add a proxy (https://istio.io/latest/docs/setup/upgrade/canary/, on the labels of revisions).
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING

import msgspec

from meshlint.mesh.injection import INJECT, INJECTION, REVISION
from meshlint.mesh.proxy_images import ProxyImages
from meshlint.mesh.rivals import strangers
from meshlint.model.kubernetes.admission import MutatingWebhookConfiguration, Webhook

if TYPE_CHECKING:
    from meshlint.mesh.mesh import Mesh

_REVISIONS = 20
"""How many revisions are combined with each other: more do not run in one cluster."""

Labels = Mapping[str, str]


class Injector(msgspec.Struct, frozen=True, eq=False):
    """A webhook that adds sidecars."""

    configuration: MutatingWebhookConfiguration
    webhook: Webhook

    def is_called(self, namespace: Labels, pod: Labels) -> bool:
        """Whether the API server calls it for a pod, by the labels of both."""
        of_namespace, of_pod = self.webhook.namespace_selector, self.webhook.object_selector
        return (of_namespace is None or of_namespace.matches(namespace) is True) and (
            of_pod is None or of_pod.matches(pod) is True
        )


class Overlap(msgspec.Struct, frozen=True, eq=False):
    """Another injector that is called for the same pod, and the labels of such a one."""

    other: Injector
    namespace: Labels
    pod: Labels


class Injectors:
    """The sidecar injectors of the input."""

    def __init__(self, mesh: "Mesh") -> None:
        self._mesh = mesh

    @cached_property
    def all(self) -> Sequence[Injector]:
        """Every webhook that is Istio's by its name or by a revision."""
        configurations = self._mesh.all(MutatingWebhookConfiguration)
        return [
            Injector(item, webhook)
            for item in configurations
            for webhook in item.webhooks or ()
            if _is_ours(item, webhook)
        ]

    @cached_property
    def images(self) -> ProxyImages:
        """Which image they give proxies."""
        return ProxyImages(self._mesh)

    def overlap(self, injector: Injector) -> Overlap | None:
        """One that is called together with this one."""
        return self._overlaps.get(injector)

    @cached_property
    def _overlaps(self) -> dict[Injector, Overlap]:
        found: dict[Injector, Overlap] = {}
        for namespace, pod in product(*self._combinations):
            called = [injector for injector in self.all if injector.is_called(namespace, pod)]
            for one, other in zip(called, [*called[1:], *called[:1]], strict=True):
                if one is not other and one not in found and self._exist_together(one, other):
                    found[one] = Overlap(other, namespace, pod)
        return found

    def _exist_together(self, one: Injector, other: Injector) -> bool:
        if one.configuration is other.configuration:
            return True
        return strangers(self._mesh, one.configuration, (other.configuration,)) is not None

    @cached_property
    def _combinations(self) -> tuple[Sequence[Labels], Sequence[Labels]]:
        """Labels that namespaces, and that pods, may have."""
        revisions = [None, *sorted({name for item in self.all for name in _revisions(item)})[:_REVISIONS]]
        namespaces = [_labels(INJECTION, value, name) for value in (None, "enabled", "disabled") for name in revisions]
        pods = [_labels(INJECT, value, name) for value in (None, "true", "false") for name in revisions]
        return namespaces, pods


def _labels(key: str, value: str | None, revision: str | None) -> Labels:
    return {name: text for name, text in ((key, value), (REVISION, revision)) if text is not None}


def _is_ours(configuration: MutatingWebhookConfiguration, webhook: Webhook) -> bool:
    return (webhook.name or "").endswith("istio.io") or any(_revisions(Injector(configuration, webhook)))


def _revisions(injector: Injector) -> Iterator[str]:
    own = injector.configuration.labels.get(REVISION)
    if own:
        yield own
    for selector in (injector.webhook.namespace_selector, injector.webhook.object_selector):
        if selector is None:
            continue
        if selector.match_labels and selector.match_labels.get(REVISION):
            yield selector.match_labels[REVISION]
        for requirement in selector.match_expressions or ():
            if requirement.key == REVISION:
                yield from requirement.values or ()
