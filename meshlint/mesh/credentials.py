"""Which Secret does a `credentialName` of a Gateway mean, and can it be used?

istiod hands a Secret to a gateway only from the namespace that the *pods* of the gateway run in
(`pilot/pkg/credentials/kube/secrets.go`; https://istio.io/latest/docs/reference/config/networking/gateway/#ServerTLSSettings).
Secrets are seldom in git. What makes them often is: SealedSecret, ExternalSecret, Certificate.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from meshlint.mesh.references import EXISTS, UNKNOWN, Reference, found, missing
from meshlint.mesh.trust import Sought
from meshlint.model.base import Generic, Resource
from meshlint.reading.data import mapping

if TYPE_CHECKING:
    from meshlint.mesh.mesh import Mesh
    from meshlint.model.kubernetes.config import Secret
    from meshlint.model.networking.gateway import Gateway

PAIRS = (frozenset({"tls.crt", "tls.key"}), frozenset({"cert", "key"}))
"""The names under which istiod looks for certificate and key."""
_COPIERS = ("reflector.", "replicator.", "kubed.")
"""Annotations of tools that copy a Secret into other namespaces."""
_TEMPLATES = (("secretTemplate",), ("template", "metadata"), ("target", "template", "metadata"))
"""Where Certificate, SealedSecret and ExternalSecret say what their Secret has as metadata."""
_EVERYWHERE = frozenset({"ClusterExternalSecret", "ClusterPolicy", "ClusterSecret", "PushSecret"})
"""Kinds that make Secrets in many namespaces; ClusterPolicy is that of Kyverno."""


class Credentials:
    """Secrets by namespace and name, and what makes them."""

    def __init__(self, mesh: Mesh) -> None:
        self._mesh = mesh

    def resolve(self, name: str, gateway: Gateway) -> Reference:
        """Follow a `credentialName`. NO: the files show other certificates where it should be, but not this one.

        `near` is a Secret that was probably meant; `hidden` one of that name in another namespace,
        where the gateway does not see it, also if the name says which. Unknown where no file shows the pods of the
        gateway.
        """
        namespaces = self._mesh.gateway_workloads.namespaces(gateway)
        bare = name.removeprefix("kubernetes://")
        if not namespaces or not bare or "://" in bare:
            return UNKNOWN
        prefix, slash, rest = bare.partition("/")
        homes = [prefix] if slash else namespaces
        wanted = rest if slash else bare
        makers = [maker for home in homes for maker in self._makers.get((home, wanted), ())]
        if makers and slash and prefix not in namespaces:
            return missing(hidden=makers[:1])  # refused: filterAuthorizedResources in pilot/pkg/xds/sds.go
        if makers:
            return found(*makers)
        return self._absent(wanted, homes, gateway)

    def _absent(self, name: str, homes: Sequence[str], gateway: Gateway) -> Reference:
        elsewhere = self._elsewhere.get(name, [])
        if any(_is_copied(maker) for maker in elsewhere) or self._made_everywhere:
            return EXISTS
        if any((home, name) in self._perhaps_made for home in homes):
            return EXISTS
        sought = Sought("Secret", homes[0], name, gateway)
        outcome = self._mesh.trust.judge(
            sought,
            lambda: self._mesh.trust.near(sought),
            lambda: bool(elsewhere) or any(home in self._populated for home in homes),
        )
        return missing(outcome.near, elsewhere[:1]) if outcome.is_missing else outcome

    @cached_property
    def _made_everywhere(self) -> bool:
        """Whether something of the input makes Secrets in namespaces of its own choice."""
        return any(item.kind in _EVERYWHERE for item in self._mesh.all(Generic))

    @cached_property
    def _populated(self) -> Collection[str]:
        return {namespace for namespace, _ in self._makers}

    @cached_property
    def _elsewhere(self) -> dict[str, list[Resource]]:
        index: dict[str, list[Resource]] = {}
        for (_, name), makers in self._makers.items():
            index.setdefault(name, []).extend(makers)
        return index

    @cached_property
    def _makers(self) -> dict[tuple[str, str], list[Resource]]:
        """By namespace and name of a Secret that may hold a certificate, what it is or what makes it."""
        index: dict[tuple[str, str], list[Resource]] = {}
        for entry in self._mesh.entries:
            for namespace, own in self._mesh.identities(entry.resource):
                for name in _secrets_of(entry.resource, own):
                    index.setdefault((namespace, name), []).append(entry.resource)
        return index

    @cached_property
    def _perhaps_made(self) -> Collection[tuple[str, str]]:
        """Namespace and name of Secrets that operators may make, which is no evidence for or against others."""
        return {
            (namespace, name)
            for entry in self._mesh.entries
            for namespace, own in self._mesh.identities(entry.resource)
            for name in _may_make(entry.resource, own)
        }


def lacking(secret: Secret) -> bool:
    """Whether a Secret surely has no certificate with a key: it has data, and neither pair of names in it."""
    return bool(secret.keys) and not any(pair <= secret.keys for pair in PAIRS)


def _secrets_of(resource: Resource, own: str) -> Iterator[str]:
    """The names of the Secrets that a resource is or makes."""
    if resource.kind in {"Secret", "SealedSecret"}:
        yield own
        return
    content = resource.content if isinstance(resource, Generic) else None
    spec: Any = content.get("spec") if isinstance(content, dict) else None
    if not isinstance(spec, dict):
        return
    if resource.kind == "ExternalSecret":
        target = spec.get("target")
        name = target.get("name") if isinstance(target, dict) else None
        yield name if isinstance(name, str) and name else own
    elif resource.kind == "Certificate" and isinstance(spec.get("secretName"), str):
        yield spec["secretName"]


def _may_make(resource: Resource, own: str) -> Iterator[str]:
    """The names of Secrets that a resource may make in its namespace, as far as can be told without knowing its kind."""
    if isinstance(resource, Generic) and (resource.kind.endswith("Secret") or resource.kind == "OnePasswordItem"):
        yield own
        yield from _names(resource.content)
    elif resource.kind == "Ingress" and any(key.startswith("cert-manager.io/") for key in resource.annotations):
        spec = getattr(resource, "spec", None)
        yield from (tls.secret_name for tls in (spec.tls if spec else None) or () if tls.secret_name)


def _names(value: Any) -> Iterator[str]:
    """The names in a resource of an operator that makes Secrets, such as VaultStaticSecret: each writes them elsewhere."""
    if isinstance(value, dict):
        yield from (value[key] for key in ("name", "secretName") if isinstance(value.get(key), str))
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _names(inner)


def _is_copied(maker: Resource) -> bool:
    """Whether a tool copies a Secret into other namespaces: as annotations of it, or of the template for it, ask for."""
    content = maker.content if isinstance(maker, Generic) else None
    templates = [mapping(content, "spec", *path, "annotations") for path in _TEMPLATES]
    return any(key.startswith(_COPIERS) for annotations in (maker.annotations, *templates) for key in annotations)
