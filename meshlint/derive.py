"""Resources that are parts of others: mesh configuration, wherever a document carries it (`carriers.py`)."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from meshlint.carriers import CARRIERS, Carried, carried, carried_by_values, texts, values_of_file
from meshlint.findings import Path, Spot
from meshlint.mesh.context import Origin
from meshlint.model.annotations import PROXY_CONFIG
from meshlint.model.base import Resource
from meshlint.model.kinds import POD_PATHS
from meshlint.problems import NoMapping, Problem, SyntaxProblem
from meshlint.reading import content
from meshlint.reading.data import mapping

CARRYING = CARRIERS | POD_PATHS.keys()
"""The kinds whose documents can carry mesh configuration, or settings of proxies."""
_POD_ANNOTATIONS = {kind: (*path, "metadata", "annotations") for kind, path in POD_PATHS.items()}
_KINDS = {"mesh": "MeshConfig", "meshNetworks": "MeshNetworks"}
"""What the parts of mesh configuration are called."""


class Derived(msgspec.Struct, frozen=True, eq=False):
    """A resource, and the part of a document that it is made of."""

    resource: Resource
    part: Carried
    carrier: str
    """The kind of the document; empty for a file of values."""

    @property
    def message(self) -> dict[str, Any]:
        """The whole message, as plain data."""
        found = self.part.content
        for key in reversed(self.part.hidden):
            found = {str(key): found}
        return found

    def origin(self, document: Origin) -> Origin:
        """Where the resource is written, given where the document is."""
        part = self.part
        return msgspec.structs.replace(
            document, base=part.base, inner=part.inner, carrier=self.carrier, is_part=part.is_part
        )


def derived(data: Mapping[str, Any]) -> Iterator[Derived]:
    """The mesh configuration that a resource carries, which `carriers.carries` tells. Text that is no YAML gives nothing."""
    return _made(data, data["kind"], carried(data))


def derived_of_file(data: Any) -> Iterator[Derived]:
    """The mesh configuration in a document that is no resource, but values of Istio's chart."""
    for values in values_of_file(data):
        yield from _made(data, "", carried_by_values(values))


def refused(data: dict[str, Any]) -> Iterator[tuple[Path, Problem]]:
    """What istiod or `istioctl` cannot read of a document that carries mesh configuration: its path, and why.

    That is a text in a ConfigMap that is no mapping in YAML, and a key of an IstioOperator that is no
    field of it. Spots are relative to the path. What Helm or another tool is yet to fill in is left alone.
    """
    if data["kind"] == "IstioOperator":
        from meshlint.model.mesh_config.operator_fields import unknown_fields

        yield from ((problem.spot.path, problem) for problem in unknown_fields(data))
    for key, text in texts(data):
        found = content(text)
        if isinstance(found, SyntaxProblem):
            from meshlint.reading.refusal import looks_like_template

            if not looks_like_template(text):
                advice = found.help or "correct the text: istiod does not start with it, or keeps what it had"
                yield ("data", key), msgspec.structs.replace(found, reader="istiod", help=advice)
        elif found is not None and not isinstance(found, dict):
            yield ("data", key), NoMapping(spot=Spot(0, 0, inner=()), kind=_KINDS[key], value=found)


def pod_settings(data: dict[str, Any]) -> tuple[Path, dict[str, Any]] | None:
    """The settings that pods bring for their proxy: the path of the annotation, and what its text says.

    None where there are none, where they cannot be read, and for pods that keep the proxy out.
    """
    pod = _pod(data)
    text = mapping(pod, "metadata", "annotations").get(PROXY_CONFIG)
    if not isinstance(text, str) or _keeps_proxy_out(pod):
        return None
    found = content(text)
    path = (*POD_PATHS[data["kind"]], "metadata", "annotations", PROXY_CONFIG)
    return (path, found) if isinstance(found, dict) else None


def carries_pod_settings(data: dict[str, Any]) -> bool:
    """Whether a document has that annotation; cheap, asked of every document."""
    path = _POD_ANNOTATIONS.get(data["kind"])
    return path is not None and PROXY_CONFIG in mapping(data, *path)


def _pod(data: dict[str, Any]) -> dict[str, Any]:
    return mapping(data, *POD_PATHS[data["kind"]])


def _keeps_proxy_out(pod: dict[str, Any]) -> bool:
    from meshlint.model.kubernetes.pod import keeps_proxy_out

    labels, annotations = (mapping(pod, "metadata", name) for name in ("labels", "annotations"))
    return keeps_proxy_out(labels, annotations, on_host=mapping(pod, "spec").get("hostNetwork") is True)


def _made(data: Mapping[str, Any], carrier: str, parts: Iterable[Carried]) -> Iterator[Derived]:
    for part in parts:
        yield Derived(_within(_built(part), data), part, carrier)


def _built(part: Carried) -> Resource:
    """The resource of a message; its model is imported only where a document carries one."""
    if part.key == "mesh":
        from meshlint.model.mesh_config.mesh_config import mesh_config

        return mesh_config(part.content)
    from meshlint.model.mesh_config.mesh_networks import mesh_networks, values_networks

    return values_networks(part.content) if part.hidden else mesh_networks(part.content)


def _within(resource: Resource, data: Mapping[str, Any]) -> Resource:
    """The resource under the name and namespace of the document that carries it."""
    from meshlint.model.base import ObjectMeta

    metadata = data.get("metadata")
    if not isinstance(metadata, dict):
        return resource
    name, namespace = metadata.get("name"), metadata.get("namespace")
    meta = ObjectMeta(
        name=name if isinstance(name, str) else None, namespace=namespace if isinstance(namespace, str) else None
    )
    return msgspec.structs.replace(resource, metadata=meta)
