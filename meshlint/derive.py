"""Resources that are parts of others: mesh configuration in a ConfigMap or an IstioOperator.

istiod reads its configuration from the ConfigMap `istio` (`istio-REVISION` for a revision) in its own
namespace, key `mesh` (pkg/config/mesh/kubemesh, pilot/pkg/bootstrap/mesh.go), and the networks from
key `meshNetworks`. `istioctl install` takes them from `spec.meshConfig` and
`spec.values.global.meshNetworks` of an IstioOperator, the Helm charts from `meshConfig`.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from meshlint.findings import Path
from meshlint.model.base import Resource
from meshlint.reading import read


class Derived(msgspec.Struct, frozen=True, eq=False):
    """A resource, the path its `spec` stands for, and whether that path leads to YAML inside a scalar.

    `content` is what stands there, as plain data.
    """

    resource: Resource
    base: Path
    nested: bool
    content: dict[str, Any]


def derived(data: dict[str, Any]) -> Iterator[Derived]:
    """The mesh configuration that a document carries. Text inside it that is no YAML gives nothing."""
    kind = data["kind"]
    if kind == "ConfigMap":
        yield from _of_config_map(data)
    elif kind == "IstioOperator":
        yield from _of_operator(data)


def carries_mesh_config(data: dict[str, Any]) -> bool:
    """Whether a document can hold mesh configuration; cheap, asked of every document."""
    return data["kind"] == "IstioOperator" or (data["kind"] == "ConfigMap" and _is_istiods(data))


def _built(key: str, content: dict[str, Any]) -> Resource:
    """The resource of a message; its model is imported only where a document carries one."""
    if key == "mesh":
        from meshlint.model.mesh_config.mesh_config import mesh_config

        return mesh_config(content)
    from meshlint.model.mesh_config.mesh_networks import mesh_networks

    return mesh_networks(content)


def _is_istiods(data: dict[str, Any]) -> bool:
    metadata = data.get("metadata")
    name = metadata.get("name") if isinstance(metadata, dict) else None
    return isinstance(name, str) and (name == "istio" or name.startswith("istio-"))


def _of_config_map(data: dict[str, Any]) -> Iterator[Derived]:
    content = data.get("data")
    if not _is_istiods(data) or not isinstance(content, dict):
        return
    for key in ("mesh", "meshNetworks"):
        text = content.get(key)
        documents = read(text).documents if isinstance(text, str) else []
        if documents and isinstance(documents[0].data, dict):
            found = documents[0].data
            yield Derived(_within(_built(key, documents[0].data), data), ("data", key), nested=True, content=found)


def _of_operator(data: dict[str, Any]) -> Iterator[Derived]:
    paths: tuple[tuple[str, Path], ...] = (
        ("mesh", ("spec", "meshConfig")),
        ("mesh", ("spec", "values", "meshConfig")),
        ("meshNetworks", ("spec", "values", "global", "meshNetworks")),
    )
    for key, path in paths:
        content: Any = data
        for step in path:
            content = content.get(step) if isinstance(content, dict) else None
        if isinstance(content, dict):
            yield Derived(_within(_built(key, content), data), path, nested=False, content=content)


def _within(resource: Resource, data: dict[str, Any]) -> Resource:
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
